//! The keys of the opening handshake over HTTP/1.1 (RFC 6455 §4).
//!
//! They prove that the server means to speak WebSocket and protect nothing. HTTP/2 (RFC 8441) has no such
//! keys. Not here: the other headers, which whoever speaks HTTP knows.

use base64::Engine;
use base64::alphabet;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};

const GUID: &str = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/// Padding is required, but not that the bits it cuts off are zero: a key is a nonce that nobody decodes.
const KEY: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true),
);

/// The `Sec-WebSocket-Accept` (28 characters) that answers a client's `Sec-WebSocket-Key`.
#[must_use]
pub fn accept_key(key: &str) -> String {
    let mut hash = sha1_smol::Sha1::new();
    hash.update(key.as_bytes());
    hash.update(GUID.as_bytes());
    STANDARD.encode(hash.digest().bytes())
}

/// Tells whether `key` may stand as `Sec-WebSocket-Key`: 16 bytes in base64, which are 24 characters.
#[must_use]
pub fn is_valid_key(key: &str) -> bool {
    let mut nonce = [0; 18];
    key.len() == 24 && KEY.decode_slice(key, &mut nonce) == Ok(16)
}

/// The `Sec-WebSocket-Key` that a client makes of 16 random bytes, fresh for each connection.
#[must_use]
pub fn client_key(nonce: [u8; 16]) -> String {
    STANDARD.encode(nonce)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_rfc_is_answered_as_there() {
        // "if the header field's value was "dGhlIHNhbXBsZSBub25jZQ==" ... giving the value
        // "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="" (§1.3)
        assert_eq!(client_key(*b"the sample nonce"), "dGhlIHNhbXBsZSBub25jZQ==");
        assert_eq!(accept_key("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    }

    #[test]
    fn a_key_is_16_bytes_in_base64() {
        assert!(is_valid_key("dGhlIHNhbXBsZSBub25jZQ=="));
        assert!(is_valid_key(&client_key([0xff; 16])));
        assert!(is_valid_key("dGhlIHNhbXBsZSBub25jZR=="), "the bits that padding cuts off don't matter");
        for key in [
            "",
            "aGVsbG8=",
            "dGhlIHNhbXBsZSBub25jZQ",
            "dGhlIHNhbXBsZSBub25jZQ=",
            "dGhlIHNhbXBsZSBub25jZQ===",
            "dGhlIHNhbXBsZSBub25jZTE=",
            "dGhlIHNhbXBsZSBub25jZTEy",
            "dGhlIHNhbXBsZSBub25jZQ=A",
            "dGhlIHNhbXBsZS-ub25jZQ==",
            " GhlIHNhbXBsZSBub25jZQ==",
            "ééééééééééé==",
        ] {
            assert!(!is_valid_key(key), "{key:?}");
        }
    }
}
