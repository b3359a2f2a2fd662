//! Code of the application around calls, connects and disconnects.
//!
//! A filter sees every call, also one of an unknown method or with arguments that do not fit: what it gets from `next`
//! is then that failure. It runs where the call runs, in the connection's task, and is dropped with it.
//! How a filtered call is driven is in `dispatch/filtered.rs`.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use hubcast_protocol::contract::{
    BoxFuture, CallError, Connection, Context, DisconnectReason, Failure as _, HubError,
};

use crate::dispatch::{Failed, InnerCall};

/// What runs around the calls, connects and disconnects of a hub. The first that is added is the outermost.
///
/// ```
/// use hubcast::{FailedCall, FilteredCall, HubError, HubFilter, HubOptions, NextCall};
///
/// /// Nobody may say more than a little at once.
/// struct FewArguments;
///
/// impl HubFilter for FewArguments {
///     async fn call(&self, call: &FilteredCall, next: NextCall<'_>) -> Result<(), FailedCall> {
///         if call.argument_count() > 5 {
///             return Err(HubError::new("That is too much at once.").into());
///         }
///         next.run().await
///     }
/// }
///
/// let options = HubOptions::new().filter(FewArguments);
/// ```
pub trait HubFilter: Send + Sync + 'static {
    /// Runs around a call. What it returns is what the client gets; if it does not run `next`, the method is not called.
    ///
    /// Returning `Ok` without running `next` answers with nothing: null, or a stream without items.
    fn call(
        &self,
        call: &FilteredCall,
        next: NextCall<'_>,
    ) -> impl Future<Output = Result<(), FailedCall>> + Send {
        let _ = call;
        next.run()
    }

    /// Runs around the connected hook. An error refuses the connection.
    fn connected(
        &self,
        cx: &Context,
        next: NextHook<'_>,
    ) -> impl Future<Output = Result<(), HubError>> + Send {
        let _ = cx;
        next.run()
    }

    /// Runs around the disconnected hook.
    fn disconnected(
        &self,
        cx: &Context,
        reason: &DisconnectReason,
        next: NextHook<'_>,
    ) -> impl Future<Output = Result<(), HubError>> + Send {
        let _ = (cx, reason);
        next.run()
    }
}

/// A call as filters see it.
pub struct FilteredCall {
    pub(crate) context: Context,
    pub(crate) hub: &'static str,
    pub(crate) method: Box<str>,
    pub(crate) is_stream: bool,
    pub(crate) argument_count: usize,
}

impl FilteredCall {
    /// The connection that calls.
    pub fn context(&self) -> &Context {
        &self.context
    }

    /// The name of the hub trait.
    pub fn hub(&self) -> &'static str {
        self.hub
    }

    /// The method as the hub names it, or what the client asked for if the hub has no such method.
    pub fn method(&self) -> &str {
        &self.method
    }

    /// Whether the client wants a stream.
    pub fn is_stream(&self) -> bool {
        self.is_stream
    }

    /// How many arguments the client sent.
    pub fn argument_count(&self) -> usize {
        self.argument_count
    }
}

impl fmt::Debug for FilteredCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FilteredCall")
            .field("hub", &self.hub)
            .field("method", &self.method)
            .finish_non_exhaustive()
    }
}

/// The rest of a call: the filters further in, and the method.
#[must_use = "a call whose rest is not run does nothing"]
pub struct NextCall<'a> {
    pub(crate) filters: &'a [Filter],
    pub(crate) call: &'a FilteredCall,
    pub(crate) inner: &'a mut InnerCall,
}

impl NextCall<'_> {
    /// Runs it and says how it ended.
    ///
    /// Dropping the future cancels the call.
    ///
    /// # Errors
    ///
    /// If the call failed, whyever; see [`FailedCall::kind`].
    pub async fn run(self) -> Result<(), FailedCall> {
        match self.filters.split_first() {
            Some((filter, filters)) => filter.0.call(self.call, NextCall { filters, ..self }).await,
            None => self.inner.run().await.map_err(FailedCall),
        }
    }
}

impl fmt::Debug for NextCall<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NextCall").finish_non_exhaustive()
    }
}

/// The rest of a connect or a disconnect: the filters further in, and the hub's hook.
#[must_use = "a hook whose rest is not run does nothing"]
pub struct NextHook<'a> {
    pub(crate) filters: &'a [Filter],
    pub(crate) context: &'a Context,
    /// Why the connection has ended, if it has.
    pub(crate) reason: Option<&'a DisconnectReason>,
    pub(crate) hook: BoxFuture<Result<(), CallError>>,
}

impl NextHook<'_> {
    /// Runs it and says how it ended.
    ///
    /// # Errors
    ///
    /// If a filter or the hook failed.
    pub async fn run(self) -> Result<(), HubError> {
        let Some((filter, filters)) = self.filters.split_first() else {
            return self.hook.await.map_err(|error| match error {
                CallError::Shown(text) => HubError::new(text),
                CallError::Hidden(source) => HubError::hidden(source),
            });
        };
        let (context, reason) = (self.context, self.reason);
        filter.0.hook(context, reason, NextHook { filters, ..self }).await
    }
}

impl fmt::Debug for NextHook<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NextHook").finish_non_exhaustive()
    }
}

/// How a call failed, as filters see it. A [`HubError`] becomes one whose text the client reads.
pub struct FailedCall(pub(crate) Failed);

impl FailedCall {
    /// What kind of failure it is.
    pub fn kind(&self) -> FailureKind {
        match &self.0 {
            Failed::UnknownMethod => FailureKind::UnknownMethod,
            Failed::Unauthorized => FailureKind::Unauthorized,
            Failed::Binding(_) => FailureKind::Binding,
            Failed::NotAStream
            | Failed::IsAStream
            | Failed::StreamCount { .. }
            | Failed::IdInUse(_)
            | Failed::TooManyStreams(_) => FailureKind::Streams,
            Failed::Method(_) | Failed::Stream(_) => FailureKind::Error,
            Failed::Panicked { .. } => FailureKind::Panic,
            Failed::Cancelled => FailureKind::Cancelled,
        }
    }

    /// The text of a [`HubError`] for the client, if that is what the method failed with.
    pub fn message(&self) -> Option<&str> {
        match &self.0 {
            Failed::Method(CallError::Shown(text)) | Failed::Stream(CallError::Shown(text)) => Some(text),
            Failed::Method(CallError::Hidden(_))
            | Failed::Stream(CallError::Hidden(_))
            | Failed::UnknownMethod
            | Failed::Unauthorized
            | Failed::Binding(_)
            | Failed::NotAStream
            | Failed::IsAStream
            | Failed::StreamCount { .. }
            | Failed::IdInUse(_)
            | Failed::TooManyStreams(_)
            | Failed::Panicked { .. }
            | Failed::Cancelled => None,
        }
    }
}

impl From<HubError> for FailedCall {
    fn from(error: HubError) -> Self {
        Self(Failed::Method(error.into_call_error()))
    }
}

impl fmt::Debug for FailedCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("FailedCall").field(&self.0).finish()
    }
}

/// The kinds of failure of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum FailureKind {
    /// The hub has no such method.
    UnknownMethod,
    /// The caller does not meet what the hub or the method asks.
    Unauthorized,
    /// The arguments do not fit.
    Binding,
    /// The client wants a stream where there is none or the other way round, sends more or fewer than the method takes, or
    /// has too many.
    Streams,
    /// The method or a filter returned an error.
    Error,
    /// The method panicked.
    Panic,
    /// The client no longer wants the call. The filter is polled once more with this and then dropped.
    Cancelled,
}

/// A filter of whatever type.
#[derive(Clone)]
pub(crate) struct Filter(Arc<dyn AnyFilter>);

impl Filter {
    pub(crate) fn new(filter: impl HubFilter) -> Self {
        Self(Arc::new(filter))
    }
}

type Boxed<'a, E> = Pin<Box<dyn Future<Output = Result<(), E>> + Send + 'a>>;

trait AnyFilter: Send + Sync {
    fn call<'a>(&'a self, call: &'a FilteredCall, next: NextCall<'a>) -> Boxed<'a, FailedCall>;

    fn hook<'a>(
        &'a self,
        cx: &'a Context,
        reason: Option<&'a DisconnectReason>,
        next: NextHook<'a>,
    ) -> Boxed<'a, HubError>;
}

impl<F: HubFilter> AnyFilter for F {
    fn call<'a>(&'a self, call: &'a FilteredCall, next: NextCall<'a>) -> Boxed<'a, FailedCall> {
        Box::pin(HubFilter::call(self, call, next))
    }

    fn hook<'a>(
        &'a self,
        cx: &'a Context,
        reason: Option<&'a DisconnectReason>,
        next: NextHook<'a>,
    ) -> Boxed<'a, HubError> {
        match reason {
            Some(reason) => Box::pin(self.disconnected(cx, reason, next)),
            None => Box::pin(self.connected(cx, next)),
        }
    }
}

/// Runs a hook inside of the filters.
pub(crate) fn filter_hook(
    filters: Vec<Filter>,
    connection: Arc<dyn Connection>,
    reason: Option<DisconnectReason>,
    hook: BoxFuture<Result<(), CallError>>,
) -> BoxFuture<Result<(), CallError>> {
    Box::pin(async move {
        let context = Context::new(connection);
        let next = NextHook { filters: &filters, context: &context, reason: reason.as_ref(), hook };
        next.run().await.map_err(|error| error.into_call_error())
    })
}
