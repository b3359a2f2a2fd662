//! The limits of one hub at work: what a message or a connect uses of them, and whether that is too much.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use hubcast_protocol::HubMessage;
use metrics::{Counter, counter, describe_counter};
use parking_lot::Mutex;
use tokio::time::Instant;

use super::bucket::Bucket;
use super::keyed::Keyed;
use super::rate::Rate;
use super::{Counted, Each, RateLimit};
use crate::connection::Live;
use crate::dispatch::{Dispatch, MethodIndex};
use crate::neighbour::Neighbour;

/// All rate limits of a hub.
pub(crate) struct RateLimiter {
    started_at: Instant,
    limits: Vec<Limit>,
    /// How many of them count for each connection.
    of_connections: usize,
}

struct Limit {
    of: Of,
    rate: Rate,
    place: Place,
    exceeded: Counter,
}

enum Of {
    Calls,
    /// Calls of one method.
    Method(MethodIndex),
    Messages,
    Bytes,
    Connects,
}

/// Where it is counted.
enum Place {
    /// With this number in the connection's own.
    Connection(usize),
    User(Keyed<Box<str>>, Keyed<Neighbour>),
    Address(Keyed<Neighbour>),
    Hub(Mutex<Bucket>),
}

/// What a connection has used of the limits that count for it alone.
pub(crate) struct ConnectionBuckets(Mutex<Box<[Bucket]>>);

/// A limit is exceeded; so long it takes until it will not be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Excess {
    /// The call fails.
    Call(Duration),
    /// The connection ends.
    Messages(Duration),
}

impl RateLimiter {
    /// `None` without limits. `keys` users or addresses are remembered for each limit.
    ///
    /// # Panics
    ///
    /// If one is of a method that the hub does not have.
    pub(crate) fn new(limits: &[RateLimit], keys: usize, dispatch: &dyn Dispatch) -> Option<Box<Self>> {
        if limits.is_empty() {
            return None;
        }
        describe_counter!("hubcast_rate_limited_total", "Calls, messages and connects over a rate limit");
        let mut of_connections = 0;
        let limits = limits.iter().map(|limit| {
            let (of, label) = match &limit.of {
                Counted::Calls => (Of::Calls, "calls"),
                Counted::CallsOf(name) => {
                    let Some(method) = dispatch.find(name) else {
                        panic!(
                            "a rate limit is of the method '{name}', which {} does not have",
                            dispatch.hub_name()
                        );
                    };
                    (Of::Method(method), dispatch.method_name(method))
                }
                Counted::Messages => (Of::Messages, "messages"),
                Counted::Bytes => (Of::Bytes, "bytes"),
                Counted::Connects => (Of::Connects, "connects"),
            };
            let place = match limit.each {
                Each::Connection => {
                    of_connections += 1;
                    Place::Connection(of_connections - 1)
                }
                Each::User => Place::User(Keyed::new(keys), Keyed::new(keys)),
                Each::Address => Place::Address(Keyed::new(keys)),
                Each::Hub => Place::Hub(Mutex::default()),
            };
            let exceeded =
                counter!("hubcast_rate_limited_total", "hub" => dispatch.hub_name(), "of" => label);
            Limit { of, rate: limit.rate, place, exceeded }
        });
        let limits = limits.collect();
        Some(Box::new(Self { started_at: Instant::now(), limits, of_connections }))
    }

    /// Counts what a client sends, which is so many bytes long without its framing. `None` is a hub message of a type that
    /// nobody knows, or none at all: a frame without one, or bytes for a connection without a hub.
    ///
    /// What a limit has counted stays counted when a later one is exceeded.
    pub(crate) fn hear(
        &self,
        live: &Arc<Live>,
        message: Option<&HubMessage<'_>>,
        bytes: usize,
    ) -> Result<(), Excess> {
        let target = match message {
            Some(HubMessage::Invocation(call) | HubMessage::StreamInvocation(call)) => Some(&*call.target),
            Some(
                HubMessage::StreamItem(_)
                | HubMessage::Completion(_)
                | HubMessage::CancelInvocation(_)
                | HubMessage::Ping
                | HubMessage::Close(_)
                | HubMessage::Ack(_)
                | HubMessage::Sequence(_),
            )
            | None => None,
        };
        let method = target.and_then(|target| live.core().dispatch().find(target));
        let now = self.now();
        for limit in &self.limits {
            let cost = match limit.of {
                Of::Messages => 1,
                Of::Bytes => bytes as u64,
                Of::Calls if target.is_some() => 1,
                Of::Method(limited) if method == Some(limited) => 1,
                Of::Calls | Of::Method(_) | Of::Connects => continue,
            };
            let Err(wait) = limit.take_for(live, self.of_connections, cost, now) else { continue };
            limit.exceeded.increment(1);
            return Err(match limit.of {
                Of::Messages | Of::Bytes | Of::Connects => Excess::Messages(wait),
                Of::Calls | Of::Method(_) => Excess::Call(wait),
            });
        }
        Ok(())
    }

    /// Counts a client that connects, or says how long it should wait.
    pub(crate) fn connects(&self, address: Option<IpAddr>) -> Result<(), Duration> {
        let now = self.now();
        for limit in self.limits.iter().filter(|limit| matches!(limit.of, Of::Connects)) {
            let taken = match &limit.place {
                Place::Address(keyed) => keyed.take(&neighbour(address), limit.rate, 1, now),
                Place::Hub(bucket) => bucket.lock().take(limit.rate, 1, now),
                Place::Connection(_) | Place::User(..) => {
                    unreachable!("connects are counted per address or hub")
                }
            };
            taken.inspect_err(|_| limit.exceeded.increment(1))?;
        }
        Ok(())
    }

    fn now(&self) -> u64 {
        u64::try_from(self.started_at.elapsed().as_nanos()).unwrap_or(u64::MAX)
    }
}

impl Limit {
    fn take_for(&self, live: &Live, buckets: usize, cost: u64, now: u64) -> Result<(), Duration> {
        let of_address = |keyed: &Keyed<Neighbour>| {
            let address = live.client_address().map(|address| address.ip());
            keyed.take(&neighbour(address), self.rate, cost, now)
        };
        match (&self.place, live.user()) {
            (Place::Connection(at), _) => {
                let ConnectionBuckets(own) = live.rate_buckets(|| ConnectionBuckets::new(buckets));
                own.lock()[*at].take(self.rate, cost, now)
            }
            (Place::User(users, _), Some(user)) => users.take(user, self.rate, cost, now),
            (Place::User(_, addresses), None) | (Place::Address(addresses), _) => of_address(addresses),
            (Place::Hub(bucket), _) => bucket.lock().take(self.rate, cost, now),
        }
    }
}

impl ConnectionBuckets {
    fn new(count: usize) -> Self {
        Self(Mutex::new(vec![Bucket::default(); count].into()))
    }
}

/// An address that is not known counts as one.
fn neighbour(address: Option<IpAddr>) -> Neighbour {
    address.unwrap_or(IpAddr::V4(std::net::Ipv4Addr::UNSPECIFIED)).into()
}
