//! What a compressed message that stands for 16 MiB costs the server: alone in its program, whose allocator counts.
//!
//! All that was asked of the allocator counts, also what was given back at once, so that the bound holds for whatever is
//! held at any moment. The client writes bytes that were made before.

use std::alloc::System;
use std::net::SocketAddr;
use std::time::Duration;

use hubcast::websocket::{Compression, WebSocketError, WebSocketOptions};
use hubcast::{HubCompression, HubOptions, HubService, Server};
use hubcast_websocket::{Decoder, Deflater, Event, FrameHeader, Opcode, Role, write_frame};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const BOMB: usize = 16 << 20;
/// Both servers take messages of 32 KiB.
const LIMIT: usize = 32 * 1024;
/// Bytes: the window of the decompressor, what was read, and what was made of it until the limit.
const BOUND: usize = 512 * 1024;
const SOON: Duration = Duration::from_secs(20);

#[hubcast::hub]
trait Quiet {
    async fn echo(&self, text: String) -> String;
}

struct Hub;

impl Quiet for Hub {
    async fn echo(&self, text: String) -> String {
        text
    }
}

#[tokio::test]
async fn a_bomb_is_refused_when_it_has_grown_to_the_limit_and_others_are_served() {
    let address = server().await;
    let bomb = bomb();
    assert!(bomb.len() < 32 * 1024, "{} bytes on the wire", bomb.len());
    for (path, close) in [("/hub", None), ("/raw", Some(1009))] {
        let mut client = open(address, path).await;
        if path == "/hub" {
            shake_hands(&mut client).await;
        }
        let region = Region::new(ALLOCATOR);
        // The server ends before it has read it all.
        let _cut = client.write_all(&bomb).await;
        let code = close_code(&mut client).await;
        let asked = region.change().bytes_allocated;
        assert!((LIMIT..BOUND).contains(&asked), "{path}: {asked} bytes");
        if close.is_some() {
            assert_eq!(code, close, "{path}");
        }
        open(address, path).await;
    }
}

async fn server() -> SocketAddr {
    let options = HubOptions::new().maximum_receive_message_size(LIMIT).compression(HubCompression::new());
    let raw = WebSocketOptions::new().maximum_message_size(LIMIT as u64).compression(Compression::new());
    let running = Server::new()
        .listen(([127, 0, 0, 1], 0))
        .hub("/hub", HubService::with_options(Hub.into_hub(), options))
        .websocket("/raw", raw, async |mut socket| {
            while socket.receive().await?.is_some() {}
            Ok::<_, WebSocketError>(())
        })
        .start()
        .await
        .expect("a port is free");
    running.addresses()[0].socket
}

/// One compressed message, masked with zeros.
fn bomb() -> Vec<u8> {
    let mut payload = Vec::new();
    Deflater::new(15, false, 9).deflate(&vec![b' '; BOMB], true, &mut payload);
    let payload_length = payload.len() as u64;
    let header =
        FrameHeader { fin: true, rsv1: true, opcode: Opcode::Text, payload_length, mask: Some([0; 4]) };
    [&*header.encode(), &payload].concat()
}

async fn open(address: SocketAddr, path: &str) -> TcpStream {
    let mut client = TcpStream::connect(address).await.expect("it listens");
    let request = format!(
        "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\
         Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n"
    );
    client.write_all(request.as_bytes()).await.expect("it is open");
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(timeout(SOON, client.read_u8()).await.expect("it answers").expect("it is open"));
    }
    let head = String::from_utf8(head).expect("a head is text");
    assert!(head.starts_with("HTTP/1.1 101") && head.contains("permessage-deflate"), "{head}");
    client
}

/// The hub handshake, and the frame that answers it.
async fn shake_hands(client: &mut TcpStream) {
    let mut handshake = Vec::new();
    write_frame(
        &mut handshake,
        true,
        Opcode::Text,
        b"{\"protocol\":\"json\",\"version\":1}\x1e",
        Some([0; 4]),
    );
    client.write_all(&handshake).await.expect("it is open");
    let mut answer = [0; 5];
    timeout(SOON, client.read_exact(&mut answer)).await.expect("it answers").expect("it is open");
    assert_eq!(&answer, b"\x81\x03{}\x1e");
}

/// The code that the server closed with; none if it cut the connection first, as the rest of the bomb was unread.
async fn close_code(client: &mut TcpStream) -> Option<u16> {
    let mut buffer = [0; 4096];
    let mut decoder = Decoder::new(Role::Client);
    let mut code = None;
    loop {
        let read = timeout(SOON, client.read(&mut buffer)).await.expect("it ends");
        let Ok(length @ 1..) = read else { return code };
        let mut bytes = &mut buffer[..length];
        while let Some(event) = decoder.decode(&mut bytes).expect("the server keeps to RFC 6455") {
            if let Event::Close(Some(frame)) = event {
                code = Some(frame.code.into());
            }
        }
    }
}
