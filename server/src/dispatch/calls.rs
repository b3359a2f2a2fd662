//! The calls of one connection: one runs at a time, the others wait in the order in which they came.
//!
//! A call is polled where it arrives, so that one that never waits costs no task; a panic in it is caught here. What
//! is no call (pings, a close, news about streams) is heard at once, even while a call runs.
//! When more waits than the limit allows, the connection stops reading until the running call has ended. No call starts
//! while its connection's outbox is full, so that a client that sends many at once is answered as fast as it reads.

use std::any::Any;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use hubcast_protocol::contract::{Answer, AnswerSink, CallError, CallFailure, Connection, RunningCall};
use hubcast_protocol::{EncodeError, HubMessage, HubProtocol, Invocation, ProtocolError};

use super::{MethodIndex, failure};
use crate::connection::Live;

/// The calls of a connection.
pub(crate) struct Calls {
    state: State,
    waiting: VecDeque<Box<[u8]>>,
    waiting_bytes: usize,
}

enum State {
    /// Calls wait until the connected hook has run.
    Held,
    Idle,
    Running(Running),
}

struct Running {
    call: Pin<Box<dyn RunningCall>>,
    method: MethodIndex,
    invocation_id: Option<Box<str>>,
}

/// What a message was about, as far as the connection is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Heard {
    Message,
    /// The client closes the connection.
    Close,
}

impl Calls {
    /// Calls that wait until [`release`](Self::release).
    pub(crate) fn held() -> Self {
        Self { state: State::Held, waiting: VecDeque::new(), waiting_bytes: 0 }
    }

    /// Lets calls run.
    pub(crate) fn release(&mut self) {
        self.state = State::Idle;
    }

    /// Cancels what runs and forgets what waits.
    pub(crate) fn cancel(&mut self) {
        *self = Self::held();
    }

    /// Whether so much waits that nothing more should be read.
    pub(crate) fn is_full(&self, limit: usize) -> bool {
        self.waiting_bytes >= limit
    }

    /// Whether a call waits that nothing keeps from starting.
    pub(crate) fn can_start(&self, live: &Live) -> bool {
        matches!(self.state, State::Idle) && !self.waiting.is_empty() && !live.outbox.is_full()
    }

    /// Takes one message, without its framing; a call runs at once if none does.
    pub(crate) fn hear(
        &mut self,
        live: &Arc<Live>,
        message: &[u8],
        cx: &mut Context<'_>,
    ) -> Result<Heard, ProtocolError> {
        match live.protocol().decode(message)? {
            Some(HubMessage::Invocation(invocation)) => match self.state {
                State::Idle if self.waiting.is_empty() && !live.outbox.is_full() => {
                    self.start(live, &invocation, cx);
                }
                State::Idle | State::Held | State::Running(_) => {
                    self.waiting_bytes += message.len() + WAITING_OVERHEAD;
                    self.waiting.push_back(message.into());
                }
            },
            Some(HubMessage::StreamInvocation(invocation)) => refuse_stream(live, &invocation),
            Some(HubMessage::Ping) => live.heard_ping(),
            Some(HubMessage::Close(_)) => return Ok(Heard::Close),
            // News about streams, calls and sequences that this connection does not have: ignored by the protocol.
            Some(
                HubMessage::StreamItem(_)
                | HubMessage::Completion(_)
                | HubMessage::CancelInvocation(_)
                | HubMessage::Ack(_)
                | HubMessage::Sequence(_),
            )
            | None => {}
        }
        Ok(Heard::Message)
    }

    /// Drives the running call, and those that wait behind it.
    pub(crate) fn poll(&mut self, live: &Arc<Live>, cx: &mut Context<'_>) {
        loop {
            match &mut self.state {
                State::Held => return,
                State::Running(running) => {
                    if running.poll(live, cx).is_pending() {
                        return;
                    }
                    self.state = State::Idle;
                    live.set_busy(false);
                }
                State::Idle => {
                    if live.outbox.is_full() {
                        return;
                    }
                    let Some(message) = self.waiting.pop_front() else {
                        // A burst must not leave its room behind.
                        self.waiting = VecDeque::new();
                        return;
                    };
                    self.waiting_bytes -= message.len() + WAITING_OVERHEAD;
                    // It was read once before it was put here.
                    if let Ok(Some(HubMessage::Invocation(invocation))) = live.protocol().decode(&message) {
                        self.start(live, &invocation, cx);
                    }
                }
            }
        }
    }

    fn start(&mut self, live: &Arc<Live>, invocation: &Invocation<'_>, cx: &mut Context<'_>) {
        let meters = live.core().meters();
        meters.calls.increment(1);
        let dispatch = live.core().dispatch();
        let invocation_id = invocation.invocation_id.as_deref();
        let Some(method) = dispatch.find(&invocation.target) else {
            return fail(live, invocation_id, &failure::unknown_method(&invocation.target));
        };
        if !invocation.stream_ids.is_empty() {
            let text = failure::stream_count(dispatch.method_name(method), invocation.stream_ids.len());
            return fail(live, invocation_id, &text);
        }
        let connection: Arc<dyn Connection> = Arc::<Live>::clone(live);
        let begin = || dispatch.start(method, &connection, &invocation.arguments, 10);
        let call = match catch_unwind(AssertUnwindSafe(begin)) {
            Ok(Ok(started)) => started.call,
            Ok(Err(error)) => {
                let detailed = live.core().options().detailed_errors;
                let name = dispatch.method_name(method);
                tracing::debug!(hub = dispatch.hub_name(), method = name, %error, "a call's arguments do not fit");
                return fail(live, invocation_id, &failure::binding(name, &error, detailed));
            }
            Err(panic) => return fail_panicked(live, method, invocation_id, &*panic),
        };
        let mut running = Running { call, method, invocation_id: None };
        if running.poll_as(live, invocation_id, cx).is_pending() {
            running.invocation_id = invocation_id.map(Into::into);
            self.state = State::Running(running);
            live.set_busy(true);
        }
    }
}

impl Running {
    fn poll(&mut self, live: &Live, cx: &mut Context<'_>) -> Poll<()> {
        let invocation_id = self.invocation_id.take();
        let polled = self.poll_as(live, invocation_id.as_deref(), cx);
        self.invocation_id = invocation_id;
        polled
    }

    fn poll_as(&mut self, live: &Live, invocation_id: Option<&str>, cx: &mut Context<'_>) -> Poll<()> {
        let mut sink = OutboxSink(live);
        let mut answer = Answer::new(live.protocol(), invocation_id, &mut sink);
        let call = self.call.as_mut();
        match catch_unwind(AssertUnwindSafe(|| call.poll_answer(cx, &mut answer))) {
            Ok(Poll::Pending) => return Poll::Pending,
            Ok(Poll::Ready(Ok(()))) => {}
            Ok(Poll::Ready(Err(CallFailure::Method(error) | CallFailure::Stream(error)))) => {
                fail_called(live, self.method, invocation_id, &error)
            }
            Err(panic) => fail_panicked(live, self.method, invocation_id, &*panic),
        }
        Poll::Ready(())
    }
}

/// Bytes that keeping a call costs beside its own.
const WAITING_OVERHEAD: usize = 64;

struct OutboxSink<'a>(&'a Live);

impl AnswerSink for OutboxSink<'_> {
    fn append(
        &mut self,
        write: &mut dyn FnMut(&mut Vec<u8>) -> Result<(), EncodeError>,
    ) -> Result<(), EncodeError> {
        self.0.outbox.append(self.0.framing(), write)
    }

    fn has_room(&self) -> bool {
        !self.0.outbox.is_full()
    }
}

fn refuse_stream(live: &Live, invocation: &Invocation<'_>) {
    live.core().meters().calls.increment(1);
    let dispatch = live.core().dispatch();
    let text = match dispatch.find(&invocation.target) {
        Some(method) => failure::not_a_stream(dispatch.method_name(method)),
        None => failure::unknown_method(&invocation.target),
    };
    fail(live, invocation.invocation_id.as_deref(), &text);
}

fn fail_called(live: &Live, method: MethodIndex, invocation_id: Option<&str>, error: &CallError) {
    let dispatch = live.core().dispatch();
    let name = dispatch.method_name(method);
    if let CallError::Hidden(error) = error {
        tracing::warn!(hub = dispatch.hub_name(), method = name, error, "a hub method failed");
    }
    fail(live, invocation_id, &failure::call(name, error, live.core().options().detailed_errors));
}

fn fail_panicked(live: &Live, method: MethodIndex, invocation_id: Option<&str>, panic: &(dyn Any + Send)) {
    let dispatch = live.core().dispatch();
    let name = dispatch.method_name(method);
    live.core().meters().panics.increment(1);
    tracing::error!(
        hub = dispatch.hub_name(),
        method = name,
        panic = panic_text(panic),
        "a hub method panicked"
    );
    fail(live, invocation_id, &failure::call(name, &CallError::Hidden("panicked".into()), false));
}

/// What a panic said.
pub(crate) fn panic_text(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("no text")
}

fn fail(live: &Live, invocation_id: Option<&str>, text: &str) {
    live.core().meters().failed_calls.increment(1);
    let Some(id) = invocation_id else { return };
    let protocol: HubProtocol = live.protocol();
    let queued = live.outbox.append(live.framing(), &mut |out| {
        protocol.write_error(out, id, text);
        Ok(())
    });
    debug_assert!(queued.is_ok(), "a text can always be encoded");
}
