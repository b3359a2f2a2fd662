//! What a frame may be, judged by its header.
//!
//! The first two bytes tell most of it. They are judged before the rest of the header is awaited.

use crate::header::Opcode;
use crate::partial_header::FrameStart;
use crate::violation::Violation;

/// Which side of the connection we are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// We are the server: what we read must be masked.
    Server,
    /// We are the client: what we read must not be masked.
    Client,
}

/// What a decoder was told about its connection.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rules {
    /// In bytes; `u64::MAX` if there is no limit.
    pub(crate) max_message_size: u64,
    pub(crate) max_frames: u32,
    pub(crate) role: Role,
    pub(crate) rsv1_allowed: bool,
}

impl Rules {
    /// Judges the first two bytes of a frame.
    pub(crate) fn check_start(&self, start: &FrameStart, inside_message: bool) -> Result<(), Violation> {
        match (self.role, start.masked) {
            (Role::Server, false) => return Err(Violation::UnmaskedFrame),
            (Role::Client, true) => return Err(Violation::MaskedFrame),
            (Role::Server, true) | (Role::Client, false) => {}
        }
        match start.opcode {
            Opcode::Continuation if start.rsv1 => Err(Violation::ReservedBit),
            Opcode::Continuation if !inside_message => Err(Violation::ContinuationWithoutStart),
            Opcode::Text | Opcode::Binary if start.rsv1 && !self.rsv1_allowed => Err(Violation::ReservedBit),
            Opcode::Text | Opcode::Binary if inside_message => Err(Violation::MessageInsideMessage),
            Opcode::Continuation | Opcode::Text | Opcode::Binary => Ok(()),
            Opcode::Close | Opcode::Ping | Opcode::Pong => start.check_control(),
        }
    }

    /// Adds a frame's payload to the `size` that a message announced so far.
    ///
    /// A compressed message may be as much longer than what it holds as DEFLATE can make it; what it holds is counted by
    /// whoever decompresses it.
    pub(crate) fn check_size(&self, size: u64, payload_length: u64, rsv1: bool) -> Result<u64, Violation> {
        let size = size.saturating_add(payload_length);
        let limit = self.max_message_size;
        let most = if rsv1 { limit.saturating_add(limit / 8).saturating_add(1024) } else { limit };
        if size > most { Err(Violation::MessageTooBig { limit }) } else { Ok(size) }
    }

    /// Adds a frame to those that a message has.
    pub(crate) fn check_frames(&self, frames: u32) -> Result<u32, Violation> {
        let limit = self.max_frames;
        if frames >= limit { Err(Violation::TooManyFrames { limit }) } else { Ok(frames + 1) }
    }
}
