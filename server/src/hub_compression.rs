//! Compression of the messages of a hub, by option.

use crate::transport::Deflating;

/// How a hub compresses its WebSocket messages (permessage-deflate, RFC 7692), where a client offers that.
///
/// SignalR never compresses, and neither does a hub unless it is asked to with
/// [`HubOptions::compression`](crate::HubOptions::compression): where one message holds a secret and something that an attacker
/// can choose, its compressed length tells whether they are alike, and thereby the secret, letter by letter (CRIME, BREACH),
/// though TLS hides the bytes. Switch it on for hubs whose messages hold no secrets beside what others may write.
///
/// No message refers to one before it (no context takeover, in either direction), so that a broadcast is compressed once for all
/// its receivers, and no connection owns memory for it between its messages. Connections that may be taken up again by a
/// stateful reconnect are not compressed; nor are Server-Sent Events and long polling.
#[derive(Debug, Clone)]
pub struct HubCompression {
    level: u8,
    threshold: u32,
    pub(crate) maximum_decompressed_size: usize,
}

impl HubCompression {
    /// Level 1, from 1 KiB on, up to 64 KiB decompressed.
    pub fn new() -> Self {
        Self { level: 1, threshold: 1024, maximum_decompressed_size: 64 * 1024 }
    }

    /// Sets how hard the server tries: 1 is fast, 9 makes the smallest. Default: 1.
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

    /// Sets from how many bytes on a message is compressed; shorter ones are sent as they are. Default: 1,024.
    #[must_use]
    pub fn threshold(mut self, bytes: u32) -> Self {
        self.threshold = bytes;
        self
    }

    /// Sets how many bytes one WebSocket message of a client may become. It may hold several hub messages, each of which has
    /// its own limit. Default: 64 KiB. Beyond it the connection is closed with 1009, before the message has grown.
    #[must_use]
    pub fn maximum_decompressed_size(mut self, bytes: usize) -> Self {
        self.maximum_decompressed_size = bytes;
        self
    }

    pub(crate) fn deflating(&self) -> Deflating {
        Deflating { threshold: self.threshold, level: self.level }
    }
}

impl Default for HubCompression {
    fn default() -> Self {
        Self::new()
    }
}
