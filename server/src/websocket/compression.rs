//! The terms of permessage-deflate.

use hubcast_websocket::DeflateTerms;

/// How a WebSocket compresses its messages (permessage-deflate, RFC 7692), if its client offers that.
///
/// Compression is off unless it is asked for with [`WebSocketOptions::compression`](super::WebSocketOptions::compression).
/// Two reasons:
///
/// - **Secrets.** Where one message holds a secret and something that an attacker can choose, the length of the compressed
///   message tells whether they are alike, and thereby the secret, letter by letter (CRIME, BREACH), though TLS hides the
///   bytes. With context takeover it is enough that they are in two messages of a connection. Send what is secret with
///   [`SendFlags::DO_NOT_COMPRESS`](super::SendFlags::DO_NOT_COMPRESS), or do not compress.
/// - **Cost.** A compressed message costs tens of microseconds, and with context takeover a connection that was sent one
///   keeps about 270 kB, and one that has sent some 45 kB.
///
/// What a client sends is counted while it is decompressed: a message that becomes longer than the
/// [`maximum_message_size`](super::WebSocketOptions::maximum_message_size) is refused with 1009 before it has grown.
#[derive(Debug, Clone)]
pub struct Compression {
    pub(super) terms: DeflateTerms,
    pub(super) level: u8,
    pub(super) threshold: usize,
}

impl Compression {
    /// No context takeover, windows of 15 bits, level 6, from 256 bytes on.
    pub fn new() -> Self {
        Self {
            terms: DeflateTerms {
                server_context_takeover: false,
                client_context_takeover: false,
                server_window_bits: 15,
                client_window_bits: 15,
            },
            level: 6,
            threshold: 256,
        }
    }

    /// Lets messages of the server refer to those before, which makes small and similar ones much smaller, unless the client
    /// declines it. Default: no.
    #[must_use]
    pub fn server_context_takeover(mut self, takes_over: bool) -> Self {
        self.terms.server_context_takeover = takes_over;
        self
    }

    /// Lets messages of the client refer to those before. Default: no.
    #[must_use]
    pub fn client_context_takeover(mut self, takes_over: bool) -> Self {
        self.terms.client_context_takeover = takes_over;
        self
    }

    /// Sets the size of the server's window: 2 to the power of so many bytes, 9 to 15. Default: 15. A client may ask for less;
    /// one that asks for 8 bits, which the compressor does not have, is served without compression.
    ///
    /// # Panics
    ///
    /// If it is not 9 to 15.
    #[must_use]
    pub fn server_window_bits(mut self, bits: u8) -> Self {
        self.terms.server_window_bits = checked(bits);
        self
    }

    /// Sets the size of the client's window: 2 to the power of so many bytes, 9 to 15. Default: 15. A client that does not say
    /// that it can be told keeps 15.
    ///
    /// # Panics
    ///
    /// If it is not 9 to 15.
    #[must_use]
    pub fn client_window_bits(mut self, bits: u8) -> Self {
        self.terms.client_window_bits = checked(bits);
        self
    }

    /// Sets how hard the server tries: 1 is fast, 9 makes the smallest. Default: 6.
    ///
    /// # Panics
    ///
    /// If it is not 1 to 9.
    #[must_use]
    pub fn level(mut self, level: u8) -> Self {
        assert!((1..=9).contains(&level), "the level of compression is {level}: choose 1 to 9");
        self.level = level;
        self
    }

    /// Sets from how many bytes on a message is compressed. Default: 256. The first part of a message that goes on is always
    /// worth it.
    #[must_use]
    pub fn threshold(mut self, bytes: usize) -> Self {
        self.threshold = bytes;
        self
    }
}

impl Default for Compression {
    fn default() -> Self {
        Self::new()
    }
}

fn checked(bits: u8) -> u8 {
    assert!((9..=15).contains(&bits), "a window has {bits} bits: choose 9 to 15");
    bits
}
