//! What hubs and methods ask of their callers, with bearer tokens from the first request to their end.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use futures_util::{Stream, stream};
use hubcast::contract::{Method, Requirement, run};
use hubcast::{
    Authorization, Context, HubOptions, HubProtocol, HubService, JwtBearer, JwtKey, RunningServer, Server,
};
use jsonwebtoken::{EncodingKey, Header};
use serde_json::{Value, json};

use crate::support::streaming::{error, stream_call};
use crate::support::{BOTH, Fixture, Http1, HubClient, Requests, Setup, Way, call};

const REFUSED: &str = "because user is unauthorized";
const SECRET: &str = "a secret of more than thirty-two bytes";

#[hubcast::hub]
#[authorize]
trait Vault {
    async fn open(&self, cx: &Context) -> String;
    #[authorize(role = "admin")]
    async fn clear(&self) -> bool;
    #[authorize(roles = ["admin", "guard"])]
    fn watch(&self) -> impl Stream<Item = u8>;
    #[authorize(policy = from_the_ground_floor)]
    async fn enter(&self) -> bool;
}

fn from_the_ground_floor(authorization: &Authorization<'_>) -> bool {
    authorization.principal.is_some_and(|principal| principal.has_claim("floor", "0"))
}

struct Bank;

impl Vault for Bank {
    async fn open(&self, cx: &Context) -> String {
        let principal = cx.principal().unwrap();
        let role = principal.claim("role").and_then(Value::as_str).unwrap_or("nobody");
        format!("{} as {role}", cx.user().unwrap())
    }

    async fn clear(&self) -> bool {
        true
    }

    fn watch(&self) -> impl Stream<Item = u8> {
        stream::iter([1])
    }

    async fn enter(&self) -> bool {
        true
    }
}

#[tokio::test]
async fn a_bearer_token_opens_the_hub_and_its_claims_the_methods() {
    let server = bank(bearer(HubOptions::new())).await;
    let address = server.addresses()[0].socket;
    let refused = |method: &str| Err(format!("Failed to invoke '{method}' {REFUSED}"));
    let token = token(json!({"sub": "ada", "role": "admin"}));
    let mut admin = connect(address, &[("Authorization", &format!("Bearer {token}"))], "/hub").await;
    assert_eq!(admin.invoke("Open", json!([])).await, Ok(json!("ada as admin")));
    assert_eq!(admin.invoke("Clear", json!([])).await, Ok(json!(true)));
    assert_eq!(admin.invoke("Enter", json!([])).await, refused("Enter"));

    let token = self::token(json!({"sub": "bob", "role": ["guard", "cook"], "floor": 0}));
    let mut guard = connect(address, &[], &format!("/hub?access_token={token}")).await;
    assert_eq!(guard.invoke("Open", json!([])).await, Ok(json!("bob as nobody")));
    assert_eq!(guard.invoke("Clear", json!([])).await, refused("Clear"));
    assert_eq!(guard.invoke("Enter", json!([])).await, Ok(json!(true)));
    guard.socket.send_text(&stream_call("s", "Watch", "[]", "[]")).await;
    assert_eq!(guard.message().await, r#"{"type":2,"invocationId":"s","item":1}"#);
    assert_eq!(guard.message().await, r#"{"type":3,"invocationId":"s"}"#);

    let token = self::token(json!({"sub": "eve"}));
    let mut nobody = connect(address, &[], &format!("/hub?access_token={token}")).await;
    nobody.socket.send_text(&stream_call("s", "watch", "[]", "[]")).await;
    assert_eq!(nobody.message().await, error("s", &format!("Failed to invoke 'Watch' {REFUSED}")));
    server.stop().await;
}

#[tokio::test]
async fn a_hub_is_shut_to_bad_tokens_with_401_and_to_others_with_403() {
    let options = bearer(HubOptions::new()).require(Requirement::claim("tenant", "red"));
    let server = bank(options).await;
    let address = server.addresses()[0].socket;
    let mine = token(json!({"sub": "ada", "tenant": "red"}));
    let others = token(json!({"sub": "ada", "tenant": "blue"}));
    let over = token(json!({"sub": "ada", "tenant": "red", "exp": 1_000}));
    let forged = format!("{mine}x");
    for target in ["/hub/negotiate?negotiateVersion=1", "/hub"] {
        let method = if target == "/hub" { "GET" } else { "POST" };
        for (token, status, challenge) in [
            (None, 401, Some("Bearer")),
            (Some(&over), 401, Some("Bearer error=\"invalid_token\"")),
            (Some(&forged), 401, Some("Bearer error=\"invalid_token\"")),
            (Some(&others), 403, None),
            (Some(&mine), if method == "GET" { 400 } else { 200 }, None),
        ] {
            let authorization = token.map(|token| format!("Bearer {token}"));
            let headers =
                authorization.iter().map(|text| ("Authorization", text.as_str())).collect::<Vec<_>>();
            let answer = Http1::connect(address).await.ask(method, target, &headers).await;
            assert_eq!((answer.status, answer.header("www-authenticate")), (status, challenge), "{target}");
        }
    }
    server.stop().await;
}

#[tokio::test]
async fn later_calls_see_the_principal_of_a_refresh_and_the_hook_runs_once_for_each() {
    for http2 in BOTH {
        let mut server = refreshing(|options| options).await;
        let first = bearer_of(json!({"sub": "ada"}));
        let (client, mut socket) = negotiated(&server, http2, &first).await;
        assert_eq!(server.event().await, "connected");
        assert_eq!(socket.invoke("Role", json!([])).await, Ok(Value::Null));
        let promoted = bearer_of(json!({"sub": "ada", "role": "admin"}));
        assert_eq!(refresh(&client, &promoted).await, (200, String::from("application/json")));
        assert_eq!(server.event().await, "refreshed: ada");
        assert_eq!(socket.invoke("Role", json!([])).await, Ok(json!("admin")));
        assert_eq!(socket.invoke("Clear", json!([])).await, Ok(Value::Null));
        // The same credentials again change nothing.
        assert_eq!(refresh(&client, &promoted).await.0, 200);
        assert_eq!(refresh(&client, &bearer_of(json!({"sub": "bob"}))).await.0, 403);
        assert_eq!(refresh(&client, &first).await.0, 200);
        assert_eq!(server.event().await, "refreshed: ada");
        assert!(socket.invoke("Clear", json!([])).await.is_err());
        assert_eq!(server.unheard_event(), None);
    }
}

#[tokio::test]
async fn a_policy_decides_about_new_credentials_wherever_they_come() {
    let policy = |options: HubOptions| {
        options.allow_stateful_reconnects(true).on_authentication_refresh(|refresh| {
            let name = |principal: &hubcast::Principal| principal.name_identifier().map(str::to_owned);
            assert_eq!(refresh.connection_id.to_string().len(), 22);
            (refresh.previous.and_then(name).as_deref(), name(refresh.new).as_deref())
                == (Some("ada"), Some("bob"))
        })
    };
    for http2 in BOTH {
        let mut server = refreshing(policy).await;
        let (ada, bob) = (bearer_of(json!({"sub": "ada"})), bearer_of(json!({"sub": "bob"})));
        let eve = bearer_of(json!({"sub": "eve"}));
        let (client, mut socket) = negotiated(&server, http2, &ada).await;
        assert_eq!(server.event().await, "connected");
        assert_eq!(refresh(&client, &eve).await.0, 403);
        assert_eq!(refresh(&client, &bob).await.0, 200);
        assert_eq!(server.event().await, "refreshed: bob");
        assert_eq!(socket.invoke("WhoAmI", json!([])).await, Ok(json!("ada")), "its user stays");
        assert_eq!(refresh(&client, &ada).await.0, 403);

        let polling = Requests::negotiate_as(&server, http2, &[("Authorization", &ada)]).await;
        let ask = async |method, token: &str, body: &str| {
            polling.ask(method, &[("Authorization", token)], body.as_bytes()).await
        };
        assert_eq!(ask("GET", &ada, "").await.status, 200);
        assert_eq!(ask("POST", &ada, "{\"protocol\":\"json\",\"version\":1}\x1e").await.status, 200);
        assert_eq!(ask("GET", &eve, "").await.status, 403);
        assert_eq!(ask("POST", &bob, "").await.status, 403);
        assert_eq!(ask("GET", &bob, "").await.text(), "{}\u{1e}");
        assert_eq!(server.event().await, "connected");
        assert_eq!(server.event().await, "refreshed: bob");
        assert_eq!(ask("POST", &bob, &call("1", "WhoAmI", &json!([]))).await.status, 200);
        let answer = "{\"type\":3,\"invocationId\":\"1\",\"result\":\"ada\"}\u{1e}";
        assert_eq!(ask("GET", &bob, "").await.text(), answer);
        assert_eq!(ask("DELETE", &bob, "").await.status, 202);
    }
}

#[tokio::test]
async fn a_stateful_reconnect_goes_through_the_policy_too() {
    let policy = |options: HubOptions| {
        options
            .allow_stateful_reconnects(true)
            .on_authentication_refresh(|refresh| refresh.new.name_identifier() == Some("bob"))
    };
    let mut server = refreshing(policy).await;
    let (ada, eve) = (bearer_of(json!({"sub": "ada"})), bearer_of(json!({"sub": "eve"})));
    let query = "?negotiateVersion=1&useStatefulReconnect=true";
    let client =
        Requests::negotiate_over(Way::clear_text(server.address(), false), query, &[("Authorization", &ada)])
            .await;
    let open = async |token: &str| {
        Http1::connect(server.address()).await.upgrade(&client.target, &[("Authorization", token)]).await
    };
    let mut first = open(&ada).await.unwrap();
    first.send_text("{\"protocol\":\"json\",\"version\":2}\x1e").await;
    assert_eq!(first.next().await, "text {}\u{1e}");
    assert_eq!(open(&eve).await.err().unwrap().status, 403);
    let mut second = open(&bearer_of(json!({"sub": "bob"}))).await.unwrap();
    assert!(second.next().await.starts_with("text {\"type\":9,\"sequenceId\":1}"));
    assert_eq!(server.event().await, "connected");
    assert_eq!(server.event().await, "refreshed: bob");
}

#[tokio::test]
async fn a_connection_closes_when_its_token_expires_and_may_come_back() {
    let options = |options: HubOptions| {
        bearer(options).close_on_authentication_expiration(true).enable_authentication_refresh(true)
    };
    let server = Setup::new().options(options).start().await;
    let soon_over = || bearer_of(json!({"sub": "ada", "exp": in_seconds(2)}));
    let (_, mut closed) = negotiated(&server, false, &soon_over()).await;
    let (renewed, mut stays) = negotiated(&server, false, &soon_over()).await;
    assert_eq!(refresh(&renewed, &bearer_of(json!({"sub": "ada"}))).await.0, 200);
    assert_eq!(closed.message().await, r#"{"type":7,"allowReconnect":true}"#);
    assert_eq!(stays.invoke("Add", json!([1, 2])).await, Ok(json!(3)));
}

#[tokio::test]
async fn a_method_that_asks_for_more_is_refused_before_its_arguments_are_read() {
    let server = Setup::new()
        .define(|hub, _| {
            hub.method(
                Method::new("Clear", |call| {
                    call.arguments::<(i64,)>(1)?;
                    Ok(run(async { "cleared" }))
                })
                .require(Requirement::authenticated()),
            )
        })
        .start()
        .await;
    let mut client = HubClient::connect(&server).await;
    for arguments in [json!([1]), json!(["x"]), json!([])] {
        let refused = client.invoke("clear", arguments).await;
        assert_eq!(refused, Err(format!("Failed to invoke 'Clear' {REFUSED}")));
    }
    assert_eq!(client.invoke("Add", json!([1, 2])).await, Ok(json!(3)));
}

#[tokio::test]
async fn what_a_hub_asks_it_asks_of_everyone_who_connects() {
    let server = Setup::new().define(|hub, _| hub.require(Requirement::authenticated())).start().await;
    let refused = Http1::connect(server.address()).await.upgrade("/hub", &[]).await.err().unwrap();
    assert_eq!(refused.status, 401);
}

/// A server of the bank alone.
async fn bank(options: HubOptions) -> RunningServer {
    let hub = HubService::with_options(Bank.into_hub(), options);
    Server::new().hub("/hub", hub).listen(([127, 0, 0, 1], 0)).start().await.unwrap()
}

/// The test hub with tokens that may be renewed, and methods about roles.
async fn refreshing(change: impl FnOnce(HubOptions) -> HubOptions) -> Fixture {
    Setup::new()
        .options(|options| change(bearer(options)).enable_authentication_refresh(true))
        .define(|hub, _| {
            hub.method(Method::new("Role", |call| {
                let cx = call.context().clone();
                Ok(run(async move { cx.principal().and_then(|known| known.claim("role").cloned()) }))
            }))
            .method(Method::new("Clear", |_| Ok(run(async {}))).require(Requirement::role("admin")))
        })
        .start()
        .await
}

async fn connect(address: std::net::SocketAddr, headers: &[(&str, &str)], target: &str) -> HubClient {
    let socket = Http1::connect(address).await.upgrade(target, headers).await.unwrap();
    HubClient::open(socket, HubProtocol::Json).await
}

/// A WebSocket that was negotiated, and what its other requests need.
async fn negotiated(server: &Fixture, http2: bool, authorization: &str) -> (Requests, HubClient) {
    let headers = [("Authorization", authorization)];
    let client = Requests::negotiate_as(server, http2, &headers).await;
    (client.clone(), connect(server.address(), &headers, &client.target).await)
}

async fn refresh(client: &Requests, authorization: &str) -> (u16, String) {
    let target = client.target.replace("/hub", "/hub/refresh");
    let answer = client.ask_at("POST", &target, &[("Authorization", authorization)], b"").await;
    (answer.status, answer.header("content-type").unwrap_or_default().to_owned())
}

fn bearer(options: HubOptions) -> HubOptions {
    let key = JwtKey::hmac(SECRET).unwrap();
    options.authentication(JwtBearer::new().key(key).leeway(Duration::ZERO))
}

fn bearer_of(claims: Value) -> String {
    format!("Bearer {}", token(claims))
}

/// A signed token that holds for an hour unless it says something else.
fn token(mut claims: Value) -> String {
    if claims.get("exp").is_none() {
        claims["exp"] = in_seconds(3600).into();
    }
    jsonwebtoken::encode(&Header::default(), &claims, &EncodingKey::from_secret(SECRET.as_bytes())).unwrap()
}

fn in_seconds(seconds: u64) -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() + seconds
}
