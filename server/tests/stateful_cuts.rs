//! A thousand sockets of one connection after the other, each cut at a random byte while everything runs at once: every
//! message arrives once and in order, and the connection stays what it was.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use futures_util::{Stream, stream};
use hubcast::{
    ConnectionId, Context, DisconnectReason, HubError, HubHandle, HubOptions, HubProtocol, HubService,
    RunningServer, Server, Upload,
};
use serde_json::{Value, json};
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;

use crate::support::{Arrived, CuttingProxy, Randomness, StatefulClient, soon};

const CUTS: usize = 500;
/// Echo calls under way at once.
const ECHOES: usize = 4;
/// Broadcasts on their way at once.
const BROADCASTS: usize = 16;
/// Messages of the client that wait for an acknowledgement before it sends more.
const UNACKNOWLEDGED: usize = 100;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_repeated_or_out_of_order_in_json() {
    run(HubProtocol::Json).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_repeated_or_out_of_order_in_messagepack() {
    run(HubProtocol::MessagePack).await;
}

async fn run(protocol: HubProtocol) {
    let server = Running::start().await;
    let proxy = CuttingProxy::start(server.address, Randomness::new()).await;
    let mut client = StatefulClient::connect_with(server.address, proxy.address(), protocol, 2).await;
    let id = client.invoke("Join", json!(["readers"])).await;
    assert_eq!(client.invoke("Remember", json!([7])).await, 0);
    client.stream("numbers", "Count", json!([])).await;
    client.call("sum", "Check", json!([]), &["upload"]).await;
    let broadcaster = server.broadcast();
    let sender = server.send(id.as_str().unwrap().parse().unwrap());
    proxy.set_cutting(true);
    let mut talk = Talk::default();
    while proxy.cuts() < CUTS || !talk.has_said_and_heard_enough() {
        talk.say_more(&mut client).await;
        let arrived = soon(client.next()).await;
        assert!(server.shared.disconnected.lock().unwrap().is_empty(), "{:?}", server.shared.disconnected);
        talk.hear(arrived, &server.shared);
    }
    proxy.set_cutting(false);
    server.shared.stops.store(true, Ordering::Relaxed);
    client.complete("upload").await;
    while !talk.is_complete() {
        talk.hear(soon(client.next()).await, &server.shared);
    }
    assert_eq!(talk.broadcasts, soon(broadcaster).await.unwrap());
    assert_eq!(talk.sent, soon(sender).await.unwrap());
    assert_eq!(talk.completions.remove("numbers"), Some(Ok(Value::Null)));
    assert_eq!(talk.completions.remove("sum"), Some(Ok(json!([talk.uploaded, sum_below(talk.uploaded)]))));
    assert!(talk.completions.is_empty(), "{:?}", talk.completions);
    assert_eq!(talk.items, server.shared.counted.load(Ordering::Relaxed));
    assert!(client.reconnects >= CUTS && client.repeated > 0, "{} {}", client.reconnects, client.repeated);

    assert_eq!(client.invoke("Remember", json!([1])).await, 7);
    assert_eq!(client.invoke("Join", json!(["readers"])).await, id);
    let members = server.hub.group_members("readers");
    assert_eq!(members.iter().map(ToString::to_string).collect::<Vec<_>>(), [id.as_str().unwrap()]);
    assert_eq!(server.shared.connected.load(Ordering::Relaxed), 1);
    assert!(server.shared.disconnected.lock().unwrap().is_empty());
    soon(server.running.stop()).await;
}

/// What the client has said and heard so far.
#[derive(Debug, Default)]
struct Talk {
    uploaded: u64,
    echoed: u64,
    echoes: VecDeque<u64>,
    items: u64,
    broadcasts: u64,
    heard_last: bool,
    sent: u64,
    told_last: bool,
    completions: HashMap<String, Result<Value, String>>,
}

impl Talk {
    async fn say_more(&mut self, client: &mut StatefulClient) {
        if client.unacknowledged() >= UNACKNOWLEDGED {
            return;
        }
        client.item("upload", &self.uploaded).await;
        self.uploaded += 1;
        if self.echoes.len() < ECHOES {
            client.call(&format!("echo {}", self.echoed), "Echo", json!([self.echoed]), &[]).await;
            self.echoes.push_back(self.echoed);
            self.echoed += 1;
        }
    }

    fn hear(&mut self, arrived: Arrived, shared: &Shared) {
        match arrived {
            Arrived::Item { id, item } => {
                assert_eq!((id.as_str(), &item), ("numbers", &json!(self.items)));
                self.items += 1;
            }
            Arrived::Call { target, arguments } => {
                let (count, is_over) = match target.as_str() {
                    "Heard" => {
                        shared.broadcasts.add_permits(1);
                        (&mut self.broadcasts, &mut self.heard_last)
                    }
                    "Told" => (&mut self.sent, &mut self.told_last),
                    other => panic!("nobody calls that: {other}"),
                };
                assert!(!*is_over, "{target} {arguments:?}");
                *is_over = arguments == [Value::Null];
                if !*is_over {
                    assert_eq!(arguments, [json!(*count)], "{target}");
                    *count += 1;
                }
            }
            Arrived::Completion { id, outcome } => match id.strip_prefix("echo ") {
                Some(echo) => {
                    let expected = self.echoes.pop_front().unwrap();
                    assert_eq!((echo, outcome), (expected.to_string().as_str(), Ok(json!(expected))));
                }
                None => assert_eq!(self.completions.insert(id, outcome), None, "it ends once"),
            },
            ended @ (Arrived::Close { .. } | Arrived::SocketClosed(_) | Arrived::Refused(_)) => {
                panic!("the connection goes on: {ended:?}")
            }
        }
    }

    /// Whether more than the first messages of everything went through. The client's own go at the pace of the server's
    /// acknowledgements, one in a second.
    fn has_said_and_heard_enough(&self) -> bool {
        self.items >= 100
            && self.broadcasts >= 100
            && self.sent >= 10
            && self.uploaded >= 150
            && self.echoed >= 10
    }

    fn is_complete(&self) -> bool {
        self.echoes.is_empty() && self.completions.len() == 2 && self.heard_last && self.told_last
    }
}

#[hubcast::client]
trait Listener {
    /// A number, or nothing behind the last.
    async fn heard(&self, n: Option<u64>);
    /// As that, to one client.
    async fn told(&self, n: Option<u64>);
}

#[hubcast::hub(client = Listener)]
trait Everything {
    async fn join(&self, cx: &Context<dyn Listener>, group: String) -> ConnectionId;
    /// Adds to what the connection remembers; what that was.
    async fn remember(&self, cx: &Context<dyn Listener>, n: u64) -> u64;
    async fn echo(&self, n: u64) -> u64;
    fn count(&self) -> impl Stream<Item = u64>;
    /// How many numbers were uploaded, in order, and their sum.
    async fn check(&self, numbers: Upload<u64>) -> Result<(u64, u64), HubError>;
}

struct Hub(Arc<Shared>);

/// What the hub and the test share.
struct Shared {
    stops: AtomicBool,
    /// Broadcasts that may be on their way besides those that are: whoever sends to all waits for no client.
    broadcasts: Semaphore,
    /// Items that streams have made.
    counted: AtomicU64,
    connected: AtomicU64,
    disconnected: Mutex<Vec<DisconnectReason>>,
}

impl Everything for Hub {
    async fn connected(&self, _: &Context<dyn Listener>) -> Result<(), HubError> {
        self.0.connected.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    async fn disconnected(
        &self,
        _: &Context<dyn Listener>,
        reason: DisconnectReason,
    ) -> Result<(), HubError> {
        self.0.disconnected.lock().unwrap().push(reason);
        Ok(())
    }

    async fn join(&self, cx: &Context<dyn Listener>, group: String) -> ConnectionId {
        cx.join(&group).await.unwrap();
        cx.connection_id()
    }

    async fn remember(&self, cx: &Context<dyn Listener>, n: u64) -> u64 {
        cx.state::<AtomicU64>().fetch_add(n, Ordering::Relaxed)
    }

    async fn echo(&self, n: u64) -> u64 {
        n
    }

    fn count(&self) -> impl Stream<Item = u64> {
        stream::iter(std::iter::from_fn(|| {
            let goes_on = !self.0.stops.load(Ordering::Relaxed);
            goes_on.then(|| self.0.counted.fetch_add(1, Ordering::Relaxed))
        }))
    }

    async fn check(&self, mut numbers: Upload<u64>) -> Result<(u64, u64), HubError> {
        let (mut count, mut sum) = (0, 0);
        while let Some(number) = numbers.next().await {
            let number = number.map_err(|error| HubError::new(error.to_string()))?;
            if number != count {
                return Err(HubError::new(format!("{number} came where {count} was due")));
            }
            count += 1;
            sum += number;
        }
        Ok((count, sum))
    }
}

struct Running {
    address: std::net::SocketAddr,
    hub: HubHandle<dyn Listener>,
    shared: Arc<Shared>,
    running: RunningServer,
}

impl Running {
    async fn start() -> Self {
        let shared = Arc::new(Shared {
            stops: AtomicBool::new(false),
            broadcasts: Semaphore::new(BROADCASTS),
            counted: AtomicU64::new(0),
            connected: AtomicU64::new(0),
            disconnected: Mutex::default(),
        });
        // So small a budget is reached all the time, and a call with an upload must not hold up the others.
        let options = HubOptions::new()
            .allow_stateful_reconnects(true)
            .stateful_reconnect_buffer_size(3000)
            .maximum_parallel_invocations_per_client(2);
        let service = HubService::with_options(Hub(Arc::clone(&shared)).into_hub(), options);
        let hub = service.handle();
        let running = Server::new().listen(([127, 0, 0, 1], 0)).hub("/hub", service).start().await.unwrap();
        Self { address: running.addresses()[0].socket, hub, shared, running }
    }

    /// Numbers to all and to a group in turn, until all stops; how many there were.
    fn broadcast(&self) -> JoinHandle<u64> {
        let (hub, shared) = (self.hub.clone(), Arc::clone(&self.shared));
        tokio::spawn(async move {
            let mut n = 0;
            while !shared.stops.load(Ordering::Relaxed) {
                shared.broadcasts.acquire().await.unwrap().forget();
                let clients = hub.clients();
                let receivers = if n % 2 == 0 { clients.all() } else { clients.group("readers") };
                receivers.heard(Some(n)).await.unwrap();
                n += 1;
            }
            hub.clients().all().heard(None).await.unwrap();
            n
        })
    }

    /// Numbers to one client, as fast as it has room for them, until all stops; how many there were.
    fn send(&self, id: ConnectionId) -> JoinHandle<u64> {
        let (hub, shared) = (self.hub.clone(), Arc::clone(&self.shared));
        tokio::spawn(async move {
            let mut n = 0;
            while !shared.stops.load(Ordering::Relaxed) {
                hub.clients().client(id).told(Some(n)).await.unwrap();
                n += 1;
            }
            hub.clients().client(id).told(None).await.unwrap();
            n
        })
    }
}

fn sum_below(n: u64) -> u64 {
    n * n.saturating_sub(1) / 2
}
