//! Close codes and the payload of a close frame (RFC 6455 §5.5.1 and §7.4).
//!
//! A code that means "there was no close frame" (1005, 1006, 1015) exists as a value but never on the wire.

use std::borrow::Cow;
use std::fmt;

use crate::violation::Violation;

/// Why a WebSocket ended: the number in a close frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CloseCode(u16);

impl CloseCode {
    /// 1000: the connection did what it was made for.
    pub const NORMAL_CLOSURE: Self = Self(1000);
    /// 1001: the server stops or the browser leaves the page.
    pub const GOING_AWAY: Self = Self(1001);
    /// 1002: the peer broke RFC 6455.
    pub const PROTOCOL_ERROR: Self = Self(1002);
    /// 1003: a kind of message that the endpoint doesn't take.
    pub const UNSUPPORTED_DATA: Self = Self(1003);
    /// 1005: the peer's close frame had no code. Never sent.
    pub const NO_STATUS_RECEIVED: Self = Self(1005);
    /// 1006: the connection ended without a close frame. Never sent.
    pub const ABNORMAL_CLOSURE: Self = Self(1006);
    /// 1007: text that is not UTF-8.
    pub const INVALID_PAYLOAD: Self = Self(1007);
    /// 1008: a rule of the endpoint was broken that no other code names.
    pub const POLICY_VIOLATION: Self = Self(1008);
    /// 1009: a message longer than the endpoint takes.
    pub const MESSAGE_TOO_BIG: Self = Self(1009);
    /// 1010: the server did not negotiate an extension that the client needs.
    pub const MANDATORY_EXTENSION: Self = Self(1010);
    /// 1011: the server met an error of its own.
    pub const INTERNAL_ERROR: Self = Self(1011);
    /// 1012: the service restarts.
    pub const SERVICE_RESTART: Self = Self(1012);
    /// 1013: the server is overloaded.
    pub const TRY_AGAIN_LATER: Self = Self(1013);
    /// 1014: a gateway got a bad answer.
    pub const BAD_GATEWAY: Self = Self(1014);
    /// 1015: the TLS handshake failed. Never sent.
    pub const TLS_HANDSHAKE: Self = Self(1015);

    /// Makes a code of any number, allowed on the wire or not.
    #[must_use]
    pub const fn new(code: u16) -> Self {
        Self(code)
    }

    /// The number itself.
    #[must_use]
    pub const fn as_u16(self) -> u16 {
        self.0
    }

    /// Tells whether a close frame may carry this code: the registered ones, 3000 to 3999 (libraries) and
    /// 4000 to 4999 (applications).
    #[must_use]
    pub const fn is_allowed_on_wire(self) -> bool {
        matches!(self.0, 1000..=1003 | 1007..=1014 | 3000..=4999)
    }
}

impl From<u16> for CloseCode {
    fn from(code: u16) -> Self {
        Self(code)
    }
}

impl From<CloseCode> for u16 {
    fn from(code: CloseCode) -> Self {
        code.0
    }
}

impl fmt::Display for CloseCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The payload of a close frame that has one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CloseFrame<'b> {
    /// Why the peer closes.
    pub code: CloseCode,
    /// What the peer says about it: at most 123 bytes, often empty.
    pub reason: Cow<'b, str>,
}

impl<'b> CloseFrame<'b> {
    /// Reads the unmasked payload of a close frame; `None` if it is empty.
    pub(crate) fn parse(payload: Cow<'b, [u8]>) -> Result<Option<Self>, Violation> {
        let code = match *payload {
            [] => return Ok(None),
            [_] => return Err(Violation::HalfCloseCode),
            [high, low, ..] => CloseCode(u16::from_be_bytes([high, low])),
        };
        if !code.is_allowed_on_wire() {
            return Err(Violation::CloseCodeNotAllowed(code));
        }
        let reason = match payload {
            Cow::Borrowed(payload) => str::from_utf8(&payload[2..]).map(Cow::Borrowed),
            Cow::Owned(payload) => str::from_utf8(&payload[2..]).map(|reason| Cow::Owned(reason.to_owned())),
        };
        let reason = reason.map_err(|_| Violation::InvalidUtf8)?;
        Ok(Some(Self { code, reason }))
    }

    /// Detaches the frame from the bytes it was read from.
    #[must_use]
    pub fn into_owned(self) -> CloseFrame<'static> {
        CloseFrame { code: self.code, reason: Cow::Owned(self.reason.into_owned()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_registered_library_and_application_codes_may_travel() {
        let allowed: Vec<u16> =
            (0..=u16::MAX).filter(|&code| CloseCode::new(code).is_allowed_on_wire()).collect();
        let expected: Vec<u16> = (1000..=1003).chain(1007..=1014).chain(3000..=4999).collect();
        assert_eq!(allowed, expected);
    }

    #[test]
    fn an_empty_payload_is_no_close_frame() {
        assert_eq!(CloseFrame::parse(Cow::Borrowed(b"")), Ok(None));
    }

    #[test]
    fn a_code_may_stand_without_a_reason() {
        let frame = CloseFrame::parse(Cow::Borrowed(b"\x03\xe8"));
        assert_eq!(frame, Ok(Some(CloseFrame { code: CloseCode::NORMAL_CLOSURE, reason: "".into() })));
    }

    #[test]
    fn half_a_code_a_forbidden_code_and_a_reason_in_latin_1_are_refused() {
        assert_eq!(CloseFrame::parse(Cow::Borrowed(b"\x03")), Err(Violation::HalfCloseCode));
        assert_eq!(
            CloseFrame::parse(Cow::Borrowed(b"\x03\xedbye")),
            Err(Violation::CloseCodeNotAllowed(CloseCode::NO_STATUS_RECEIVED))
        );
        assert_eq!(CloseFrame::parse(Cow::Borrowed(b"\x03\xe8\xfcber")), Err(Violation::InvalidUtf8));
        assert_eq!(CloseFrame::parse(Cow::Owned(b"\x03\xe8\xe2\x82".to_vec())), Err(Violation::InvalidUtf8));
    }
}
