//! One call under way: how it is driven, and what its end says to the client.
//!
//! Dropping it cancels it. Whatever application code does then, a panic goes no further: destructors of several calls
//! may panic one after the other.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use hubcast_protocol::Invocation;
use hubcast_protocol::contract::{Answer, CallError, RunningCall, watch_for_waits};
use tracing::Span;

use super::failure::{Failed, too_many_calls};
use super::filtered::{About, Filtered};
use super::outbox_sink::OutboxSink;
use super::{MethodIndex, caught, panic_text, trace};
use crate::connection::Live;

/// A call of a method.
pub(super) struct Running {
    work: Work,
    method: Option<MethodIndex>,
    /// Its place among the calls of the connection.
    pub(super) number: u64,
    invocation_id: Option<Box<str>>,
    pub(super) kind: Kind,
    /// Whether items are left because the outbox had no room, or others their turn: nothing wakes it then.
    pub(super) is_held_back: bool,
    /// Whether it waits for a client's answer.
    pub(super) waits_for_client: bool,
    pub(super) has_uploads: bool,
    span: Span,
}

enum Work {
    Call(Pin<Box<dyn RunningCall>>),
    Filtered(Box<Filtered>),
    Over,
}

/// Which limit a call counts towards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Plain,
    /// The client wants a stream.
    Stream,
    /// The client sends streams, and wants a single answer.
    Upload,
}

impl Kind {
    /// Whether it has a stream in either direction.
    pub(super) fn has_streams(self) -> bool {
        match self {
            Self::Plain => false,
            Self::Stream | Self::Upload => true,
        }
    }
}

/// A call that is about to be polled for the first time, and whose client knows it by `invocation`.
pub(super) struct Begin<'a> {
    pub(super) invocation: &'a Invocation<'a>,
    pub(super) method: Option<MethodIndex>,
    pub(super) kind: Kind,
    pub(super) number: u64,
    pub(super) span: Span,
}

impl Running {
    /// Begins a call without filters.
    pub(super) fn bare(begin: Begin<'_>, call: Pin<Box<dyn RunningCall>>) -> Self {
        Self::new(begin, Work::Call(call))
    }

    /// Begins a call within the hub's filters, which see a failure too.
    pub(super) fn filtered(
        live: &Arc<Live>,
        begin: Begin<'_>,
        call: Result<Pin<Box<dyn RunningCall>>, Failed>,
    ) -> Self {
        let invocation = begin.invocation;
        let registered = begin.method.map(|method| live.core().dispatch().method_name(method));
        let about = About {
            method: registered.unwrap_or(&invocation.target),
            is_stream: begin.kind == Kind::Stream,
            argument_count: invocation.arguments.count(),
            invocation_id: invocation.invocation_id.as_deref(),
            headers: &invocation.headers,
        };
        let work = Work::Filtered(Box::new(Filtered::new(live, &about, call)));
        Self::new(begin, work)
    }

    fn new(begin: Begin<'_>, work: Work) -> Self {
        Self {
            work,
            method: begin.method,
            number: begin.number,
            invocation_id: None,
            kind: begin.kind,
            is_held_back: false,
            waits_for_client: false,
            has_uploads: false,
            span: begin.span,
        }
    }

    /// Keeps what the client calls it: it goes on after its first poll.
    pub(super) fn keep_id(&mut self, invocation_id: Option<&str>) {
        self.invocation_id = invocation_id.map(Into::into);
    }

    /// Whether the client calls it so.
    pub(super) fn is(&self, invocation_id: &str) -> bool {
        self.invocation_id.as_deref() == Some(invocation_id)
    }

    /// Whether it has been polled to its end.
    pub(super) fn is_over(&self) -> bool {
        matches!(self.work, Work::Over)
    }

    /// Drives it. When it is done, the client has its answer.
    pub(super) fn poll(&mut self, live: &Arc<Live>, items: usize, cx: &mut Context<'_>) -> Poll<()> {
        let invocation_id = self.invocation_id.take();
        let polled = self.poll_as(live, invocation_id.as_deref(), items, cx);
        self.invocation_id = invocation_id;
        polled
    }

    /// Drives it under the id that its client gave it. A stream writes so many items at most.
    pub(super) fn poll_as(
        &mut self,
        live: &Arc<Live>,
        invocation_id: Option<&str>,
        items: usize,
        cx: &mut Context<'_>,
    ) -> Poll<()> {
        let mut sink = OutboxSink::new(live, items);
        let (work, span) = (&mut self.work, &self.span);
        let (polled, waits) = watch_for_waits(|| {
            let _entered = span.enter();
            catch_unwind(AssertUnwindSafe(|| work.poll(invocation_id, &mut sink, cx)))
        });
        self.is_held_back = sink.is_held_back();
        self.waits_for_client = waits;
        let outcome = match polled {
            Ok(Poll::Pending) => return Poll::Pending,
            Ok(Poll::Ready(outcome)) => outcome,
            Err(panic) => Err(Failed::panicked(&*panic, self.kind == Kind::Stream)),
        };
        if let Err(failed) = outcome {
            self.span.in_scope(|| report(live, self.method_name(live), &failed));
            trace::record_failure(&self.span, &failed);
            answer_failed(live, invocation_id, self.method_name(live), &failed);
        }
        self.drop_work();
        Poll::Ready(())
    }

    /// Ends it for its client, who no longer wants it.
    pub(super) fn cancel(mut self, live: &Live, cx: &mut Context<'_>) {
        live.core().meters().cancelled_calls.increment(1);
        trace::record_failure(&self.span, &Failed::Cancelled);
        if let Work::Filtered(filtered) = &mut self.work {
            let _entered = self.span.enter();
            if let Err(panic) = catch_unwind(AssertUnwindSafe(|| filtered.cancel(cx))) {
                log_panic(live, self.method_name(live), panic_text(&*panic));
            }
        }
        let Some(id) = &self.invocation_id else { return };
        let protocol = live.protocol();
        match self.kind {
            Kind::Stream => queue(live, |out| protocol.write_void(out, id)),
            Kind::Plain | Kind::Upload => {
                let detailed = live.core().options().detailed_errors;
                let text = Failed::Cancelled.text(self.method_name(live), detailed);
                queue(live, |out| protocol.write_error(out, id, &text));
            }
        }
    }

    fn method_name<'a>(&'a self, live: &'a Live) -> &'a str {
        match (&self.work, self.method) {
            (_, Some(method)) => live.core().dispatch().method_name(method),
            (Work::Filtered(filtered), None) => filtered.method(),
            (Work::Call(_) | Work::Over, None) => "",
        }
    }

    fn drop_work(&mut self) {
        let work = std::mem::replace(&mut self.work, Work::Over);
        let _entered = self.span.enter();
        let _logged = caught("a call that had ended", || match work {
            Work::Call(call) => call.end(),
            Work::Filtered(filtered) => drop(filtered),
            Work::Over => {}
        });
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if !self.is_over() {
            self.drop_work();
        }
    }
}

impl Work {
    fn poll(
        &mut self,
        invocation_id: Option<&str>,
        sink: &mut OutboxSink<'_>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<(), Failed>> {
        let codec = sink.codec();
        match self {
            Self::Call(call) => {
                let mut answer = Answer::new(codec, invocation_id, sink);
                call.as_mut().poll_answer(cx, &mut answer).map_err(Failed::from)
            }
            Self::Filtered(filtered) => filtered.poll(cx, codec, invocation_id, sink),
            Self::Over => Poll::Ready(Ok(())),
        }
    }
}

/// Ends a call that could not begin.
pub(super) fn fail(live: &Live, invocation_id: Option<&str>, target: &str, failed: &Failed) {
    report(live, target, failed);
    answer_failed(live, invocation_id, target, failed);
}

/// Answers a call that comes too fast, without looking at what it calls.
pub(crate) fn refuse_call(live: &Live, invocation: &Invocation<'_>, wait: Duration) {
    live.core().meters().calls.increment(1);
    let dispatch = live.core().dispatch();
    let method = dispatch.find(&invocation.target);
    let name = method.map_or(&*invocation.target, |method| dispatch.method_name(method));
    answer_error(live, invocation.invocation_id.as_deref(), || too_many_calls(name, wait));
}

fn answer_failed(live: &Live, invocation_id: Option<&str>, target: &str, failed: &Failed) {
    answer_error(live, invocation_id, || failed.text(target, live.core().options().detailed_errors));
}

fn answer_error(live: &Live, invocation_id: Option<&str>, text: impl FnOnce() -> String) {
    live.core().meters().failed_calls.increment(1);
    let Some(id) = invocation_id else { return };
    let text = text();
    let protocol = live.protocol();
    queue(live, |out| protocol.write_error(out, id, &text));
}

fn queue(live: &Live, write: impl Fn(&mut Vec<u8>)) {
    let queued = live.outbox.append(live.framing(), &mut |out| {
        write(out);
        Ok(())
    });
    debug_assert!(queued.is_ok(), "a text can always be encoded");
}

fn report(live: &Live, method: &str, failed: &Failed) {
    let hub = live.core().dispatch().hub_name();
    match failed {
        Failed::Method(CallError::Hidden(error)) | Failed::Stream(CallError::Hidden(error)) => {
            tracing::warn!(hub, method, error, "a hub method failed");
        }
        Failed::Panicked { text, .. } => log_panic(live, method, text),
        Failed::Binding(error) => tracing::debug!(hub, method, %error, "a call's arguments do not fit"),
        Failed::Unauthorized => tracing::debug!(hub, method, connection = %live.id(), "a call was refused"),
        Failed::Method(CallError::Shown(_))
        | Failed::Stream(CallError::Shown(_))
        | Failed::UnknownMethod
        | Failed::NotAStream
        | Failed::IsAStream
        | Failed::StreamCount { .. }
        | Failed::IdInUse(_)
        | Failed::TooManyStreams(_)
        | Failed::Cancelled => {}
    }
}

fn log_panic(live: &Live, method: &str, panic: &str) {
    live.core().meters().panics.increment(1);
    let hub = live.core().dispatch().hub_name();
    tracing::error!(hub, method, panic, "a hub method panicked");
}
