//! Methods that return streams.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;

use futures_core::Stream;
use futures_core::stream::BoxStream;
use futures_util::{StreamExt, stream};
use hubcast_protocol::HubProtocol::{Json, MessagePack};
use hubcast_protocol::contract::{CallError, CallFailure, Context, HubError};

use crate::fake::{FakeConnection, Ongoing, call, invocation, start};

#[hubcast_macros::client]
trait NumbersClient {
    async fn counted(&self, number: u32);
}

#[hubcast_macros::hub(client = NumbersClient)]
trait Numbers {
    fn plain(&self, from: u32) -> impl Stream<Item = u32>;
    fn with_context(&self, cx: &Context<dyn NumbersClient>, to: u32) -> impl Stream<Item = u32>;
    async fn later(&self, cx: &Context<dyn NumbersClient>, to: u32) -> impl Stream<Item = u32>;
    fn checked(&self, to: u32) -> Result<impl Stream<Item = u32>, HubError>;
    async fn checked_later(&self, to: u32) -> std::io::Result<impl Stream<Item = u32>>;
    fn failing(&self) -> impl Stream<Item = Result<u32, HubError>>;
    async fn failing_by_alias(&self) -> Result<impl Stream<Item = std::io::Result<u32>>, HubError>;
    fn boxed(&self, cx: &Context<dyn NumbersClient>) -> BoxStream<'_, u32>;
    fn pinned(&self) -> std::pin::Pin<Box<dyn Stream<Item = u32> + Send + '_>>;
    fn queued(&self) -> impl Stream<Item = u32>;
    async fn count(&self) -> u32;
}

#[derive(Default)]
struct Queue {
    items: Mutex<VecDeque<Option<u32>>>,
}

impl Queue {
    fn next(&self) -> Poll<Option<u32>> {
        let mut items = self.items.lock().unwrap_or_else(PoisonError::into_inner);
        items.pop_front().map_or(Poll::Pending, Poll::Ready)
    }
}

#[derive(Default)]
struct Counter {
    queue: Arc<Queue>,
}

impl Numbers for Counter {
    fn plain(&self, from: u32) -> impl Stream<Item = u32> {
        stream::iter((1..=from).rev())
    }

    fn with_context(&self, cx: &Context<dyn NumbersClient>, to: u32) -> impl Stream<Item = u32> {
        async_stream::stream! {
            for number in 1..=to {
                if cx.caller().counted(number).await.is_ok() {
                    yield number + self.count().await;
                }
            }
        }
    }

    async fn later(&self, cx: &Context<dyn NumbersClient>, to: u32) -> impl Stream<Item = u32> {
        let sent = cx.caller().counted(to).await;
        stream::iter(1..=to).take(if sent.is_ok() { 2 } else { 0 })
    }

    fn checked(&self, to: u32) -> Result<impl Stream<Item = u32>, HubError> {
        if to > 2 {
            return Err(HubError::new("Too far."));
        }
        Ok(stream::iter(1..=to))
    }

    async fn checked_later(&self, to: u32) -> std::io::Result<impl Stream<Item = u32>> {
        if to > 2 {
            return Err(std::io::Error::other("the disk is full"));
        }
        Ok(stream::iter(1..=to))
    }

    fn failing(&self) -> impl Stream<Item = Result<u32, HubError>> {
        async_stream::try_stream! {
            yield 1;
            Err(HubError::new("Enough."))?;
            yield 2;
        }
    }

    async fn failing_by_alias(&self) -> Result<impl Stream<Item = std::io::Result<u32>>, HubError> {
        Ok(stream::iter([Ok(1), Err(std::io::Error::other("the disk is full")), Ok(2)]))
    }

    fn boxed(&self, cx: &Context<dyn NumbersClient>) -> BoxStream<'_, u32> {
        stream::iter([1, cx.connection_id().to_string().len() as u32]).boxed()
    }

    fn pinned(&self) -> std::pin::Pin<Box<dyn Stream<Item = u32> + Send + '_>> {
        Box::pin(stream::poll_fn(|_| self.queue.next()))
    }

    fn queued(&self) -> impl Stream<Item = u32> {
        stream::poll_fn(|_| self.queue.next())
    }

    async fn count(&self) -> u32 {
        u32::try_from(self.queue.items.lock().unwrap_or_else(PoisonError::into_inner).len()).unwrap_or(0)
    }
}

#[test]
fn a_method_that_returns_a_stream_says_so() {
    let definition = Counter::default().into_hub();
    let plain: Vec<_> = definition.methods().iter().filter(|method| !method.is_stream()).collect();
    assert!(matches!(plain[..], [count] if count.name() == "Count"), "{plain:?}");
    assert_eq!(definition.methods().len(), 11);
}

#[test]
fn the_items_go_out_and_then_the_end() {
    assert_eq!(
        answer("Plain", "[2]"),
        concat!(
            r#"{"type":2,"invocationId":"1","item":2}"#,
            "\n",
            r#"{"type":2,"invocationId":"1","item":1}"#,
            "\n",
            r#"{"type":3,"invocationId":"1"}"#,
            "\n",
        )
    );
    assert_eq!(answer("Plain", "[0]"), "{\"type\":3,\"invocationId\":\"1\"}\n");
}

#[test]
fn the_items_go_out_as_message_pack() {
    // [4, {}, "1", "Plain", [1]]
    let message = b"\x0e\x95\x04\x80\xa11\xa5Plain\x91\x01";
    let message = [&[u8::try_from(message.len() - 1).expect("short")], &message[1..]].concat();
    let answer = call(&Counter::default().into_hub(), &FakeConnection::new(MessagePack), &message);
    // [2, {}, "1", 1] [3, {}, "1", 2]
    assert_eq!(answer.expect("a good call"), b"\x06\x94\x02\x80\xa11\x01\x06\x94\x03\x80\xa11\x02");
}

#[test]
fn a_stream_is_returned_in_every_form() {
    for (target, arguments, items) in [
        ("WithContext", "[2]", [1, 2]),
        ("Later", "[7]", [1, 2]),
        ("Checked", "[2]", [1, 2]),
        ("CheckedLater", "[2]", [1, 2]),
        ("Boxed", "[]", [1, 22]),
    ] {
        let [first, second] = items;
        let expected = format!("{}{}{}", item(first), item(second), END);
        assert_eq!(answer(target, arguments), expected, "{target}");
    }
}

#[test]
fn a_stream_may_borrow_the_context_and_call_clients() {
    let connection = FakeConnection::new(Json);
    let message = invocation(4, "WithContext", "[2]");
    call(&Counter::default().into_hub(), &connection, &message).expect("a good call");
    let sent = connection.sent();
    let [first, second] = &sent[..] else { panic!("{sent:?}") };
    assert!(first.ends_with(r#"{"type":1,"target":"Counted","arguments":[1]}"#), "{first}");
    assert!(second.ends_with(r#"{"type":1,"target":"Counted","arguments":[2]}"#), "{second}");
}

#[test]
fn a_stream_is_pending_until_there_is_an_item() {
    for target in ["Queued", "Pinned"] {
        let (queue, mut ongoing) = queued(target);
        assert!(ongoing.poll(9).is_pending());
        assert_eq!(ongoing.text(), "");

        queue.items.lock().expect("not poisoned").extend([Some(5), Some(6)]);
        assert!(ongoing.poll(9).is_pending());
        assert_eq!(ongoing.text(), format!("{}{}", item(5), item(6)));

        queue.items.lock().expect("not poisoned").extend([Some(7), None]);
        assert!(matches!(ongoing.poll(9), Poll::Ready(Ok(()))));
        assert_eq!(ongoing.text(), format!("{}{END}", item(7)));
    }
}

#[test]
fn a_stream_is_not_asked_for_more_than_there_is_room_for() {
    let (queue, mut ongoing) = queued("Queued");
    queue.items.lock().expect("not poisoned").extend([Some(1), Some(2), Some(3), None]);
    assert!(ongoing.poll(0).is_pending());
    assert_eq!(ongoing.text(), "");
    assert!(ongoing.poll(2).is_pending());
    assert_eq!(ongoing.text(), format!("{}{}", item(1), item(2)));
    assert_eq!(queue.items.lock().expect("not poisoned").len(), 2);
    assert!(matches!(ongoing.poll(2), Poll::Ready(Ok(()))));
    assert_eq!(ongoing.text(), format!("{}{END}", item(3)));
}

#[test]
fn an_error_in_place_of_the_stream_fails_the_call() {
    let failure = failure("Checked", "[3]", "");
    assert!(
        matches!(&failure, CallFailure::Method(CallError::Shown(text)) if text == "Too far."),
        "{failure:?}"
    );
    let failure = self::failure("CheckedLater", "[3]", "");
    assert!(
        matches!(&failure, CallFailure::Method(CallError::Hidden(error)) if error.to_string() == "the disk is full"),
        "{failure:?}"
    );
}

#[test]
fn an_error_in_place_of_an_item_fails_the_stream() {
    let failure = failure("Failing", "[]", &item(1));
    assert!(
        matches!(&failure, CallFailure::Stream(CallError::Shown(text)) if text == "Enough."),
        "{failure:?}"
    );
    let failure = self::failure("FailingByAlias", "[]", &item(1));
    assert!(
        matches!(&failure, CallFailure::Stream(CallError::Hidden(error)) if error.to_string() == "the disk is full"),
        "{failure:?}"
    );
}

#[test]
fn a_call_that_is_dropped_lets_go_of_the_hub() {
    let (queue, mut ongoing) = queued("Queued");
    assert!(ongoing.poll(9).is_pending());
    assert_eq!(Arc::strong_count(&queue), 2);
    drop(ongoing);
    assert_eq!(Arc::strong_count(&queue), 1);
}

const END: &str = "{\"type\":3,\"invocationId\":\"1\"}\n";

fn item(value: u32) -> String {
    format!("{{\"type\":2,\"invocationId\":\"1\",\"item\":{value}}}\n")
}

fn begin(target: &str, arguments: &str) -> Ongoing {
    let definition = Counter::default().into_hub();
    start(&definition, &FakeConnection::new(Json), &invocation(4, target, arguments)).expect("a good call")
}

fn answer(target: &str, arguments: &str) -> String {
    let mut ongoing = begin(target, arguments);
    ongoing.finish().expect("a success");
    ongoing.text()
}

fn failure(target: &str, arguments: &str, written: &str) -> CallFailure {
    let mut ongoing = begin(target, arguments);
    let failure = ongoing.finish().expect_err("a failure");
    assert_eq!(ongoing.text(), written);
    failure
}

/// A call of a method whose stream gives what its test puts into the queue.
fn queued(target: &str) -> (Arc<Queue>, Ongoing) {
    let queue = Arc::<Queue>::default();
    let definition = Counter { queue: Arc::clone(&queue) }.into_hub();
    let message = invocation(4, target, "[]");
    let ongoing = start(&definition, &FakeConnection::new(Json), &message).expect("a good call");
    (queue, ongoing)
}
