//! What others may touch of one connection: its outbox, its identity, and a few flags for the heartbeat.
//!
//! The connection's task owns everything else. Whatever is to happen to a connection from outside is a [`Signal`],
//! which the task finds when it is woken.

use std::borrow::Cow;
use std::fmt;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use hubcast_protocol::connection::Observed;
use hubcast_protocol::contract::{BoxFuture, Connection, Hub, Kept, Principal};
use hubcast_protocol::{Codec, ConnectionId, HubProtocol, Transport};
use parking_lot::Mutex;
use tokio_util::sync::CancellationToken;

use super::joined_groups::JoinedGroups;
use super::outbox::Outbox;
use crate::admission::AddressPlace;
use crate::dispatch::Questions;
use crate::http::RequestHead;
use crate::hub::HubCore;
use crate::hub_compression::HubCompression;
use crate::rate_limit::ConnectionBuckets;
use crate::transport::{Framing, Inbox, Inflating};

/// One connection of a hub, from its transport's start to its end.
pub(crate) struct Live {
    id: ConnectionId,
    user: Option<Box<str>>,
    http_version: http::Version,
    transport: Transport,
    hub: Arc<HubCore>,
    pub(crate) outbox: Outbox,
    pub(crate) groups: Mutex<JoinedGroups>,
    /// Where it stands among all connections of the hub; kept by the backplane.
    pub(crate) place: AtomicU32,
    /// What most connections never have.
    extras: OnceLock<Box<Extras>>,
    principal: Mutex<Option<Principal>>,
    /// Whether it was renewed, and the hub has not been told.
    is_renewed: AtomicBool,
    has_ended: AtomicBool,
    /// What other requests than the first bring, where there may be any.
    inbox: Option<Arc<Inbox>>,
    /// Whether its client may come back with another transport, as negotiated.
    compresses: bool,
    may_be_stateful: bool,
    head: Option<RequestHead>,
    _place_of_address: Option<AddressPlace>,
    /// Whether a transport carries it: not between the two of a stateful reconnect.
    attached: AtomicBool,
    /// What the server has asked its client and the client has not answered.
    pub(crate) questions: Questions,
    protocol: AtomicU8,
    signal: AtomicU8,
    busy: AtomicBool,
    client_pings: AtomicBool,
    began_at: u32,
    last_ping_at: AtomicU32,
    last_heard_at: AtomicU32,
    /// One more than the second since when a write is stuck; 0 if none is.
    stuck_since: AtomicU32,
    /// The second in which its credentials expire; `NEVER` if they do not, or nobody minds.
    expires_at: AtomicU32,
}

/// What a connection owns once it is asked for.
#[derive(Default)]
struct Extras {
    kept: Kept,
    /// What the application closes it with.
    close_reason: OnceLock<Box<str>>,
    /// Fires at the end.
    end: OnceLock<CancellationToken>,
    /// What it has used of the rate limits that count for each connection.
    rate_buckets: OnceLock<ConnectionBuckets>,
}

/// Who a connection is, as its transport's request said.
pub(crate) struct Identity {
    pub(crate) id: ConnectionId,
    pub(crate) user: Option<String>,
    pub(crate) http_version: http::Version,
    pub(crate) transport: Transport,
    pub(crate) principal: Option<Principal>,
    pub(crate) inbox: Option<Arc<Inbox>>,
    /// Whether permessage-deflate was negotiated.
    pub(crate) compresses: bool,
    /// Whether a stateful reconnect was negotiated.
    pub(crate) stateful: bool,
    /// What is remembered of the request.
    pub(crate) head: Option<RequestHead>,
    /// Its place among the connections of its client's address, where a proxy's socket brings it.
    pub(crate) place: Option<AddressPlace>,
}

/// What somebody else wants of the connection's task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Signal {
    Abort = 1,
    Shutdown,
    PeerSilent,
    HandshakeOverdue,
    SendOverdue,
    /// The application closes it, with a reason.
    Close,
    /// Its credentials have expired.
    Expired,
}

const NEVER: u32 = u32::MAX;

const HANDSHAKING: u8 = 0;
const JSON: u8 = 1;
const MESSAGEPACK: u8 = 2;

impl Live {
    pub(crate) fn new(hub: Arc<HubCore>, identity: Identity) -> Self {
        let now = hub.clock().seconds();
        let expires_at =
            identity.principal.as_ref().and_then(|principal| hub.expiry(principal)).unwrap_or(NEVER);
        Self {
            id: identity.id,
            user: identity.user.map(String::into_boxed_str),
            http_version: identity.http_version,
            transport: identity.transport,
            outbox: Outbox::new(hub.send_limits()),
            hub,
            groups: Mutex::default(),
            place: AtomicU32::new(0),
            extras: OnceLock::new(),
            principal: Mutex::new(identity.principal),
            is_renewed: AtomicBool::new(false),
            has_ended: AtomicBool::new(false),
            inbox: identity.inbox,
            may_be_stateful: identity.stateful,
            compresses: identity.compresses,
            head: identity.head,
            _place_of_address: identity.place,
            attached: AtomicBool::new(true),
            questions: Questions::default(),
            protocol: AtomicU8::new(HANDSHAKING),
            signal: AtomicU8::new(0),
            busy: AtomicBool::new(false),
            client_pings: AtomicBool::new(false),
            began_at: now,
            last_ping_at: AtomicU32::new(now),
            last_heard_at: AtomicU32::new(now),
            stuck_since: AtomicU32::new(0),
            expires_at: AtomicU32::new(expires_at),
        }
    }

    pub(crate) fn id(&self) -> ConnectionId {
        self.id
    }

    /// Its id, where it stands.
    pub(crate) fn id_ref(&self) -> &ConnectionId {
        &self.id
    }

    fn extras(&self) -> &Extras {
        self.extras.get_or_init(Default::default)
    }

    pub(crate) fn user(&self) -> Option<&str> {
        self.user.as_deref()
    }

    /// Where its transport's request came from, if that is known.
    pub(crate) fn client_address(&self) -> Option<SocketAddr> {
        self.head.as_ref()?.remote_address()
    }

    /// What it has used of the rate limits that count for it alone.
    pub(crate) fn rate_buckets(&self, begin: impl FnOnce() -> ConnectionBuckets) -> &ConnectionBuckets {
        self.extras().rate_buckets.get_or_init(begin)
    }

    pub(crate) fn http_version(&self) -> http::Version {
        self.http_version
    }

    pub(crate) fn core(&self) -> &Arc<HubCore> {
        &self.hub
    }

    /// The protocol of its messages; JSON until the handshake is done, as the handshake itself is.
    pub(crate) fn protocol(&self) -> HubProtocol {
        match self.protocol.load(Ordering::Relaxed) {
            MESSAGEPACK => HubProtocol::MessagePack,
            _ => HubProtocol::Json,
        }
    }

    /// How its messages are read and written: its protocol, with the names of payloads that the hub's option says.
    pub(crate) fn codec(&self) -> Codec {
        Codec::new(self.protocol(), self.hub.options().payload_names)
    }

    /// What stands around its messages on the way out.
    pub(crate) fn framing(&self) -> Framing {
        let compression = self.hub.options().compression.as_ref().filter(|_| self.compresses);
        let deflating = compression.map(HubCompression::deflating);
        match (self.transport, self.protocol()) {
            (Transport::WebSockets, HubProtocol::Json) => {
                deflating.map_or(Framing::Text, Framing::DeflatedText)
            }
            (Transport::WebSockets, HubProtocol::MessagePack) => {
                deflating.map_or(Framing::Binary, Framing::DeflatedBinary)
            }
            (Transport::ServerSentEvents, _) => Framing::Events,
            (Transport::LongPolling, _) => Framing::Bare,
        }
    }

    /// Whether permessage-deflate was negotiated.
    pub(crate) fn compresses(&self) -> bool {
        self.compresses
    }

    /// What decompresses the messages of its WebSocket, if they may be compressed.
    pub(crate) fn inflating(&self) -> Option<Inflating> {
        let compression = self.hub.options().compression.as_ref().filter(|_| self.compresses)?;
        Some(Inflating::new(compression.maximum_decompressed_size))
    }

    /// Speaks a hub protocol from here on; without a hub, what is sent goes in the kind of frame that this one uses.
    pub(crate) fn speaks(&self, protocol: HubProtocol) {
        let known = match protocol {
            HubProtocol::Json => JSON,
            HubProtocol::MessagePack => MESSAGEPACK,
        };
        self.last_ping_at.store(self.hub.clock().seconds(), Ordering::Relaxed);
        self.protocol.store(known, Ordering::Relaxed);
    }

    /// Asks the task to do something; the first wish counts until the task has taken it.
    ///
    /// An overdue handshake stands back behind everything else: if it was done at the last moment, that wish is void.
    pub(crate) fn signal(&self, signal: Signal) {
        let left = self.signal.fetch_update(Ordering::AcqRel, Ordering::Relaxed, |wished| {
            let is_free = wished == 0 || wished == Signal::HandshakeOverdue as u8;
            is_free.then_some(signal as u8)
        });
        if left.is_ok() {
            self.outbox.wake();
        }
    }

    /// Takes what was asked for.
    pub(crate) fn take_signal(&self) -> Option<Signal> {
        if !self.is_signalled() {
            return None;
        }
        match self.signal.swap(0, Ordering::AcqRel) {
            1 => Some(Signal::Abort),
            2 => Some(Signal::Shutdown),
            3 => Some(Signal::PeerSilent),
            4 => Some(Signal::HandshakeOverdue),
            5 => Some(Signal::SendOverdue),
            6 => Some(Signal::Close),
            7 => Some(Signal::Expired),
            _ => None,
        }
    }

    /// Whether something is asked for. Whoever goes to sleep looks once more after it has left its waker.
    pub(crate) fn is_signalled(&self) -> bool {
        self.signal.load(Ordering::Acquire) != 0
    }

    /// What other requests than the first bring.
    pub(crate) fn inbox(&self) -> Option<&Arc<Inbox>> {
        self.inbox.as_ref()
    }

    /// No other transport may come: it ends. Polls go on, as they are to bring its last messages.
    pub(crate) fn refuse_transports(&self) {
        if let Some(inbox) = self.inbox.as_ref().filter(|_| self.transport == Transport::WebSockets) {
            inbox.end();
        }
    }

    /// What carries it, by its name.
    pub(crate) fn transport(&self) -> Transport {
        self.transport
    }

    pub(crate) fn may_be_stateful(&self) -> bool {
        self.may_be_stateful
    }

    /// Closes it from outside, with a text for the client; the first reason counts.
    pub(crate) fn close(&self, reason: &str) {
        let _first = self.extras().close_reason.set(reason.into());
        self.signal(Signal::Close);
    }

    /// The text that the application closed it with.
    pub(crate) fn close_reason(&self) -> &str {
        self.extras.get().and_then(|extras| extras.close_reason.get()).map_or("", |reason| reason)
    }

    /// Takes the credentials of a later request, if it has any; the hub's hook hears of it if they are others.
    pub(crate) fn renew(&self, principal: Option<Principal>) {
        let Some(principal) = principal else { return };
        let expires_at = self.hub.expiry(&principal);
        let former = self.principal.lock().replace(principal.clone());
        self.expires_at.store(expires_at.unwrap_or(NEVER), Ordering::Relaxed);
        if former != Some(principal) {
            self.is_renewed.store(true, Ordering::Release);
            self.outbox.wake();
        }
    }

    /// Whether its credentials were renewed since this was last taken.
    pub(crate) fn is_renewed(&self) -> bool {
        self.is_renewed.load(Ordering::Acquire)
    }

    /// The hub is about to be told of what [`is_renewed`](Self::is_renewed) says.
    pub(crate) fn take_renewed(&self) {
        self.is_renewed.swap(false, Ordering::AcqRel);
    }

    /// Whether a transport carries it.
    pub(crate) fn set_attached(&self, attached: bool) {
        self.attached.store(attached, Ordering::Relaxed);
        self.set_stuck(false, true);
        if attached {
            self.last_ping_at.store(self.hub.clock().seconds(), Ordering::Relaxed);
            self.heard();
        }
    }

    /// Tells all who wait for its end.
    pub(crate) fn set_ended(&self) {
        self.has_ended.store(true, Ordering::SeqCst);
        if let Some(end) = self.extras.get().and_then(|extras| extras.end.get()) {
            end.cancel();
        }
    }

    /// Something arrived.
    pub(crate) fn heard(&self) {
        self.last_heard_at.store(self.hub.clock().seconds(), Ordering::Relaxed);
    }

    /// The client pings, so that from here on its silence means something.
    pub(crate) fn heard_ping(&self) {
        self.client_pings.store(true, Ordering::Relaxed);
    }

    /// Whether a call runs, which excuses the client's silence: the server itself may not be reading.
    pub(crate) fn set_busy(&self, busy: bool) {
        if self.busy.swap(busy, Ordering::Relaxed) && !busy {
            self.heard();
        }
    }

    /// Whether a write waits for the client; `progress` says that it took something in before.
    pub(crate) fn set_stuck(&self, stuck: bool, progress: bool) {
        if progress && self.stuck_since.load(Ordering::Relaxed) != 0 {
            self.stuck_since.store(0, Ordering::Relaxed);
        }
        if stuck {
            let now = self.hub.clock().seconds() + 1;
            let _ = self.stuck_since.compare_exchange(0, now, Ordering::Relaxed, Ordering::Relaxed);
        } else if self.stuck_since.load(Ordering::Relaxed) != 0 {
            self.stuck_since.store(0, Ordering::Relaxed);
        }
    }

    /// Queues a ping.
    pub(crate) fn ping(&self) {
        self.last_ping_at.store(self.hub.clock().seconds(), Ordering::Relaxed);
        self.outbox.push_control(self.hub.ping(self.framing()));
    }

    /// What the heartbeat sees of it.
    pub(crate) fn observed(&self) -> Observed {
        let at = |seconds: &AtomicU32| Duration::from_secs(seconds.load(Ordering::Relaxed).into());
        let silence_counts = self.client_pings.load(Ordering::Relaxed) && !self.busy.load(Ordering::Relaxed);
        let stuck = self.stuck_since.load(Ordering::Relaxed);
        Observed {
            began_at: Duration::from_secs(self.began_at.into()),
            open: self.protocol.load(Ordering::Relaxed) != HANDSHAKING,
            last_ping_at: at(&self.last_ping_at),
            last_heard_at: silence_counts.then(|| at(&self.last_heard_at)),
            stuck_since: stuck.checked_sub(1).map(|since| Duration::from_secs(since.into())),
            expires_at: Some(at(&self.expires_at))
                .filter(|_| self.expires_at.load(Ordering::Relaxed) != NEVER),
            watched: self.attached.load(Ordering::Relaxed)
                && self.transport != Transport::LongPolling
                && self.hub.raw_handler().is_none(),
        }
    }
}

impl Connection for Live {
    fn id(&self) -> ConnectionId {
        self.id
    }

    fn user(&self) -> Option<&str> {
        self.user()
    }

    fn protocol(&self) -> HubProtocol {
        self.protocol()
    }

    fn transport(&self) -> Transport {
        self.transport
    }

    fn http_version(&self) -> http::Version {
        self.http_version
    }

    fn principal(&self) -> Option<Principal> {
        self.principal.lock().clone()
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.head.as_ref()?.header(name)
    }

    fn query(&self, name: &str) -> Option<Cow<'_, str>> {
        self.head.as_ref()?.query_value(name)
    }

    fn path(&self) -> &str {
        self.head.as_ref().map_or("", RequestHead::path)
    }

    fn remote_address(&self) -> Option<SocketAddr> {
        self.client_address()
    }

    fn kept(&self) -> &Kept {
        &self.extras().kept
    }

    fn age(&self) -> Duration {
        Duration::from_secs(self.hub.clock().seconds().saturating_sub(self.began_at).into())
    }

    fn ended(&self) -> BoxFuture<()> {
        let end = self.extras().end.get_or_init(CancellationToken::new).clone();
        if self.has_ended.load(Ordering::SeqCst) {
            end.cancel();
        }
        Box::pin(end.cancelled_owned())
    }

    fn abort(&self) {
        self.signal(Signal::Abort);
    }

    fn hub(&self) -> &dyn Hub {
        &*self.hub
    }
}

impl fmt::Debug for Live {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Live").field("id", &self.id).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use hubcast_protocol::contract::{HubDefinition, NoClient};

    use super::*;
    use crate::dispatch::MethodTable;
    use crate::options::HubOptions;

    #[tokio::test(start_paused = true)]
    async fn a_write_that_makes_progress_is_not_stuck() {
        let live = live();
        live.set_stuck(true, false);
        seconds_pass(&live, 9).await;
        assert_eq!(live.observed().stuck_since, Some(Duration::ZERO));
        live.set_stuck(true, true);
        assert_eq!(live.observed().stuck_since, Some(Duration::from_secs(9)));
        live.set_stuck(false, true);
        assert_eq!(live.observed().stuck_since, None);
    }

    #[tokio::test(start_paused = true)]
    async fn silence_counts_from_the_end_of_the_last_call() {
        let live = live();
        live.speaks(HubProtocol::Json);
        live.heard_ping();
        live.set_busy(true);
        seconds_pass(&live, 60).await;
        assert_eq!(live.observed().last_heard_at, None);
        live.set_busy(false);
        assert_eq!(live.observed().last_heard_at, Some(Duration::from_secs(60)));
    }

    #[test]
    fn a_signal_is_taken_once_and_the_first_one_counts() {
        let live = live();
        assert_eq!(live.take_signal(), None);
        live.signal(Signal::Shutdown);
        live.signal(Signal::Abort);
        assert!(live.is_signalled());
        assert_eq!(live.take_signal(), Some(Signal::Shutdown));
        assert_eq!(live.take_signal(), None);
    }

    #[test]
    fn an_overdue_handshake_hides_no_other_signal() {
        let live = live();
        live.signal(Signal::HandshakeOverdue);
        live.signal(Signal::Shutdown);
        live.signal(Signal::HandshakeOverdue);
        assert_eq!(live.take_signal(), Some(Signal::Shutdown));
    }

    fn live() -> Live {
        let table = MethodTable::new(HubDefinition::<dyn NoClient>::new("Test"));
        let core = HubCore::new(Box::new(table), HubOptions::new());
        let identity = Identity {
            id: ConnectionId::from_random([1; 16]),
            user: None,
            http_version: http::Version::HTTP_11,
            transport: Transport::WebSockets,
            principal: None,
            compresses: false,
            inbox: None,
            stateful: false,
            head: None,
            place: None,
        };
        Live::new(core, identity)
    }

    async fn seconds_pass(live: &Live, seconds: u64) {
        tokio::time::advance(Duration::from_secs(seconds)).await;
        live.core().clock().advance();
    }
}
