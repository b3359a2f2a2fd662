//! Cuts the bytes that arrive into hub messages, wherever the transport cut them.
//!
//! Whole messages are lent from the caller's buffer; only a message that is split is kept, and nothing is allocated
//! while none is. The size limit holds before a byte is kept.

use crate::{HubProtocol, ProtocolError};

/// The receiving half of a connection, up to whole messages.
#[derive(Debug)]
pub struct Inbound {
    protocol: HubProtocol,
    limit: Option<usize>,
    /// The beginning of a message whose end has not arrived, after `done` bytes that were handed out.
    kept: Vec<u8>,
    done: usize,
}

impl Inbound {
    /// Receives messages of up to `limit` bytes with their framing. It begins with the handshake, which is JSON text.
    pub fn new(limit: Option<usize>) -> Self {
        Self { protocol: HubProtocol::Json, limit, kept: Vec::new(), done: 0 }
    }

    /// Reads what follows as messages of `protocol`: the handshake is done.
    pub fn switch_to(&mut self, protocol: HubProtocol) {
        self.protocol = protocol;
    }

    /// Forgets a message that has begun: its end will not come by the transport that brought its beginning.
    pub fn restart(&mut self) {
        self.kept = Vec::new();
        self.done = 0;
    }

    /// Takes the next whole message, without its framing, from what was kept and from `chunk`.
    ///
    /// `None` means that `chunk` is used up. The same `chunk` has to be passed until then.
    ///
    /// # Errors
    ///
    /// If a message is larger than the limit or its framing is malformed; nothing can be read after that.
    pub fn next<'a, 'c: 'a>(&'a mut self, chunk: &mut &'c [u8]) -> Result<Option<&'a [u8]>, ProtocolError> {
        if self.kept.is_empty() {
            return self.next_of_chunk(chunk);
        }
        if !chunk.is_empty() {
            let more = std::mem::take(chunk);
            self.kept.extend_from_slice(more);
            // What was kept before holds no separator, so that a search through it again would find none.
            if self.protocol == HubProtocol::Json && self.done == 0 && !more.contains(&RECORD_SEPARATOR) {
                return match self.limit {
                    Some(limit) if self.kept.len() > limit => Err(ProtocolError::MessageTooLarge { limit }),
                    _ => Ok(None),
                };
            }
        }
        let whole = self.protocol.split(&self.kept[self.done..], self.limit)?.map(|message| message.consumed);
        let Some(consumed) = whole else {
            self.forget_done();
            return Ok(None);
        };
        let start = self.done;
        self.done += consumed;
        let message = self.protocol.split(&self.kept[start..], self.limit)?;
        Ok(message.map(|message| message.payload))
    }

    /// Whether a message has begun and not ended.
    pub fn is_inside_message(&self) -> bool {
        self.kept.len() > self.done
    }

    fn next_of_chunk<'c>(&mut self, chunk: &mut &'c [u8]) -> Result<Option<&'c [u8]>, ProtocolError> {
        if chunk.is_empty() {
            return Ok(None);
        }
        match self.protocol.split(chunk, self.limit)? {
            Some(message) => {
                *chunk = &chunk[message.consumed..];
                Ok(Some(message.payload))
            }
            None => {
                self.kept.extend_from_slice(std::mem::take(chunk));
                Ok(None)
            }
        }
    }

    fn forget_done(&mut self) {
        if self.done == self.kept.len() {
            self.kept = Vec::new();
        } else {
            self.kept.drain(..self.done);
        }
        self.done = 0;
    }
}

const RECORD_SEPARATOR: u8 = 0x1e;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_come_out_alike_however_the_bytes_are_cut() {
        let bytes = b"{\"type\":6}\x1e{\"type\":7}\x1e{\"type\":6}\x1e";
        for size in 1..=bytes.len() {
            let mut inbound = Inbound::new(Some(64));
            let got = bytes.chunks(size).flat_map(|chunk| read(&mut inbound, chunk)).collect::<Vec<_>>();
            assert_eq!(got, ["{\"type\":6}", "{\"type\":7}", "{\"type\":6}"], "in pieces of {size}");
            assert!(!inbound.is_inside_message());
        }
    }

    #[test]
    fn nothing_is_kept_between_messages() {
        let mut inbound = Inbound::new(None);
        read(&mut inbound, b"{\"type\"");
        assert!(inbound.is_inside_message());
        read(&mut inbound, b":6}\x1e");
        assert_eq!(inbound.kept.capacity(), 0);
    }

    #[test]
    fn a_message_over_the_limit_is_refused_before_its_end() {
        let mut inbound = Inbound::new(Some(8));
        let mut chunk = &b"12345"[..];
        assert_eq!(inbound.next(&mut chunk).expect("well-formed"), None);
        let mut chunk = &b"6789"[..];
        assert!(matches!(inbound.next(&mut chunk), Err(ProtocolError::MessageTooLarge { limit: 8 })));
    }

    #[test]
    fn a_binary_message_may_be_split_inside_its_length() {
        let mut bytes = Vec::new();
        HubProtocol::MessagePack.write_error(&mut bytes, "1", &"x".repeat(200));
        let mut inbound = Inbound::new(None);
        inbound.switch_to(HubProtocol::MessagePack);
        let (head, tail) = bytes.split_at(1);
        assert_eq!(count(&mut inbound, head), 0);
        assert_eq!(count(&mut inbound, tail), 1);
    }

    fn read(inbound: &mut Inbound, mut chunk: &[u8]) -> Vec<String> {
        let mut messages = Vec::new();
        while let Some(message) = inbound.next(&mut chunk).expect("well-formed") {
            messages.push(String::from_utf8(message.to_vec()).expect("well-formed"));
        }
        messages
    }

    fn count(inbound: &mut Inbound, mut chunk: &[u8]) -> usize {
        let mut count = 0;
        while inbound.next(&mut chunk).expect("well-formed").is_some() {
            count += 1;
        }
        count
    }
}
