//! The queue of a connection: order, limits, who is woken, what is kept for a replay.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::task::Wake;

use super::*;

const LIMITS: SendLimits = SendLimits { soft: 10, hard: 20 };

#[test]
fn what_is_queued_leaves_in_order_in_one_batch() {
    let outbox = Outbox::new(SendLimits { soft: 1000, hard: 1000 });
    append(&outbox, "a");
    append(&outbox, "b");
    outbox.push(Bytes::from_static(b"\x81\x01c"));
    append(&outbox, "d");
    assert_eq!(drain(&outbox), (Drained::Some, b"\x81\x02ab\x81\x01c\x81\x01d".to_vec()));
    assert_eq!(drain(&outbox), (Drained::Nothing, vec![]));
}

#[test]
fn a_message_that_cannot_be_encoded_leaves_nothing_not_even_an_empty_frame() {
    let outbox = Outbox::new(LIMITS);
    let failed = outbox.append(Framing::Text, &mut |_| Err(EncodeError::TooLarge));
    assert!(failed.is_err());
    assert_eq!(drain(&outbox), (Drained::Nothing, vec![]));
    append(&outbox, "a");
    let failed = outbox.append(Framing::Text, &mut |_| Err(EncodeError::TooLarge));
    assert!(failed.is_err());
    assert_eq!(drain(&outbox), (Drained::Some, b"\x81\x01a".to_vec()));
}

#[test]
fn a_panic_while_encoding_leaves_nothing() {
    let outbox = Outbox::new(LIMITS);
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        outbox.append(Framing::Text, &mut |out| {
            out.extend_from_slice(b"half");
            panic!("in a serializer")
        })
    }));
    assert!(panicked.is_err());
    append(&outbox, "a");
    assert_eq!(drain(&outbox), (Drained::Some, b"\x81\x01a".to_vec()));
}

#[test]
fn over_the_hard_limit_the_connection_is_marked_and_nothing_more_is_kept() {
    let outbox = Outbox::new(LIMITS);
    outbox.push(Bytes::from_static(&[0; 15]));
    outbox.push(Bytes::from_static(&[0; 15]));
    assert_eq!(drain(&outbox), (Drained::Overflowed, vec![]));
}

#[test]
fn one_message_may_be_larger_than_the_hard_limit_and_what_follows_has_its_own() {
    let outbox = Outbox::new(LIMITS);
    outbox.push(Bytes::from_static(&[0; 10]));
    outbox.push(Bytes::from_static(&[0; 50]));
    assert_eq!(drain(&outbox), (Drained::Some, vec![0; 60]));
    outbox.push(Bytes::from_static(&[0; 10]));
    assert_eq!(drain(&outbox), (Drained::Some, vec![0; 10]));
    outbox.push(Bytes::from_static(&[0; 1]));
    assert_eq!(drain(&outbox).0, Drained::Overflowed);
}

#[test]
fn a_large_frame_takes_no_more_messages() {
    let outbox = Outbox::new(SendLimits { soft: 1 << 20, hard: 1 << 20 });
    append(&outbox, &"a".repeat(LARGE_PIECE));
    append(&outbox, "b");
    let (_, bytes) = drain(&outbox);
    assert_eq!(bytes[bytes.len() - 3..], *b"\x81\x01b");
}

#[test]
fn bytes_count_until_they_are_written() {
    let outbox = Outbox::new(LIMITS);
    outbox.push(Bytes::from_static(&[0; 15]));
    assert_eq!(drain(&outbox).0, Drained::Some);
    assert!(outbox.is_full());
    outbox.written(15);
    assert!(!outbox.is_full());
}

#[test]
fn a_sender_waits_for_room_until_enough_is_written_or_the_connection_ends() {
    let outbox = Outbox::new(LIMITS);
    outbox.push(Bytes::from_static(&[0; 15]));
    let woken = Arc::new(Count::default());
    let waker = Waker::from(Arc::clone(&woken));
    let mut cx = Context::from_waker(&waker);
    assert!(outbox.poll_room(&mut cx).is_pending());
    drain(&outbox);
    assert_eq!(woken.0.load(Ordering::Relaxed), 0);
    outbox.written(15);
    assert_eq!(woken.0.load(Ordering::Relaxed), 1);
    assert!(outbox.poll_room(&mut cx).is_ready());
    outbox.push(Bytes::from_static(&[0; 15]));
    assert!(outbox.poll_room(&mut cx).is_pending());
    outbox.discard();
    assert!(outbox.poll_room(&mut cx).is_ready());
}

#[test]
fn a_push_wakes_the_task_only_when_it_waits_for_messages() {
    let outbox = Outbox::new(LIMITS);
    let woken = Arc::new(Count::default());
    let waker = Waker::from(Arc::clone(&woken));
    assert!(outbox.register(&waker));
    append(&outbox, "a");
    assert_eq!(woken.0.load(Ordering::Relaxed), 0);
    outbox.wake();
    assert_eq!(woken.0.load(Ordering::Relaxed), 1);
    assert!(!outbox.rest(&waker, 0), "something waits");
    drain(&outbox);
    assert!(outbox.rest(&waker, 0));
    append(&outbox, "b");
    append(&outbox, "c");
    assert_eq!(woken.0.load(Ordering::Relaxed), 2);
    drain(&outbox);
    append(&outbox, "by the task itself");
    assert_eq!(woken.0.load(Ordering::Relaxed), 2);
}

#[test]
fn an_overflow_wakes_a_task_that_waits_to_write() {
    let outbox = Outbox::new(LIMITS);
    let woken = Arc::new(Count::default());
    let waker = Waker::from(Arc::clone(&woken));
    assert!(outbox.register(&waker));
    outbox.push(Bytes::from_static(&[0; 15]));
    assert_eq!(woken.0.load(Ordering::Relaxed), 0);
    outbox.push(Bytes::from_static(&[0; 15]));
    assert_eq!(woken.0.load(Ordering::Relaxed), 1);
    assert!(outbox.has_overflowed());
    assert!(!outbox.register(&waker));
}

#[test]
fn nothing_is_queued_behind_the_last_message() {
    let outbox = Outbox::new(LIMITS);
    outbox.close_with(Framing::Text, |out| out.push(b'z'));
    append(&outbox, "late");
    outbox.push(Bytes::from_static(b"later"));
    assert_eq!(drain(&outbox), (Drained::Some, b"\x81\x01z".to_vec()));
}

#[test]
fn an_outbox_stays_small() {
    assert!(size_of::<Outbox>() <= 168, "{}", size_of::<Outbox>());
}

#[test]
fn what_may_be_dropped_keeps_its_place_and_the_queue_below_the_soft_limit() {
    let outbox = Outbox::new(SendLimits { soft: 10, hard: 20 });
    assert_eq!(outbox.push_droppable(Bytes::from_static(b"first"), None), 0);
    assert_eq!(outbox.push_droppable(Bytes::from_static(b"one"), None), 0);
    append(&outbox, "a");
    assert_eq!(outbox.push_droppable(Bytes::from_static(b"two"), None), 1, "the oldest makes room");
    assert_eq!(drain(&outbox), (Drained::Some, b"first\x81\x01atwo".to_vec()));
    assert_eq!(outbox.push_droppable(Bytes::from_static(b"three"), None), 1, "nothing else can be dropped");
    outbox.written(11);
    assert_eq!(outbox.push_droppable(Bytes::from_static(b"four"), None), 0);
    assert_eq!(drain(&outbox), (Drained::Some, b"four".to_vec()));
}

#[test]
fn the_latest_with_a_key_takes_the_place_of_the_one_before() {
    let outbox = Outbox::new(SendLimits { soft: 100, hard: 100 });
    outbox.push(Bytes::from_static(b"0"));
    let dropped = ["a1", "b1", "a2", "a3"].map(|text| {
        let key = &text[..1];
        outbox.push_droppable(Bytes::from_static(text.as_bytes()), Some(key))
    });
    assert_eq!(dropped, [0, 0, 1, 1]);
    assert_eq!(drain(&outbox), (Drained::Some, b"0b1a3".to_vec()));
}

#[test]
fn what_is_retained_is_dropped_when_it_comes() {
    let outbox = Outbox::new(SendLimits { soft: 4, hard: 100 });
    outbox.retain(100);
    let dropped =
        ["ab", "cd", "ef"].map(|text| outbox.push_droppable(Bytes::from_static(text.as_bytes()), None));
    assert_eq!(dropped, [0, 0, 1]);
    assert_eq!(drain(&outbox), (Drained::Some, b"abcd".to_vec()));
}

#[derive(Default)]
struct Count(AtomicUsize);

impl Wake for Count {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

fn append(outbox: &Outbox, text: &str) {
    let queued = outbox.append(Framing::Text, &mut |out| {
        out.extend_from_slice(text.as_bytes());
        Ok(())
    });
    assert!(queued.is_ok());
}

fn drain(outbox: &Outbox) -> (Drained, Vec<u8>) {
    let mut batch = Pieces::new();
    let drained = outbox.drain(&mut batch, 0);
    (drained, batch.iter().flatten().copied().collect())
}

#[test]
fn a_lifted_budget_holds_nobody_up() {
    let outbox = Outbox::new(SendLimits { soft: 1000, hard: 1000 });
    outbox.retain(10);
    outbox.push(Bytes::from_static(&[0; 20]));
    drain(&outbox);
    outbox.written(20);
    let woken = Arc::new(Count::default());
    let waker = Waker::from(Arc::clone(&woken));
    assert!(outbox.is_full());
    assert!(outbox.poll_room(&mut Context::from_waker(&waker)).is_pending());
    outbox.lift_budget(true);
    assert!(!outbox.is_full());
    assert_eq!(woken.0.load(Ordering::Relaxed), 1);
    outbox.lift_budget(false);
    assert!(outbox.is_full());
    outbox.acknowledged(1);
    assert!(!outbox.is_full());
}
