//! One hub method as the server sees it: a name, what kind it is, and how a call of it starts.

use std::fmt;
use std::pin::Pin;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Client, Context, Requirement, RunningCall, Upload, UploadSink};
use crate::{Arguments, BindError};

/// One method of a hub.
pub struct Method<C: Client + ?Sized> {
    name: &'static str,
    is_stream: bool,
    uploads: usize,
    requirements: Vec<Requirement>,
    start: Start<C>,
}

type Start<C> =
    Box<dyn for<'a> Fn(&mut Call<'a, C>) -> Result<Pin<Box<dyn RunningCall>>, BindError> + Send + Sync>;

/// One call of a method that is about to start: what the client sent, and who it is.
pub struct Call<'a, C: Client + ?Sized> {
    context: &'a Context<C>,
    arguments: &'a Arguments<'a>,
    uploads: Vec<Box<dyn UploadSink>>,
    upload_buffer: usize,
}

impl<'a, C: Client + ?Sized> Call<'a, C> {
    /// A call with these arguments. Each of its uploads holds `upload_buffer` items before it counts as behind.
    pub fn new(context: &'a Context<C>, arguments: &'a Arguments<'a>, upload_buffer: usize) -> Self {
        Self { context, arguments, uploads: Vec::new(), upload_buffer }
    }

    /// The context of the call.
    pub fn context(&self) -> &'a Context<C> {
        self.context
    }

    /// Reads the arguments as the tuple `T` of `count` elements.
    ///
    /// # Errors
    ///
    /// If there are more or fewer, or one has another type.
    pub fn arguments<T: DeserializeOwned>(&self, count: usize) -> Result<T, BindError> {
        self.arguments.decode(count)
    }

    /// Takes the next upload of the call, in the order of the parameters.
    pub fn upload<T: Argument + 'static>(&mut self) -> Upload<T> {
        let (upload, sink) = Upload::new(self.upload_buffer);
        self.uploads.push(sink);
        upload
    }

    /// Where the items of the uploads go, in the order of the parameters.
    pub fn into_uploads(self) -> Vec<Box<dyn UploadSink>> {
        self.uploads
    }
}

impl<C: Client + ?Sized> Method<C> {
    /// A method with the name it has on the wire. `start` binds the arguments and gives the call, not yet polled.
    pub fn new<F>(name: &'static str, start: F) -> Self
    where
        F: for<'a> Fn(&mut Call<'a, C>) -> Result<Pin<Box<dyn RunningCall>>, BindError>
            + Send
            + Sync
            + 'static,
    {
        Self { name, is_stream: false, uploads: 0, requirements: Vec::new(), start: Box::new(start) }
    }

    /// Makes it one that answers with a stream.
    #[must_use]
    pub fn streaming(mut self) -> Self {
        self.is_stream = true;
        self
    }

    /// Makes it one that takes `count` uploads.
    #[must_use]
    pub fn with_uploads(mut self, count: usize) -> Self {
        self.uploads = count;
        self
    }

    /// Asks something of its callers, beside what was asked before.
    #[must_use]
    pub fn require(mut self, requirement: Requirement) -> Self {
        self.requirements.push(requirement);
        self
    }

    /// The name on the wire.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Whether it answers with a stream.
    pub fn is_stream(&self) -> bool {
        self.is_stream
    }

    /// How many uploads it takes.
    pub fn uploads(&self) -> usize {
        self.uploads
    }

    /// What it asks of its callers.
    pub fn requirements(&self) -> &[Requirement] {
        &self.requirements
    }

    /// Binds the arguments and starts a call.
    ///
    /// # Errors
    ///
    /// If the arguments are not what the method takes; the connection lives on.
    pub fn start(&self, call: &mut Call<'_, C>) -> Result<Pin<Box<dyn RunningCall>>, BindError> {
        (self.start)(call)
    }
}

impl<C: Client + ?Sized> fmt::Debug for Method<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Method").field("name", &self.name).finish_non_exhaustive()
    }
}

/// What a hub method may take as an argument: anything that serde can read without borrowing.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be an argument of a hub method",
    label = "clients send this as JSON or MessagePack, so it must be deserializable",
    note = "add `#[derive(serde::Deserialize)]` to `{Self}`, and take owned types: `String`, not `&str`"
)]
pub trait Argument: DeserializeOwned + Send {}

impl<T: DeserializeOwned + Send> Argument for T {}

/// What a hub method may return: anything that serde can write.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be returned from a hub method",
    label = "it goes to the client as JSON or MessagePack, so it must be serializable",
    note = "add `#[derive(serde::Serialize)]` to `{Self}`; if it is a stream, write `impl Stream<Item = T>`"
)]
pub trait Returned: Serialize + Send {}

impl<T: Serialize + Send> Returned for T {}

/// What a client method may take as an argument: anything that serde can write.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be an argument of a client method",
    label = "it goes to the client as JSON or MessagePack, so it must be serializable",
    note = "add `#[derive(serde::Serialize)]` to `{Self}`"
)]
pub trait ClientArgument: Serialize + Send + Sync {}

impl<T: Serialize + Send + Sync> ClientArgument for T {}

/// What a client method may answer: anything that serde can read without borrowing.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the answer of a client method",
    label = "clients send this as JSON or MessagePack, so it must be deserializable",
    note = "add `#[derive(serde::Deserialize)]` to `{Self}`, and take owned types: `String`, not `&str`"
)]
pub trait ClientAnswer: DeserializeOwned + Send + 'static {}

impl<T: DeserializeOwned + Send + 'static> ClientAnswer for T {}
