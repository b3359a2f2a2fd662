//! Limits on how fast clients may call, send and connect.
//!
//! What is counted is what arrives, before anything is looked up or bound: unknown methods and pings count too. Without a
//! limit nothing is counted and nothing is asked of the clock.

mod bucket;
mod keyed;
mod limiter;
mod options;
mod rate;

pub(crate) use limiter::{ConnectionBuckets, Excess, RateLimiter};
pub use rate::Rate;

/// How fast clients may do something, and for whom it is counted.
///
/// ```
/// use hubcast::{HubOptions, Rate, RateLimit};
///
/// let options = HubOptions::new()
///     .rate_limit(RateLimit::calls(Rate::per_second(50).burst(100)))
///     .rate_limit(RateLimit::calls_of("SendMessage", Rate::per_minute(60)).per_user())
///     .rate_limit(RateLimit::messages(Rate::per_second(200)))
///     .rate_limit(RateLimit::connects(Rate::per_second(5).burst(20)));
/// ```
///
/// A call over the limit fails with `… HubException: Too many calls. Retry after 1500 ms.` A message over the limit of messages
/// or bytes closes its connection with `Connection closed with an error. Too many messages. Retry after 1500 ms.`, and its client
/// may reconnect. A negotiation, or a WebSocket without one, is answered with 429 and `Retry-After` in whole seconds (RFC 6585 §4).
/// `hubcast_rate_limited_total` counts all of them by `hub` and `of`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RateLimit {
    pub(crate) of: Counted,
    pub(crate) each: Each,
    pub(crate) rate: Rate,
}

/// What is counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Counted {
    Calls,
    CallsOf(String),
    Messages,
    Bytes,
    Connects,
}

/// For whom it is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Each {
    Connection,
    User,
    Address,
    Hub,
}

impl RateLimit {
    /// Limits calls of hub methods, with streams or without, unknown methods too. One that is over it fails.
    pub fn calls(rate: Rate) -> Self {
        Self { of: Counted::Calls, each: Each::Connection, rate }
    }

    /// Limits calls of one hub method, by its name on the wire in any case. One that is over it fails.
    ///
    /// A hub that has no such method does not start: [`HubService::with_options`](crate::HubService::with_options) panics.
    pub fn calls_of(method: impl Into<String>, rate: Rate) -> Self {
        Self { of: Counted::CallsOf(method.into()), each: Each::Connection, rate }
    }

    /// Limits hub messages of all kinds: calls, items of uploads, answers, cancellations, acknowledgements, pings, and those of
    /// a type that nobody knows. Frames of a WebSocket without a message count too: its pings, its pongs, empty ones. One that
    /// is over it closes its connection.
    ///
    /// Of connections without a hub each part of a message that arrives counts, at most 32 KiB long; they are closed with 1008.
    pub fn messages(rate: Rate) -> Self {
        Self { of: Counted::Messages, each: Each::Connection, rate }
    }

    /// Limits the bytes of hub messages, without their framing, and all bytes of connections without a hub. A message that is over it closes its connection; one that is
    /// larger than the burst passes when nothing came for as long as the burst takes.
    pub fn bytes(rate: Rate) -> Self {
        Self { of: Counted::Bytes, each: Each::Connection, rate }
    }

    /// Limits negotiations and WebSockets without one, for each address. One that is over it is answered with 429.
    pub fn connects(rate: Rate) -> Self {
        Self { of: Counted::Connects, each: Each::Address, rate }
    }

    /// Counts for each connection: the default of all but [`connects`](Self::connects).
    ///
    /// # Panics
    ///
    /// If it limits connects.
    #[must_use]
    pub fn per_connection(self) -> Self {
        assert!(self.of != Counted::Connects, "a connection connects once: count per address or per hub");
        Self { each: Each::Connection, ..self }
    }

    /// Counts for each user, whichever connections they have; connections without a user are counted by their address.
    ///
    /// # Panics
    ///
    /// If it limits connects.
    #[must_use]
    pub fn per_user(self) -> Self {
        assert!(self.of != Counted::Connects, "who connects is not known yet: count per address or per hub");
        Self { each: Each::User, ..self }
    }

    /// Counts for each address of a client; of IPv6 addresses the first 64 bits. Where the server around the hub does not say
    /// whence a request comes, it is counted with all others like it.
    #[must_use]
    pub fn per_address(self) -> Self {
        Self { each: Each::Address, ..self }
    }

    /// Counts for all clients of the hub together.
    #[must_use]
    pub fn per_hub(self) -> Self {
        Self { each: Each::Hub, ..self }
    }
}
