//! How often the server asks the allocator for memory, a call: alone in its program, whose allocator counts.
//!
//! `cargo test -p hubcast --test allocations -- --nocapture` prints the table. The client sends bytes that were written
//! before and reads into one buffer, so that what is counted is the server's. Bounds are a little above whole numbers,
//! as timers, growing queues and the test's own harness ask too, but not for each call.

use std::alloc::System;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use futures_util::stream;
use hubcast::{Context, HubError, HubOptions, HubProtocol, HubService, SendError, Server, Stream, Upload};
use hubcast_protocol::InvocationHead;
use hubcast_websocket::{Decoder, Event, Opcode, Role, write_frame};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const ROUNDS: usize = 300;
const RECEIVERS: usize = 50;
const ITEMS: usize = 5_000;

#[hubcast::client]
trait Listener {
    async fn receive(&self, text: String);
}

#[hubcast::hub(client = Listener)]
trait Calls {
    async fn echo(&self, text: String) -> String;
    async fn note(&self, text: String);
    async fn say(&self, cx: &Context<dyn Listener>, text: String) -> Result<(), SendError>;
    fn repeat(&self, count: usize) -> impl Stream<Item = u32>;
    async fn sum(&self, numbers: Upload<u32>) -> Result<u32, HubError>;
}

struct Hub;

impl Calls for Hub {
    async fn echo(&self, text: String) -> String {
        text
    }

    async fn note(&self, _text: String) {}

    async fn say(&self, cx: &Context<dyn Listener>, text: String) -> Result<(), SendError> {
        cx.clients().all().receive(text).await
    }

    fn repeat(&self, count: usize) -> impl Stream<Item = u32> {
        stream::iter(std::iter::repeat_n(7, count))
    }

    async fn sum(&self, mut numbers: Upload<u32>) -> Result<u32, HubError> {
        let mut sum = 0;
        while let Some(number) = numbers.next().await {
            sum += number?;
        }
        Ok(sum)
    }
}

#[test]
fn a_call_allocates_nothing_but_its_arguments() {
    let server = RunningServer::start();
    let mut table = Table::default();
    let text = "a".repeat(100);
    for protocol in [HubProtocol::Json, HubProtocol::MessagePack] {
        let mut client = Client::connect(server.address, protocol);
        let answer = answer_of(protocol, &text);
        for depth in [1, 32] {
            let calls = call(protocol, Some("1"), "Echo", &text).repeat(depth);
            let asked = table.measure(ROUNDS * depth, ROUNDS, || client.exchange(&calls, answer * depth));
            table.row(&format!("echo, {protocol:?}, {depth} at once"), asked, 1.05);
        }
        let mut calls = call(protocol, None, "Note", &text).repeat(31);
        calls.extend(call(protocol, Some("1"), "Echo", &text));
        let asked = table.measure(ROUNDS * 32, ROUNDS, || client.exchange(&calls, answer));
        table.row(&format!("a call without an answer, {protocol:?}"), asked, 1.05);
    }

    let protocol = HubProtocol::Json;
    let mut receivers = (0..RECEIVERS).map(|_| Client::connect(server.address, protocol)).collect::<Vec<_>>();
    let say = call(protocol, None, "Say", &text);
    let received = invocation(protocol, &InvocationHead::to("receive"), &(&text,)).len();
    let asked = table.measure(ROUNDS * RECEIVERS, ROUNDS, || {
        receivers[0].send(&say);
        receivers.iter_mut().for_each(|receiver| receiver.receive(received));
    });
    table.row("a delivery of a broadcast", asked, 0.5);
    drop(receivers);

    let mut client = Client::connect(server.address, protocol);
    let mut message = Vec::new();
    let head = InvocationHead { invocation_id: Some("1"), ..InvocationHead::to("Repeat") };
    protocol.write_stream_invocation(&mut message, &head, &(ITEMS,)).expect("a number");
    let repeat = framed(protocol, &message);
    message.clear();
    protocol.write_stream_item(&mut message, "1", &7).expect("a number");
    let item = message.len();
    message.clear();
    protocol.write_void(&mut message, "1");
    let items = item * ITEMS + message.len();
    let asked = table.measure(20 * ITEMS, 20, || client.exchange(&repeat, items));
    table.row("an item of a stream", asked, 0.05);

    let head = InvocationHead { invocation_id: Some("1"), stream_ids: &["u"], ..InvocationHead::to("Sum") };
    let mut upload = framed(protocol, &invocation(protocol, &head, &[(); 0]));
    message.clear();
    protocol.write_stream_item(&mut message, "u", &7).expect("a number");
    upload.extend(framed(protocol, &message).repeat(ITEMS));
    message.clear();
    protocol.write_void(&mut message, "u");
    upload.extend(framed(protocol, &message));
    message.clear();
    protocol.write_result(&mut message, "1", &(7 * ITEMS)).expect("a number");
    let asked = table.measure(20 * ITEMS, 20, || client.exchange(&upload, message.len()));
    table.row("an item of an upload", asked, 0.05);

    drop(client);
    server.stop();
    table.judge();
}

/// What was measured, and what may be.
#[derive(Default)]
struct Table {
    too_many: Vec<String>,
}

impl Table {
    /// Allocations for each of `units` that so many rounds make, after as many that warm up.
    fn measure(&self, units: usize, rounds: usize, mut round: impl FnMut()) -> f64 {
        (0..rounds).for_each(|_| round());
        let region = Region::new(ALLOCATOR);
        (0..rounds).for_each(|_| round());
        let change = region.change();
        (change.allocations + change.reallocations) as f64 / units as f64
    }

    fn row(&mut self, what: &str, asked: f64, bound: f64) {
        #[expect(clippy::print_stdout, reason = "the table is its result")]
        {
            println!("{asked:>8.3} allocations, at most {bound:>4}: {what}");
        }
        if asked > bound {
            self.too_many.push(format!("{what}: {asked:.3} allocations, at most {bound}"));
        }
    }

    fn judge(&self) {
        assert!(self.too_many.is_empty(), "{:#?}", self.too_many);
    }
}

/// A server in a thread of its own.
struct RunningServer {
    address: SocketAddr,
    stop: tokio::sync::oneshot::Sender<()>,
    thread: thread::JoinHandle<()>,
}

impl RunningServer {
    fn start() -> Self {
        let (started, address) = mpsc::channel();
        let (stop, stopping) = tokio::sync::oneshot::channel();
        let thread = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.expect("a runtime").block_on(async {
                // A ping would be counted as part of an answer.
                let options = HubOptions::new().keep_alive_interval(Duration::from_secs(3600));
                let hub = HubService::with_options(Hub.into_hub(), options);
                let server = Server::new().hub("/hub", hub).listen((Ipv4Addr::LOCALHOST, 0));
                let running = server.start().await.expect("it starts");
                started.send(running.addresses()[0].socket).expect("the test waits");
                stopping.await.expect("the test says so");
                running.stop().await;
            });
        });
        Self { address: address.recv().expect("it has started"), stop, thread }
    }

    fn stop(self) {
        self.stop.send(()).expect("it waits");
        self.thread.join().expect("it has stopped");
    }
}

/// A client that allocates nothing once it is connected.
struct Client {
    socket: TcpStream,
    decoder: Decoder,
    buffer: Box<[u8]>,
}

impl Client {
    fn connect(server: SocketAddr, protocol: HubProtocol) -> Self {
        let socket = TcpStream::connect(server).expect("it listens");
        socket.set_nodelay(true).expect("TCP");
        let decoder = Decoder::new(Role::Client);
        let mut client = Self { socket, decoder, buffer: vec![0; 64 * 1024].into() };
        client.send(UPGRADE);
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            client.socket.read_exact(&mut byte).expect("an answer");
            head.extend(byte);
        }
        assert!(head.starts_with(b"HTTP/1.1 101 "), "{}", head.escape_ascii());
        let name = match protocol {
            HubProtocol::Json => "json",
            HubProtocol::MessagePack => "messagepack",
        };
        let handshake = format!("{{\"protocol\":\"{name}\",\"version\":1}}\u{1e}");
        client.exchange(&framed(HubProtocol::Json, handshake.as_bytes()), b"{}\x1e".len());
        client
    }

    fn exchange(&mut self, bytes: &[u8], answer: usize) {
        self.send(bytes);
        self.receive(answer);
    }

    fn send(&mut self, bytes: &[u8]) {
        self.socket.write_all(bytes).expect("the server reads");
    }

    /// Reads messages of so many bytes without their frames.
    fn receive(&mut self, mut length: usize) {
        while length > 0 {
            let read = self.socket.read(&mut self.buffer).expect("the server answers");
            assert_ne!(read, 0, "the server has closed");
            let mut input = &mut self.buffer[..read];
            while let Some(event) = self.decoder.decode(&mut input).expect("its frames are right") {
                let Event::Data { payload, .. } = event else { panic!("{event:?}") };
                length -= payload.len();
            }
        }
    }
}

const UPGRADE: &[u8] =
    b"GET /hub HTTP/1.1\r\nhost: localhost\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
    sec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n";

/// A call with one text, as a frame of a client.
fn call(protocol: HubProtocol, id: Option<&str>, target: &str, text: &str) -> Vec<u8> {
    let head = InvocationHead { invocation_id: id, ..InvocationHead::to(target) };
    framed(protocol, &invocation(protocol, &head, &(text,)))
}

fn invocation(
    protocol: HubProtocol,
    head: &InvocationHead<'_>,
    arguments: &dyn hubcast_protocol::EncodeArguments,
) -> Vec<u8> {
    let mut message = Vec::new();
    protocol.write_invocation(&mut message, head, arguments).expect("texts");
    message
}

fn answer_of(protocol: HubProtocol, text: &str) -> usize {
    let mut message = Vec::new();
    protocol.write_result(&mut message, "1", text).expect("a text");
    message.len()
}

fn framed(protocol: HubProtocol, message: &[u8]) -> Vec<u8> {
    let opcode = match protocol {
        HubProtocol::Json => Opcode::Text,
        HubProtocol::MessagePack => Opcode::Binary,
    };
    let mut frame = Vec::new();
    write_frame(&mut frame, true, opcode, message, Some([1, 2, 3, 4]));
    frame
}
