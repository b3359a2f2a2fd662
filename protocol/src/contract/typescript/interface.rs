//! One side of a contract: its methods, as generated code describes them.

use std::any::TypeId;

use super::comment::Comment;
use super::declarations::Declarations;
use super::layout::flat;
use super::{Typed, config};

/// The methods of a hub, or those of its clients.
#[derive(Clone)]
pub struct Interface {
    pub(super) name: &'static str,
    pub(super) comment: Comment,
    pub(super) methods: Vec<Method>,
}

impl Interface {
    /// The interface of the trait `name`, with its documentation line by line.
    pub fn new(name: &'static str, docs: &[&str]) -> Self {
        Self { name, comment: Comment::of_rust(docs), methods: Vec::new() }
    }

    /// Adds a method.
    #[must_use]
    pub fn method(mut self, method: Method) -> Self {
        self.methods.push(method);
        self
    }
}

/// One method.
#[derive(Clone)]
pub struct Method {
    pub(super) name: &'static str,
    pub(super) comment: Comment,
    pub(super) parameters: Vec<Parameter>,
    pub(super) answer: Answer,
    pub(super) declarations: Declarations,
}

/// What a caller gives.
#[derive(Clone)]
pub(super) struct Parameter {
    /// As the trait has it.
    pub(super) name: &'static str,
    pub(super) ty: String,
    /// Whether it is a stream of that type.
    pub(super) is_upload: bool,
}

/// What a caller gets, each with its type.
#[derive(Clone)]
pub(super) enum Answer {
    Nothing,
    Value(String),
    Stream(String),
}

impl Method {
    /// The method with this name on the wire, with its documentation line by line. It takes and gives nothing.
    pub fn new(name: &'static str, docs: &[&str]) -> Self {
        Self {
            name,
            comment: Comment::of_rust(docs),
            parameters: Vec::new(),
            answer: Answer::Nothing,
            declarations: Declarations::default(),
        }
    }

    /// Says that it should be called no more, and why.
    #[must_use]
    pub fn deprecated(mut self, why: &str) -> Self {
        self.comment.deprecate(why);
        self
    }

    /// Adds an argument.
    #[must_use]
    pub fn argument<T: Typed + ?Sized>(self, name: &'static str) -> Self {
        self.parameter::<T>(name, false)
    }

    /// Adds an upload with items of this type.
    #[must_use]
    pub fn upload<T: Typed + ?Sized>(self, name: &'static str) -> Self {
        self.parameter::<T>(name, true)
    }

    /// Says what it gives.
    #[must_use]
    pub fn answer<T: Typed + ?Sized>(mut self) -> Self {
        self.answer = if TypeId::of::<T>() == TypeId::of::<()>() {
            Answer::Nothing
        } else {
            Answer::Value(self.named::<T>())
        };
        self
    }

    /// Says that it streams items of this type.
    #[must_use]
    pub fn stream<T: Typed + ?Sized>(mut self) -> Self {
        self.answer = Answer::Stream(self.named::<T>());
        self
    }

    fn parameter<T: Typed + ?Sized>(mut self, name: &'static str, is_upload: bool) -> Self {
        let ty = self.named::<T>();
        self.parameters.push(Parameter { name, ty, is_upload });
        self
    }

    fn named<T: Typed + ?Sized>(&mut self) -> String {
        self.declarations.add::<T>();
        flat(&T::name(&config()))
    }
}
