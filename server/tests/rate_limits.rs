//! Rate limits: what is counted for whom, and what a client over one of them learns.

use std::time::Duration;

use hubcast::ForwardingHeader::XForwardedFor;
use hubcast::{
    HubError, HubOptions, HubProtocol, HubService, Rate, RateLimit, RawConnection, RawService,
    TrustedProxies, query_value,
};
use hubcast_websocket::{Opcode, write_frame};
use serde_json::{Value, json};

use crate::support::{Fixture, Http1, Http2, HubClient, Setup, measured};

/// One in an hour, so that no test sees the next one earned; three may come at once.
fn three() -> Rate {
    Rate::new(1, Duration::from_secs(3600)).burst(3)
}

#[tokio::test]
async fn a_call_over_the_limit_fails_with_the_time_to_wait_and_others_go_on() {
    let server = limited(RateLimit::calls(three())).await;
    let mut client = HubClient::connect(&server).await;
    for _ in 0..3 {
        assert_eq!(client.invoke("Add", json!([1, 2])).await, Ok(json!(3)));
    }
    let error = client.invoke("add", json!([1, 2])).await.unwrap_err();
    let wait = wait_in(
        &error,
        "Failed to invoke 'Add' due to an error on the server. HubException: Too many calls. Retry after ",
    );
    assert!((3_590_000..=3_600_000).contains(&wait), "{error}");
    let mut other = HubClient::connect(&server).await;
    assert_eq!(other.invoke("Add", json!([1, 2])).await, Ok(json!(3)));
}

#[tokio::test]
async fn unknown_methods_and_calls_without_an_answer_count_as_calls() {
    let server = limited(RateLimit::calls(three())).await;
    let mut client = HubClient::connect(&server).await;
    client.send("Nothing", json!([])).await;
    client.send("Add", json!([1, 2])).await;
    assert!(client.invoke("Nothing", json!([])).await.unwrap_err().ends_with("Method does not exist."));
    let error = client.invoke("Nothing", json!([])).await.unwrap_err();
    wait_in(
        &error,
        "Failed to invoke 'Nothing' due to an error on the server. HubException: Too many calls. Retry after ",
    );
}

#[tokio::test]
async fn a_limit_of_one_method_is_by_its_name_in_any_case_and_leaves_others_alone() {
    let server = limited(RateLimit::calls_of("a_d_d", three())).await;
    let mut client = HubClient::connect(&server).await;
    for target in ["Add", "add", "ADD"] {
        assert_eq!(client.invoke(target, json!([1, 2])).await, Ok(json!(3)));
    }
    assert!(client.invoke("Add", json!([1, 2])).await.is_err());
    for _ in 0..5 {
        assert_eq!(client.invoke("Echo", json!(["x"])).await, Ok(json!("x")));
    }
}

#[test]
#[should_panic(expected = "a rate limit is of the method 'Nothing', which TestHub does not have")]
fn a_limit_of_a_method_that_is_not_there_is_refused() {
    let (service, ..) = Setup::new()
        .options(|options| options.rate_limit(RateLimit::calls_of("Nothing", three())))
        .into_service();
    let _unreachable: HubService<_> = service;
}

#[tokio::test]
async fn a_user_has_one_rate_on_all_connections() {
    let server = Setup::new()
        .options(|options| {
            options
                .user(|request| query_value(&request.uri, "user").map(String::from))
                .rate_limit(RateLimit::calls(three()).per_user())
        })
        .start()
        .await;
    let ada = ["/hub?user=ada", "/hub?user=ada"];
    for target in ada {
        let mut client = HubClient::connect_as(&server, HubProtocol::Json, target).await;
        assert_eq!(client.invoke("Add", json!([1, 2])).await, Ok(json!(3)));
    }
    let mut client = HubClient::connect_as(&server, HubProtocol::Json, ada[0]).await;
    assert_eq!(client.invoke("Add", json!([1, 2])).await, Ok(json!(3)));
    assert!(client.invoke("Add", json!([1, 2])).await.is_err());
    let mut bob = HubClient::connect_as(&server, HubProtocol::Json, "/hub?user=bob").await;
    assert_eq!(bob.invoke("Add", json!([1, 2])).await, Ok(json!(3)));
}

#[tokio::test]
async fn an_address_and_a_hub_have_one_rate_for_all_their_connections() {
    for limit in [
        RateLimit::calls(three()).per_address(),
        RateLimit::calls(three()).per_hub(),
        RateLimit::calls(three()).per_user(),
    ] {
        let server = limited(limit.clone()).await;
        for _ in 0..3 {
            let mut client = HubClient::connect(&server).await;
            assert_eq!(client.invoke("Add", json!([1, 2])).await, Ok(json!(3)));
        }
        let mut client = HubClient::connect(&server).await;
        assert!(client.invoke("Add", json!([1, 2])).await.is_err(), "{limit:?}");
    }
}

#[tokio::test]
async fn pings_count_as_messages_and_one_too_many_closes_with_the_time_to_wait() {
    let mut server = limited(RateLimit::messages(three())).await;
    let mut client = HubClient::connect(&server).await;
    assert_eq!(server.event().await, "connected");
    for _ in 0..4 {
        client.ping().await;
    }
    closed_for_too_much(&mut client).await;
    assert_eq!(server.event().await, "disconnected: RateLimited");
}

#[tokio::test]
async fn what_says_nothing_to_a_hub_counts_as_a_message_too() {
    let mut unknown = Vec::new();
    write_frame(&mut unknown, true, Opcode::Text, b"{\"type\":99}\x1e", Some([0; 4]));
    let frame = |opcode| {
        let mut frame = Vec::new();
        write_frame(&mut frame, true, opcode, b"", Some([0; 4]));
        frame
    };
    let all = [unknown, frame(Opcode::Ping), frame(Opcode::Pong), frame(Opcode::Text)];
    for one in all {
        let mut server = limited(RateLimit::messages(three())).await;
        let mut client = HubClient::connect(&server).await;
        assert_eq!(server.event().await, "connected");
        client.socket.send_raw(&one.repeat(3)).await;
        client.socket.send_raw(&one).await;
        if one == frame(Opcode::Ping) {
            for _answered in 0..4 {
                assert_eq!(client.message().await, "pong ");
            }
        }
        closed_for_too_much(&mut client).await;
        assert_eq!(server.event().await, "disconnected: RateLimited");
    }
}

#[tokio::test]
async fn bytes_are_counted_without_framing_and_a_large_message_passes_when_nothing_is_owed() {
    let server = limited(RateLimit::bytes(Rate::new(1, Duration::from_secs(3600)).burst(100))).await;
    let mut client = HubClient::connect(&server).await;
    let text = "x".repeat(1000);
    assert_eq!(client.invoke("Echo", json!([text])).await, Ok(json!(text)));
    client.ping().await;
    closed_for_too_much(&mut client).await;
}

#[tokio::test]
async fn without_a_hub_bytes_and_parts_are_counted_and_one_too_many_closes_with_1008() {
    let bytes = RateLimit::bytes(Rate::new(1, Duration::from_secs(3600)).burst(9));
    for (limit, payload) in [(bytes, "abc"), (RateLimit::messages(three()), "a")] {
        let echo = async |connection: RawConnection| {
            while let Some(bytes) = connection.receive().await {
                connection.send(bytes).await;
            }
            Ok::<_, HubError>(())
        };
        let service = RawService::with_options("echo", echo, HubOptions::new().rate_limit(limit));
        let server = Setup::new().server(|server| server.hub("/raw", service)).start().await;
        let mut socket = Http1::connect(server.address()).await.upgrade("/raw", &[]).await.unwrap();
        for _ in 0..3 {
            socket.send_text(payload).await;
            assert_eq!(socket.next().await, format!("text {payload}"));
        }
        socket.send_text(payload).await;
        assert_eq!(socket.next().await, "close 1008");
    }
}

#[tokio::test]
async fn who_connects_too_often_is_told_when_to_come_back() {
    let server = limited(RateLimit::connects(three())).await;
    let mut connection = Http1::connect(server.address()).await;
    for _ in 0..2 {
        assert_eq!(connection.ask("POST", "/hub/negotiate?negotiateVersion=1", &[]).await.status, 200);
    }
    let _without_negotiation = HubClient::connect(&server).await;
    for _ in 0..2 {
        let refused = connection.ask("POST", "/hub/negotiate?negotiateVersion=1", &[]).await;
        assert_eq!((refused.status, refused.header("retry-after")), (429, Some("3600")));
        assert_eq!(refused.text(), "Too many connections. Retry after 3600 s.");
    }
    let refused = Http1::connect(server.address()).await.upgrade("/hub", &[]).await;
    assert_eq!(refused.err().map(|refused| refused.status), Some(429));
    let mut multiplexed = Http2::connect(server.address()).await;
    let refused = multiplexed.websocket("/hub", &[]).await;
    assert_eq!(refused.err().map(|refused| refused.status), Some(429));
}

#[tokio::test]
async fn behind_a_trusted_proxy_each_client_has_the_rates_of_an_address_and_the_proxy_none() {
    let proxies = TrustedProxies::new(["127.0.0.1"], [XForwardedFor]).unwrap();
    let server = Setup::new()
        .options(|options| {
            options
                .rate_limit(RateLimit::connects(three()))
                .rate_limit(RateLimit::calls(three()).per_address())
        })
        .server(|server| server.trusted_proxies(proxies))
        .start()
        .await;
    let mut http2 = Http2::connect(server.address()).await;
    // The addresses of an IPv6 network are one client's.
    for [one, other] in [["203.0.113.1"; 2], ["203.0.113.2"; 2], ["2001:db8::1", "2001:db8::2"]] {
        let of = |address| [("x-forwarded-for", address)];
        let http1 = || Http1::connect(server.address());
        let negotiate = "/hub/negotiate?negotiateVersion=1";
        assert_eq!(http1().await.ask("POST", negotiate, &of(one)).await.status, 200);
        let sockets = [
            http1().await.upgrade("/hub", &of(one)).await.unwrap(),
            http2.websocket("/hub", &of(other)).await.unwrap(),
        ];
        assert_eq!(http1().await.ask("POST", negotiate, &of(one)).await.status, 429);
        let refused = http2.websocket("/hub", &of(other)).await;
        assert_eq!(refused.err().map(|refused| refused.status), Some(429));
        let mut calls = Vec::new();
        for socket in sockets {
            let mut client = HubClient::open(socket, HubProtocol::Json).await;
            for _ in 0..2 {
                calls.push(client.invoke("Add", json!([1, 2])).await.is_ok());
            }
        }
        assert_eq!(calls, [true, true, true, false]);
    }
}

#[tokio::test]
async fn each_excess_is_counted() {
    let limits = [
        RateLimit::calls(three()),
        RateLimit::calls_of("Add", three().burst(1)),
        RateLimit::connects(three().burst(1)),
    ];
    let setup = Setup::new()
        .options(|options| limits.into_iter().fold(options, |options, limit| options.rate_limit(limit)));
    let (server, meters) = measured(setup).await;
    let mut client = HubClient::connect(&server).await;
    assert_eq!(client.invoke("Add", json!([1, 2])).await, Ok(json!(3)));
    client.invoke("Add", json!([1, 2])).await.unwrap_err();
    client.invoke("Echo", json!(["x"])).await.unwrap();
    client.invoke("Echo", json!(["x"])).await.unwrap_err();
    assert!(Http1::connect(server.address()).await.upgrade("/hub", &[]).await.is_err());
    for of in ["Add", "calls", "connects"] {
        assert_eq!(meters.read(&format!("hubcast_rate_limited_total {of}")), 1.0, "{of}");
    }
    assert_eq!(meters.read("hubcast_failed_calls_total"), 2.0);
}

#[tokio::test]
async fn each_connection_that_sends_too_much_is_counted() {
    for (limit, of) in [(RateLimit::messages(three()), "messages"), (RateLimit::bytes(three()), "bytes")] {
        let (server, meters) = measured(Setup::new().options(|options| options.rate_limit(limit))).await;
        for count in [1.0, 2.0] {
            let mut client = HubClient::connect(&server).await;
            for _ in 0..4 {
                client.ping().await;
            }
            closed_for_too_much(&mut client).await;
            assert_eq!(meters.read(&format!("hubcast_rate_limited_total {of}")), count, "{of}");
        }
        // A client that breaks no other rule.
        assert_eq!(meters.read("hubcast_protocol_errors_total"), 0.0);
    }
}

async fn limited(limit: RateLimit) -> Fixture {
    Setup::new().options(|options| options.rate_limit(limit)).start().await
}

/// The milliseconds behind `text`.
fn wait_in(error: &str, text: &str) -> u64 {
    let wait = error.strip_prefix(text).and_then(|rest| rest.strip_suffix(" ms."));
    wait.and_then(|wait| wait.parse().ok()).unwrap_or_else(|| panic!("{error}"))
}

async fn closed_for_too_much(client: &mut HubClient) {
    let message = serde_json::from_str::<Value>(&client.message().await).unwrap();
    assert_eq!((&message["type"], &message["allowReconnect"]), (&json!(7), &json!(true)));
    let error = message["error"].as_str().unwrap();
    wait_in(error, "Connection closed with an error. Too many messages. Retry after ");
    assert_eq!(client.message().await, "close 1000");
}
