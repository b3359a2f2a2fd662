//! A server with a small hub, and clients that allocate nothing once they are open.

use std::net::SocketAddr;
use std::time::Duration;

use hubcast::{HubOptions, HubService, RunningServer, Server};
use hubcast_websocket::{Decoder, Event, Opcode, Role, write_frame};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};

use super::bound::soon;

/// What a message may have, framing included.
pub(crate) const LIMIT: usize = 32 * 1024;

/// Longer than a test may take.
const NEVER: Duration = Duration::from_secs(3600);

#[hubcast::hub]
trait Quiet {
    async fn echo(&self, text: String) -> String;
    async fn count(&self, numbers: Vec<u64>) -> usize;
    async fn depth(&self, value: serde_json::Value) -> usize;
}

struct Hub;

impl Quiet for Hub {
    async fn echo(&self, text: String) -> String {
        text
    }

    async fn count(&self, numbers: Vec<u64>) -> usize {
        numbers.len()
    }

    async fn depth(&self, value: serde_json::Value) -> usize {
        let (mut value, mut depth) = (&value, 0);
        while let Some(inner) = value.get(0) {
            (value, depth) = (inner, depth + 1);
        }
        depth
    }
}

/// A running server, and a client that was there before all others.
pub(crate) struct Site {
    pub(crate) address: SocketAddr,
    witness: Client,
    _running: RunningServer,
}

impl Site {
    /// Starts `server` with the hub at `/hub`.
    pub(crate) async fn start(server: Server, options: HubOptions) -> Self {
        // A ping would come between a call and its answer.
        let options = options.maximum_receive_message_size(LIMIT).keep_alive_interval(NEVER);
        let running = server
            .listen(([127, 0, 0, 1], 0))
            .hub("/hub", HubService::with_options(Hub.into_hub(), options))
            .start()
            .await
            .expect("a port is free");
        let address = running.addresses()[0].socket;
        let witness = Client::in_hub(address, "json").await;
        Self { address, witness, _running: running }
    }

    /// The calls of a client that was there before are answered, and those of one that comes now.
    pub(crate) async fn serves_as_before(&mut self) {
        self.answers().await;
        Client::in_hub(self.address, "json").await.is_answered().await;
    }

    /// The calls of the client that was there before are answered.
    pub(crate) async fn answers(&mut self) {
        self.witness.is_answered().await;
    }
}

/// One socket of a client.
pub(crate) struct Client {
    pub(crate) socket: TcpStream,
    decoder: Decoder,
    buffer: Box<[u8]>,
    /// Whether the server agreed to compress.
    pub(crate) compresses: bool,
}

impl Client {
    /// Connects.
    pub(crate) async fn connect(address: SocketAddr) -> Self {
        Self::on(TcpStream::connect(address).await.expect("it listens"))
    }

    /// Connects from another address than all others.
    pub(crate) async fn connect_from_elsewhere(address: SocketAddr) -> Self {
        let socket = TcpSocket::new_v4().expect("there are descriptors");
        socket.bind(([127, 0, 0, 2], 0).into()).expect("it is an address of this machine");
        Self::on(socket.connect(address).await.expect("it listens"))
    }

    fn on(socket: TcpStream) -> Self {
        socket.set_nodelay(true).expect("it is TCP");
        let buffer = vec![0; 16 * 1024].into();
        Self { socket, decoder: Decoder::new(Role::Client), buffer, compresses: false }
    }

    /// Connects and opens a WebSocket that may be compressed.
    pub(crate) async fn open(address: SocketAddr, path: &str) -> Self {
        let mut client = Self::connect(address).await;
        let status = client.upgrade(path).await;
        assert_eq!(status, Some(101), "{path}");
        client
    }

    /// Asks for a WebSocket that may be compressed: the status of the answer, if one comes.
    pub(crate) async fn upgrade(&mut self, path: &str) -> Option<u16> {
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\
             Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n"
        );
        self.write(request.as_bytes()).await;
        let head = self.until(b"\r\n\r\n").await?;
        self.compresses = head.contains("permessage-deflate");
        Some(status_of(&head))
    }

    /// Negotiates: the status of the answer.
    pub(crate) async fn negotiate(&mut self) -> u16 {
        self.negotiation().await.0
    }

    /// Negotiates: the token of the connection.
    pub(crate) async fn token(&mut self) -> String {
        let (_, answer) = self.negotiation().await;
        let answer = serde_json::from_str::<serde_json::Value>(&answer).expect("an answer in JSON");
        answer["connectionToken"].as_str().expect("a token").to_owned()
    }

    async fn negotiation(&mut self) -> (u16, String) {
        let request =
            "POST /hub/negotiate?negotiateVersion=1 HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n";
        self.write(request.as_bytes()).await;
        let head = self.until(b"\r\n\r\n").await.expect("it answers").to_ascii_lowercase();
        let length = head.split("content-length: ").nth(1).and_then(|rest| rest.lines().next());
        let mut body =
            vec![0; length.and_then(|length| length.parse().ok()).expect("the answer has a length")];
        soon(self.socket.read_exact(&mut body)).await.expect("it is whole");
        (status_of(&head), String::from_utf8(body).expect("it is text"))
    }

    /// Receives up to and with `end`; nothing if the connection ends before.
    async fn until(&mut self, end: &[u8]) -> Option<String> {
        let mut read = Vec::new();
        while !read.ends_with(end) {
            read.push(soon(self.socket.read_u8()).await.ok()?);
        }
        Some(String::from_utf8(read).expect("a head is text"))
    }

    /// Connects to the hub.
    pub(crate) async fn in_hub(address: SocketAddr, protocol: &str) -> Self {
        let mut client = Self::open(address, "/hub").await;
        client.shake_hands(protocol).await;
        client
    }

    /// The hub handshake.
    pub(crate) async fn shake_hands(&mut self, protocol: &str) {
        let handshake = format!("{{\"protocol\":\"{protocol}\",\"version\":1}}\x1e");
        self.write(&frame(Opcode::Text, handshake.as_bytes())).await;
        assert_eq!(self.message().await.as_deref(), Some(&b"{}\x1e"[..]));
    }

    /// Calls, in JSON.
    pub(crate) async fn is_answered(&mut self) {
        let call = b"{\"type\":1,\"invocationId\":\"1\",\"target\":\"Echo\",\"arguments\":[\"x\"]}\x1e";
        self.write(&frame(Opcode::Text, call)).await;
        let answer = b"{\"type\":3,\"invocationId\":\"1\",\"result\":\"x\"}\x1e";
        assert_eq!(self.message().await.as_deref(), Some(&answer[..]));
    }

    /// Sends bytes. A server that has ended is no failure: what it said before is what a test looks at.
    pub(crate) async fn write(&mut self, bytes: &[u8]) {
        let _cut = soon(self.socket.write_all(bytes)).await;
    }

    /// Receives all that comes until the end, into the room that there is.
    pub(crate) async fn read_to_end(&mut self, into: &mut Vec<u8>) {
        while let Ok(length @ 1..) = soon(self.socket.read(&mut self.buffer)).await {
            assert!(into.len() + length <= into.capacity(), "the server says too much");
            into.extend_from_slice(&self.buffer[..length]);
        }
    }

    /// The next message; none behind a close.
    pub(crate) async fn message(&mut self) -> Option<Vec<u8>> {
        let mut message = Vec::new();
        loop {
            let length = soon(self.socket.read(&mut self.buffer)).await.ok().filter(|length| *length > 0)?;
            let mut bytes = &mut self.buffer[..length];
            while let Some(event) = self.decoder.decode(&mut bytes).expect("the server keeps to RFC 6455") {
                let Event::Data { payload, end_of_message, .. } = event else { return None };
                message.extend_from_slice(payload);
                if end_of_message {
                    return Some(message);
                }
            }
        }
    }

    /// The code that the server closed with; none if it cut the connection first, as the rest of the bomb was unread.
    pub(crate) async fn close_code(&mut self) -> Option<u16> {
        let mut code = None;
        loop {
            let read = soon(self.socket.read(&mut self.buffer)).await;
            let Ok(length @ 1..) = read else { return code };
            let mut bytes = &mut self.buffer[..length];
            while let Some(event) = self.decoder.decode(&mut bytes).expect("the server keeps to RFC 6455") {
                if let Event::Close(Some(frame)) = event {
                    code = Some(frame.code.into());
                }
            }
        }
    }
}

fn status_of(head: &str) -> u16 {
    head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a head has a status")
}

/// One frame of a client, masked with zeros.
pub(crate) fn frame(opcode: Opcode, payload: &[u8]) -> Vec<u8> {
    let mut frame = Vec::new();
    write_frame(&mut frame, true, opcode, payload, Some([0; 4]));
    frame
}
