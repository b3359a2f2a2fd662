//! Floods over HTTP/2: each ends its connection or costs others nothing, and the server serves as before.
//!
//! The bounds are stated in bytes and frames that an attacker gets through, not in time. What well-behaved clients may
//! cost is in `http2_limits.rs`.

use std::time::Duration;

use hubcast_websocket::{Opcode, write_frame};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::support::frames::{
    CALM, CONTINUATION, DATA, END_HEADERS, END_STREAM, GOAWAY, HEADERS, PING, PREFACE, PRIORITY,
    PROTOCOL_ERROR, REFUSED_STREAM, RST_STREAM, SETTINGS, WINDOW_UPDATE, field, frame, goaway, head, next_of,
};
use crate::support::{Fixture, Setup, Witness, call, connect, json_handshake, measured, soon};

const SHORT: Duration = Duration::from_millis(200);

#[tokio::test]
async fn a_rapid_reset_ends_its_connection_after_20_streams_that_nobody_took_up() {
    let server = Fixture::start().await;
    let mut witness = Witness::of(&server).await;
    let streams = (0..1000).map(|number| 2 * number + 1);
    let attack = streams.flat_map(|stream| [get(stream), reset(stream)].concat());
    assert_eq!(answer(&server, attack.collect()).await, Some(CALM));
    witness.finds_all_as_before(&server).await;
}

/// A frame for the stream of this number.
type FrameOfStream = dyn Fn(u32) -> Vec<u8>;

#[tokio::test]
async fn resets_that_a_client_has_the_server_make_end_its_connection() {
    let overflow = |stream| frame(WINDOW_UPDATE, 0, stream, &[0x7f, 0xff, 0xff, 0xff]);
    let itself = |stream: u32| frame(PRIORITY, 0, stream, &[&stream.to_be_bytes()[..], &[16]].concat());
    let no_increment = |stream| frame(WINDOW_UPDATE, 0, stream, &[0; 4]);
    let behind_the_end = |stream| frame(DATA, 0, stream, b"x");
    let errors: [(&str, &FrameOfStream, u32); 4] = [
        // After 1,024 of them.
        ("a window that overflows", &overflow, CALM),
        ("a stream that depends on itself", &itself, CALM),
        // With the first one.
        ("a window that grows by nothing", &no_increment, PROTOCOL_ERROR),
        ("data behind the end", &behind_the_end, PROTOCOL_ERROR),
    ];
    let server = Fixture::start().await;
    let mut witness = Witness::of(&server).await;
    for (what, error, code) in errors {
        let streams = (0..2000).map(|number| 2 * number + 1);
        let attack = streams.flat_map(|stream| [get(stream), error(stream)].concat());
        assert_eq!(answer(&server, attack.collect()).await, Some(code), "{what}");
        witness.finds_all_as_before(&server).await;
    }
}

/// h2 refuses each stream beyond the limit, and counts that as an error of the client.
#[tokio::test]
async fn streams_beyond_the_limit_are_refused_and_too_many_of_them_end_their_connection() {
    const OPEN: u32 = 2;
    const REFUSED: u32 = 5;
    let (server, meters) =
        measured(Setup::new().server(|server| {
            server.maximum_http2_streams(OPEN).maximum_http2_error_resets(REFUSED as usize)
        }))
        .await;
    let mut witness = Witness::of(&server).await;
    let mut client = connect(server.address()).await;
    let number_of = |nth: u32| 2 * nth + 1;
    client.write_all(PREFACE).await.unwrap();
    for nth in 0..OPEN {
        client.write_all(&websocket(number_of(nth))).await.unwrap();
    }
    for nth in OPEN..OPEN + REFUSED {
        client.write_all(&websocket(number_of(nth))).await.unwrap();
        let reset = next_of(&mut client, &[RST_STREAM, GOAWAY]).await;
        assert_eq!((reset.kind, reset.stream), (RST_STREAM, number_of(nth)));
        assert_eq!(reset.payload, REFUSED_STREAM.to_be_bytes());
    }
    // Those that were there before are served, on the same connection too.
    let mut messages = Vec::new();
    let call = call("1", "Add", &json!([1, 2]));
    write_frame(&mut messages, true, Opcode::Text, json_handshake().as_bytes(), Some([0; 4]));
    write_frame(&mut messages, true, Opcode::Text, call.as_bytes(), Some([0; 4]));
    client.write_all(&frame(DATA, 0, 1, &messages)).await.unwrap();
    let mut answers = Vec::new();
    while !answers.ends_with(b"\"result\":3}\x1e") {
        let data = next_of(&mut client, &[DATA, RST_STREAM, GOAWAY]).await;
        assert_eq!((data.kind, data.stream), (DATA, 1));
        answers.extend(data.payload);
    }
    assert_eq!(meters.read("hubcast_http2_floods_total"), 0.0);

    client.write_all(&websocket(number_of(OPEN + REFUSED))).await.unwrap();
    let goaway = next_of(&mut client, &[RST_STREAM, GOAWAY]).await;
    assert_eq!(goaway.kind, GOAWAY);
    assert_eq!(goaway.payload[4..8], CALM.to_be_bytes());
    server.has_open(1).await;
    assert_eq!(meters.read("hubcast_http2_floods_total"), 1.0);
    witness.finds_all_as_before(&server).await;
}

#[tokio::test]
async fn headers_without_an_end_end_their_connection() {
    let server = Fixture::start().await;
    let mut witness = Witness::of(&server).await;
    let block = head("GET", "/");
    for part in [Vec::new(), b"\0\x01a\x01b".to_vec()] {
        let start = frame(HEADERS, END_STREAM, 1, &block);
        let more = frame(CONTINUATION, 0, 1, &part).repeat(10_000);
        assert_eq!(
            answer(&server, [start, more].concat()).await,
            Some(CALM),
            "parts of {} bytes",
            part.len()
        );
    }
    witness.finds_all_as_before(&server).await;
}

#[tokio::test]
async fn a_header_that_is_repeated_by_its_index_ends_its_connection() {
    let server = Fixture::start().await;
    let mut witness = Witness::of(&server).await;
    // 120 bytes under an index, and 1,000 times the index: 120 kB of headers in one kB.
    let mut block = head("GET", "/");
    block.extend([0x40, 1, b'a', 120]);
    block.extend([b'x'; 120]);
    block.extend([0xbe; 1000]);
    let attack = frame(HEADERS, END_HEADERS | END_STREAM, 1, &block);
    assert_eq!(answer(&server, attack).await, Some(CALM));
    witness.finds_all_as_before(&server).await;
}

#[tokio::test]
async fn a_flood_that_is_answered_delays_no_other() {
    let ping = frame(PING, 0, 0, b"12345678");
    let settings = frame(SETTINGS, 0, 0, &[]);
    let priority = frame(PRIORITY, 0, 1, &[0, 0, 0, 3, 16]);
    let window = frame(WINDOW_UPDATE, 0, 0, &[0, 0, 0, 1]);
    let unknown = frame(0x7f, 0, 0, b"x");
    for flood in [ping, settings, priority, window, unknown] {
        let server = Fixture::start().await;
        let mut witness = Witness::of(&server).await;
        let (mut reader, mut writer) = connect(server.address()).await.into_split();
        let flooding = tokio::spawn(async move {
            let _ = writer.write_all(&[PREFACE, &get(1)].concat()).await;
            let many = flood.repeat(1000);
            while writer.write_all(&many).await.is_ok() {}
        });
        let draining =
            tokio::spawn(async move { tokio::io::copy(&mut reader, &mut tokio::io::sink()).await });
        witness.finds_all_as_before(&server).await;
        flooding.abort();
        draining.abort();
    }
}

#[tokio::test]
async fn a_flood_whose_answers_are_not_read_is_not_read_either_and_ends() {
    for flood in [frame(PING, 0, 0, b"12345678"), frame(SETTINGS, 0, 0, &[])] {
        let server = Setup::new()
            .server(|server| server.http2_keep_alive_interval(SHORT).http2_keep_alive_timeout(SHORT))
            .start()
            .await;
        let mut witness = Witness::of(&server).await;
        let mut socket = connect(server.address()).await;
        socket.write_all(&[PREFACE, &get(1)].concat()).await.unwrap();
        let many = flood.repeat(1000);
        let mut sent = 0;
        soon(async {
            while socket.write_all(&many).await.is_ok() {
                sent += many.len()
            }
        })
        .await;
        // What operating systems hold for both ends of a socket.
        assert!(sent <= 16 << 20, "{sent} bytes were taken from a client that reads nothing");
        witness.finds_all_as_before(&server).await;
    }
}

#[tokio::test]
async fn empty_data_frames_end_their_connection() {
    let server = Fixture::start().await;
    let mut witness = Witness::of(&server).await;
    let post = frame(HEADERS, END_HEADERS, 1, &head("POST", "/hub?id=x"));
    for stream in [post, websocket(1)] {
        let attack = [stream, frame(DATA, 0, 1, &[]).repeat(200_000)].concat();
        assert_eq!(answer(&server, attack).await, Some(CALM));
    }
    witness.finds_all_as_before(&server).await;
}

/// What the server says when it ends the connection of a client that sends `attack`.
async fn answer(server: &Fixture, attack: Vec<u8>) -> Option<u32> {
    let (mut reader, mut writer) = connect(server.address()).await.into_split();
    let writing = tokio::spawn(async move {
        // The server ends it before all of it is sent.
        let _ = writer.write_all(&[PREFACE, &attack].concat()).await;
        writer
    });
    let mut read = Vec::new();
    // With a reset, if bytes were left that nobody will read.
    let _ = soon(reader.read_to_end(&mut read)).await;
    writing.abort();
    goaway(&read)
}

/// The request for a WebSocket of the hub.
fn websocket(stream: u32) -> Vec<u8> {
    let mut head = head("CONNECT", "/hub");
    field(&mut head, ":protocol", "websocket");
    field(&mut head, "sec-websocket-version", "13");
    frame(HEADERS, END_HEADERS, stream, &head)
}

fn get(stream: u32) -> Vec<u8> {
    frame(HEADERS, END_HEADERS | END_STREAM, stream, &head("GET", "/"))
}

fn reset(stream: u32) -> Vec<u8> {
    frame(RST_STREAM, 0, stream, &[0, 0, 0, 8])
}
