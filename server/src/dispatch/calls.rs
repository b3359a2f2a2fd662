//! The calls of one connection: they start in the order in which they came, and some run at the same time.
//!
//! A call is polled where it arrives, so that one that never waits costs no task and no place here. A plain call waits
//! while as many run as the option allows; calls with streams do not count, but keep the order too. What is about a call
//! that waits (items of its uploads, its cancellation) waits in the same line until it starts; all else is heard at once.
//! When more waits than the limits allow, the connection stops reading. No call starts while its connection's outbox is
//! full, and streams stop there too, so that a client that asks for much is answered as fast as it reads.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::task::Context;

use hubcast_protocol::contract::Connection;
use hubcast_protocol::{CancelInvocation, Completion, CompletionOutcome, HubMessage, Invocation, StreamItem};

use super::failure::Failed;
use super::outbox_sink::share_of;
use super::running::{Begin, Kind, Running, fail};
use super::uploads::Uploads;
use super::{MethodIndex, Started, trace};
use crate::connection::Live;

/// The calls of a connection; without any it owns no memory.
pub(crate) struct Calls {
    /// In the order of their numbers.
    running: Vec<Running>,
    waiting: VecDeque<Waiting>,
    waiting_bytes: usize,
    uploads: Uploads,
    last_number: u64,
    /// The number of the call that is polled first in the next turn.
    first_in_turn: u64,
    /// Running plain calls that wait for no client.
    counting: u32,
    /// Running calls with a stream in either direction.
    streams: u32,
    /// Calls wait until the connected hook has run.
    is_held: bool,
    /// A stream has more to write and waits for no waker.
    is_held_back: bool,
    /// Whether the connection was told to stop reading.
    is_full: bool,
    is_busy: bool,
}

/// A message that waits for its turn, without its framing.
struct Waiting {
    message: Box<[u8]>,
    role: Role,
}

/// What a message that waits is for.
enum Role {
    /// It starts a call.
    Call(Kind),
    /// It is about the call, or the upload of a call, with this id.
    News(Box<str>),
}

impl Calls {
    /// Calls that wait until [`release`](Self::release).
    pub(crate) fn held() -> Self {
        Self {
            running: Vec::new(),
            waiting: VecDeque::new(),
            waiting_bytes: 0,
            uploads: Uploads::default(),
            last_number: 0,
            first_in_turn: 0,
            counting: 0,
            streams: 0,
            is_held: true,
            is_held_back: false,
            is_full: false,
            is_busy: false,
        }
    }

    /// Lets calls run.
    pub(crate) fn release(&mut self) {
        self.is_held = false;
    }

    /// Cancels what runs and forgets what waits, for good.
    pub(crate) fn cancel(&mut self, live: &Live) {
        live.core().meters().active_streams.decrement(self.streams);
        *self = Self::held();
    }

    /// Whether so much waits that nothing more should be read. The task is woken once that has changed.
    pub(crate) fn is_full(&mut self, live: &Live, cx: &Context<'_>) -> bool {
        let options = live.core().options();
        self.is_full = self.waiting_bytes >= options.waiting_calls_limit.max(1)
            || self.uploads.are_behind(options.upload_backlog_limit.max(1), cx.waker());
        self.note_busy(live);
        self.is_full
    }

    /// Whether a message waits that nothing keeps from its turn.
    pub(crate) fn can_start(&self, live: &Live) -> bool {
        self.waiting.front().is_some_and(|next| match next.role {
            Role::Call(kind) => self.is_turn_of(live, kind),
            Role::News(_) => !self.is_held,
        })
    }

    /// Whether a stream has more to write, and room for it: the task should come back after others had their turn.
    pub(crate) fn can_go_on(&self, live: &Live) -> bool {
        self.is_held_back && live.outbox.has_room_for_items()
    }

    /// Whether a call is under way.
    pub(crate) fn are_running(&self) -> bool {
        !self.running.is_empty()
    }

    /// Hears what a message says, which came as `bytes` without their framing; a call starts at once if it may.
    pub(crate) fn hear(
        &mut self,
        live: &Arc<Live>,
        bytes: &[u8],
        message: &HubMessage<'_>,
        cx: &mut Context<'_>,
    ) {
        match message {
            HubMessage::Invocation(invocation) => {
                self.take_call(live, bytes, invocation, plain(invocation), cx);
            }
            HubMessage::StreamInvocation(invocation) => {
                self.take_call(live, bytes, invocation, Kind::Stream, cx);
            }
            HubMessage::StreamItem(StreamItem { invocation_id, .. })
            | HubMessage::Completion(Completion { invocation_id, .. })
            | HubMessage::CancelInvocation(CancelInvocation { invocation_id, .. }) => {
                if !self.is_about_running(live, message, cx) && !self.waiting.is_empty() {
                    self.wait(bytes, Role::News((&**invocation_id).into()));
                }
            }
            HubMessage::Ping => live.heard_ping(),
            HubMessage::Close(_) | HubMessage::Ack(_) | HubMessage::Sequence(_) => {}
        }
    }

    /// Drives the running calls, each in its turn, and starts what waits behind them.
    pub(crate) fn poll(&mut self, live: &Arc<Live>, cx: &mut Context<'_>) {
        if self.is_held {
            return;
        }
        if !self.running.is_empty() {
            self.poll_running(live, cx);
        }
        while self.can_start(live)
            && let Some(next) = self.waiting.pop_front()
        {
            self.waiting_bytes -= next.cost();
            self.begin(live, &next, cx);
        }
        if self.waiting.is_empty() {
            // A burst must not leave its room behind.
            self.waiting = VecDeque::new();
        }
        self.note_busy(live);
    }

    /// Begins the call that a message starts, and hears what waits about it; or hears what a message says.
    fn begin(&mut self, live: &Arc<Live>, next: &Waiting, cx: &mut Context<'_>) {
        // It was read once before it was put here.
        let Ok(Some(message)) = live.codec().decode(&next.message) else { return };
        match (&next.role, &message) {
            (
                Role::Call(kind),
                HubMessage::Invocation(invocation) | HubMessage::StreamInvocation(invocation),
            ) => {
                if self.start(live, invocation, *kind, cx) {
                    self.hear_what_waits_about(live, invocation, cx);
                }
            }
            (Role::Call(_) | Role::News(_), news) => {
                self.is_about_running(live, news, cx);
            }
        }
    }

    /// Hears the messages about a call that has begun, in their order. Behind a call that still waits they would be
    /// overtaken by those that come from here on.
    fn hear_what_waits_about(&mut self, live: &Live, invocation: &Invocation<'_>, cx: &mut Context<'_>) {
        let is_about = |waiting: &Waiting| match &waiting.role {
            Role::Call(_) => false,
            Role::News(id) => {
                invocation.invocation_id.as_deref() == Some(&**id)
                    || invocation.stream_ids.iter().any(|upload| *upload == **id)
            }
        };
        if !self.waiting.iter().any(is_about) {
            return;
        }
        for next in std::mem::take(&mut self.waiting) {
            let is_heard = is_about(&next)
                && matches!(live.codec().decode(&next.message), Ok(Some(news)) if self.is_about_running(live, &news, cx));
            if is_heard {
                self.waiting_bytes -= next.cost();
            } else {
                self.waiting.push_back(next);
            }
        }
    }

    /// Polls each call once, beginning behind the stream that was the first to be held back the last time.
    fn poll_running(&mut self, live: &Arc<Live>, cx: &mut Context<'_>) {
        let count = self.running.len();
        let first = self.running.partition_point(|call| call.number < self.first_in_turn) % count;
        self.is_held_back = false;
        let items = share_of(count);
        for at in (first..count).chain(0..first) {
            let call = &mut self.running[at];
            if call.poll(live, items, cx).is_pending() && call.is_held_back && !self.is_held_back {
                self.is_held_back = true;
                self.first_in_turn = call.number + 1;
            }
        }
        for call in self.running.extract_if(.., |call| call.is_over()) {
            gone(&call, live, &mut self.uploads, &mut self.streams);
        }
        self.count();
    }

    fn take_call(
        &mut self,
        live: &Arc<Live>,
        bytes: &[u8],
        invocation: &Invocation<'_>,
        kind: Kind,
        cx: &mut Context<'_>,
    ) {
        if self.waiting.is_empty() && self.is_turn_of(live, kind) {
            self.start(live, invocation, kind, cx);
        } else {
            self.wait(bytes, Role::Call(kind));
        }
    }

    fn wait(&mut self, bytes: &[u8], role: Role) {
        let waiting = Waiting { message: bytes.into(), role };
        self.waiting_bytes += waiting.cost();
        self.waiting.push_back(waiting);
    }

    fn is_turn_of(&self, live: &Live, kind: Kind) -> bool {
        let options = live.core().options();
        match kind {
            _ if self.is_held || live.outbox.is_full() => false,
            Kind::Stream | Kind::Upload => true,
            // Calls that wait for clients do not count, but there is an end to them too.
            Kind::Plain => {
                (self.counting as usize) < options.maximum_parallel_invocations
                    && self.running.len()
                        < options.maximum_parallel_invocations.saturating_add(options.maximum_streams)
            }
        }
    }

    /// Does what a message says about a running call, upload or question. `false` if there is none that it is about.
    fn is_about_running(&mut self, live: &Live, message: &HubMessage<'_>, cx: &mut Context<'_>) -> bool {
        match message {
            HubMessage::StreamItem(item) => self.uploads.item(&item.invocation_id, &item.item, cx.waker()),
            HubMessage::Completion(completion) => {
                let error = match &completion.outcome {
                    CompletionOutcome::Error(text) => Some(&**text),
                    CompletionOutcome::Void | CompletionOutcome::Result(_) => None,
                };
                live.questions.answer(&completion.invocation_id, &completion.outcome)
                    || self.uploads.complete(&completion.invocation_id, error)
            }
            HubMessage::CancelInvocation(cancel) => self.cancel_call(live, &cancel.invocation_id, cx),
            HubMessage::Invocation(_)
            | HubMessage::StreamInvocation(_)
            | HubMessage::Ping
            | HubMessage::Close(_)
            | HubMessage::Ack(_)
            | HubMessage::Sequence(_) => false,
        }
    }

    fn cancel_call(&mut self, live: &Live, invocation_id: &str, cx: &mut Context<'_>) -> bool {
        let Some(at) = self.running.iter().position(|call| call.is(invocation_id)) else { return false };
        let call = self.running.remove(at);
        gone(&call, live, &mut self.uploads, &mut self.streams);
        call.cancel(live, cx);
        self.count();
        true
    }

    /// Starts a call, and says whether it goes on.
    fn start(
        &mut self,
        live: &Arc<Live>,
        invocation: &Invocation<'_>,
        kind: Kind,
        cx: &mut Context<'_>,
    ) -> bool {
        let core = live.core();
        core.meters().calls.increment(1);
        let dispatch = core.dispatch();
        let invocation_id = invocation.invocation_id.as_deref();
        let method = dispatch.find(&invocation.target);
        let name = method.map_or(&*invocation.target, |method| dispatch.method_name(method));
        let span = trace::call_span(dispatch.hub_name(), name, live.id(), &invocation.headers);
        let prepare = || span.in_scope(|| self.prepare(live, invocation, method, kind));
        let prepared = catch_unwind(AssertUnwindSafe(prepare))
            .unwrap_or_else(|panic| Err(Failed::panicked(&*panic, false)));
        let (call, uploads) = match prepared {
            Ok(started) => (Ok(started.call), started.uploads),
            Err(failed) => (Err(failed), Vec::new()),
        };
        let number = self.last_number + 1;
        let begin = Begin { invocation, method, kind, number, span };
        let mut running = match call {
            call if !core.options().filters.is_empty() => Running::filtered(live, begin, call),
            Ok(call) => Running::bare(begin, call),
            Err(failed) => {
                trace::record_failure(&begin.span, &failed);
                begin.span.in_scope(|| fail(live, invocation_id, name, &failed));
                return false;
            }
        };
        let items = share_of(self.running.len() + 1);
        if running.poll_as(live, invocation_id, items, cx).is_ready() {
            return false;
        }
        running.keep_id(invocation_id);
        running.has_uploads = !uploads.is_empty();
        for (id, sink) in invocation.stream_ids.iter().zip(uploads) {
            self.uploads.open(&id, number, sink);
        }
        if kind.has_streams() {
            self.streams += 1;
            core.meters().active_streams.increment(1);
        }
        self.is_held_back |= running.is_held_back;
        self.last_number = number;
        self.running.push(running);
        self.count();
        self.note_busy(live);
        true
    }

    /// Finds out whether the call may begin, and begins it; in the order of ASP.NET Core's checks.
    fn prepare(
        &self,
        live: &Arc<Live>,
        invocation: &Invocation<'_>,
        method: Option<MethodIndex>,
        kind: Kind,
    ) -> Result<Started, Failed> {
        let (dispatch, options) = (live.core().dispatch(), live.core().options());
        let method = method.ok_or(Failed::UnknownMethod)?;
        if !dispatch.allows(method, &**live) {
            return Err(Failed::Unauthorized);
        }
        let connection: Arc<dyn Connection> = Arc::<Live>::clone(live);
        let started = dispatch
            .start(method, &connection, invocation, options.stream_buffer_capacity)
            .map_err(Failed::Binding)?;
        match (dispatch.is_stream(method), kind) {
            (true, Kind::Plain | Kind::Upload) => return Err(Failed::IsAStream),
            (false, Kind::Stream) => return Err(Failed::NotAStream),
            (true, Kind::Stream) | (false, Kind::Plain | Kind::Upload) => {}
        }
        let (sent, expected) = (invocation.stream_ids.len(), started.uploads.len());
        if sent != expected {
            return Err(Failed::StreamCount { sent, expected });
        }
        if let (Kind::Stream, Some(id)) = (kind, &invocation.invocation_id)
            && self.running.iter().any(|call| call.kind == Kind::Stream && call.is(id))
        {
            return Err(Failed::IdInUse((&**id).into()));
        }
        if kind.has_streams() && self.streams as usize >= options.maximum_streams {
            live.core().meters().refused_streams.increment(1);
            return Err(Failed::TooManyStreams(options.maximum_streams));
        }
        Ok(started)
    }

    fn count(&mut self) {
        let counts = |call: &&Running| call.kind == Kind::Plain && !call.waits_for_client;
        self.counting = self.running.iter().filter(counts).count().try_into().unwrap_or(u32::MAX);
    }

    /// A client that waits for a plain call, or that is not read, may be silent.
    fn note_busy(&mut self, live: &Live) {
        if self.is_held {
            return;
        }
        let is_busy = self.is_full || self.running.iter().any(|call| call.kind == Kind::Plain);
        if is_busy != self.is_busy {
            self.is_busy = is_busy;
            live.set_busy(is_busy);
        }
    }
}

/// Takes account of a call that runs no longer.
fn gone(call: &Running, live: &Live, uploads: &mut Uploads, streams: &mut u32) {
    if call.has_uploads {
        uploads.close(call.number);
    }
    if call.kind.has_streams() {
        *streams -= 1;
        live.core().meters().active_streams.decrement(1);
    }
}

impl Waiting {
    /// Bytes that keeping it costs.
    fn cost(&self) -> usize {
        let id = match &self.role {
            Role::Call(_) => 0,
            Role::News(id) => id.len(),
        };
        self.message.len() + id + WAITING_OVERHEAD
    }
}

/// The kind of a call that wants a single answer.
fn plain(invocation: &Invocation<'_>) -> Kind {
    if invocation.stream_ids.is_empty() { Kind::Plain } else { Kind::Upload }
}

/// Bytes that keeping a message costs beside its own and its id's.
const WAITING_OVERHEAD: usize = 64;
