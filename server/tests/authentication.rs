//! Who may negotiate, connect and come back, and how credentials are renewed.

use std::time::{Duration, SystemTime};

use http::request::Parts;
use hubcast::{HubOptions, Principal, Redirect, Requirement, query_value};
use serde_json::json;

use crate::support::{BOTH, Fixture, Http1, Requests, Setup, call};

const NEGOTIATE: &str = "/hub/negotiate?negotiateVersion=1";
const ADA: (&str, &str) = ("X-User", "ada");
const BOB: (&str, &str) = ("X-User", "bob");

#[tokio::test]
async fn without_credentials_every_request_gets_401_and_without_the_role_403() {
    let server =
        Setup::new().options(|options| known(options).require(Requirement::role("admin"))).start().await;
    for http2 in BOTH {
        let client = Requests::negotiate_as(&server, http2, &[("X-User", "ada"), ("X-Role", "admin")]).await;
        for (method, target) in [
            ("POST", NEGOTIATE),
            ("GET", client.target.as_str()),
            ("POST", client.target.as_str()),
            ("DELETE", client.target.as_str()),
            ("PUT", "/hub"),
        ] {
            let nobody = client.ask_at(method, target, &[], b"").await;
            assert_eq!((nobody.status, nobody.text()), (401, ""), "{method} {target}");
            let other = client.ask_at(method, target, &[BOB], b"").await;
            assert_eq!((other.status, other.text()), (403, ""), "{method} {target}");
        }
        let upgrade = Http1::connect(server.address()).await.upgrade("/hub", &[]).await.err().unwrap();
        assert_eq!(upgrade.status, 401);
    }
}

#[tokio::test]
async fn another_users_requests_for_a_connection_get_403() {
    for http2 in BOTH {
        let server = Setup::new().options(known).start().await;
        let client = Requests::negotiate_as(&server, http2, &[ADA]).await;
        assert_eq!(client.ask("GET", &[ADA], b"").await.status, 200);
        for method in ["GET", "POST", "DELETE"] {
            for other in [&[BOB][..], &[]] {
                assert_eq!(client.ask(method, other, b"").await.status, 403, "{method} {other:?}");
            }
        }
        client.ask("POST", &[ADA], b"{\"protocol\":\"json\",\"version\":1}\x1e").await;
        client.ask("POST", &[ADA], call("1", "WhoAmI", &json!([])).as_bytes()).await;
        let mut all = String::new();
        while !all.contains("\"type\":3") {
            all.push_str(client.ask("GET", &[ADA], b"").await.text());
        }
        assert_eq!(all, "{}\u{1e}{\"type\":3,\"invocationId\":\"1\",\"result\":\"ada\"}\u{1e}");
    }
}

#[tokio::test]
async fn credentials_are_renewed_by_their_user_where_the_hub_allows_it() {
    let server =
        Setup::new().options(|options| known(options).enable_authentication_refresh(true)).start().await;
    for http2 in BOTH {
        let client = Requests::negotiate_as(&server, http2, &[ADA]).await;
        let answer = client.ask_at("POST", NEGOTIATE, &[ADA], b"").await.json();
        assert!(
            answer["tokenLifetimeSeconds"].as_u64().is_some_and(|n| (3590..=3600).contains(&n)),
            "{answer}"
        );
        let refresh = client.target.replace("/hub", "/hub/refresh");
        assert_eq!(client.ask_at("POST", &refresh, &[ADA], b"").await.status, 404);
        client.ask("GET", &[ADA], b"").await;
        let renewed = client.ask_at("POST", &refresh, &[ADA], b"").await;
        assert_eq!((renewed.status, renewed.header("content-type")), (200, Some("application/json")));
        assert!(renewed.json()["tokenLifetimeSeconds"].is_u64());
        assert_eq!(client.ask_at("POST", &refresh, &[], b"").await.status, 401);
        let other = client.ask_at("POST", &refresh, &[BOB], b"").await;
        assert_eq!((other.status, other.text()), (403, r#"{"error":"permission_change_rejected"}"#));
        assert_eq!(client.ask_at("POST", "/hub/refresh", &[ADA], b"").await.status, 400);
        assert_eq!(client.ask_at("GET", &refresh, &[ADA], b"").await.status, 405);
    }
    let server = Fixture::start().await;
    let client = Requests::negotiate(&server, false).await;
    let refresh = client.target.replace("/hub", "/hub/refresh");
    assert_eq!(client.ask_at("POST", &refresh, &[], b"").await.status, 404);
}

#[tokio::test]
async fn a_page_of_another_origin_gets_403_and_of_an_allowed_one_the_headers_that_it_needs() {
    let server =
        Setup::new().options(|options| options.allowed_origins(["https://app.example"])).start().await;
    for http2 in BOTH {
        let client = Requests::negotiate(&server, http2).await;
        let evil = ("Origin", "https://evil.example");
        let events = ("Accept", "text/event-stream");
        for (method, headers) in
            [("GET", &[evil][..]), ("GET", &[evil, events]), ("POST", &[evil]), ("DELETE", &[evil])]
        {
            let refused = client.ask(method, headers, b"").await;
            assert_eq!(refused.status, 403, "{method}");
            assert_eq!(refused.header("access-control-allow-origin"), None);
        }
        let page = ("Origin", "https://app.example");
        let poll = client.ask("GET", &[page], b"").await;
        assert_eq!((poll.status, poll.header("access-control-allow-origin")), (200, Some(page.1)));
        let asks = [page, ("Access-Control-Request-Method", "POST")];
        let preflight = client.ask_at("OPTIONS", NEGOTIATE, &asks, b"").await;
        assert_eq!((preflight.status, preflight.header("access-control-allow-origin")), (204, Some(page.1)));
    }
}

#[tokio::test]
async fn a_negotiation_is_sent_elsewhere_or_refused_for_its_version() {
    let elsewhere = |parts: &Parts| {
        let room = query_value(&parts.uri, "room")?;
        Some(Redirect::to(format!("https://hubs.example/{room}")).with_access_token("secret"))
    };
    let server =
        Setup::new().options(|options| options.redirect(elsewhere).minimum_protocol_version(1)).start().await;
    let mut connection = Http1::connect(server.address()).await;
    let answer = connection.ask("POST", "/hub/negotiate?negotiateVersion=1&room=a", &[]).await.json();
    let redirect = json!({
        "negotiateVersion": 0, "url": "https://hubs.example/a", "accessToken": "secret", "availableTransports": [],
    });
    assert_eq!(answer, redirect);
    assert_eq!(server.hub.connection_counts().pending, 0);
    let error = connection.ask("POST", "/hub/negotiate", &[]).await.json();
    let text = "The client requested version '0', but the server does not support this version.";
    assert_eq!(error, json!({"error": text}));
    assert!(connection.ask("POST", NEGOTIATE, &[]).await.json()["connectionToken"].is_string());
}

/// Options by which a header names the user, and another its role.
fn known(options: HubOptions) -> HubOptions {
    options.authentication(|parts: &Parts| {
        let text = |name| parts.headers.get(name).and_then(|value| value.to_str().ok());
        let hour = SystemTime::now() + Duration::from_secs(3600);
        let principal = Principal::new().with_claim("sub", text("x-user")?).with_expires_at(hour);
        Some(match text("x-role") {
            Some(role) => principal.with_role(role),
            None => principal,
        })
    })
}
