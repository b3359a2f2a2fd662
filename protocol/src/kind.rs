//! The number that tells the nine kinds of messages apart on the wire.

/// The type of a hub message.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub(crate) enum Kind {
    Invocation = 1,
    StreamItem = 2,
    Completion = 3,
    StreamInvocation = 4,
    CancelInvocation = 5,
    Ping = 6,
    Close = 7,
    Ack = 8,
    Sequence = 9,
}

impl Kind {
    /// The kind of that number; `None` is one from the future, which is ignored.
    pub(crate) fn from_number(number: i32) -> Option<Self> {
        Some(match number {
            1 => Self::Invocation,
            2 => Self::StreamItem,
            3 => Self::Completion,
            4 => Self::StreamInvocation,
            5 => Self::CancelInvocation,
            6 => Self::Ping,
            7 => Self::Close,
            8 => Self::Ack,
            9 => Self::Sequence,
            _ => return None,
        })
    }

    pub(crate) fn number(self) -> u8 {
        self as u8
    }
}
