//! Where a method's answer goes: encoded straight into what the connection sends next.

use std::sync::Arc;

use serde::Serialize;

use crate::{Codec, EncodeError};

/// Takes encoded hub messages in the order in which they are to be sent.
pub trait AnswerSink {
    /// Lends the buffer that is sent next; `write` appends one whole hub message or, when it fails, nothing.
    fn append(
        &mut self,
        write: &mut dyn FnMut(&mut Vec<u8>) -> Result<(), EncodeError>,
    ) -> Result<(), EncodeError>;

    /// Takes so many stream items, which are encoded one behind the other.
    fn append_items(&mut self, items: &[u8], count: u32);

    /// How much a stream may write; `None` if the client does not keep up, or others have their turn.
    fn room(&self) -> Option<ItemRoom>;

    /// The same place for those who queue items while the sink itself is lent, before something else is queued; `None`
    /// if nothing else gets there.
    fn shared(&self) -> Option<Arc<dyn ItemSink>>;

    /// So many items were queued by [`shared`](Self::shared) meanwhile: they count towards what `room` allows.
    fn count_items(&mut self, count: u32);
}

/// Takes encoded stream items in the order in which they are to be sent.
pub trait ItemSink: Send + Sync {
    /// Takes so many items, which are encoded one behind the other.
    fn append_items(&self, items: &[u8], count: u32);
}

/// How much a stream may write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ItemRoom {
    /// So many items.
    pub items: usize,
    /// An item may begin while any of these are left.
    pub bytes: usize,
}

/// The answer to one call, lent to the call whenever it is polled.
pub struct Answer<'a> {
    codec: Codec,
    invocation_id: Option<&'a str>,
    sink: &'a mut dyn AnswerSink,
}

impl<'a> Answer<'a> {
    /// An answer to `invocation_id`, or to nobody if the client wants none.
    pub fn new(
        codec: impl Into<Codec>,
        invocation_id: Option<&'a str>,
        sink: &'a mut dyn AnswerSink,
    ) -> Self {
        Self { codec: codec.into(), invocation_id, sink }
    }

    /// Completes the call with a value.
    ///
    /// # Errors
    ///
    /// If the value cannot be written in the connection's protocol.
    pub fn result<T: Serialize>(&mut self, value: &T) -> Result<(), EncodeError> {
        let codec = self.codec;
        self.write(|out, id| codec.write_result(out, id, value))
    }

    /// Completes the stream that the call is.
    ///
    /// # Errors
    ///
    /// None that a value could cause.
    pub fn end(&mut self) -> Result<(), EncodeError> {
        let codec = self.codec;
        self.write(|out, id| {
            codec.write_void(out, id);
            Ok(())
        })
    }

    /// How the answer is to be encoded.
    pub(super) fn codec(&self) -> Codec {
        self.codec
    }

    /// What the client calls the call, if it wants an answer.
    pub(super) fn invocation_id(&self) -> Option<&'a str> {
        self.invocation_id
    }

    /// Where the items of the stream go that the call is.
    pub(super) fn sink(&mut self) -> &mut dyn AnswerSink {
        self.sink
    }

    fn write(
        &mut self,
        mut write: impl FnMut(&mut Vec<u8>, &str) -> Result<(), EncodeError>,
    ) -> Result<(), EncodeError> {
        match self.invocation_id {
            Some(id) => self.sink.append(&mut |out| write(out, id)),
            None => Ok(()),
        }
    }
}
