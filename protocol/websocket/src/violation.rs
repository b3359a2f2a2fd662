//! What a peer can do wrong, and the close code that tells it so.
//!
//! The texts are safe to send as the reason of the close frame: they hold nothing of ours and fit its 123
//! bytes.

use crate::close::CloseCode;

/// A breach of RFC 6455 by the peer. The connection has to be failed with [`close_code`](Self::close_code).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Violation {
    /// A client sent a frame without a mask.
    #[error("a frame from a client must be masked")]
    UnmaskedFrame,
    /// A server sent a frame with a mask.
    #[error("a frame from a server must not be masked")]
    MaskedFrame,
    /// A reserved bit is set that no extension gave a meaning to.
    #[error("a reserved bit is set")]
    ReservedBit,
    /// The opcode is one of 3 to 7 or 11 to 15.
    #[error("opcode {0} is reserved")]
    ReservedOpcode(u8),
    /// A ping, pong or close frame has no FIN bit.
    #[error("a control frame must not be fragmented")]
    FragmentedControlFrame,
    /// A ping, pong or close frame announces more than 125 bytes.
    #[error("a control frame must not be longer than 125 bytes")]
    ControlFrameTooLong,
    /// A continuation frame came while no message was open.
    #[error("a continuation frame without a message to continue")]
    ContinuationWithoutStart,
    /// A text or binary frame came before the last frame of the message before it.
    #[error("a message began inside another message")]
    MessageInsideMessage,
    /// A payload length is written in more bytes than it needs.
    #[error("a payload length is not written in the fewest bytes")]
    LengthNotMinimal,
    /// The highest bit of a 64-bit payload length is set.
    #[error("a payload length has its highest bit set")]
    LengthTooLarge,
    /// A close frame has a payload of one byte, which is half a code.
    #[error("a close frame must not have a payload of one byte")]
    HalfCloseCode,
    /// A close frame carries a code that must not travel.
    #[error("close code {} must not be sent", .0.as_u16())]
    CloseCodeNotAllowed(CloseCode),
    /// A text message or the reason of a close frame is not UTF-8.
    #[error("the text is not UTF-8")]
    InvalidUtf8,
    /// A message is longer than [`Decoder::with_max_message_size`](crate::Decoder::with_max_message_size)
    /// allows.
    #[error("the message is longer than {limit} bytes")]
    MessageTooBig {
        /// The size that was allowed, in bytes.
        limit: u64,
    },
    /// A message has more frames than [`Decoder::with_max_frames`](crate::Decoder::with_max_frames) allows.
    #[error("the message has more than {limit} frames")]
    TooManyFrames {
        /// The number that was allowed.
        limit: u32,
    },
    /// A compressed message cannot be decompressed (RFC 7692 §7.2.2).
    #[error("the message cannot be decompressed")]
    InvalidDeflate,
}

impl Violation {
    /// The code that the close frame to the peer should carry.
    #[must_use]
    pub fn close_code(&self) -> CloseCode {
        match self {
            Self::InvalidUtf8 | Self::InvalidDeflate => CloseCode::INVALID_PAYLOAD,
            Self::TooManyFrames { .. } => CloseCode::POLICY_VIOLATION,
            Self::MessageTooBig { .. } => CloseCode::MESSAGE_TOO_BIG,
            Self::UnmaskedFrame
            | Self::MaskedFrame
            | Self::ReservedBit
            | Self::ReservedOpcode(_)
            | Self::FragmentedControlFrame
            | Self::ControlFrameTooLong
            | Self::ContinuationWithoutStart
            | Self::MessageInsideMessage
            | Self::LengthNotMinimal
            | Self::LengthTooLarge
            | Self::HalfCloseCode
            | Self::CloseCodeNotAllowed(_) => CloseCode::PROTOCOL_ERROR,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_peer_is_told_which_kind_of_rule_it_broke() {
        assert_eq!(Violation::UnmaskedFrame.close_code().as_u16(), 1002);
        assert_eq!(Violation::InvalidUtf8.close_code().as_u16(), 1007);
        assert_eq!(Violation::MessageTooBig { limit: 5 }.close_code().as_u16(), 1009);
        assert_eq!(Violation::TooManyFrames { limit: 5 }.close_code().as_u16(), 1008);
        assert_eq!(Violation::InvalidDeflate.close_code().as_u16(), 1007);
    }

    #[test]
    fn the_longest_text_fits_a_close_frame() {
        let longest = Violation::MessageTooBig { limit: u64::MAX }.to_string();
        assert_eq!(longest, "the message is longer than 18446744073709551615 bytes");
        assert_eq!(
            Violation::CloseCodeNotAllowed(CloseCode::ABNORMAL_CLOSURE).to_string(),
            "close code 1006 must not be sent"
        );
    }
}
