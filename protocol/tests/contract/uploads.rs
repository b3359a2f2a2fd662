//! The queue between a connection and the method that takes an upload.

use std::pin::pin;
use std::task::Poll;

use hubcast_protocol::contract::{Upload, UploadError, UploadSink};

use super::{Task, with_payload};

#[test]
fn items_come_in_order_and_then_the_end_for_ever() {
    let (mut upload, mut sink) = Upload::<u32>::new(10);
    for number in 1..=3 {
        assert!(feed(&mut *sink, &number.to_string()));
    }
    sink.complete(None);
    for number in 1..=3 {
        assert_eq!(next(&mut upload), Poll::Ready(Some(Ok(number))));
    }
    assert_eq!(next(&mut upload), Poll::Ready(None));
    assert_eq!(next(&mut upload), Poll::Ready(None));
}

#[test]
fn the_method_is_woken_by_an_item_and_by_the_end() {
    let (mut upload, mut sink) = Upload::<u32>::new(10);
    let task = Task::new();
    assert_eq!(next_for(&mut upload, &task), Poll::Pending);
    feed(&mut *sink, "1");
    feed(&mut *sink, "2");
    assert_eq!(task.wakes(), 1);
    assert_eq!(next_for(&mut upload, &task), Poll::Ready(Some(Ok(1))));
    assert_eq!(next_for(&mut upload, &task), Poll::Ready(Some(Ok(2))));
    assert_eq!(next_for(&mut upload, &task), Poll::Pending);
    sink.complete(None);
    assert_eq!(task.wakes(), 1);
    assert_eq!(next_for(&mut upload, &task), Poll::Ready(None));
}

#[test]
fn only_what_is_over_the_capacity_counts_as_behind() {
    for (capacity, free) in [(0, 1), (1, 1), (10, 10)] {
        let (mut upload, mut sink) = Upload::<String>::new(capacity);
        let task = Task::new();
        for _ in 0..free {
            feed(&mut *sink, r#""free""#);
            assert_eq!(sink.backlog(&task.waker), 0, "capacity {capacity}");
        }
        feed(&mut *sink, r#""1""#);
        assert_eq!(sink.backlog(&task.waker), 3 + OVERHEAD);
        feed(&mut *sink, r#""22""#);
        assert_eq!(sink.backlog(&task.waker), 3 + 4 + 2 * OVERHEAD);

        assert!(matches!(next(&mut upload), Poll::Ready(Some(Ok(_)))));
        assert_eq!(sink.backlog(&task.waker), 4 + OVERHEAD, "capacity {capacity}");
        assert!(matches!(next(&mut upload), Poll::Ready(Some(Ok(_)))));
        assert_eq!(sink.backlog(&task.waker), 0, "capacity {capacity}");
        for _ in 0..free {
            assert!(matches!(next(&mut upload), Poll::Ready(Some(Ok(_)))));
            assert_eq!(sink.backlog(&task.waker), 0);
        }
        assert_eq!(next(&mut upload), Poll::Pending);
    }
}

#[test]
fn the_connection_is_woken_when_the_backlog_shrinks() {
    let (mut upload, mut sink) = Upload::<u32>::new(2);
    let connection = Task::new();
    for number in 0..5 {
        feed(&mut *sink, &number.to_string());
    }
    assert_eq!(sink.backlog(&connection.waker), 3 * (1 + OVERHEAD));
    assert!(next(&mut upload).is_ready());
    assert!(next(&mut upload).is_ready());
    assert_eq!(connection.wakes(), 1);

    assert_eq!(sink.backlog(&connection.waker), 1 + OVERHEAD);
    assert!(next(&mut upload).is_ready());
    assert_eq!(connection.wakes(), 1);

    assert_eq!(sink.backlog(&connection.waker), 0);
    assert!(next(&mut upload).is_ready());
    assert!(next(&mut upload).is_ready());
    assert_eq!(connection.wakes(), 0);
}

#[test]
fn the_connection_is_woken_when_the_method_lets_go() {
    let (upload, mut sink) = Upload::<u32>::new(1);
    let connection = Task::new();
    feed(&mut *sink, "1");
    feed(&mut *sink, "2");
    assert_eq!(sink.backlog(&connection.waker), 1 + OVERHEAD);
    drop(upload);
    assert_eq!(connection.wakes(), 1);
    assert_eq!(sink.backlog(&connection.waker), 0);
    assert!(feed(&mut *sink, r#""of no type that anybody reads""#));
    assert_eq!(sink.backlog(&connection.waker), 0);
    sink.complete(Some("nobody listens"));
}

#[test]
fn an_error_of_the_client_is_the_last_item() {
    let (mut upload, mut sink) = Upload::<u32>::new(10);
    feed(&mut *sink, "1");
    sink.complete(Some("I am tired."));
    drop(sink);
    assert_eq!(next(&mut upload), Poll::Ready(Some(Ok(1))));
    let error = UploadError::Client("I am tired.".into());
    assert_eq!(error.to_string(), "I am tired.");
    assert_eq!(next(&mut upload), Poll::Ready(Some(Err(error))));
    assert_eq!(next(&mut upload), Poll::Ready(None));
}

#[test]
fn an_item_of_another_type_ends_the_upload_after_those_before_it() {
    let (mut upload, mut sink) = Upload::<u32>::new(10);
    let task = Task::new();
    assert_eq!(next_for(&mut upload, &task), Poll::Pending);
    assert!(feed(&mut *sink, "1"));
    assert!(!feed(&mut *sink, "-1"));
    assert!(feed(&mut *sink, "2"));
    sink.complete(None);
    assert_eq!(task.wakes(), 1);
    assert_eq!(next(&mut upload), Poll::Ready(Some(Ok(1))));
    assert_eq!(UploadError::Binding.to_string(), "Failed to bind Stream message.");
    assert_eq!(next(&mut upload), Poll::Ready(Some(Err(UploadError::Binding))));
    assert_eq!(next(&mut upload), Poll::Ready(None));
}

#[test]
fn an_upload_whose_connection_ends_is_disconnected() {
    let (mut upload, sink) = Upload::<u32>::new(10);
    let task = Task::new();
    assert_eq!(next_for(&mut upload, &task), Poll::Pending);
    drop(sink);
    assert_eq!(task.wakes(), 1);
    assert_eq!(next(&mut upload), Poll::Ready(Some(Err(UploadError::Disconnected))));
    assert_eq!(next(&mut upload), Poll::Ready(None));
}

#[test]
fn an_upload_that_was_completed_is_not_disconnected() {
    let (mut upload, mut sink) = Upload::<u32>::new(10);
    sink.complete(None);
    drop(sink);
    assert_eq!(next(&mut upload), Poll::Ready(None));
}

#[test]
fn debug_shows_no_item() {
    let (upload, mut sink) = Upload::<String>::new(10);
    feed(&mut *sink, r#""SECRET""#);
    assert_eq!(format!("{upload:?}"), "Upload { .. }");
}

/// What each item costs beside its bytes.
const OVERHEAD: usize = 16;

fn feed(sink: &mut dyn UploadSink, item: &str) -> bool {
    with_payload(item, |item| sink.item(item))
}

fn next<T>(upload: &mut Upload<T>) -> Poll<Option<Result<T, UploadError>>> {
    next_for(upload, &Task::new())
}

fn next_for<T>(upload: &mut Upload<T>, task: &Task) -> Poll<Option<Result<T, UploadError>>> {
    pin!(upload.next()).poll(&mut task.context())
}
