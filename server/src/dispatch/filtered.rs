//! A call inside of filters: what it writes waits here until it is known whether it counts.
//!
//! The place for the answer is lent only while a call is polled, but a filter may keep the call for longer. So the call
//! writes into a buffer of its own, which moves to the outbox after each poll; its completion moves last, once the
//! outermost filter has let it pass.

use std::future::Future;
use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use hubcast_protocol::contract::{
    self, Answer, AnswerSink, BoxFuture, Connection, ItemRoom, ItemSink, RunningCall,
};
use hubcast_protocol::{Codec, EncodeError, Headers};
use parking_lot::Mutex;

use super::caught;
use super::failure::Failed;
use super::outbox_sink::{FEWEST_ITEMS, OutboxSink};
use crate::connection::Live;
use crate::hub_filter::{FailedCall, FilteredCall, NextCall};

/// A call with its filters.
pub(super) struct Filtered {
    chain: BoxFuture<Result<(), FailedCall>>,
    stage: Arc<Stage>,
    method: Box<str>,
    is_stream: bool,
}

/// What filters are to be told about a call.
pub(super) struct About<'a> {
    pub(super) method: &'a str,
    pub(super) is_stream: bool,
    pub(super) argument_count: usize,
    pub(super) invocation_id: Option<&'a str>,
    pub(super) headers: &'a Headers<'a>,
}

/// The call that the innermost filter runs, or why there is none.
pub(crate) struct InnerCall {
    work: Work,
    is_stream: bool,
    codec: Codec,
    invocation_id: Option<Box<str>>,
    stage: Arc<Stage>,
}

enum Work {
    Call(Pin<Box<dyn RunningCall>>),
    Failed(Failed),
    /// Its outcome has been given.
    Over,
}

/// Where the two sides of the filters meet.
#[derive(Default)]
struct Stage(Mutex<Staged>);

#[derive(Default)]
struct Staged {
    messages: Messages,
    completion: Vec<u8>,
    /// The room that the outbox had when the call was last polled.
    room: Option<ItemRoom>,
    /// Whether an item was held back for want of room: nothing will wake the call.
    is_held_back: bool,
    is_cancelled: bool,
}

/// Whole messages, one behind the other.
#[derive(Default)]
struct Messages {
    bytes: Vec<u8>,
    count: u32,
    /// Where the last whole one ends.
    end: usize,
    /// Where those begin that came last.
    last: usize,
}

impl Filtered {
    pub(super) fn new(
        live: &Arc<Live>,
        about: &About<'_>,
        work: Result<Pin<Box<dyn RunningCall>>, Failed>,
    ) -> Self {
        let stage = Arc::new(Stage::default());
        let mut inner = InnerCall {
            work: work.map_or_else(Work::Failed, Work::Call),
            is_stream: about.is_stream,
            codec: live.codec(),
            invocation_id: about.invocation_id.map(Into::into),
            stage: Arc::clone(&stage),
        };
        let core = Arc::clone(live.core());
        let connection: Arc<dyn Connection> = Arc::<Live>::clone(live);
        let call = FilteredCall {
            context: contract::Context::of_call(connection, about.headers),
            hub: core.dispatch().hub_name(),
            method: about.method.into(),
            is_stream: about.is_stream,
            argument_count: about.argument_count,
        };
        let chain = Box::pin(async move {
            let filters = &core.options().filters;
            NextCall { filters, call: &call, inner: &mut inner }.run().await
        });
        Self { chain, stage, method: about.method.into(), is_stream: about.is_stream }
    }

    /// The method as registered, or as asked for.
    pub(super) fn method(&self) -> &str {
        &self.method
    }

    /// Drives the call. `answer` gets what may be sent; a success has been completed there.
    pub(super) fn poll(
        &mut self,
        cx: &mut Context<'_>,
        codec: Codec,
        invocation_id: Option<&str>,
        answer: &mut OutboxSink<'_>,
    ) -> Poll<Result<(), Failed>> {
        self.stage.0.lock().room = answer.room();
        let polled = self.chain.as_mut().poll(cx);
        let (messages, completion, is_held_back) = {
            let mut staged = self.stage.0.lock();
            let completion = if polled.is_ready() { mem::take(&mut staged.completion) } else { Vec::new() };
            (mem::take(&mut staged.messages), completion, mem::take(&mut staged.is_held_back))
        };
        if messages.count > 0 {
            answer.append_items(&messages.bytes, messages.count);
        }
        if is_held_back {
            answer.hold_back();
        }
        polled.map(|outcome| {
            let moved = match (outcome, invocation_id) {
                (Err(FailedCall(failed)), _) => return Err(failed),
                (Ok(()), None) => Ok(()),
                // A filter that ran nothing answers with nothing.
                (Ok(()), Some(id)) if completion.is_empty() && self.is_stream => answer.append(&mut |out| {
                    codec.write_void(out, id);
                    Ok(())
                }),
                (Ok(()), Some(id)) if completion.is_empty() => {
                    answer.append(&mut |out| codec.write_result(out, id, &()))
                }
                (Ok(()), Some(_)) => answer.append(&mut |out| {
                    out.extend_from_slice(&completion);
                    Ok(())
                }),
            };
            moved.map_err(|error| Failed::Method(contract::CallError::Hidden(error.into())))
        })
    }

    /// Lets the filters see that the client no longer wants the call.
    pub(super) fn cancel(&mut self, cx: &mut Context<'_>) {
        self.stage.0.lock().is_cancelled = true;
        // Whatever comes of it, the call is over.
        let _ = self.chain.as_mut().poll(cx);
    }
}

impl InnerCall {
    /// Runs the call to its end.
    pub(crate) fn run(&mut self) -> impl Future<Output = Result<(), Failed>> + Send {
        Run(self)
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Failed>> {
        let call = match &mut self.work {
            Work::Call(call) => call,
            Work::Failed(_) | Work::Over => {
                return match mem::replace(&mut self.work, Work::Over) {
                    Work::Failed(failed) => Poll::Ready(Err(failed)),
                    Work::Call(_) | Work::Over => Poll::Pending,
                };
            }
        };
        let mut sink = {
            let mut staged = self.stage.0.lock();
            if staged.is_cancelled {
                drop(staged);
                self.end();
                return Poll::Ready(Err(Failed::Cancelled));
            }
            let messages = mem::take(&mut staged.messages);
            StageSink { messages, room: staged.room, held_back: false.into() }
        };
        let mut answer = Answer::new(self.codec, self.invocation_id.as_deref(), &mut sink);
        let polled = catch_unwind(AssertUnwindSafe(|| call.as_mut().poll_answer(cx, &mut answer)));
        let outcome = match polled {
            Ok(Poll::Pending) => Poll::Pending,
            Ok(Poll::Ready(outcome)) => Poll::Ready(outcome.map_err(Failed::from)),
            Err(panic) => {
                sink.messages.trim();
                Poll::Ready(Err(Failed::panicked(&*panic, self.is_stream)))
            }
        };
        {
            let mut staged = self.stage.0.lock();
            staged.is_held_back |= sink.held_back.get();
            if matches!(outcome, Poll::Ready(Ok(()))) {
                staged.completion = sink.messages.take_last();
            }
            staged.messages = sink.messages;
        }
        if outcome.is_ready() {
            self.end();
        }
        outcome
    }

    /// Lets go of the call before the filters go on, so that what it holds is free.
    fn end(&mut self) {
        let work = mem::replace(&mut self.work, Work::Over);
        let _logged = caught("a call that had ended", || match work {
            Work::Call(call) => call.end(),
            Work::Failed(_) | Work::Over => {}
        });
    }
}

/// A run of the call, which ends it when it is dropped.
struct Run<'a>(&'a mut InnerCall);

impl Future for Run<'_> {
    type Output = Result<(), Failed>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.get_mut().0.poll(cx)
    }
}

impl Drop for Run<'_> {
    fn drop(&mut self) {
        self.0.end();
    }
}

impl Messages {
    /// Drops what a panic has left half-written.
    fn trim(&mut self) {
        self.bytes.truncate(self.end);
    }

    /// Takes the last message, which came alone.
    fn take_last(&mut self) -> Vec<u8> {
        if self.last == self.end {
            return Vec::new();
        }
        self.count -= 1;
        self.end = self.last;
        self.bytes.split_off(self.last)
    }

    fn add(&mut self, count: u32) {
        self.last = self.end;
        self.end = self.bytes.len();
        self.count += count;
    }
}

struct StageSink {
    messages: Messages,
    room: Option<ItemRoom>,
    held_back: std::cell::Cell<bool>,
}

impl AnswerSink for StageSink {
    fn append(
        &mut self,
        write: &mut dyn FnMut(&mut Vec<u8>) -> Result<(), EncodeError>,
    ) -> Result<(), EncodeError> {
        let written = write(&mut self.messages.bytes);
        match written {
            Ok(()) => self.messages.add(1),
            Err(_) => self.messages.trim(),
        }
        written
    }

    fn append_items(&mut self, items: &[u8], count: u32) {
        self.messages.bytes.extend_from_slice(items);
        self.messages.add(count);
    }

    fn room(&self) -> Option<ItemRoom> {
        let room = self.room.and_then(|room| {
            let items = STAGED_ITEMS.checked_sub(self.messages.count as usize)?.min(room.items);
            let bytes = STAGED_BYTES.checked_sub(self.messages.bytes.len())?.min(room.bytes);
            (items > 0 && bytes > 0).then_some(ItemRoom { items, bytes })
        });
        if room.is_none() {
            self.held_back.set(true);
        }
        room
    }

    /// What is staged is queued after the poll, behind what the call sent meanwhile.
    fn shared(&self) -> Option<Arc<dyn ItemSink>> {
        None
    }

    /// Nothing gets anywhere but through this.
    fn count_items(&mut self, _count: u32) {}
}

/// Bytes that a stream inside of filters writes before they are queued.
const STAGED_BYTES: usize = 16 * 1024;

/// Items that a stream inside of filters writes before they are queued: its share of a turn.
const STAGED_ITEMS: usize = FEWEST_ITEMS;
