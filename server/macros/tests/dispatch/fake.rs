//! A connection and a hub without a server: what is sent and asked is kept, and a call is driven by its test.

use std::borrow::Cow;
use std::fmt::Write;
use std::future::{Future, pending};
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{self, Poll, Waker};
use std::time::Duration;

use hubcast_protocol::contract::{
    Answer, AnswerReceiver, AnswerSink, Audience, BoxFuture, Call, CallFailure, Client, ClientOutcome,
    Connection, Context, GroupError, Hub, HubDefinition, ItemRoom, ItemSink, Kept, Principal, Recipients,
    RunningCall, SendError, Sending, UploadSink, same_name,
};
use hubcast_protocol::{
    BindError, ConnectionId, EncodeArguments, EncodeError, HubMessage, HubProtocol, InvocationHead, Payload,
    Transport,
};

/// The connection that every call comes from, and its hub.
pub(crate) struct FakeConnection {
    protocol: HubProtocol,
    kept: Kept,
    hub: FakeHub,
}

impl FakeConnection {
    /// A connection that speaks `protocol`.
    pub(crate) fn new(protocol: HubProtocol) -> Arc<Self> {
        Arc::new(Self { protocol, kept: Kept::default(), hub: FakeHub::default() })
    }

    /// The messages sent so far: `recipients <- message in JSON`; those that want an answer begin with a `?`.
    pub(crate) fn sent(&self) -> Vec<String> {
        lock(&self.hub.sent).clone()
    }

    /// Answers the question that has waited longest, whoever was asked.
    pub(crate) fn answer(&self, outcome: ClientOutcome<'_>) {
        let receiver = lock(&self.hub.asked).remove(0);
        receiver.answered(outcome);
    }
}

impl Connection for FakeConnection {
    fn id(&self) -> ConnectionId {
        caller()
    }
    fn user(&self) -> Option<&str> {
        Some("ada")
    }
    fn protocol(&self) -> HubProtocol {
        self.protocol
    }
    fn transport(&self) -> Transport {
        Transport::WebSockets
    }
    fn http_version(&self) -> http::Version {
        http::Version::HTTP_2
    }
    fn principal(&self) -> Option<Principal> {
        None
    }
    fn header(&self, _name: &str) -> Option<&str> {
        None
    }
    fn query(&self, _name: &str) -> Option<Cow<'_, str>> {
        None
    }
    fn path(&self) -> &'static str {
        "/"
    }
    fn remote_address(&self) -> Option<SocketAddr> {
        None
    }
    fn kept(&self) -> &Kept {
        &self.kept
    }
    fn age(&self) -> Duration {
        Duration::ZERO
    }
    fn ended(&self) -> BoxFuture<()> {
        Box::pin(pending())
    }
    fn abort(&self) {}
    fn hub(&self) -> &dyn Hub {
        &self.hub
    }
}

/// The id of the connection that every call comes from.
pub(crate) fn caller() -> ConnectionId {
    ConnectionId::from_random([0; 16])
}

/// Who is asked where several are, in this order.
pub(crate) fn members() -> [ConnectionId; 2] {
    [ConnectionId::from_random([1; 16]), ConnectionId::from_random([2; 16])]
}

#[derive(Default)]
struct FakeHub {
    sent: Mutex<Vec<String>>,
    asked: Mutex<Vec<Box<dyn AnswerReceiver>>>,
}

impl FakeHub {
    fn write(
        &self,
        mark: &str,
        recipients: &Recipients<'_>,
        target: &str,
        arguments: &dyn EncodeArguments,
    ) -> Result<(), SendError> {
        let mut message = Vec::new();
        HubProtocol::Json
            .write_invocation(&mut message, &InvocationHead::to(target), arguments)
            .map_err(|source| SendError::Encode { target: target.to_owned(), source })?;
        let message = String::from_utf8(message).expect("JSON is UTF-8");
        let mut line = format!("{mark}{:?} <- ", recipients.audience);
        write!(line, "{}", message.trim_end_matches('\u{1e}')).expect("a string takes all");
        lock(&self.sent).push(line);
        Ok(())
    }
}

impl Hub for FakeHub {
    fn send(
        &self,
        recipients: &Recipients<'_>,
        target: &str,
        arguments: &dyn EncodeArguments,
    ) -> Result<Sending, SendError> {
        self.write("", recipients, target, arguments)?;
        Ok(Sending::DONE)
    }

    fn ask(
        &self,
        recipients: &Recipients<'_>,
        target: &str,
        arguments: &dyn EncodeArguments,
        receiver: &mut dyn FnMut(ConnectionId) -> Box<dyn AnswerReceiver>,
    ) -> Result<Box<dyn Send + Sync>, SendError> {
        self.write("? ", recipients, target, arguments)?;
        let mut asked = lock(&self.asked);
        match recipients.audience {
            Audience::Connection(id) => asked.push(receiver(id)),
            Audience::All
            | Audience::Connections(_)
            | Audience::Group(_)
            | Audience::Groups(_)
            | Audience::User(_)
            | Audience::Users(_) => asked.extend(members().map(receiver)),
        }
        Ok(Box::new(()))
    }

    fn client_result_timeout(&self) -> Duration {
        Duration::from_secs(30)
    }

    fn sleep(&self, _time: Duration) -> BoxFuture<()> {
        Box::pin(pending())
    }

    fn join(&self, _id: ConnectionId, _group: &str) -> Result<(), GroupError> {
        Ok(())
    }

    fn leave(&self, _id: ConnectionId, _group: &str) {}
}

/// How a call may fail.
#[derive(Debug)]
pub(crate) enum Failed {
    /// No method has the name.
    NoMethod,
    /// The arguments do not fit the method.
    Bind(BindError),
    /// The method returned an error.
    Call(CallFailure),
}

/// A call under way.
pub(crate) struct Ongoing {
    running: Pin<Box<dyn RunningCall>>,
    protocol: HubProtocol,
    invocation_id: Option<String>,
    sink: Written,
    /// Where the items of its uploads go.
    pub(crate) uploads: Vec<Box<dyn UploadSink>>,
}

impl Ongoing {
    /// Drives the call, whose client has room for `room` messages.
    pub(crate) fn poll(&mut self, room: usize) -> Poll<Result<(), CallFailure>> {
        self.sink.room = room;
        let mut answer = Answer::new(self.protocol, self.invocation_id.as_deref(), &mut self.sink);
        self.running.as_mut().poll_answer(&mut waker(), &mut answer)
    }

    /// Drives the call to its end.
    pub(crate) fn finish(&mut self) -> Result<(), CallFailure> {
        match self.poll(usize::MAX) {
            Poll::Ready(outcome) => outcome,
            Poll::Pending => panic!("nothing here waits"),
        }
    }

    /// Takes what was written since the last time.
    pub(crate) fn written(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.sink.bytes)
    }

    /// The same as text.
    pub(crate) fn text(&mut self) -> String {
        String::from_utf8(self.written()).expect("JSON is UTF-8").replace('\u{1e}', "\n")
    }
}

/// Starts the call that `message` asks for, as a server does.
pub(crate) fn start<C: Client + ?Sized>(
    definition: &HubDefinition<C>,
    connection: &Arc<FakeConnection>,
    message: &[u8],
) -> Result<Ongoing, Failed> {
    let protocol = connection.protocol;
    let split = protocol.split(message, None).expect("good framing").expect("a whole message");
    let decoded = protocol.decode(split.payload);
    let Ok(Some(HubMessage::Invocation(invocation) | HubMessage::StreamInvocation(invocation))) = decoded
    else {
        panic!("the message is no invocation");
    };
    let method = definition.methods().iter().find(|method| same_name(method.name(), &invocation.target));
    let cx = context(connection);
    let mut call = Call::new(&cx, &invocation.arguments, 10);
    let running = method.ok_or(Failed::NoMethod)?.start(&mut call).map_err(Failed::Bind)?;
    Ok(Ongoing {
        running,
        protocol,
        invocation_id: invocation.invocation_id.as_deref().map(str::to_owned),
        sink: Written { bytes: Vec::new(), room: 0 },
        uploads: call.into_uploads(),
    })
}

/// Calls what `message` asks for, to the end; gives the bytes of the answer.
pub(crate) fn call<C: Client + ?Sized>(
    definition: &HubDefinition<C>,
    connection: &Arc<FakeConnection>,
    message: &[u8],
) -> Result<Vec<u8>, Failed> {
    let mut ongoing = start(definition, connection, message)?;
    ongoing.finish().map_err(Failed::Call)?;
    Ok(ongoing.written())
}

/// A message in JSON that calls `target` with `arguments`.
pub(crate) fn invocation(kind: u8, target: &str, arguments: &str) -> Vec<u8> {
    format!(
        "{{\"type\":{kind},\"invocationId\":\"1\",\"target\":\"{target}\",\"arguments\":{arguments}}}\u{1e}"
    )
    .into_bytes()
}

/// Lends a value in JSON as a client sends it.
pub(crate) fn with_payload<R>(value: &str, take: impl FnOnce(&Payload<'_>) -> R) -> R {
    let message = format!(r#"{{"type":2,"invocationId":"1","item":{value}}}"#);
    let Ok(Some(HubMessage::StreamItem(item))) = HubProtocol::Json.decode(message.as_bytes()) else {
        panic!("{value} is no JSON");
    };
    take(&item.item)
}

/// The context of a call on `connection`.
pub(crate) fn context<C: Client + ?Sized>(connection: &Arc<FakeConnection>) -> Context<C> {
    Context::new(Arc::clone(connection) as Arc<dyn Connection>)
}

/// The output of a future that never waits.
pub(crate) fn finish<F: Future>(future: F) -> F::Output {
    let future: Pin<&mut F> = pin!(future);
    match future.poll(&mut waker()) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("nothing here waits"),
    }
}

fn waker() -> task::Context<'static> {
    task::Context::from_waker(Waker::noop())
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Written {
    bytes: Vec<u8>,
    room: usize,
}

impl AnswerSink for Written {
    fn append(
        &mut self,
        write: &mut dyn FnMut(&mut Vec<u8>) -> Result<(), EncodeError>,
    ) -> Result<(), EncodeError> {
        self.room = self.room.saturating_sub(1);
        write(&mut self.bytes)
    }

    fn append_items(&mut self, items: &[u8], count: u32) {
        self.room = self.room.saturating_sub(count as usize);
        self.bytes.extend_from_slice(items);
    }

    fn room(&self) -> Option<ItemRoom> {
        (self.room > 0).then_some(ItemRoom { items: self.room, bytes: usize::MAX })
    }

    fn shared(&self) -> Option<Arc<dyn ItemSink>> {
        None
    }

    fn count_items(&mut self, _count: u32) {}
}
