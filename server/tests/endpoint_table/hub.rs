//! The server that the table is about: one hub per set of options, all on one address.

use std::io;
use std::net::SocketAddr;
use std::str::FromStr as _;
use std::time::{Duration, SystemTime};

use futures_util::{StreamExt as _, stream};
use http::request::Parts;
use hubcast::{
    ConnectionId, Context, DisconnectReason, HubError, HubOptions, HubProtocol, HubService, Principal,
    Redirect, RunningServer, Server, Stream, Transport, Upload,
};

#[hubcast::client]
pub(super) trait TableClient {
    async fn ask(&self, question: String) -> i64;
}

#[hubcast::hub(client = TableClient)]
pub(super) trait TableHub {
    async fn echo(&self, text: Option<String>) -> Option<String>;
    async fn add(&self, a: i64, b: i64) -> i64;
    async fn nothing(&self);
    async fn fail(&self, why: Option<String>) -> Result<(), HubError>;
    async fn crash(&self);
    async fn wait(&self);
    async fn abort(&self, cx: &Context<dyn TableClient>);
    #[authorize(role = "admin")]
    async fn guarded(&self, n: i64) -> i64;
    #[hubcast(name = "ask_me")]
    async fn ask_me(&self, cx: &Context<dyn TableClient>) -> Result<i64, HubError>;
    async fn ask_nobody(&self, cx: &Context<dyn TableClient>) -> Result<i64, HubError>;
    fn count(&self, n: u32) -> impl Stream<Item = u32>;
    fn endless(&self) -> impl Stream<Item = u32>;
    fn fail_first(&self) -> Result<impl Stream<Item = u32>, HubError>;
    fn fail_midway(&self, why: Option<String>) -> impl Stream<Item = Result<u32, HubError>>;
    fn crash_midway(&self) -> impl Stream<Item = u32>;
    async fn sum(&self, numbers: Upload<i64>) -> Result<i64, HubError>;
}

/// What the connected hook of a hub does.
#[derive(Clone, Copy)]
enum Table {
    Welcomes,
    Refuses,
    RefusesInSecret,
    Asks,
}

impl TableHub for Table {
    async fn connected(&self, cx: &Context<dyn TableClient>) -> Result<(), HubError> {
        match self {
            Self::Welcomes => Ok(()),
            Self::Refuses => Err(HubError::new("Not today.")),
            Self::RefusesInSecret => Err(secret()),
            Self::Asks => {
                cx.caller().ask("Who is it?".to_owned()).await?;
                Ok(())
            }
        }
    }

    async fn disconnected(&self, _: &Context<dyn TableClient>, _: DisconnectReason) -> Result<(), HubError> {
        Ok(())
    }

    async fn echo(&self, text: Option<String>) -> Option<String> {
        text
    }

    async fn add(&self, a: i64, b: i64) -> i64 {
        a + b
    }

    async fn nothing(&self) {}

    async fn fail(&self, why: Option<String>) -> Result<(), HubError> {
        Err(failure(why))
    }

    async fn crash(&self) {
        panic!("the secret cause");
    }

    async fn wait(&self) {
        std::future::pending().await
    }

    async fn abort(&self, cx: &Context<dyn TableClient>) {
        cx.abort();
    }

    async fn guarded(&self, n: i64) -> i64 {
        n
    }

    async fn ask_me(&self, cx: &Context<dyn TableClient>) -> Result<i64, HubError> {
        Ok(cx.caller().ask("How many?".to_owned()).await?)
    }

    async fn ask_nobody(&self, cx: &Context<dyn TableClient>) -> Result<i64, HubError> {
        let nobody = ConnectionId::from_str(UNKNOWN).expect("it has the form of an id");
        Ok(cx.clients().client(nobody).ask("How many?".to_owned()).await?)
    }

    fn count(&self, n: u32) -> impl Stream<Item = u32> {
        stream::iter(0..n)
    }

    fn endless(&self) -> impl Stream<Item = u32> {
        stream::iter([0]).chain(stream::pending())
    }

    fn fail_first(&self) -> Result<impl Stream<Item = u32>, HubError> {
        Err::<stream::Empty<u32>, _>(failure(Some("no way".to_owned())))
    }

    fn fail_midway(&self, why: Option<String>) -> impl Stream<Item = Result<u32, HubError>> {
        stream::iter([Ok(0), Err(failure(why))])
    }

    fn crash_midway(&self) -> impl Stream<Item = u32> {
        stream::iter([0, 1]).inspect(|n| assert!(*n < 1, "the secret cause"))
    }

    async fn sum(&self, mut numbers: Upload<i64>) -> Result<i64, HubError> {
        let mut sum = 0;
        while let Some(number) = numbers.next().await {
            sum += number?;
        }
        Ok(sum)
    }
}

/// An id, or a token, that nobody has.
pub(super) const UNKNOWN: &str = "AAAAAAAAAAAAAAAAAAAAAA";

fn failure(why: Option<String>) -> HubError {
    why.map_or_else(secret, HubError::new)
}

fn secret() -> HubError {
    HubError::hidden(io::Error::other("the secret cause"))
}

/// Where its hubs are: `/hub` has all defaults, the others are named after what is different.
pub(super) async fn start() -> (RunningServer, SocketAddr) {
    let second = Duration::from_secs(1);
    let new = HubOptions::new;
    let detailed = || new().enable_detailed_errors(true);
    let hubs = [
        ("/hub", Table::Welcomes, new()),
        ("/sockets", Table::Welcomes, new().transports([Transport::WebSockets])),
        ("/events", Table::Welcomes, new().transports([Transport::ServerSentEvents])),
        ("/polls", Table::Welcomes, new().transports([Transport::LongPolling])),
        ("/stateful", Table::Welcomes, new().allow_stateful_reconnects(true)),
        ("/new", Table::Welcomes, new().minimum_protocol_version(1)),
        ("/elsewhere", Table::Welcomes, new().redirect(elsewhere)),
        ("/renewing", Table::Welcomes, known(new()).enable_authentication_refresh(true)),
        ("/brief-polls", Table::Welcomes, new().long_polling_poll_timeout(second / 5)),
        ("/detailed", Table::Welcomes, detailed()),
        ("/small", Table::Welcomes, new().maximum_receive_message_size(200)),
        ("/small-detailed", Table::Welcomes, detailed().maximum_receive_message_size(200)),
        ("/in-json", Table::Welcomes, new().supported_protocols([HubProtocol::Json])),
        ("/hasty", Table::Welcomes, new().handshake_timeout(second)),
        ("/silence", Table::Welcomes, new().client_timeout_interval(second)),
        ("/silence-detailed", Table::Welcomes, detailed().client_timeout_interval(second)),
        ("/refusing", Table::Refuses, new()),
        ("/refusing-in-secret", Table::RefusesInSecret, new()),
        ("/refusing-detailed", Table::RefusesInSecret, detailed()),
        ("/asking-detailed", Table::Asks, detailed()),
        ("/expiring", Table::Welcomes, expiring(new()).close_on_authentication_expiration(true)),
    ];
    let server = Server::new().listen(([127, 0, 0, 1], 0));
    let server = hubs.into_iter().fold(server, |server, (path, hub, options)| {
        server.hub(path, HubService::with_options(hub.into_hub(), options))
    });
    let running = server.start().await.unwrap();
    let address = running.addresses()[0].socket;
    (running, address)
}

fn elsewhere(_: &Parts) -> Option<Redirect> {
    Some(Redirect::to("https://hubs.example/hub").with_access_token("the token"))
}

/// Everybody is somebody, for an hour and a little.
fn known(options: HubOptions) -> HubOptions {
    options.authentication(|_: &Parts| {
        let end = SystemTime::now() + Duration::from_millis(3_600_900);
        Some(Principal::new().with_claim("sub", "ada").with_expires_at(end))
    })
}

/// Everybody is somebody, for a second.
fn expiring(options: HubOptions) -> HubOptions {
    options.authentication(|_: &Parts| {
        let end = SystemTime::now() + Duration::from_secs(1);
        Some(Principal::new().with_claim("sub", "ada").with_expires_at(end))
    })
}
