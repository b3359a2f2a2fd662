//! The names of transports and of the two kinds of bytes that they carry.

use serde::{Deserialize, Serialize};

/// How bytes travel between client and server.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash, Serialize, Deserialize)]
pub enum Transport {
    /// One socket for both directions.
    WebSockets,
    /// An event stream from the server, POST requests from the client.
    ServerSentEvents,
    /// GET requests that wait for data, POST requests from the client.
    LongPolling,
}

impl Transport {
    /// Every transport, in the order in which clients try them.
    pub const ALL: [Self; 3] = [Self::WebSockets, Self::ServerSentEvents, Self::LongPolling];

    /// Its name in a negotiate response.
    pub fn name(self) -> &'static str {
        match self {
            Self::WebSockets => "WebSockets",
            Self::ServerSentEvents => "ServerSentEvents",
            Self::LongPolling => "LongPolling",
        }
    }

    /// What it can carry.
    pub fn transfer_formats(self) -> &'static [TransferFormat] {
        match self {
            Self::WebSockets | Self::LongPolling => &[TransferFormat::Text, TransferFormat::Binary],
            Self::ServerSentEvents => &[TransferFormat::Text],
        }
    }
}

/// Whether a protocol's messages are UTF-8 text or arbitrary bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash, Serialize, Deserialize)]
pub enum TransferFormat {
    /// UTF-8 text: every transport carries it.
    Text,
    /// Any bytes: event streams do not carry it.
    Binary,
}

impl TransferFormat {
    /// Its name in a negotiate response and in refusals.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "Text",
            Self::Binary => "Binary",
        }
    }
}
