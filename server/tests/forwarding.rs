//! Behind HTTP proxies: who is believed, and what hubs, pages and origins see then.

use std::net::SocketAddr;

use axum::Router;
use axum::extract::Request;
use hubcast::ForwardingHeader::{
    Forwarded, XForwardedFor, XForwardedHost, XForwardedPrefix, XForwardedProto,
};
use hubcast::{ForwardingHeader, HubProtocol, Redirect, RequestSource, TrustedProxies, TrustedProxiesError};
use tokio::net::TcpSocket;
use tracing::Level;

use crate::support::{Fixture, Http1, Http2, HubClient, Meters, Setup, Wire, measured, soon};

const ALL: [ForwardingHeader; 4] = [XForwardedFor, XForwardedProto, XForwardedHost, XForwardedPrefix];

/// What a proxy says of one client.
const CLIENT: [(&str, &str); 3] =
    [("X-Forwarded-For", "203.0.113.9"), ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "hub.example")];

#[tokio::test]
async fn nobody_is_believed_by_default() {
    let server = Setup::new().server(tells).start().await;
    let headers = [&CLIENT[..], &[("Forwarded", "for=203.0.113.9;proto=https;host=hub.example")]].concat();
    assert_eq!(seen(&server, &headers).await, "127.0.0.1 http://localhost/x");
}

#[tokio::test]
async fn a_proxy_is_believed_by_its_address_and_header_by_header() {
    let server = trusting(TrustedProxies::new(["127.0.0.1"], [XForwardedFor])).await;
    assert_eq!(seen(&server, &CLIENT).await, "203.0.113.9 http://localhost/x");
    assert_eq!(seen_from(&server, "127.0.0.2", &CLIENT).await, "127.0.0.2 http://localhost/x");
    let server = trusting(TrustedProxies::new(["127.0.0.0/30"], ALL)).await;
    assert_eq!(seen(&server, &CLIENT).await, "203.0.113.9 https://hub.example/x");
    assert_eq!(seen_from(&server, "127.0.0.2", &CLIENT).await, "203.0.113.9 https://hub.example/x");
    assert_eq!(seen_from(&server, "127.0.0.4", &CLIENT).await, "127.0.0.4 http://localhost/x");
    assert_eq!(seen(&server, &[]).await, "127.0.0.1 http://localhost/x");
}

#[tokio::test]
async fn requests_of_http2_are_seen_alike() {
    let server = trusting(TrustedProxies::new(["127.0.0.1"], ALL)).await;
    let mut connection = Http2::connect(server.address()).await;
    let headers = CLIENT.map(|(name, value)| (name.to_ascii_lowercase(), value));
    let headers = headers.iter().map(|(name, value)| (name.as_str(), *value)).collect::<Vec<_>>();
    let answer = connection.ask_with("GET", "/x", &headers, b"").await;
    assert_eq!(answer.text(), "203.0.113.9 https://hub.example/x");
    assert_eq!(connection.ask("GET", "/x").await.text(), "127.0.0.1 http://localhost/x");
    let forged = [("host", "evil.example")];
    assert_eq!(connection.ask_with("GET", "/x", &forged, b"").await.text(), "127.0.0.1 http://localhost/x");
}

#[tokio::test]
async fn entries_are_read_from_the_right_as_far_as_proxies_wrote_them() {
    let chain = [
        ("X-Forwarded-For", "198.51.100.1, 203.0.113.9"),
        ("X-Forwarded-For", "127.0.0.3,127.0.0.2"),
        ("X-Forwarded-Proto", "https"),
    ];
    for (hops, wanted) in
        [(0, "127.0.0.1 http"), (1, "127.0.0.2 https"), (2, "127.0.0.3 https"), (9, "203.0.113.9 https")]
    {
        let proxies = TrustedProxies::new(["127.0.0.0/8"], ALL).map(|proxies| proxies.hop_limit(hops));
        let server = trusting(proxies).await;
        assert_eq!(seen(&server, &chain).await, format!("{wanted}://localhost/x"), "{hops}");
    }
}

#[tokio::test]
async fn the_header_of_the_rfc_is_read_alike() {
    let proxies = TrustedProxies::new(["127.0.0.0/8"], [Forwarded]).map(|proxies| proxies.hop_limit(2));
    let server = trusting(proxies).await;
    for (header, wanted) in [
        ("for=203.0.113.9;proto=https;host=hub.example", "203.0.113.9 https://hub.example/x"),
        ("for=198.51.100.1, for=\"[2001:db8::1]:4711\";proto=https", "2001:db8::1 https://localhost/x"),
        ("for=203.0.113.9;proto=https, for=127.0.0.7;proto=http", "203.0.113.9 https://localhost/x"),
        ("for=unknown", "- http://localhost/x"),
        ("for=_gazonk;proto=https", "- https://localhost/x"),
        ("proto=https", "127.0.0.1 https://localhost/x"),
    ] {
        assert_eq!(seen(&server, &[("Forwarded", header)]).await, wanted, "{header}");
    }
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_and_counted_if_a_proxy_sent_it() {
    let proxies = TrustedProxies::new(["127.0.0.1"], ALL).unwrap();
    let setup = Setup::new().server(tells).server(|server| server.trusted_proxies(proxies));
    let (server, meters) = measured(setup).await;
    let broken = [
        ("X-Forwarded-For", "nobody"),
        ("X-Forwarded-For", "1.2.3.4:x"),
        ("X-Forwarded-Proto", "gopher"),
        ("X-Forwarded-Host", "a b"),
        ("X-Forwarded-Host", "ada@hub.example"),
        ("X-Forwarded-Prefix", "//evil.example"),
    ];
    for header in broken {
        let refused = Http1::connect(server.address()).await.ask("GET", "/x", &[header]).await;
        assert_eq!(
            (refused.status, refused.text()),
            (400, "The headers of a proxy make no sense"),
            "{header:?}"
        );
        assert_eq!(seen_from(&server, "127.0.0.2", &[header]).await, "127.0.0.2 http://localhost/x");
    }
    assert_eq!(refusals(&meters), broken.len() as f64);
    // An entry that no proxy wrote is not looked at.
    let forged = [("X-Forwarded-For", "nonsense, 203.0.113.9")];
    assert_eq!(seen(&server, &forged).await, "203.0.113.9 http://localhost/x");
    assert_eq!(refusals(&meters), broken.len() as f64);
}

#[tokio::test]
async fn an_open_quote_of_a_client_hides_nobody() {
    let server = trusting(TrustedProxies::new(["127.0.0.1"], [Forwarded])).await;
    for forged in ["for=\"198.51.100.1, for=203.0.113.9", "for=\"x, for=\"[2001:db8::1]\""] {
        let mut connection = Http1::connect(server.address()).await;
        assert_eq!(connection.ask("GET", "/x", &[("Forwarded", forged)]).await.status, 400, "{forged}");
    }
}

#[tokio::test]
async fn an_origin_is_that_of_the_host_that_the_client_asked_for() {
    let server = trusting(TrustedProxies::new(["127.0.0.1"], ALL)).await;
    for (origin, passes) in [("https://hub.example", true), ("http://localhost", false)] {
        let headers = [&CLIENT[..], &[("Origin", origin)]].concat();
        let opened = Http1::connect(server.address()).await.upgrade("/hub", &headers).await;
        assert_eq!(opened.map_err(|refused| refused.status).err(), (!passes).then_some(403), "{origin}");
        let mut connection = Http2::connect(server.address()).await;
        let headers =
            headers.iter().map(|(name, value)| (name.to_ascii_lowercase(), *value)).collect::<Vec<_>>();
        let headers = headers.iter().map(|(name, value)| (name.as_str(), *value)).collect::<Vec<_>>();
        assert_eq!(connection.websocket("/hub", &headers).await.is_ok(), passes, "{origin}");
    }
}

#[tokio::test]
async fn a_hub_connection_has_its_clients_address_and_a_redirect_the_clients_url() {
    let proxies = TrustedProxies::new(["127.0.0.1"], ALL).unwrap();
    let server = Setup::new().server(|server| server.trusted_proxies(proxies)).start().await;
    let socket = Http1::connect(server.address()).await.upgrade("/hub", &CLIENT).await.unwrap();
    let _client = HubClient::open(socket, HubProtocol::Json).await;
    let connections = server.hub.connections();
    assert_eq!(connections[0].remote_address, Some("203.0.113.9:0".parse().unwrap()));

    let proxies = TrustedProxies::new(["127.0.0.1"], ALL).unwrap();
    let server = Setup::new()
        .options(|options| {
            options.redirect(|request| RequestSource::url(request, "/other").map(Redirect::to))
        })
        .server(|server| server.trusted_proxies(proxies).path_base("/app"))
        .start()
        .await;
    let prefixed = [&CLIENT[..], &[("X-Forwarded-Prefix", "/outer/")]].concat();
    for (target, headers, url) in [
        ("/hub", &CLIENT[..], "https://hub.example/other"),
        ("/app/hub", &CLIENT, "https://hub.example/app/other"),
        ("/hub", &prefixed, "https://hub.example/outer/other"),
        ("/app/hub", &prefixed, "https://hub.example/outer/app/other"),
        ("/app/hub", &[], "http://localhost/app/other"),
    ] {
        let target = format!("{target}/negotiate?negotiateVersion=1");
        let answer = Http1::connect(server.address()).await.ask("POST", &target, headers).await;
        assert_eq!(answer.json()["url"], url);
    }
}

#[tokio::test]
async fn the_log_names_the_client_of_a_hub_connection_and_not_the_proxy() {
    let proxies = TrustedProxies::new(["127.0.0.1"], [XForwardedFor]).unwrap();
    let setup = Setup::new().log(Level::DEBUG).server(|server| server.trusted_proxies(proxies));
    let server = setup.start().await;
    let first = Http1::connect(server.address()).await.upgrade("/hub", &CLIENT).await.unwrap();
    let mut connection = Http2::connect(server.address()).await;
    let headers = [("x-forwarded-for", "198.51.100.7, [2001:db8::1]:4711")];
    let second = connection.websocket("/hub", &headers).await.unwrap();
    for socket in [first, second] {
        HubClient::open(socket, HubProtocol::Json).await;
    }
    let started = server.log.about("connection started");
    let remote = started.iter().map(|fields| fields.rsplit("remote=").next().unwrap());
    assert_eq!(remote.collect::<Vec<_>>(), ["Some(203.0.113.9:0)", "Some([2001:db8::1]:4711)"]);
}

#[tokio::test]
async fn a_path_base_is_taken_off_requests_of_both_versions() {
    let server = Setup::new()
        .server(tells)
        .server(|server| server.path_base("/app").page("/", "text/plain", "page").health("/livez", "/readyz"))
        .start()
        .await;
    let mut connection = Http2::connect(server.address()).await;
    for (target, answer) in [
        ("/app", "page"),
        ("/app/", "page"),
        ("/", "page"),
        ("/APP/x?y", "127.0.0.1 http://localhost/app/x"),
        ("/x", "127.0.0.1 http://localhost/x"),
        ("/apple", "127.0.0.1 http://localhost/apple"),
        ("/app/readyz", "ready"),
        ("/readyz", "ready"),
    ] {
        assert_eq!(
            Http1::connect(server.address()).await.ask("GET", target, &[]).await.text(),
            answer,
            "{target}"
        );
        assert_eq!(connection.ask("GET", target).await.text(), answer, "{target}");
    }
    let socket = Http1::connect(server.address()).await.upgrade("/app/hub", &[]).await.unwrap();
    HubClient::open(socket, HubProtocol::Json).await;
    let socket = connection.websocket("/app/hub", &[]).await.unwrap();
    HubClient::open(socket, HubProtocol::Json).await;
}

#[test]
fn proxies_that_contradict_themselves_and_what_is_no_network_are_refused() {
    let error = TrustedProxies::new(["127.0.0.1"], [Forwarded, XForwardedFor]).unwrap_err();
    assert!(matches!(error, TrustedProxiesError::Contradiction(XForwardedFor)), "{error}");
    assert!(TrustedProxies::new(["127.0.0.1"], [Forwarded, XForwardedPrefix]).is_ok());
    let error = TrustedProxies::new(["10.0.0.0/40"], [Forwarded]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "\"10.0.0.0/40\" is no network: write an address, or one with the length of its prefix as in \"10.0.0.0/8\""
    );
}

fn refusals(meters: &Meters) -> f64 {
    meters.read("hubcast_malformed_forwarding_headers_total")
}

async fn trusting(proxies: Result<TrustedProxies, TrustedProxiesError>) -> Fixture {
    let proxies = proxies.unwrap();
    Setup::new().server(tells).server(|server| server.trusted_proxies(proxies)).start().await
}

/// Answers what it sees of each request: the client's address and the URL that the client asked for.
fn tells(server: hubcast::Server) -> hubcast::Server {
    let tell = |request: Request| async move {
        let (parts, _) = request.into_parts();
        let address = RequestSource::of(&parts.extensions).unwrap().remote_address();
        let address = address.map_or("-".to_owned(), |address| address.ip().to_string());
        format!("{address} {}", RequestSource::url(&parts, parts.uri.path()).unwrap())
    };
    server.fallback(Router::new().fallback(tell))
}

async fn seen(server: &Fixture, headers: &[(&str, &str)]) -> String {
    Http1::connect(server.address()).await.ask("GET", "/x", headers).await.text().to_owned()
}

/// As seen of a client at another address of this machine.
async fn seen_from(server: &Fixture, address: &str, headers: &[(&str, &str)]) -> String {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(SocketAddr::new(address.parse().unwrap(), 0)).unwrap();
    let socket = soon(socket.connect(server.address())).await.unwrap();
    Http1::on(Wire::Socket(Box::new(socket))).ask("GET", "/x", headers).await.text().to_owned()
}
