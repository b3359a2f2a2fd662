//! A connection and a hub without a server: what is sent is kept, and a call is driven to its end on the spot.

use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{self, Poll, Waker};

use hubcast_protocol::contract::{
    Answer, AnswerSink, CallError, Client, Connection, Context, Hub, HubDefinition, Recipients, SendError,
    Sending, same_name,
};
use hubcast_protocol::{
    BindError, ConnectionId, EncodeArguments, EncodeError, HubMessage, HubProtocol, InvocationHead, Transport,
};

/// The connection that every call comes from, and its hub.
pub(crate) struct FakeConnection {
    protocol: HubProtocol,
    hub: FakeHub,
}

impl FakeConnection {
    /// A connection that speaks `protocol`.
    pub(crate) fn new(protocol: HubProtocol) -> Arc<Self> {
        Arc::new(Self { protocol, hub: FakeHub::default() })
    }

    /// The messages sent so far: `recipients <- message in JSON`.
    pub(crate) fn sent(&self) -> Vec<String> {
        self.hub.sent.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Connection for FakeConnection {
    fn id(&self) -> ConnectionId {
        ConnectionId::from_random([0; 16])
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
    fn abort(&self) {}
    fn hub(&self) -> &dyn Hub {
        &self.hub
    }
}

#[derive(Default)]
struct FakeHub {
    sent: Mutex<Vec<String>>,
}

impl Hub for FakeHub {
    fn send(
        &self,
        recipients: &Recipients<'_>,
        target: &str,
        arguments: &dyn EncodeArguments,
    ) -> Result<Sending, SendError> {
        let mut message = Vec::new();
        HubProtocol::Json
            .write_invocation(&mut message, &InvocationHead::to(target), arguments)
            .map_err(|source| SendError::Encode { target: target.to_owned(), source })?;
        let message = String::from_utf8(message).expect("JSON is UTF-8");
        let line = format!("{:?} <- {}", recipients.audience, message.trim_end_matches('\u{1e}'));
        self.sent.lock().unwrap_or_else(PoisonError::into_inner).push(line);
        Ok(Sending::DONE)
    }

    fn join(&self, _id: ConnectionId, _group: &str) {}

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
    Call(CallError),
}

/// Calls what `message` asks for, as a server does; gives the bytes of the answer.
pub(crate) fn call<C: Client + ?Sized>(
    definition: &HubDefinition<C>,
    connection: &Arc<FakeConnection>,
    message: &[u8],
) -> Result<Vec<u8>, Failed> {
    let protocol = connection.protocol;
    let split = protocol.split(message, None).expect("good framing").expect("a whole message");
    let Ok(Some(HubMessage::Invocation(invocation))) = protocol.decode(split.payload) else {
        panic!("the message is no invocation");
    };
    let method = definition.methods().iter().find(|method| same_name(method.name(), &invocation.target));
    let mut running = method
        .ok_or(Failed::NoMethod)?
        .start(&context(connection), &invocation.arguments)
        .map_err(Failed::Bind)?;
    let mut sink = Written(Vec::new());
    let mut answer = Answer::new(protocol, invocation.invocation_id.as_deref(), &mut sink);
    match running.as_mut().poll_answer(&mut waker(), &mut answer) {
        Poll::Ready(outcome) => outcome.map_err(Failed::Call)?,
        Poll::Pending => panic!("nothing here waits"),
    }
    Ok(sink.0)
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

struct Written(Vec<u8>);

impl AnswerSink for Written {
    fn append(
        &mut self,
        write: &mut dyn FnMut(&mut Vec<u8>) -> Result<(), EncodeError>,
    ) -> Result<(), EncodeError> {
        write(&mut self.0)
    }
}
