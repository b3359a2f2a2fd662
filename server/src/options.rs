//! How one hub behaves: limits, time-outs, who the user is, which origins may connect.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::request::Parts;
use hubcast_protocol::contract::{Principal, Requirement, SlowConsumerPolicy};
use hubcast_protocol::{HubProtocol, PayloadNames, Transport};

use crate::allowed_origins::AllowedOrigins;
use crate::auth::{Authenticate, AuthenticationRefresh, UserId};
use crate::hub_compression::HubCompression;
use crate::hub_filter::{Filter, HubFilter};
use crate::limits;
use crate::rate_limit::RateLimit;
use crate::redirect::Redirect;

/// The options of one hub, with the names and defaults of ASP.NET Core SignalR where it has them.
#[derive(Clone)]
pub struct HubOptions {
    pub(crate) handshake_timeout: Duration,
    pub(crate) keep_alive_interval: Duration,
    pub(crate) client_timeout_interval: Duration,
    pub(crate) maximum_receive_message_size: Option<usize>,
    pub(crate) maximum_frames_per_message: Option<u32>,
    pub(crate) disconnect_timeout: Duration,
    pub(crate) transport_send_timeout: Duration,
    pub(crate) close_timeout: Duration,
    pub(crate) maximum_pending_connections: usize,
    pub(crate) send_buffer_soft_limit: usize,
    pub(crate) send_buffer_hard_limit: usize,
    pub(crate) slow_consumers: SlowConsumerPolicy<'static>,
    pub(crate) waiting_calls_limit: usize,
    pub(crate) maximum_parallel_invocations: usize,
    pub(crate) maximum_streams: usize,
    pub(crate) stream_buffer_capacity: usize,
    pub(crate) upload_backlog_limit: usize,
    pub(crate) maximum_client_results: usize,
    pub(crate) maximum_groups: usize,
    pub(crate) rate_limits: Vec<RateLimit>,
    pub(crate) maximum_rate_keys: usize,
    pub(crate) filters: Vec<Filter>,
    pub(crate) detailed_errors: bool,
    pub(crate) compression: Option<HubCompression>,
    pub(crate) allowed_origins: AllowedOrigins,
    pub(crate) user: Option<UserFunction>,
    pub(crate) client_result_timeout: Duration,
    pub(crate) stateful_reconnect_buffer_size: usize,
    pub(crate) close_on_authentication_expiration: bool,
    pub(crate) payload_names: PayloadNames,
    pub(crate) supported_protocols: Vec<HubProtocol>,
    pub(crate) transports: Vec<Transport>,
    pub(crate) minimum_protocol_version: i32,
    pub(crate) long_polling_poll_timeout: Duration,
    pub(crate) application_max_buffer_size: usize,
    pub(crate) post_body_timeout: Duration,
    pub(crate) transport_max_buffer_size: usize,
    pub(crate) stateful_reconnects: bool,
    pub(crate) redirect: Option<RedirectFunction>,
    pub(crate) authentication: Option<Arc<dyn Authenticate>>,
    pub(crate) requirements: Vec<Requirement>,
    pub(crate) user_id: UserId,
    pub(crate) authentication_refresh: bool,
    pub(crate) refresh_policy: Option<RefreshPolicy>,
}

type RefreshPolicy = Arc<dyn Fn(&AuthenticationRefresh<'_>) -> bool + Send + Sync>;
type RedirectFunction = Arc<dyn Fn(&Parts) -> Option<Redirect> + Send + Sync>;
type UserFunction = Arc<dyn Fn(&Parts) -> Option<String> + Send + Sync>;

impl HubOptions {
    /// The defaults.
    pub fn new() -> Self {
        Self {
            handshake_timeout: limits::HANDSHAKE_TIMEOUT,
            keep_alive_interval: limits::KEEP_ALIVE_INTERVAL,
            client_timeout_interval: limits::CLIENT_TIMEOUT_INTERVAL,
            maximum_receive_message_size: Some(limits::MAXIMUM_RECEIVE_MESSAGE_SIZE),
            maximum_frames_per_message: None,
            disconnect_timeout: limits::DISCONNECT_TIMEOUT,
            transport_send_timeout: limits::TRANSPORT_SEND_TIMEOUT,
            close_timeout: limits::CLOSE_TIMEOUT,
            maximum_pending_connections: limits::MAXIMUM_PENDING_CONNECTIONS,
            send_buffer_soft_limit: limits::SEND_BUFFER_SOFT_LIMIT,
            send_buffer_hard_limit: limits::SEND_BUFFER_HARD_LIMIT,
            slow_consumers: SlowConsumerPolicy::Close,
            waiting_calls_limit: limits::WAITING_CALLS_LIMIT,
            maximum_parallel_invocations: limits::MAXIMUM_PARALLEL_INVOCATIONS,
            maximum_streams: limits::MAXIMUM_STREAMS,
            stream_buffer_capacity: limits::STREAM_BUFFER_CAPACITY,
            upload_backlog_limit: limits::UPLOAD_BACKLOG_LIMIT,
            maximum_client_results: limits::MAXIMUM_CLIENT_RESULTS,
            maximum_groups: limits::MAXIMUM_GROUPS,
            rate_limits: Vec::new(),
            maximum_rate_keys: limits::MAXIMUM_RATE_KEYS,
            filters: Vec::new(),
            detailed_errors: false,
            allowed_origins: AllowedOrigins::SameHost(Vec::new()),
            compression: None,
            user: None,
            client_result_timeout: limits::CLIENT_RESULT_TIMEOUT,
            stateful_reconnect_buffer_size: limits::STATEFUL_RECONNECT_BUFFER_SIZE,
            close_on_authentication_expiration: false,
            payload_names: PayloadNames::AsWritten,
            supported_protocols: HubProtocol::ALL.to_vec(),
            transports: Transport::ALL.to_vec(),
            minimum_protocol_version: limits::MINIMUM_PROTOCOL_VERSION,
            long_polling_poll_timeout: limits::LONG_POLLING_POLL_TIMEOUT,
            application_max_buffer_size: limits::APPLICATION_MAX_BUFFER_SIZE,
            post_body_timeout: limits::POST_BODY_TIMEOUT,
            transport_max_buffer_size: limits::TRANSPORT_MAX_BUFFER_SIZE,
            stateful_reconnects: false,
            redirect: None,
            authentication: None,
            requirements: Vec::new(),
            user_id: UserId::default(),
            authentication_refresh: false,
            refresh_policy: None,
        }
    }

    /// Sets how long a client may take from connecting to the end of its hub handshake. Default: 15 s.
    #[must_use]
    pub fn handshake_timeout(mut self, limit: Duration) -> Self {
        self.handshake_timeout = limit;
        self
    }

    /// Sets how often the server pings each client, to the second. Default: 15 s.
    #[must_use]
    pub fn keep_alive_interval(mut self, every: Duration) -> Self {
        self.keep_alive_interval = every;
        self
    }

    /// Sets how long a client that has pinged once may be silent before it is closed. Default: 30 s.
    ///
    /// It does not count while one of the connection's calls runs.
    #[must_use]
    pub fn client_timeout_interval(mut self, limit: Duration) -> Self {
        self.client_timeout_interval = limit;
        self
    }

    /// Sets the largest message a client may send, in bytes with its framing; `None` for no limit. Default: 32 KiB.
    ///
    /// A larger one closes the connection.
    #[must_use]
    pub fn maximum_receive_message_size(mut self, bytes: impl Into<Option<usize>>) -> Self {
        self.maximum_receive_message_size = bytes.into();
        self
    }

    /// Sets how many frames one WebSocket message of a client may have. Default: 4,096, or one for each KiB of the
    /// [largest message](Self::maximum_receive_message_size) if that is more. Without a largest message, and for connections
    /// without a hub, any number.
    ///
    /// One more closes the connection with 1008 and is counted by `hubcast_protocol_errors_total`.
    #[must_use]
    pub fn maximum_frames_per_message(mut self, count: u32) -> Self {
        self.maximum_frames_per_message = Some(count);
        self
    }

    /// What [`maximum_frames_per_message`](Self::maximum_frames_per_message) says of a hub's connections.
    pub(crate) fn frames_per_message(&self) -> Option<u32> {
        let of_largest = |bytes: usize| {
            u32::try_from(bytes / 1024).unwrap_or(u32::MAX).max(limits::MAXIMUM_FRAMES_PER_MESSAGE)
        };
        self.maximum_frames_per_message.or(self.maximum_receive_message_size.map(of_largest))
    }

    /// Sets how long a connection that no request is under way for is kept: one that was negotiated and waits for its
    /// transport, one of long polling between two polls, one whose client has given up its event stream and what it had
    /// posted before is not read yet. Default: 15 s.
    #[must_use]
    pub fn disconnect_timeout(mut self, limit: Duration) -> Self {
        self.disconnect_timeout = limit;
        self
    }

    /// Sets how long a write may be stuck before the connection is given up. Default: 10 s.
    #[must_use]
    pub fn transport_send_timeout(mut self, limit: Duration) -> Self {
        self.transport_send_timeout = limit;
        self
    }

    /// Sets how long the server waits for the client's side of a WebSocket close. Default: 5 s.
    #[must_use]
    pub fn close_timeout(mut self, limit: Duration) -> Self {
        self.close_timeout = limit;
        self
    }

    /// Sets how many negotiated connections may wait for their transport at once. Default: 100,000.
    ///
    /// Over it, negotiation answers 503 until some have connected or timed out, with a `Retry-After` of the
    /// [`disconnect_timeout`](Self::disconnect_timeout), counted by `hubcast_refused_negotiations_total`;
    /// `hubcast_pending_connections` says how many wait. [`RateLimit::connects`](crate::RateLimit::connects) keeps one address
    /// from taking them all.
    #[must_use]
    pub fn maximum_pending_connections(mut self, count: usize) -> Self {
        self.maximum_pending_connections = count;
        self
    }

    /// Sets how many bytes may wait for a client before a hub method that sends to it alone has to wait. Default: 64 KiB.
    #[must_use]
    pub fn send_buffer_soft_limit(mut self, bytes: usize) -> Self {
        self.send_buffer_soft_limit = bytes;
        self
    }

    /// Sets how many bytes may wait for a client before it is closed as too slow. Default: 1 MiB.
    ///
    /// A broadcast does not wait, unless a [`SlowConsumerPolicy`] says so: what it cannot queue within this limit ends that
    /// connection. A single message may be larger if less than the soft limit waits before it.
    #[must_use]
    pub fn send_buffer_hard_limit(mut self, bytes: usize) -> Self {
        self.send_buffer_hard_limit = bytes;
        self
    }

    /// Sets what happens to a message to several clients where one of them is behind. Default:
    /// [`SlowConsumerPolicy::Close`].
    ///
    /// A message may say otherwise: [`Clients::when_slow`](crate::Clients::when_slow). What is dropped is counted by
    /// `hubcast_dropped_messages_total` with the `policy`: `drop_oldest` or `latest`.
    #[must_use]
    pub fn slow_consumers(mut self, policy: SlowConsumerPolicy<'static>) -> Self {
        self.slow_consumers = policy;
        self
    }

    /// Sets how many bytes of calls may wait behind a running call of the same connection. Default: 64 KiB.
    ///
    /// Over it the server reads nothing more from that connection until the call ends.
    #[must_use]
    pub fn waiting_calls_limit(mut self, bytes: usize) -> Self {
        self.waiting_calls_limit = bytes;
        self
    }

    /// Sets how long a client may take to answer a call of the server, unless that call says otherwise. Default: 30 s.
    #[must_use]
    pub fn client_result_timeout(mut self, limit: Duration) -> Self {
        self.client_result_timeout = limit;
        self
    }

    /// Sets how many bytes of sent messages are kept for a stateful reconnect until the client has acknowledged them.
    /// Default: 100,000.
    ///
    /// With as much or more unacknowledged, calls wait and streams pause. A broadcast does not wait: when it makes the
    /// excess larger than the [`send_buffer_hard_limit`](Self::send_buffer_hard_limit), the connection is closed.
    #[must_use]
    pub fn stateful_reconnect_buffer_size(mut self, bytes: usize) -> Self {
        self.stateful_reconnect_buffer_size = bytes;
        self
    }

    /// Closes a connection when the credentials it came with expire; clients may reconnect with others. Default: off.
    #[must_use]
    pub fn close_on_authentication_expiration(mut self, on: bool) -> Self {
        self.close_on_authentication_expiration = on;
        self
    }

    /// Sets whose naming the fields of payloads follow: serde's, or .NET's, for hubs whose clients are .NET programs.
    /// Default: [`PayloadNames::AsWritten`].
    #[must_use]
    pub fn payload_names(mut self, names: PayloadNames) -> Self {
        self.payload_names = names;
        self
    }

    /// Sets how many calls of one client may run at once, at least 1. Default: 1.
    ///
    /// They start in the order in which they came. A call with a stream in either direction does not count, nor does one
    /// that waits for a client's answer.
    #[must_use]
    pub fn maximum_parallel_invocations_per_client(mut self, count: usize) -> Self {
        self.maximum_parallel_invocations = count.max(1);
        self
    }

    /// Sets how many calls of one client with a stream in either direction may run at once. Default: 1,000.
    ///
    /// The next one fails, counted by `hubcast_refused_streams_total`.
    #[must_use]
    pub fn maximum_streams_per_client(mut self, count: usize) -> Self {
        self.maximum_streams = count;
        self
    }

    /// Sets how many items of an upload may wait for its method before their bytes count, if they are of 4 KiB in all. Default:
    /// 10.
    #[must_use]
    pub fn stream_buffer_capacity(mut self, items: usize) -> Self {
        self.stream_buffer_capacity = items;
        self
    }

    /// Sets how many bytes of items, beyond the stream buffers, may wait for the methods of a connection that take
    /// uploads. Default: 512 KiB.
    ///
    /// Over it the server reads nothing more from that connection until a method has taken some.
    #[must_use]
    pub fn upload_backlog_limit(mut self, bytes: usize) -> Self {
        self.upload_backlog_limit = bytes;
        self
    }

    /// Sets how many questions to one client may wait for its answers. Default: 1,000.
    ///
    /// Over it the next question fails as if the client had disconnected, counted by `hubcast_refused_client_results_total`.
    #[must_use]
    pub fn maximum_client_results_per_connection(mut self, count: usize) -> Self {
        self.maximum_client_results = count;
        self
    }

    /// Sets how many groups one connection may be in. Default: 1,000.
    ///
    /// Whoever puts it into another gets [`GroupError::TooMany`](crate::GroupError::TooMany).
    #[must_use]
    pub fn maximum_groups_per_connection(mut self, count: usize) -> Self {
        self.maximum_groups = count;
        self
    }

    /// Adds code of the application around calls, connects and disconnects. The first added is the outermost.
    #[must_use]
    pub fn filter(mut self, filter: impl HubFilter) -> Self {
        self.filters.push(Filter::new(filter));
        self
    }

    /// Sends the texts of hidden errors to clients. For development only: they may hold secrets. Default: off.
    #[must_use]
    pub fn enable_detailed_errors(mut self, on: bool) -> Self {
        self.detailed_errors = on;
        self
    }

    /// Compresses WebSocket messages where the client offers permessage-deflate. Default: no; [`HubCompression`] says why.
    #[must_use]
    pub fn compression(mut self, compression: HubCompression) -> Self {
        self.compression = Some(compression);
        self
    }

    /// Lets pages of these origins connect, beside those of the server's own host: `https://app.example.com`.
    #[must_use]
    pub fn allowed_origins(mut self, origins: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.allowed_origins = AllowedOrigins::SameHost(origins.into_iter().map(Into::into).collect());
        self
    }

    /// Lets pages of every origin connect.
    ///
    /// Browsers send cookies along with a WebSocket from any page: with cookie authentication this gives every web
    /// site the rights of its visitors.
    #[must_use]
    pub fn allow_any_origin(mut self) -> Self {
        self.allowed_origins = AllowedOrigins::Any;
        self
    }

    /// Sets the hub protocols that clients may speak. Default: all.
    ///
    /// A handshake that asks for another one is refused: `The protocol 'x' is not supported.`
    #[must_use]
    pub fn supported_protocols(mut self, protocols: impl IntoIterator<Item = HubProtocol>) -> Self {
        self.supported_protocols = protocols.into_iter().collect();
        self
    }

    /// Sets the transports that clients may use, in whatever order; negotiation offers them in that of
    /// [`Transport::ALL`]. Default: all.
    ///
    /// A request for another one is answered with 404.
    #[must_use]
    pub fn transports(mut self, transports: impl IntoIterator<Item = Transport>) -> Self {
        self.transports = transports.into_iter().collect();
        self
    }

    /// Sets the oldest version of negotiation that clients may ask for. Default: 0.
    ///
    /// In version 0 the connection's id, which other clients may know, is all that its requests prove themselves with;
    /// 1 keeps such clients out.
    #[must_use]
    pub fn minimum_protocol_version(mut self, version: i32) -> Self {
        self.minimum_protocol_version = version;
        self
    }

    /// Sets how long a poll waits for a message before it is answered without one. Default: 90 s.
    #[must_use]
    pub fn long_polling_poll_timeout(mut self, limit: Duration) -> Self {
        self.long_polling_poll_timeout = limit;
        self
    }

    /// Sets how many bytes of POSTs may wait for a connection to read them; 0 for no limit. Default: 64 KiB.
    ///
    /// Over it a POST waits until half of them are read. Before the transport of its connection has come, it waits with 4 KiB
    /// there already, whatever this says, as anybody may leave them there.
    #[must_use]
    pub fn application_max_buffer_size(mut self, bytes: usize) -> Self {
        self.application_max_buffer_size = bytes;
        self
    }

    /// Sets how long the body of a POST may keep the server waiting; for each 240 bytes that came it may take a second more.
    /// Default: 30 s. A slower one is answered with 408, and what came of it stays.
    #[must_use]
    pub fn post_body_timeout(mut self, limit: Duration) -> Self {
        self.post_body_timeout = limit;
        self
    }

    /// Sets how many bytes may be on their way into the body of an event stream or of one poll; 0 for no limit.
    /// Default: 64 KiB.
    ///
    /// What is more waits in the send buffer, whose limits count it. A single message may be larger.
    #[must_use]
    pub fn transport_max_buffer_size(mut self, bytes: usize) -> Self {
        self.transport_max_buffer_size = bytes;
        self
    }

    /// Lets clients that ask for it resume their connection after a lost WebSocket. Default: off.
    #[must_use]
    pub fn allow_stateful_reconnects(mut self, on: bool) -> Self {
        self.stateful_reconnects = on;
        self
    }

    /// Sends clients that negotiate elsewhere, where the function says so. Default: nobody.
    ///
    /// If it panics, that request is answered with 500.
    #[must_use]
    pub fn redirect(mut self, redirect: impl Fn(&Parts) -> Option<Redirect> + Send + Sync + 'static) -> Self {
        self.redirect = Some(Arc::new(redirect));
        self
    }

    /// Says who sends each request: a `JwtBearer`, or a function from the head of a request to a
    /// [`Principal`](crate::Principal). Default: nobody, unless a layer in front of the hub says so.
    ///
    /// If it panics, that request is answered with 500.
    #[must_use]
    pub fn authentication(mut self, authentication: impl Authenticate) -> Self {
        self.authentication = Some(Arc::new(authentication));
        self
    }

    /// Asks something more of whoever negotiates or connects, beside what the hub itself asks.
    ///
    /// Who is unknown is answered with 401, who is known and may not with 403.
    #[must_use]
    pub fn require(mut self, requirement: Requirement) -> Self {
        self.requirements.push(requirement);
        self
    }

    /// Says which user a principal is. Default: [`Principal::name_identifier`](crate::Principal::name_identifier).
    #[must_use]
    pub fn user_id(mut self, user_id: impl Fn(&Principal) -> Option<String> + Send + Sync + 'static) -> Self {
        self.user_id = UserId::by(user_id);
        self
    }

    /// Lets clients renew their credentials without a new connection, by a POST to `{hub}/refresh`. Default: off.
    #[must_use]
    pub fn enable_authentication_refresh(mut self, on: bool) -> Self {
        self.authentication_refresh = on;
        self
    }

    /// Decides whether new credentials take the place of a connection's own: at the refresh endpoint, when a poll brings
    /// other credentials than the one before, and when a stateful reconnect does. Default: if they are the same user's.
    ///
    /// The connection's user stays who it was, for routing, whatever is decided. If the function panics, the request is
    /// answered with 500.
    #[must_use]
    pub fn on_authentication_refresh(
        mut self,
        policy: impl Fn(&AuthenticationRefresh<'_>) -> bool + Send + Sync + 'static,
    ) -> Self {
        self.refresh_policy = Some(Arc::new(policy));
        self
    }

    /// Says who the user of a connection is, from the request that opens its transport. Default: whom its principal
    /// is.
    ///
    /// If it panics, that request is answered with 500.
    #[must_use]
    pub fn user(mut self, user: impl Fn(&Parts) -> Option<String> + Send + Sync + 'static) -> Self {
        self.user = Some(Arc::new(user));
        self
    }
}

impl Default for HubOptions {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for HubOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HubOptions").finish_non_exhaustive()
    }
}
