//! What one HTTP/2 connection may cost: streams that wait, small frames, silence, and being idle.

use std::time::Duration;

use hubcast::Server;
use hubcast::websocket::{WebSocketError, WebSocketOptions};
use hubcast_websocket::CloseCode;
use serde_json::json;
use tokio::io::AsyncWriteExt as _;

use crate::support::frames::{
    DATA, END_HEADERS, END_STREAM, GOAWAY, HEADERS, PING, PREFACE, RST_STREAM, field, frame, head, next_of,
};
use crate::support::{Fixture, Http2, HubClient, Setup, WebSocket, Wire, connect, eventually, measured};

const SHORT: Duration = Duration::from_millis(200);
const FOR_EVER: Duration = Duration::from_secs(3600);

#[tokio::test]
async fn streams_that_are_not_read_hold_up_no_other() {
    let mut server = Fixture::start().await;
    let mut connection = Http2::connect(server.address()).await;
    let mut paused = Vec::new();
    for _ in 0..40 {
        let mut client = HubClient::connect_http2(&mut connection).await;
        client.start("1", "Wait", json!(["long"])).await;
        // The calls that may wait, the window behind them, and more.
        for _ in 0..8 {
            client.socket.send_text(&calls(30_000)).await;
        }
        paused.push(client);
    }
    for _ in 0..80 {
        server.event().await;
    }
    let mut other = HubClient::connect_http2(&mut connection).await;
    assert_eq!(other.invoke("Echo", json!(["x".repeat(20_000)])).await, Ok(json!("x".repeat(20_000))));
}

#[tokio::test]
async fn small_frames_to_a_stream_that_is_not_read_cost_the_connection_nothing() {
    let mut server = Fixture::start().await;
    let mut connection = Http2::connect(server.address()).await;
    let mut other = HubClient::connect_http2(&mut connection).await;
    let mut client = HubClient::connect_http2(&mut connection).await;
    client.start("1", "Wait", json!(["long"])).await;
    client.socket.send_text(&calls(70_000)).await;
    for event in ["connected", "connected", "waiting: long"] {
        assert_eq!(server.event().await, event);
    }
    // One byte a frame: more of them than the connection may keep.
    let mut last = Vec::new();
    hubcast_websocket::write_ping(&mut last, b"last", Some([1, 2, 3, 4]));
    let mut bytes = b"\x81\xfe\x5d\xc0\0\0\0\0".to_vec();
    bytes.extend(calls_of(24_000));
    bytes.extend(last);
    for byte in bytes {
        client.socket.send_raw(&[byte]).await;
    }
    assert_eq!(other.invoke("Add", json!([1, 2])).await, Ok(json!(3)));
    server.state.open();
    assert_eq!(client.message().await, r#"{"type":3,"invocationId":"1","result":"long"}"#);
    assert_eq!(client.socket.next().await, "pong 6c617374");
}

/// Firefox never ends its side of a WebSocket over HTTP/2.
#[tokio::test]
async fn a_closed_websocket_holds_no_stream_though_its_client_does_not_end_it() {
    let setup = Setup::new().options(|options| options.close_timeout(FOR_EVER)).server(|server| {
        let options = WebSocketOptions::new().close_timeout(FOR_EVER);
        server.maximum_http2_streams(1).websocket("/echo", options, async |mut socket| {
            while let Some(message) = socket.receive().await? {
                socket.send(message).await?;
            }
            Ok::<_, WebSocketError>(())
        })
    });
    let server = setup.start().await;
    let mut connection = Http2::connect(server.address()).await;
    let mut closed = Vec::new();
    for _ in 0..3 {
        let of_hub = HubClient::connect_http2(&mut connection).await.socket;
        closed.push(close(of_hub).await);
        let raw = connection.websocket("/echo", &[]).await.unwrap();
        closed.push(close(raw).await);
    }
}

/// What a client has sent before it hears that its stream was given up is no error of it.
#[tokio::test]
async fn many_websockets_that_their_client_ends_late_do_not_end_its_connection() {
    const COUNT: u32 = 90;
    let server = with(|server| server.maximum_http2_error_resets(5)).await;
    let mut client = connect(server.address()).await;
    let mut head = head("CONNECT", "/hub");
    field(&mut head, ":protocol", "websocket");
    field(&mut head, "sec-websocket-version", "13");
    let mut close = Vec::new();
    hubcast_websocket::write_close(&mut close, CloseCode::NORMAL_CLOSURE, "", Some([1, 2, 3, 4]));
    let streams = || (0..COUNT).map(|number| 2 * number + 1);
    let mut opening = PREFACE.to_vec();
    for stream in streams() {
        opening.extend(frame(HEADERS, END_HEADERS, stream, &head));
        opening.extend(frame(DATA, 0, stream, &close));
    }
    client.write_all(&opening).await.unwrap();
    for _ in streams() {
        assert_eq!(next_of(&mut client, &[RST_STREAM, GOAWAY]).await.kind, RST_STREAM);
    }
    let ends = streams().flat_map(|stream| frame(DATA, END_STREAM, stream, b""));
    let ping = frame(PING, 0, 0, b"are you?");
    client.write_all(&ends.chain(ping).collect::<Vec<_>>()).await.unwrap();
    assert_eq!(next_of(&mut client, &[RST_STREAM, PING, GOAWAY]).await.kind, PING);
}

/// A thread that has nothing to do is parked: never, where a task wakes itself again and again; thousands of times, where
/// a socket is asked again and again.
#[tokio::test]
async fn streams_that_are_idle_or_not_read_leave_the_thread_at_rest() {
    let setup = Setup::new().server(|server| {
        server.websocket("/echo", WebSocketOptions::new(), async |mut socket| {
            while let Some(message) = socket.receive().await? {
                socket.send(message).await?;
            }
            Ok::<_, WebSocketError>(())
        })
    });
    let mut server = setup.start().await;
    let mut connection = Http2::connect(server.address()).await;
    let (mut idle, mut without_hub) = (Vec::new(), Vec::new());
    for _ in 0..20 {
        idle.push(HubClient::connect_http2(&mut connection).await);
        assert_eq!(server.event().await, "connected");
        without_hub.push(connection.websocket("/echo", &[]).await.unwrap());
    }
    let mut busy = HubClient::connect_http2(&mut connection).await;
    busy.start("1", "Wait", json!(["long"])).await;
    busy.socket.send_text(&calls(200_000)).await;
    for event in ["connected", "waiting: long"] {
        assert_eq!(server.event().await, event);
    }
    assert_eq!(idle[0].invoke("Add", json!([1, 2])).await, Ok(json!(3)));

    let runtime = tokio::runtime::Handle::current().metrics();
    let before = runtime.worker_park_count(0);
    tokio::time::sleep(Duration::from_secs(1)).await;
    let parked = runtime.worker_park_count(0) - before;
    // The server's clock ticks, and what was under way comes to its end.
    assert!((1..=100).contains(&parked), "parked {parked} times in a second");

    for client in &mut idle {
        assert_eq!(client.invoke("Add", json!([1, 2])).await, Ok(json!(3)));
    }
    for socket in &mut without_hub {
        socket.send_text("as before").await;
        assert_eq!(socket.next().await, "text as before");
    }
    server.state.open();
    assert_eq!(busy.message().await, r#"{"type":3,"invocationId":"1","result":"long"}"#);
}

#[tokio::test]
async fn a_client_that_answers_no_ping_is_dropped_and_one_that_does_is_kept() {
    let setup =
        Setup::new().server(|server| server.http2_keep_alive_interval(SHORT).http2_keep_alive_timeout(SHORT));
    let (server, meters) = measured(setup).await;
    let mut connection = Http2::connect(server.address()).await;
    let mut client = HubClient::connect_http2(&mut connection).await;

    // A request, and then half a HEADERS frame, behind which no answer to a ping can come.
    let mut silent = Wire::connect(server.address()).await;
    silent.write(&[PREFACE, GET, &GET[..12]].concat()).await;
    silent.until_end().await;

    eventually(|| meters.read("hubcast_timed_out_sockets_total ping") == 1.0).await;
    assert_eq!(client.invoke("Add", json!([1, 2])).await, Ok(json!(3)));
}

#[tokio::test]
async fn a_connection_without_streams_is_told_to_go_away_and_one_with_a_stream_stays() {
    let server = with(|server| server.idle_timeout(SHORT)).await;
    let mut busy = Http2::connect(server.address()).await;
    let mut client = HubClient::connect_http2(&mut busy).await;
    let mut idle = Http2::connect(server.address()).await;
    assert_eq!(idle.ask("POST", "/hub/negotiate").await.status, 200);
    idle.ended().await.unwrap();
    assert_eq!(client.invoke("Add", json!([1, 2])).await, Ok(json!(3)));
}

#[tokio::test]
async fn a_connection_that_is_told_to_go_away_and_does_not_is_dropped() {
    let server = with(|server| {
        server.idle_timeout(SHORT).http2_keep_alive_interval(SHORT).http2_keep_alive_timeout(SHORT)
    })
    .await;
    let mut silent = Wire::connect(server.address()).await;
    silent.write(&[PREFACE, GET].concat()).await;
    silent.until_end().await;
}

/// Closes a WebSocket, whose stream the client leaves open.
async fn close(mut socket: WebSocket) -> WebSocket {
    socket.send_close(1000).await;
    assert_eq!(socket.next().await, "close 1000");
    assert_eq!(socket.next().await, "end");
    socket
}

async fn with(change: impl FnOnce(Server) -> Server) -> Fixture {
    Setup::new().server(change).start().await
}

/// HEADERS of stream 1: GET, http, /, and the authority `a`, with END_STREAM and END_HEADERS.
const GET: &[u8] = &[0, 0, 6, 1, 5, 0, 0, 0, 1, 0x82, 0x86, 0x84, 0x41, 1, b'a'];

/// Calls of a method that nobody has, which want no answer: at least `size` bytes of them.
fn calls(size: usize) -> String {
    let one = "{\"type\":1,\"target\":\"x\",\"arguments\":[]}\u{1e}";
    one.repeat(size.div_ceil(one.len()))
}

/// Exactly `size` bytes of them; blanks are no part of what JSON says.
fn calls_of(size: usize) -> Vec<u8> {
    let calls = calls(size - 1000);
    let blanks = " ".repeat(size - calls.len());
    (blanks + &calls).into_bytes()
}
