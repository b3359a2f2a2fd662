//! What all connections of a hub share: its methods, its options, who is connected, and the counters.

use std::fmt;
use std::sync::Arc;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use hubcast_protocol::connection::KeepAlive;
use hubcast_protocol::contract::{
    AnswerReceiver, Audience, BoxFuture, GroupError, Hub, Principal, Recipients, SendError, Sending,
    SlowConsumerPolicy,
};
use hubcast_protocol::{ConnectionId, EncodeArguments, HubProtocol};
use tokio::time::timeout;
use tokio_util::task::TaskTracker;

use super::meters::Meters;
use crate::backplane::{Envelope, Local};
use crate::connection::{Clock, Heartbeat, Live, Registry, SendLimits, Signal, run_heartbeat};
use crate::dispatch::{Dispatch, Unasked, question_id};
use crate::options::HubOptions;
use crate::rate_limit::RateLimiter;
use crate::raw::RawHandler;
use crate::transport::Framing;

/// One hub at work.
pub(crate) struct HubCore {
    dispatch: Box<dyn Dispatch>,
    /// What runs for a connection instead of the hub protocol.
    raw: Option<RawHandler>,
    options: HubOptions,
    rate_limiter: Option<Box<RateLimiter>>,
    registry: Registry,
    local: Local,
    heartbeat: Heartbeat,
    clock: Clock,
    meters: Meters,
    tasks: TaskTracker,
    polling: TaskTracker,
    last_question: AtomicU64,
    started: OnceLock<()>,
    stopping: AtomicBool,
    /// Whether all connections were asked to go: whoever still comes is, too.
    closing: AtomicBool,
    cut: AtomicBool,
    /// By framing, in the order of [`ping`](Self::ping).
    pings: [Bytes; 4],
}

impl HubCore {
    pub(crate) fn new(dispatch: Box<dyn Dispatch>, options: HubOptions) -> Arc<Self> {
        Self::with(dispatch, options, None)
    }

    /// What connections without a hub share.
    pub(crate) fn raw(dispatch: Box<dyn Dispatch>, options: HubOptions, handler: RawHandler) -> Arc<Self> {
        Self::with(dispatch, options, Some(handler))
    }

    fn with(dispatch: Box<dyn Dispatch>, options: HubOptions, raw: Option<RawHandler>) -> Arc<Self> {
        let meters = Meters::new(dispatch.hub_name());
        Arc::new(Self {
            raw,
            registry: Registry::new(options.maximum_pending_connections, meters.pending.clone()),
            rate_limiter: RateLimiter::new(&options.rate_limits, options.maximum_rate_keys, &*dispatch),
            meters,
            dispatch,
            options,
            local: Local::new(),
            heartbeat: Heartbeat::new(),
            clock: Clock::new(),
            tasks: TaskTracker::new(),
            polling: TaskTracker::new(),
            last_question: AtomicU64::new(0),
            started: OnceLock::new(),
            stopping: AtomicBool::new(false),
            closing: AtomicBool::new(false),
            cut: AtomicBool::new(false),
            pings: [
                encode_ping(HubProtocol::Json, Framing::Text),
                encode_ping(HubProtocol::MessagePack, Framing::Binary),
                encode_ping(HubProtocol::Json, Framing::Events),
                encode_ping(HubProtocol::Json, Framing::Bare),
            ],
        })
    }

    /// Starts what the hub needs a runtime for; called with the first request.
    pub(crate) fn start(self: &Arc<Self>) {
        self.started.get_or_init(|| {
            self.clock.advance();
            tokio::spawn(run_heartbeat(Arc::downgrade(self)));
        });
    }

    pub(crate) fn dispatch(&self) -> &dyn Dispatch {
        &*self.dispatch
    }

    /// What runs for a connection, if this is no hub.
    pub(crate) fn raw_handler(&self) -> Option<&RawHandler> {
        self.raw.as_ref()
    }

    pub(crate) fn options(&self) -> &HubOptions {
        &self.options
    }

    /// What counts how fast clients call, send and connect, if anything does.
    pub(crate) fn rate_limiter(&self) -> Option<&RateLimiter> {
        self.rate_limiter.as_deref()
    }

    pub(crate) fn registry(&self) -> &Registry {
        &self.registry
    }

    pub(crate) fn local(&self) -> &Local {
        &self.local
    }

    pub(crate) fn heartbeat(&self) -> &Heartbeat {
        &self.heartbeat
    }

    pub(crate) fn clock(&self) -> &Clock {
        &self.clock
    }

    pub(crate) fn meters(&self) -> &Meters {
        &self.meters
    }

    /// The tasks of its connections.
    pub(crate) fn tasks(&self) -> &TaskTracker {
        &self.tasks
    }

    /// The connections whose clients have to come back for what they are sent; closed once the hub stops.
    pub(crate) fn polling(&self) -> &TaskTracker {
        &self.polling
    }

    pub(crate) fn keep_alive(&self) -> KeepAlive {
        KeepAlive {
            ping_every: self.options.keep_alive_interval,
            silence_limit: self.options.client_timeout_interval,
            handshake_limit: self.options.handshake_timeout,
            send_limit: self.options.transport_send_timeout,
        }
    }

    pub(crate) fn send_limits(&self) -> SendLimits {
        // With nothing allowed to wait, nothing could be sent.
        SendLimits {
            soft: self.options.send_buffer_soft_limit.max(1),
            hard: self.options.send_buffer_hard_limit.max(1),
        }
    }

    /// A ping, ready to be queued.
    pub(crate) fn ping(&self, framing: Framing) -> Bytes {
        let [text, binary, events, bare] = &self.pings;
        match framing {
            Framing::Text | Framing::DeflatedText(_) => text.clone(),
            Framing::Binary | Framing::DeflatedBinary(_) => binary.clone(),
            Framing::Events => events.clone(),
            Framing::Bare => bare.clone(),
        }
    }

    /// The second of the hub's clock in which a principal expires, if that ends its connection.
    pub(crate) fn expiry(&self, principal: &Principal) -> Option<u32> {
        let at = principal.expires_at().filter(|_| self.options.close_on_authentication_expiration)?;
        let left = at.duration_since(SystemTime::now()).unwrap_or_default();
        let seconds = u64::from(self.clock.seconds()).saturating_add(left.as_secs());
        Some(u32::try_from(seconds).unwrap_or(u32::MAX - 1))
    }

    /// How many frames one WebSocket message of a client may have.
    pub(crate) fn frames_per_message(&self) -> Option<u32> {
        // Without a hub, where a message ends means nothing, and one may be as long as the connection.
        if self.raw.is_some() {
            self.options.maximum_frames_per_message
        } else {
            self.options.frames_per_message()
        }
    }

    /// Whether no connection is taken any more.
    pub(crate) fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Relaxed)
    }

    /// Takes no new connection from here on.
    pub(crate) fn refuse_newcomers(&self) {
        self.stopping.store(true, Ordering::Release);
    }

    /// Whether every connection is asked to go.
    pub(crate) fn is_closing(&self) -> bool {
        self.closing.load(Ordering::Relaxed)
    }

    /// Whether what has not ended by itself ends at once.
    pub(crate) fn is_cut(&self) -> bool {
        self.cut.load(Ordering::Acquire)
    }

    /// How long a connection waits for the client's side of the close.
    ///
    /// While the hub stops it is less, so that a client that never answers does not use up the whole stop.
    pub(crate) fn close_timeout(&self) -> Duration {
        if self.is_stopping() { self.options.close_timeout / 2 } else { self.options.close_timeout }
    }

    /// Closes every connection with a Close message that lets clients reconnect, and waits until they have ended.
    ///
    /// Says whether they all ended within `limit`; what has not is cut.
    pub(crate) async fn stop(&self, limit: Duration) -> bool {
        self.refuse_newcomers();
        self.closing.store(true, Ordering::Release);
        self.tasks.close();
        self.polling.close();
        self.heartbeat.for_each(|live| live.signal(Signal::Shutdown));
        self.registry.end_pending();
        if timeout(limit, self.tasks.wait()).await.is_ok() {
            return true;
        }
        self.cut.store(true, Ordering::Release);
        self.heartbeat.for_each(|live| live.outbox.wake());
        // What is cut is gone as soon as it is polled; only a method that blocks its thread can hold that up.
        if timeout(TIME_TO_CUT, self.tasks.wait()).await.is_err() {
            tracing::warn!(hub = self.dispatch.hub_name(), "some connections could not be cut");
        }
        false
    }
}

const TIME_TO_CUT: Duration = Duration::from_secs(1);

impl Hub for HubCore {
    fn send(
        &self,
        recipients: &Recipients<'_>,
        target: &str,
        arguments: &dyn EncodeArguments,
    ) -> Result<Sending, SendError> {
        let alone = matches!(recipients.audience, Audience::Connection(_));
        let usual = if alone { SlowConsumerPolicy::Wait } else { self.options.slow_consumers };
        let policy = recipients.when_slow.unwrap_or(usual);
        self.local.send(recipients, &Envelope::new(target, arguments), policy)
    }

    fn ask(
        &self,
        recipients: &Recipients<'_>,
        target: &str,
        arguments: &dyn EncodeArguments,
        receiver: &mut dyn FnMut(ConnectionId) -> Box<dyn AnswerReceiver>,
    ) -> Result<Box<dyn Send + Sync>, SendError> {
        let number = self.last_question.fetch_add(1, Ordering::Relaxed) + 1;
        let id = question_id(number);
        let envelope = Envelope::new(target, arguments).asking(&id);
        let mut asked = AskedAll { number, of: Vec::new() };
        self.local.visit(recipients, |live| {
            let piece = envelope.piece(live.codec(), live.framing())?;
            match live.questions.ask(number, receiver(live.id()), self.options.maximum_client_results) {
                Ok(()) => {
                    live.outbox.push(piece);
                    asked.of.push(Arc::clone(live));
                }
                Err(Unasked::TooMany) => self.meters.refused_client_results.increment(1),
                Err(Unasked::Disconnected) => {}
            }
            Ok(())
        })?;
        Ok(Box::new(asked))
    }

    fn client_result_timeout(&self) -> Duration {
        self.options.client_result_timeout
    }

    fn sleep(&self, time: Duration) -> BoxFuture<()> {
        Box::pin(tokio::time::sleep(time))
    }

    fn join(&self, id: ConnectionId, group: &str) -> Result<(), GroupError> {
        let joined = self.local.join(id, group, self.options.maximum_groups);
        if joined.is_err() {
            self.meters.refused_groups.increment(1);
        }
        joined
    }

    fn leave(&self, id: ConnectionId, group: &str) {
        self.local.leave(id, group);
    }
}

/// A question to several connections; dropped, it is no longer waited for.
struct AskedAll {
    number: u64,
    of: Vec<Arc<Live>>,
}

impl Drop for AskedAll {
    fn drop(&mut self) {
        for live in &self.of {
            live.questions.forget(self.number);
        }
    }
}

impl fmt::Debug for HubCore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HubCore").field("hub", &self.dispatch.hub_name()).finish_non_exhaustive()
    }
}

fn encode_ping(protocol: HubProtocol, framing: Framing) -> Bytes {
    let mut ping = Vec::new();
    protocol.write_ping(&mut ping);
    framing.wrap(&ping)
}
