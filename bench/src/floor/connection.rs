//! One connection of the floor: its socket, what it speaks, and the beginning of a frame that has not come whole.

use std::io::{ErrorKind, Read, Write};

use hubcast_websocket::{Opcode, server_frame_header};
use mio::net::TcpStream;

/// What the client sends next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    Request,
    Handshake,
    Json,
    MessagePack,
}

/// A client's connection.
pub(super) struct Connection {
    pub(super) socket: TcpStream,
    pub(super) stage: Stage,
    /// Bytes that wait for the rest of their frame.
    pub(super) partial: Vec<u8>,
    pub(super) groups: Vec<Vec<u8>>,
}

impl Connection {
    /// A connection that has said nothing yet.
    pub(super) fn new(socket: TcpStream) -> Self {
        Self { socket, stage: Stage::Request, partial: Vec::new(), groups: Vec::new() }
    }

    /// Reads once behind what was kept; gives how much of `input` is filled. `None` is the end.
    pub(super) fn read(&mut self, input: &mut [u8]) -> Option<Filled> {
        let kept = self.partial.len();
        // A frame larger than all of the buffer has no place here.
        let (front, room) = input.split_at_mut_checked(kept).filter(|(_, room)| !room.is_empty())?;
        front.copy_from_slice(&self.partial);
        match self.socket.read(room) {
            Ok(0) => None,
            Ok(length) => {
                self.partial = Vec::new();
                Some(Filled::Bytes { length: kept + length, may_have_more: length == room.len() })
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => Some(Filled::Nothing),
            Err(_) => None,
        }
    }

    /// Writes once; false if the socket did not take all of it.
    pub(super) fn write(&mut self, out: &[u8]) -> bool {
        self.socket.write(out).is_ok_and(|written| written == out.len())
    }
}

/// What a read brought.
pub(super) enum Filled {
    Nothing,
    Bytes { length: usize, may_have_more: bool },
}

/// A client's frame in the bytes that came: its opcode, and where its payload begins and ends.
pub(super) struct ClientFrame {
    pub(super) opcode: u8,
    pub(super) start: usize,
    pub(super) end: usize,
}

impl ClientFrame {
    /// Unmasks the whole frame at the start of `input` in place; `None` if it is not all there.
    pub(super) fn unmask(input: &mut [u8]) -> Option<Self> {
        let (opcode, short) = (input.first()? & 0x0f, input.get(1)? & 0x7f);
        let (start, length): (usize, usize) = match short {
            126 => (8, u16::from_be_bytes(input.get(2..4)?.try_into().ok()?).into()),
            127 => (14, usize::try_from(u64::from_be_bytes(input.get(2..10)?.try_into().ok()?)).ok()?),
            short => (6, usize::from(short)),
        };
        let end = start.checked_add(length)?;
        let (head, payload) = input.get_mut(..end)?.split_at_mut(start);
        let mask = head.last_chunk::<4>()?;
        for (position, byte) in payload.iter_mut().enumerate() {
            *byte ^= mask[position & 3];
        }
        Some(Self { opcode, start, end })
    }
}

/// Appends a server's frame.
pub(super) fn write_frame(out: &mut Vec<u8>, opcode: Opcode, payload: &[u8]) {
    out.extend_from_slice(&server_frame_header(opcode, payload.len()));
    out.extend_from_slice(payload);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_frame_is_unmasked_where_it_is() {
        let mut input = *b"\x81\x82\x01\x02\x03\x04ik\x81";
        let frame = ClientFrame::unmask(&mut input).expect("it is well-formed");
        assert_eq!((frame.opcode, &input[frame.start..frame.end]), (1, b"hi".as_slice()));
        assert!(ClientFrame::unmask(&mut input[..7]).is_none());
    }

    #[test]
    fn a_length_beyond_all_memory_is_a_frame_that_never_comes() {
        let mut input = [0xff; 20];
        assert!(ClientFrame::unmask(&mut input).is_none());
    }
}
