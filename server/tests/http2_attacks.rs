//! Floods over HTTP/2: each ends its connection or costs others nothing, and the server serves as before.
//!
//! The bounds are stated in bytes and frames that an attacker gets through, not in time. What well-behaved clients may
//! cost is in `http2_limits.rs`.

use std::time::Duration;

use serde_json::json;
use tokio::io::AsyncWriteExt as _;

use crate::support::frames::{
    CALM, CONTINUATION, DATA, END_HEADERS, END_STREAM, HEADERS, PING, PREFACE, PRIORITY, RST_STREAM,
    SETTINGS, WINDOW_UPDATE, field, frame, frames, goaway, head,
};
use crate::support::{Fixture, HubClient, Setup, Wire, connect, soon};

const SHORT: Duration = Duration::from_millis(200);

#[tokio::test]
async fn a_rapid_reset_ends_its_connection_after_20_streams_that_nobody_took_up() {
    let server = Fixture::start().await;
    let streams = (0..1000).map(|number| 2 * number + 1);
    let attack = streams.flat_map(|stream| [get(stream), reset(stream)].concat());
    assert_eq!(answer(&server, attack.collect()).await, Some(CALM));
    serves_as_before(&server).await;
}

#[tokio::test]
async fn resets_that_a_client_has_the_server_make_end_its_connection_after_1024() {
    let no_increment = [0; 4];
    let overflow = [0x7f, 0xff, 0xff, 0xff];
    for (what, errors) in [
        ("no increment", vec![(WINDOW_UPDATE, no_increment.to_vec())]),
        ("overflow", vec![(WINDOW_UPDATE, overflow.to_vec())]),
        ("itself", vec![(PRIORITY, Vec::new())]),
        ("data after the end", vec![(DATA, b"x".to_vec())]),
    ] {
        let server = Fixture::start().await;
        let attack = (0..2000_u32).map(|number| 2 * number + 1).flat_map(|stream| {
            let errors = errors.iter().map(|(kind, payload)| match *kind {
                PRIORITY => frame(PRIORITY, 0, stream, &[&stream.to_be_bytes()[..], &[16]].concat()),
                kind => frame(kind, 0, stream, payload),
            });
            [&get(stream)[..], &errors.flatten().collect::<Vec<_>>()].concat()
        });
        assert_eq!(answer(&server, attack.collect()).await, Some(CALM), "{what}");
        serves_as_before(&server).await;
    }
}

#[tokio::test]
async fn headers_without_an_end_end_their_connection() {
    let server = Fixture::start().await;
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
    serves_as_before(&server).await;
}

#[tokio::test]
async fn a_header_that_is_repeated_by_its_index_is_refused_and_not_unfolded() {
    let server = Fixture::start().await;
    let mut attacker = Wire::connect(server.address()).await;
    attacker.write(PREFACE).await;
    // 120 bytes under an index, and 1,000 times the index: 120 kB of headers in one kB.
    let mut block = head("GET", "/");
    field(&mut block, "a", &"x".repeat(120));
    let at = block.len() - 124;
    block[at] = 0x40;
    block.extend([0xbe; 1000]);
    attacker.write(&frame(HEADERS, END_HEADERS | END_STREAM, 1, &block)).await;
    let mut read = Vec::new();
    let answered =
        |read: &[u8]| frames(read).into_iter().any(|(kind, stream, _)| (kind, stream) == (HEADERS, 1));
    while !answered(&read) {
        let bytes = attacker.read().await.unwrap();
        assert!(!bytes.is_empty(), "the connection ended");
        read.extend(bytes);
    }
    let (_, _, block) = frames(&read).into_iter().find(|(kind, _, _)| *kind == HEADERS).unwrap();
    assert!(is_431(block), "{block:x?}");
    serves_as_before(&server).await;
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
        let (mut reader, mut writer) = connect(server.address()).await.into_split();
        let flooding = tokio::spawn(async move {
            writer.write_all(PREFACE).await?;
            writer.write_all(&get(1)).await?;
            let many = flood.repeat(1000);
            loop {
                writer.write_all(&many).await?;
            }
            #[expect(unreachable_code, reason = "the type of what ends the loop")]
            std::io::Result::Ok(())
        });
        let draining =
            tokio::spawn(async move { tokio::io::copy(&mut reader, &mut tokio::io::sink()).await });
        serves_as_before(&server).await;
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
        serves_as_before(&server).await;
    }
}

#[tokio::test]
async fn empty_data_frames_end_their_connection() {
    let server = Fixture::start().await;
    let post = frame(HEADERS, END_HEADERS, 1, &head("POST", "/hub?id=x"));
    let mut connect_head = head("CONNECT", "/hub");
    field(&mut connect_head, ":protocol", "websocket");
    field(&mut connect_head, "sec-websocket-version", "13");
    let websocket = frame(HEADERS, END_HEADERS, 1, &connect_head);
    for stream in [post, websocket] {
        let attack = [stream, frame(DATA, 0, 1, &[]).repeat(200_000)].concat();
        assert_eq!(answer(&server, attack).await, Some(CALM));
    }
    serves_as_before(&server).await;
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
    let _ = soon(tokio::io::AsyncReadExt::read_to_end(&mut reader, &mut read)).await;
    writing.abort();
    goaway(&read)
}

/// Another client has its calls answered.
async fn serves_as_before(server: &Fixture) {
    let mut client = HubClient::connect(server).await;
    for number in 0..20 {
        assert_eq!(client.invoke("Add", json!([number, 1])).await, Ok(json!(number + 1)));
    }
}

fn get(stream: u32) -> Vec<u8> {
    frame(HEADERS, END_HEADERS | END_STREAM, stream, &head("GET", "/"))
}

fn reset(stream: u32) -> Vec<u8> {
    frame(RST_STREAM, 0, stream, &[0, 0, 0, 8])
}

/// Whether a header block begins with `:status: 431`, which is no entry of HPACK's static table.
fn is_431(block: &[u8]) -> bool {
    block.windows(3).any(|window| window == b"431" || window == [0x69, 0x90, 0xff])
}
