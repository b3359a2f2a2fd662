//! Where a method's answer goes: encoded straight into what the connection sends next.

use serde::Serialize;

use crate::{EncodeError, HubProtocol};

/// Takes encoded hub messages in the order in which they are to be sent.
pub trait AnswerSink {
    /// Lends the buffer that is sent next; `write` appends whole hub messages or, when it fails, nothing.
    fn append(
        &mut self,
        write: &mut dyn FnMut(&mut Vec<u8>) -> Result<(), EncodeError>,
    ) -> Result<(), EncodeError>;
}

/// The answer to one call, lent to the call whenever it is polled.
pub struct Answer<'a> {
    protocol: HubProtocol,
    invocation_id: Option<&'a str>,
    sink: &'a mut dyn AnswerSink,
}

impl<'a> Answer<'a> {
    /// An answer to `invocation_id`, or to nobody if the client wants none.
    pub fn new(protocol: HubProtocol, invocation_id: Option<&'a str>, sink: &'a mut dyn AnswerSink) -> Self {
        Self { protocol, invocation_id, sink }
    }

    /// Completes the call with a value.
    ///
    /// # Errors
    ///
    /// If the value cannot be written in the connection's protocol.
    pub fn result<T: Serialize>(&mut self, value: &T) -> Result<(), EncodeError> {
        let Some(id) = self.invocation_id else {
            return Ok(());
        };
        let protocol = self.protocol;
        self.sink.append(&mut |out| protocol.write_result(out, id, value))
    }
}
