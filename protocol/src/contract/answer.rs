//! Where a method's answer goes: encoded straight into what the connection sends next.

use serde::Serialize;

use crate::{Codec, EncodeError};

/// Takes encoded hub messages in the order in which they are to be sent.
pub trait AnswerSink {
    /// Lends the buffer that is sent next; `write` appends whole hub messages or, when it fails, nothing.
    fn append(
        &mut self,
        write: &mut dyn FnMut(&mut Vec<u8>) -> Result<(), EncodeError>,
    ) -> Result<(), EncodeError>;

    /// Whether the client keeps up, so that another stream item may be written.
    fn has_room(&self) -> bool;
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

    /// Sends one item of the stream that the call is.
    ///
    /// # Errors
    ///
    /// If the item cannot be written in the connection's protocol.
    pub fn item<T: Serialize>(&mut self, item: &T) -> Result<(), EncodeError> {
        let codec = self.codec;
        self.write(|out, id| codec.write_stream_item(out, id, item))
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

    /// Whether another item may be written.
    pub fn has_room(&self) -> bool {
        self.sink.has_room()
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
