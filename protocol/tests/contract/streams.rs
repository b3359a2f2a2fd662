//! Calls that answer with a stream.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use futures_core::Stream;
use hubcast_protocol::contract::{
    Answer, AnswerSink, CallError, CallFailure, HubError, ItemRoom, ItemSink, RunningCall, StreamItems,
    run_stream,
};
use hubcast_protocol::{EncodeError, HubProtocol};
use serde::ser::SerializeTuple as _;
use serde::{Serialize, Serializer};

use super::Task;

#[test]
fn an_item_is_written_as_soon_as_it_is_there() {
    let source = Source::of([Poll::Ready(Some(1)), Poll::Pending, Poll::Ready(Some(2)), Poll::Ready(None)]);
    let mut call = run_stream(|items: StreamItems<u32>| items.send_all(source.clone()));
    let mut sink = Sink::with_room(9);
    assert!(poll(&mut call, &mut sink).is_pending());
    assert_eq!(sink.take(), item("1"));
    assert!(matches!(poll(&mut call, &mut sink), Poll::Ready(Ok(()))));
    assert_eq!(sink.take(), item("2") + END);
}

#[test]
fn an_endless_stream_stops_when_there_is_no_more_room() {
    let source = Source::of((0..100).map(|number| Poll::Ready(Some(number))));
    let mut call = run_stream(|items: StreamItems<u32>| items.send_all(source.clone()));
    let mut sink = Sink::with_room(2);
    assert!(poll(&mut call, &mut sink).is_pending());
    assert_eq!(sink.take(), item("0") + &item("1"));
    assert_eq!(source.left(), 98);
    assert!(poll(&mut call, &mut sink).is_pending());
    assert_eq!(sink.take(), "");
    assert_eq!(source.left(), 98);
    sink.room = 1;
    assert!(poll(&mut call, &mut sink).is_pending());
    assert_eq!(sink.take(), item("2"));
}

#[test]
fn a_stream_begins_once_there_is_room() {
    let source = Source::of([Poll::Ready(None)]);
    let mut call = run_stream(|items: StreamItems<u32>| items.send_all(source.clone()));
    let mut sink = Sink::with_room(0);
    assert!(poll(&mut call, &mut sink).is_pending());
    assert_eq!(source.left(), 1);
    sink.room = 1;
    assert!(matches!(poll(&mut call, &mut sink), Poll::Ready(Ok(()))));
    assert_eq!(sink.take(), END);
}

#[test]
fn the_first_error_ends_a_stream_without_its_end_being_written() {
    let source =
        Source::of([Ok(1), Err(HubError::new("Enough.")), Ok(2)].map(|item| Poll::Ready(Some(item))));
    let mut call = run_stream(|items: StreamItems<u32>| items.send_results(source.clone()));
    let mut sink = Sink::with_room(9);
    let polled = poll(&mut call, &mut sink);
    assert!(
        matches!(&polled, Poll::Ready(Err(CallFailure::Stream(CallError::Shown(text)))) if text == "Enough."),
        "{polled:?}"
    );
    assert_eq!(sink.take(), item("1"));
    assert_eq!(source.left(), 1);
}

#[test]
fn a_method_that_fails_before_its_stream_has_failed_itself() {
    let mut call = run_stream(|_items: StreamItems<u32>| async {
        Err(CallFailure::Method(CallError::Shown("No.".into())))
    });
    let mut sink = Sink::with_room(9);
    let polled = poll(&mut call, &mut sink);
    assert!(
        matches!(&polled, Poll::Ready(Err(CallFailure::Method(CallError::Shown(text)))) if text == "No."),
        "{polled:?}"
    );
    assert_eq!(sink.take(), "");
}

#[test]
fn an_item_that_cannot_be_written_fails_the_stream() {
    struct Unwritable;
    impl Serialize for Unwritable {
        fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
            Err(serde::ser::Error::custom("no words for it"))
        }
    }

    let source = Source::of([Poll::Ready(Some(Unwritable))]);
    let mut call = run_stream(|items: StreamItems<Unwritable>| items.send_all(source));
    let mut sink = Sink::with_room(9);
    let polled = poll(&mut call, &mut sink);
    assert!(matches!(&polled, Poll::Ready(Err(CallFailure::Stream(CallError::Hidden(_))))), "{polled:?}");
    assert_eq!(sink.take(), "");
}

#[test]
fn a_panic_leaves_the_items_before_it_and_nothing_of_its_own() {
    struct Bomb(u32);
    impl Serialize for Bomb {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let mut pair = serializer.serialize_tuple(2)?;
            pair.serialize_element(&self.0)?;
            assert_ne!(self.0, 2, "in the middle of an item");
            pair.serialize_element(&self.0)?;
            pair.end()
        }
    }

    let source = Source::of([1, 2].map(|number| Poll::Ready(Some(Bomb(number)))));
    let mut call = run_stream(|items: StreamItems<Bomb>| items.send_all(source));
    let mut sink = Sink::with_room(9);
    let polled = catch_unwind(AssertUnwindSafe(|| poll(&mut call, &mut sink)));
    assert!(polled.is_err());
    assert_eq!(sink.take(), item("[1,1]"));

    let source = Source::of([Poll::Ready(Some(3)), Poll::Ready(None)]);
    let mut call = run_stream(|items: StreamItems<u32>| items.send_all(source));
    assert!(matches!(poll(&mut call, &mut sink), Poll::Ready(Ok(()))));
    assert_eq!(sink.take(), item("3") + END);
}

#[test]
fn items_larger_than_a_batch_are_written_one_by_one() {
    let text = "a".repeat(100_000);
    let source = Source::of([1, 2, 3].map(|_| Poll::Ready(Some(text.clone()))));
    let mut call = run_stream(|items: StreamItems<String>| items.send_all(source.clone()));
    let mut sink = Sink::with_room(2);
    assert!(poll(&mut call, &mut sink).is_pending());
    assert_eq!(sink.batches, [1, 1]);
    assert_eq!(source.left(), 1);
}

#[test]
fn a_call_begins_in_the_memory_of_one_that_has_ended() {
    let begin = || {
        let source = Source::of([Poll::Ready(Some(1)), Poll::Ready(None)]);
        run_stream(|items: StreamItems<u32>| items.send_all(source))
    };
    for id in ["7", "8"] {
        let mut call = begin();
        let mut sink = Sink::with_room(9);
        let mut answer = Answer::new(HubProtocol::Json, Some(id), &mut sink);
        let polled = call.as_mut().poll_answer(&mut Task::new().context(), &mut answer);
        assert!(matches!(polled, Poll::Ready(Ok(()))));
        assert_eq!(sink.take(), (item("1") + END).replace('7', id));
        call.end();
    }
}

#[test]
fn the_source_wakes_the_task_of_the_call() {
    struct Waiting(Arc<Mutex<Option<std::task::Waker>>>);
    impl Stream for Waiting {
        type Item = u32;
        fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<u32>> {
            *self.0.lock().expect("not poisoned") = Some(cx.waker().clone());
            Poll::Pending
        }
    }

    let waker = Arc::default();
    let source = Waiting(Arc::clone(&waker));
    let mut call = run_stream(|items: StreamItems<u32>| items.send_all(source));
    let (task, mut sink) = (Task::new(), Sink::with_room(9));
    assert!(poll_for(&mut call, &mut sink, &task).is_pending());
    waker.lock().expect("not poisoned").take().expect("it waits").wake();
    assert_eq!(task.wakes(), 1);
}

#[test]
fn dropping_the_call_drops_the_stream_and_its_item() {
    let held = Arc::new(());
    let source = Source::of([Poll::Ready(Some(1)), Poll::Pending]);
    let guard = Arc::clone(&held);
    let mut call = run_stream(move |items: StreamItems<u32>| async move {
        let sent = items.send_all(source).await;
        drop(guard);
        sent
    });
    assert!(poll(&mut call, &mut Sink::with_room(9)).is_pending());
    assert_eq!(Arc::strong_count(&held), 2);
    drop(call);
    assert_eq!(Arc::strong_count(&held), 1);
}

#[test]
fn a_call_without_an_id_sends_nothing() {
    let source = Source::of([Poll::Ready(Some(1)), Poll::Ready(None)]);
    let mut call = run_stream(|items: StreamItems<u32>| items.send_all(source));
    let mut sink = Sink::with_room(9);
    let mut answer = Answer::new(HubProtocol::Json, None, &mut sink);
    let polled = call.as_mut().poll_answer(&mut Task::new().context(), &mut answer);
    assert!(matches!(polled, Poll::Ready(Ok(()))));
    assert_eq!(sink.take(), "");
}

const END: &str = "{\"type\":3,\"invocationId\":\"7\"}\n";

fn item(value: &str) -> String {
    format!("{{\"type\":2,\"invocationId\":\"7\",\"item\":{value}}}\n")
}

fn poll(call: &mut Pin<Box<dyn RunningCall>>, sink: &mut Sink) -> Poll<Result<(), CallFailure>> {
    poll_for(call, sink, &Task::new())
}

fn poll_for(
    call: &mut Pin<Box<dyn RunningCall>>,
    sink: &mut Sink,
    task: &Task,
) -> Poll<Result<(), CallFailure>> {
    let mut answer = Answer::new(HubProtocol::Json, Some("7"), sink);
    call.as_mut().poll_answer(&mut task.context(), &mut answer)
}

/// A stream that answers each poll as its test says.
struct Source<T>(Arc<Mutex<VecDeque<Poll<Option<T>>>>>);

impl<T> Source<T> {
    fn of(answers: impl IntoIterator<Item = Poll<Option<T>>>) -> Self {
        Self(Arc::new(Mutex::new(answers.into_iter().collect())))
    }

    fn left(&self) -> usize {
        self.0.lock().expect("not poisoned").len()
    }
}

impl<T> Clone for Source<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> Stream for Source<T> {
    type Item = T;

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<T>> {
        self.0.lock().expect("not poisoned").pop_front().unwrap_or(Poll::Pending)
    }
}

/// Takes what is written, while there is room.
struct Sink {
    bytes: Vec<u8>,
    room: usize,
    /// How many items came together each time.
    batches: Vec<u32>,
}

impl Sink {
    fn with_room(room: usize) -> Self {
        Self { bytes: Vec::new(), room, batches: Vec::new() }
    }

    fn take(&mut self) -> String {
        String::from_utf8(std::mem::take(&mut self.bytes)).expect("JSON is UTF-8").replace('\u{1e}', "\n")
    }
}

impl AnswerSink for Sink {
    fn append(
        &mut self,
        write: &mut dyn FnMut(&mut Vec<u8>) -> Result<(), EncodeError>,
    ) -> Result<(), EncodeError> {
        let start = self.bytes.len();
        self.room = self.room.saturating_sub(1);
        write(&mut self.bytes).inspect_err(|_| self.bytes.truncate(start))
    }

    fn append_items(&mut self, items: &[u8], count: u32) {
        self.room = self.room.saturating_sub(count as usize);
        self.bytes.extend_from_slice(items);
        self.batches.push(count);
    }

    fn room(&self) -> Option<ItemRoom> {
        (self.room > 0).then_some(ItemRoom { items: self.room, bytes: usize::MAX })
    }

    fn shared(&self) -> Option<Arc<dyn ItemSink>> {
        None
    }

    fn count_items(&mut self, _count: u32) {}
}
