//! Hubs that compress, by option, where their clients do.

use hubcast::{HubCompression, HubOptions, HubProtocol};
use hubcast_websocket::{Deflater, Opcode};
use serde_json::json;

use crate::support::{Fixture, Http1, Http2, HubClient, Setup, call, json_handshake};

const OFFER: [(&str, &str); 1] = [("sec-websocket-extensions", "permessage-deflate; client_max_window_bits")];
const AGREED: &str = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";

#[tokio::test]
async fn a_hub_compresses_only_by_option_and_only_where_the_client_offers_it() {
    let plain = Fixture::start().await;
    let willing = compressing(HubCompression::new()).await;
    for (server, offer, agreed) in [
        (&plain, Some(OFFER[0].1), None),
        (&willing, None, None),
        (&willing, Some(OFFER[0].1), Some(AGREED)),
        (&willing, Some("permessage-deflate; server_max_window_bits=10"), None),
    ] {
        let headers = offer.map(|offer| ("sec-websocket-extensions", offer));
        let mut http2 = Http2::connect(server.address()).await;
        let (response, _socket) = http2.websocket_with("/hub", headers.as_slice()).await;
        assert_eq!(response.header("sec-websocket-extensions"), agreed, "{offer:?}");
    }
}

#[tokio::test]
async fn a_broadcast_is_compressed_for_those_who_agreed_and_plain_for_the_others() {
    let server = compressing(HubCompression::new().threshold(1_000)).await;
    let mut http2 = Http2::connect(server.address()).await;
    let mut compressed = [client(&server).await, {
        let socket = http2.websocket("/hub", &OFFER).await.unwrap().deflating(false);
        HubClient::open(socket, HubProtocol::Json).await
    }];
    let mut plain = HubClient::connect(&server).await;
    server.has_open(3).await;
    let text = "x".repeat(5_000);
    let message = json!({"type": 1, "target": "receive", "arguments": [text]}).to_string();
    server.hub.clients().all().receive(Some(text)).await.unwrap();
    assert_eq!(plain.socket.next().await.len(), "text \u{1e}".len() + message.len());
    for client in &mut compressed {
        let received = client.socket.next().await;
        let (size, _) = received.split_once(" text ").unwrap();
        assert!(size.strip_prefix("deflated ").unwrap().parse::<usize>().unwrap() < 200, "{size}");
    }
    server.hub.clients().all().receive(Some("short".into())).await.unwrap();
    for client in compressed.iter_mut().chain([&mut plain]) {
        assert!(client.socket.next().await.starts_with("text "), "it is not worth it");
    }
}

#[tokio::test]
async fn calls_and_answers_are_compressed_and_keep_their_order() {
    let server = compressing(HubCompression::new().threshold(1_000)).await;
    let mut client = client(&server).await;
    // Many messages that become large, in few reads.
    let text = "y".repeat(20_000);
    for number in 0..20 {
        let message = call(&number.to_string(), "Echo", &json!([text]));
        client.socket.send_deflated(Opcode::Text, message.as_bytes()).await;
    }
    for number in 0..20 {
        let received = client.socket.next().await;
        assert!(received.starts_with("deflated "), "{}", &received[..20]);
        assert!(received.contains(&format!(r#""invocationId":"{number}""#)), "{number}");
    }
}

#[tokio::test]
async fn a_bomb_is_refused_with_1009_and_the_hub_goes_on() {
    let server = compressing(HubCompression::new().maximum_decompressed_size(100_000)).await;
    let mut bomb = Vec::new();
    let pings = "{\"type\":6}\u{1e}".repeat(1 << 20);
    Deflater::new(15, false, 9).deflate(pings.as_bytes(), true, &mut bomb);
    assert!(bomb.len() < 100_000, "{}", bomb.len());
    let mut enemy = client(&server).await;
    enemy.socket.send_rsv1(true, Opcode::Text, &bomb).await;
    loop {
        match &*enemy.socket.next().await {
            "close 1009" => break,
            other => assert!(!other.starts_with("close"), "{other}"),
        }
    }
    let mut other = client(&server).await;
    assert_eq!(other.invoke("Add", json!([1, 2])).await, Ok(json!(3)));
}

#[tokio::test]
async fn a_connection_that_may_come_back_is_not_compressed() {
    let setup = Setup::new().options(|options: HubOptions| {
        options.compression(HubCompression::new()).allow_stateful_reconnects(true)
    });
    let server = setup.start().await;
    for (stateful, agreed) in [("true", None), ("false", Some(AGREED))] {
        let target = format!("/hub/negotiate?negotiateVersion=1&useStatefulReconnect={stateful}");
        let answer = Http1::connect(server.address()).await.ask("POST", &target, &[]).await.json();
        let target = format!("/hub?id={}", answer["connectionToken"].as_str().unwrap());
        let all = [&Http1::upgrade_headers("dGhlIHNhbXBsZSBub25jZQ==")[..], &OFFER].concat();
        let (response, socket) = Http1::connect(server.address()).await.upgrade_with(&target, &all).await;
        assert_eq!(response.header("sec-websocket-extensions"), agreed);
        let mut socket = socket.unwrap();
        socket.send_text(json_handshake()).await;
        assert_eq!(socket.next().await, "text {}\u{1e}");
    }
}

async fn compressing(compression: HubCompression) -> Fixture {
    Setup::new().options(|options| options.compression(compression)).start().await
}

async fn client(server: &Fixture) -> HubClient {
    let socket = Http1::connect(server.address()).await.upgrade("/hub", &OFFER).await.unwrap();
    HubClient::open(socket.deflating(false), HubProtocol::Json).await
}
