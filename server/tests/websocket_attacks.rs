//! Attacks on the WebSocket of a hub: each costs no more than is stated, and the server serves as before.
//!
//! Those on WebSockets without a hub are in `websocket/enemies.rs`.

use std::future::poll_fn;
use std::time::Duration;

use bytes::Bytes;
use hubcast_websocket::{Opcode, write_frame, write_ping};
use serde_json::json;

use crate::support::{Http1, Http2, HubClient, Setup, Wire, Witness, measured};

const MASK: Option<[u8; 4]> = Some([0; 4]);

#[tokio::test]
async fn whoever_pings_and_does_not_read_while_a_call_runs_is_not_read_from() {
    // Its own window takes 5 kB; two ends and the codec between them hold the rest.
    const HELD: usize = 512 * 1024;
    let setup = Setup::new().options(|options| options.transport_send_timeout(Duration::from_millis(500)));
    let mut server = setup.start().await;
    let mut witness = Witness::of(&server).await;
    assert_eq!(server.event().await, "connected");
    let mut connection = crate::slow_clients::narrow(&server).await;
    let mut attacker = HubClient::connect_http2(&mut connection).await;
    attacker.start("1", "Wait", json!(["for ever"])).await;
    assert_eq!(server.event().await, "connected");
    assert_eq!(server.event().await, "waiting: for ever");
    let mut pings = Vec::new();
    for _ in 0..100 {
        write_ping(&mut pings, &[1; 125], MASK);
    }
    let mut sent = 0;
    let mut wire = attacker.socket.into_wire();
    let event = tokio::select! {
        () = flood(&mut wire, &pings, &mut sent) => unreachable!("it is a flood"),
        event = server.event() => event,
    };
    assert_eq!(event, "cancelled: for ever");
    assert_eq!(server.event().await, "disconnected: TimedOut");
    assert!(sent < HELD, "{sent} bytes of pings were taken");
    witness.finds_all_as_before(&server).await;
}

/// Sends as fast as the peer takes it, until it takes nothing any more.
async fn flood(wire: &mut Wire, bytes: &[u8], sent: &mut usize) {
    let Wire::Stream(stream, _) = wire else { unreachable!("it is HTTP/2") };
    loop {
        stream.reserve_capacity(bytes.len());
        let Some(Ok(room)) = poll_fn(|cx| stream.poll_capacity(cx)).await else {
            return std::future::pending().await;
        };
        let part = Bytes::copy_from_slice(&bytes[*sent % bytes.len()..]);
        let part = part.slice(..room.min(part.len()));
        *sent += part.len();
        stream.send_data(part, false).unwrap();
    }
}

#[tokio::test]
async fn a_message_of_too_many_frames_closes_with_1008_and_is_counted() {
    let few = Setup::new().options(|options| options.maximum_frames_per_message(3));
    for (setup, limit) in [(few, 3), (Setup::new(), 4_096)] {
        let (server, meters) = measured(setup).await;
        let mut witness = Witness::of(&server).await;
        for (number, payload) in [&b" "[..], b""].into_iter().enumerate() {
            let mut http2 = Http2::connect(server.address()).await;
            let clients = [HubClient::connect(&server).await, HubClient::connect_http2(&mut http2).await];
            for mut client in clients {
                client.socket.send_raw(&message_of(limit, payload)).await;
                assert_eq!(client.invoke("Add", json!([1, 2])).await, Ok(json!(3)), "it may have {limit}");
                client.socket.send_raw(&message_of(limit + 1, payload)).await;
                assert_eq!(client.message().await, "close 1008");
                assert_eq!(client.message().await, "end");
            }
            assert_eq!(meters.read("hubcast_protocol_errors_total"), 2.0 * (number + 1) as f64);
        }
        witness.finds_all_as_before(&server).await;
    }
}

/// A ping of the hub protocol, and around it as many other parts as make so many frames.
fn message_of(frames: u32, part: &[u8]) -> Vec<u8> {
    let mut message = Vec::new();
    write_frame(&mut message, false, Opcode::Text, part, MASK);
    for _ in 0..frames - 2 {
        write_frame(&mut message, false, Opcode::Continuation, part, MASK);
    }
    write_frame(&mut message, true, Opcode::Continuation, b"{\"type\":6}\x1e", MASK);
    message
}

#[tokio::test]
async fn where_messages_may_be_large_they_may_have_more_frames() {
    for largest in [Some(8 << 20), None] {
        let setup = Setup::new().options(|options| options.maximum_receive_message_size(largest));
        let server = setup.start().await;
        let mut client = HubClient::connect(&server).await;
        client.socket.send_raw(&message_of(8_192, b" ")).await;
        assert_eq!(client.invoke("Add", json!([1, 2])).await, Ok(json!(3)));
        if largest.is_some() {
            client.socket.send_raw(&message_of(8_193, b" ")).await;
            assert_eq!(client.message().await, "close 1008");
        }
    }
}

#[tokio::test]
async fn on_a_connection_that_came_back_the_limit_is_the_same() {
    let setup =
        Setup::new().options(|options| options.allow_stateful_reconnects(true).maximum_frames_per_message(3));
    let server = setup.start().await;
    let negotiate = "/hub/negotiate?negotiateVersion=1&useStatefulReconnect=true";
    let answer = Http1::connect(server.address()).await.ask("POST", negotiate, &[]).await.json();
    let target = format!("/hub?id={}", answer["connectionToken"].as_str().unwrap());
    let open = async || Http1::connect(server.address()).await.upgrade(&target, &[]).await.unwrap();
    let mut first = open().await;
    first.send_text("{\"protocol\":\"json\",\"version\":2}\x1e").await;
    assert_eq!(first.next().await, "text {}\x1e");
    let mut second = open().await;
    assert_eq!(second.next().await, "text {\"type\":9,\"sequenceId\":1}\x1e");
    second.send_raw(&message_of(4, b" ")).await;
    assert_eq!(second.next().await, "close 1008");
}
