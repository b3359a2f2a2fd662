//! A hub that does what a test tells it, and reports what happens to it.
//!
//! What has to wait waits for [`TestHubState::open`]; what a test has to wait for is an event.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use hubcast::{ConnectionId, Context, DisconnectReason, HubError, SendError};
use serde::ser::Error as _;
use serde::{Serialize, Serializer};
use tokio::sync::Semaphore;
use tokio::sync::mpsc::UnboundedSender;

/// What the hub calls on its clients.
#[hubcast::client]
pub(crate) trait TestClient {
    #[hubcast(name = "receive")]
    async fn receive(&self, text: Option<String>);
    async fn counted(&self, value: Counted);
    async fn broken(&self, value: Panics);
    async fn confirm(&self, question: String) -> bool;
    async fn nod(&self);
}

/// What clients call.
#[hubcast::hub(client = TestClient)]
pub(crate) trait TestHub {
    async fn echo(&self, text: Option<String>) -> Option<String>;
    async fn add(&self, a: i64, b: i64) -> i64;
    async fn id(&self, cx: &Context<dyn TestClient>) -> ConnectionId;
    #[hubcast(name = "WhoAmI")]
    async fn who_am_i(&self, cx: &Context<dyn TestClient>) -> Option<String>;
    async fn describe(&self, cx: &Context<dyn TestClient>) -> String;
    async fn fail(&self, why: String) -> Result<(), HubError>;
    async fn fail_in_secret(&self, why: String) -> Result<(), io::Error>;
    async fn crash(&self);
    async fn crash_later(&self);
    async fn return_panic(&self) -> Panics;
    async fn return_unwritable(&self) -> Unwritable;
    async fn send_panic(&self, cx: &Context<dyn TestClient>) -> Result<(), SendError>;
    async fn wait(&self, name: String) -> String;
    async fn wait_and_abort(&self, cx: &Context<dyn TestClient>);
    async fn fill(&self, size: usize) -> String;
    async fn abort(&self, cx: &Context<dyn TestClient>);
    async fn join_group(&self, cx: &Context<dyn TestClient>, name: String) -> Result<(), HubError>;
    async fn leave_group(&self, cx: &Context<dyn TestClient>, name: String);
    async fn broadcast(&self, cx: &Context<dyn TestClient>, text: Option<String>) -> Result<(), SendError>;
    async fn send_to(
        &self,
        cx: &Context<dyn TestClient>,
        audience: String,
        names: Vec<String>,
        except: Vec<ConnectionId>,
        text: String,
    ) -> Result<(), SendError>;
    async fn flood(&self, cx: &Context<dyn TestClient>, count: usize, size: usize) -> Result<(), SendError>;
    async fn ask_caller(&self, cx: &Context<dyn TestClient>, question: String) -> Result<bool, HubError>;
    async fn ask_client(
        &self,
        cx: &Context<dyn TestClient>,
        id: ConnectionId,
        question: String,
    ) -> Result<bool, HubError>;
}

/// What a test and its hub share.
pub(crate) struct TestHubState {
    pub(crate) connected: Connected,
    pub(crate) disconnected_panics: bool,
    pub(crate) events: UnboundedSender<String>,
    gate: Semaphore,
    /// Messages that floods have sent.
    pub(crate) flooded: AtomicUsize,
}

/// What the connected hook does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Connected {
    Succeeds,
    Fails,
    FailsInSecret,
    Panics,
    /// Asks the caller, and reports why that fails.
    Asks,
    /// Sends to the caller, then waits to be let through.
    Waits,
}

impl TestHubState {
    pub(crate) fn new(events: UnboundedSender<String>) -> Self {
        Self {
            connected: Connected::Succeeds,
            disconnected_panics: false,
            events,
            gate: Semaphore::new(0),
            flooded: AtomicUsize::new(0),
        }
    }

    /// Lets one of those that wait go on, in the order in which they came.
    pub(crate) fn open(&self) {
        self.gate.add_permits(1);
    }

    pub(crate) async fn pass(&self) {
        self.gate.acquire().await.unwrap().forget();
    }

    pub(crate) fn report(&self, event: impl Into<String>) {
        // A test that has ended no longer listens.
        let _ = self.events.send(event.into());
    }
}

/// The hub.
pub(crate) struct Test(pub(crate) Arc<TestHubState>);

impl TestHub for Test {
    async fn connected(&self, cx: &Context<dyn TestClient>) -> Result<(), HubError> {
        match self.0.connected {
            Connected::Succeeds => {}
            Connected::Fails => return Err(HubError::new("Not today.")),
            Connected::FailsInSecret => return Err(HubError::hidden("the secret cause")),
            Connected::Panics => panic!("the secret cause"),
            Connected::Asks => {
                let refused = cx.caller().confirm("?".to_owned()).await.unwrap_err();
                self.0.report(refused.to_string());
                return Err(refused.into());
            }
            Connected::Waits => {
                self.0.report("connecting");
                cx.caller().receive(Some("welcome".to_owned())).await?;
                self.0.pass().await;
            }
        }
        self.0.report("connected");
        Ok(())
    }

    async fn disconnected(
        &self,
        _: &Context<dyn TestClient>,
        reason: DisconnectReason,
    ) -> Result<(), HubError> {
        self.0.report(format!("disconnected: {reason:?}"));
        assert!(!self.0.disconnected_panics, "the secret cause");
        Ok(())
    }

    async fn echo(&self, text: Option<String>) -> Option<String> {
        text
    }

    async fn add(&self, a: i64, b: i64) -> i64 {
        a + b
    }

    async fn id(&self, cx: &Context<dyn TestClient>) -> ConnectionId {
        cx.connection_id()
    }

    async fn who_am_i(&self, cx: &Context<dyn TestClient>) -> Option<String> {
        cx.user().map(str::to_owned)
    }

    async fn describe(&self, cx: &Context<dyn TestClient>) -> String {
        format!("{:?} over {:?} on {:?}", cx.protocol(), cx.transport(), cx.http_version())
    }

    async fn fail(&self, why: String) -> Result<(), HubError> {
        Err(HubError::new(why))
    }

    async fn fail_in_secret(&self, why: String) -> Result<(), io::Error> {
        Err(io::Error::other(why))
    }

    async fn crash(&self) {
        panic!("the secret cause");
    }

    async fn crash_later(&self) {
        tokio::task::yield_now().await;
        panic!("the secret cause");
    }

    async fn return_panic(&self) -> Panics {
        Panics
    }

    async fn return_unwritable(&self) -> Unwritable {
        Unwritable
    }

    async fn send_panic(&self, cx: &Context<dyn TestClient>) -> Result<(), SendError> {
        cx.clients().all().broken(Panics).await
    }

    async fn wait(&self, name: String) -> String {
        let mut dropped = Dropped { state: &self.0, name: Some(name) };
        self.0.report(format!("waiting: {}", dropped.name.as_deref().unwrap_or_default()));
        self.0.pass().await;
        dropped.name.take().unwrap_or_default()
    }

    async fn wait_and_abort(&self, cx: &Context<dyn TestClient>) {
        self.0.report("waiting to abort");
        self.0.pass().await;
        cx.abort();
    }

    async fn fill(&self, size: usize) -> String {
        "x".repeat(size)
    }

    async fn abort(&self, cx: &Context<dyn TestClient>) {
        cx.abort();
    }

    async fn join_group(&self, cx: &Context<dyn TestClient>, name: String) -> Result<(), HubError> {
        Ok(cx.join(&name).await?)
    }

    async fn leave_group(&self, cx: &Context<dyn TestClient>, name: String) {
        cx.leave(&name).await;
    }

    async fn broadcast(&self, cx: &Context<dyn TestClient>, text: Option<String>) -> Result<(), SendError> {
        cx.clients().all().receive(text).await
    }

    async fn send_to(
        &self,
        cx: &Context<dyn TestClient>,
        audience: String,
        names: Vec<String>,
        except: Vec<ConnectionId>,
        text: String,
    ) -> Result<(), SendError> {
        let text = Some(text);
        let clients = cx.clients();
        let name = || names[0].clone();
        match audience.as_str() {
            "all" => clients.all().receive(text).await,
            "all_except" => clients.all_except(except).receive(text).await,
            "caller" => cx.caller().receive(text).await,
            "others" => cx.others().receive(text).await,
            "client" => clients.client(except[0]).receive(text).await,
            "clients" => clients.clients(except).receive(text).await,
            "group" => clients.group(name()).receive(text).await,
            "group_except" => clients.group_except(name(), except).receive(text).await,
            "others_in_group" => cx.others_in_group(&names[0]).receive(text).await,
            "groups" => clients.groups(names).receive(text).await,
            "groups_except" => clients.groups_except(names, except).receive(text).await,
            "user" => clients.user(name()).receive(text).await,
            "user_except" => clients.user_except(name(), except).receive(text).await,
            "users" => clients.users(names).receive(text).await,
            other => panic!("the test names no audience: {other}"),
        }
    }

    async fn flood(&self, cx: &Context<dyn TestClient>, count: usize, size: usize) -> Result<(), SendError> {
        for _ in 0..count {
            cx.caller().receive(Some("x".repeat(size))).await?;
            self.0.flooded.fetch_add(1, Ordering::Relaxed);
        }
        Ok(())
    }

    async fn ask_caller(&self, cx: &Context<dyn TestClient>, question: String) -> Result<bool, HubError> {
        let dropped = Dropped::new(&self.0, format!("asking {question}"));
        let answer = cx.caller().confirm(question).await;
        dropped.disarm();
        Ok(answer?)
    }

    async fn ask_client(
        &self,
        cx: &Context<dyn TestClient>,
        id: ConnectionId,
        question: String,
    ) -> Result<bool, HubError> {
        Ok(cx.clients().client(id).confirm(question).await?)
    }

    async fn authentication_refreshed(&self, cx: &Context<dyn TestClient>) -> Result<(), HubError> {
        let principal = cx.principal();
        let name = principal.as_ref().and_then(|principal| principal.name_identifier());
        self.0.report(format!("refreshed: {}", name.unwrap_or("nobody")));
        Ok(())
    }
}

/// Reports when the call that holds it is given up.
pub(crate) struct Dropped<'a> {
    state: &'a TestHubState,
    name: Option<String>,
}

impl<'a> Dropped<'a> {
    pub(crate) fn new(state: &'a TestHubState, name: String) -> Self {
        Self { state, name: Some(name) }
    }

    /// The call has ended by itself.
    pub(crate) fn disarm(mut self) {
        self.name = None;
    }
}

impl Drop for Dropped<'_> {
    fn drop(&mut self) {
        if let Some(name) = &self.name {
            self.state.report(format!("cancelled: {name}"));
        }
    }
}

/// A value that counts how often it is encoded.
pub(crate) struct Counted(pub(crate) Arc<AtomicUsize>);

impl Serialize for Counted {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.fetch_add(1, Ordering::Relaxed);
        serializer.serialize_str("counted")
    }
}

/// A value that panics when it is encoded, half-way through.
pub(crate) struct Panics;

impl Serialize for Panics {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeTuple as _;
        let mut half = serializer.serialize_tuple(2)?;
        half.serialize_element("half")?;
        panic!("the secret cause");
    }
}

/// A value that cannot be encoded.
pub(crate) struct Unwritable;

impl Serialize for Unwritable {
    fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        Err(S::Error::custom("the secret cause"))
    }
}
