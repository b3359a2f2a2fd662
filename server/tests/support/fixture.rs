//! A running server with the test hub at `/hub`.

use std::cell::Cell;
use std::net::SocketAddr;
use std::sync::Arc;

use hubcast::{HubDefinition, HubHandle, HubOptions, HubService, RunningServer, Server, Tls};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tracing::Level;
use tracing::subscriber::DefaultGuard;

use super::bound::soon;
use super::hub::{Connected, Test, TestClient, TestHub as _, TestHubState};
use super::log::Log;
use super::streaming::with_streams;

/// How a server is to be.
pub(crate) struct Setup {
    options: HubOptions,
    server: Server,
    state: TestHubState,
    define: Define,
    events: UnboundedReceiver<String>,
    log_level: Level,
    expects_errors: bool,
}

type Define =
    Box<dyn FnOnce(HubDefinition<dyn TestClient>, &Arc<TestHubState>) -> HubDefinition<dyn TestClient>>;

impl Setup {
    pub(crate) fn new() -> Self {
        let (sender, events) = unbounded_channel();
        let local = ([127, 0, 0, 1], 0);
        Self {
            options: HubOptions::new(),
            server: Server::new().listen(local),
            state: TestHubState::new(sender),
            define: Box::new(|hub, _| hub),
            events,
            log_level: Level::WARN,
            expects_errors: false,
        }
    }

    pub(crate) fn options(mut self, change: impl FnOnce(HubOptions) -> HubOptions) -> Self {
        self.options = change(self.options);
        self
    }

    /// Adds to the definition of the hub.
    pub(crate) fn define(
        mut self,
        change: impl FnOnce(HubDefinition<dyn TestClient>, &Arc<TestHubState>) -> HubDefinition<dyn TestClient>
        + 'static,
    ) -> Self {
        let before = self.define;
        self.define = Box::new(|hub, state| change(before(hub, state), state));
        self
    }

    /// Adds methods with streams.
    pub(crate) fn streams(self) -> Self {
        self.define(with_streams)
    }

    pub(crate) fn server(mut self, change: impl FnOnce(Server) -> Server) -> Self {
        self.server = change(self.server);
        self
    }

    /// Listens with TLS too.
    pub(crate) fn tls(self) -> Self {
        let tls = Tls::self_signed(["localhost"]).unwrap();
        self.server(|server| server.listen_tls(([127, 0, 0, 1], 0), tls))
    }

    pub(crate) fn connected(mut self, hook: Connected) -> Self {
        self.state.connected = hook;
        self
    }

    pub(crate) fn disconnected_panics(mut self) -> Self {
        self.state.disconnected_panics = true;
        self
    }

    /// Keeps the log from `level` up; without this only warnings and errors.
    pub(crate) fn log(mut self, level: Level) -> Self {
        self.log_level = level;
        self
    }

    /// An ERROR in the log is no failure of this test.
    pub(crate) fn expects_errors(mut self) -> Self {
        self.expects_errors = true;
        self
    }

    /// The hub alone, to be mounted in another server.
    pub(crate) fn into_service(
        self,
    ) -> (HubService<dyn TestClient>, Arc<TestHubState>, UnboundedReceiver<String>) {
        let state = Arc::new(self.state);
        let hub = (self.define)(Test(Arc::clone(&state)).into_hub(), &state);
        (HubService::with_options(hub, self.options), state, self.events)
    }

    pub(crate) async fn start(self) -> Fixture {
        let (log, guard) = Log::capture(self.log_level);
        let state = Arc::new(self.state);
        let hub = (self.define)(Test(Arc::clone(&state)).into_hub(), &state);
        let service = HubService::with_options(hub, self.options);
        let hub = service.handle();
        let running = self.server.hub("/hub", service).start().await.unwrap();
        Fixture {
            hub,
            state,
            log,
            events: self.events,
            addresses: running.addresses().iter().map(|address| address.socket).collect(),
            running: Cell::new(Some(running)),
            expects_errors: self.expects_errors,
            _guard: guard,
        }
    }
}

/// A running server. At its end the log must hold no ERROR.
pub(crate) struct Fixture {
    pub(crate) hub: HubHandle<dyn TestClient>,
    pub(crate) state: Arc<TestHubState>,
    pub(crate) log: Log,
    events: UnboundedReceiver<String>,
    addresses: Vec<SocketAddr>,
    running: Cell<Option<RunningServer>>,
    expects_errors: bool,
    _guard: DefaultGuard,
}

impl Fixture {
    /// A server with all defaults.
    pub(crate) async fn start() -> Self {
        Setup::new().start().await
    }

    /// Where it listens in clear text.
    pub(crate) fn address(&self) -> SocketAddr {
        self.addresses[0]
    }

    /// Where it listens with TLS.
    pub(crate) fn tls_address(&self) -> SocketAddr {
        self.addresses[1]
    }

    /// Where it listens, in the order in which it was told to.
    pub(crate) fn addresses(&self) -> &[SocketAddr] {
        &self.addresses
    }

    /// What the hub reports next.
    pub(crate) async fn event(&mut self) -> String {
        soon(self.events.recv()).await.expect("the hub lives as long as its server")
    }

    /// What the hub has reported and was not asked for.
    pub(crate) fn unheard_event(&mut self) -> Option<String> {
        self.events.try_recv().ok()
    }

    /// Stops the server.
    pub(crate) async fn stop(&self) {
        soon(self.running.take().expect("it is stopped once").stop()).await;
    }

    /// Stops the server by two calls at once, while its clients do something.
    pub(crate) async fn stop_twice_while(&self, clients: impl Future) {
        let running = self.running.take().expect("it is stopped once");
        soon(async { tokio::join!(running.stop(), running.stop(), clients) }).await;
    }

    /// Waits until `count` connections are open.
    pub(crate) async fn has_open(&self, count: usize) {
        super::eventually(|| self.hub.connection_counts().open() == count).await;
    }
}

impl Drop for Fixture {
    fn drop(&mut self) {
        if !self.expects_errors && !std::thread::panicking() {
            assert_eq!(self.log.lines(Level::ERROR), Vec::<String>::new());
        }
    }
}
