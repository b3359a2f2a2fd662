//! What the decoder finds in the bytes of a peer.

use std::borrow::Cow;

use crate::close::CloseFrame;

/// The next thing a peer said. It borrows from the bytes that were given to the decoder.
#[derive(Debug, PartialEq, Eq)]
pub enum Event<'b> {
    /// A part of a message, as long as the bytes at hand allow. Parts of one message never mix with those of
    /// another, but pings, pongs and a close may come between them.
    Data {
        /// The kind of the message, the same for all of its parts.
        kind: DataKind,
        /// The unmasked bytes. Text may be cut inside a code point. Empty only at the end of a message.
        payload: &'b mut [u8],
        /// Whether the message is complete with this part.
        end_of_message: bool,
        /// Whether the message's first frame had the first reserved bit set. Never without
        /// [`Decoder::with_rsv1_allowed`](crate::Decoder::with_rsv1_allowed).
        rsv1: bool,
    },
    /// A ping of at most 125 bytes, which asks for a pong with the same bytes. Borrowed unless the frame came
    /// in pieces.
    Ping(Cow<'b, [u8]>),
    /// A pong of at most 125 bytes, asked for or not. Borrowed unless the frame came in pieces.
    Pong(Cow<'b, [u8]>),
    /// The end of what the peer has to say; `None` if its frame gives no code.
    Close(Option<CloseFrame<'b>>),
}

/// The two kinds of message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DataKind {
    /// UTF-8.
    Text,
    /// Any bytes.
    Binary,
}
