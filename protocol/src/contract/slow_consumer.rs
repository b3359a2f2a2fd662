//! What happens to a message whose receiver is behind.

/// What happens to a message for a client that reads slower than it is sent to.
///
/// Whatever it says, a connection whose queue goes over its hard limit is closed; what may be dropped does not grow it that far.
/// The hub's default is `HubOptions::slow_consumers`, [`Clients::when_slow`](super::Clients::when_slow) sets it for a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SlowConsumerPolicy<'a> {
    /// The sender waits until each receiver has less than its soft limit waiting. The slowest one sets the pace.
    Wait,
    /// The message is queued, and a client for which more waits than the hard limit allows is closed. Nothing is dropped.
    Close,
    /// While more than the soft limit would wait for a client, the oldest of the waiting messages that may be dropped are
    /// dropped for it, and this one if that is not enough.
    DropOldest,
    /// As [`DropOldest`](Self::DropOldest), and a message that waits for a client is dropped as soon as a newer one comes
    /// with the same target and this key: the price of one stock, the place of one cursor.
    Latest(&'a str),
}
