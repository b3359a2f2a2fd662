//! The uploads of one connection that are under way, by the ids that their client gave them.
//!
//! An item that cannot be read, or a completion, ends its upload and frees the id; so does the end of its call. What
//! waits in an upload is its own; here it is only added up, so that the connection stops reading in time.

use std::collections::HashMap;
use std::task::Waker;

use hubcast_protocol::Payload;
use hubcast_protocol::contract::UploadSink;

use super::caught;

/// The open uploads; without any it owns no memory.
#[derive(Default)]
pub(super) struct Uploads(Option<Box<Open>>);

#[derive(Default)]
struct Open {
    by_id: HashMap<Box<str>, OpenUpload>,
    /// What the uploads were behind by when each was looked at last: never less than what they are.
    backlog: usize,
}

struct OpenUpload {
    call: u64,
    sink: Box<dyn UploadSink>,
    backlog: usize,
}

impl Uploads {
    /// Takes in the uploads of a call that has started. An id that is in use changes hands, as in ASP.NET Core, and the
    /// upload that had it ends with an error.
    pub(super) fn open(&mut self, id: &str, call: u64, sink: Box<dyn UploadSink>) {
        let open = self.0.get_or_insert_default();
        let upload = OpenUpload { call, sink, backlog: 0 };
        if let Some(former) = open.by_id.insert(id.into(), upload) {
            open.backlog -= former.backlog;
        }
    }

    /// Hands an item to its upload. `false` if no upload has this id.
    pub(super) fn item(&mut self, id: &str, item: &Payload<'_>, task: &Waker) -> bool {
        let Some(open) = &mut self.0 else { return false };
        let Some(upload) = open.by_id.get_mut(id) else { return false };
        let read = caught("reading an item of an upload", || upload.sink.item(item));
        let goes_on = read.unwrap_or_else(|_| {
            upload.sink.complete(Some(UNREADABLE));
            false
        });
        if goes_on {
            open.backlog -= upload.backlog;
            upload.backlog = upload.sink.backlog(task);
            open.backlog += upload.backlog;
        } else {
            self.remove(id);
        }
        true
    }

    /// Ends an upload. `false` if none has this id.
    pub(super) fn complete(&mut self, id: &str, error: Option<&str>) -> bool {
        let Some(mut upload) = self.remove(id) else { return false };
        upload.sink.complete(error);
        true
    }

    /// Forgets what is left of the uploads of a call that has ended.
    pub(super) fn close(&mut self, call: u64) {
        let Some(open) = &mut self.0 else { return };
        open.by_id.retain(|_, upload| upload.call != call);
        open.backlog = open.by_id.values().map(|upload| upload.backlog).sum();
        self.free_if_empty();
    }

    /// Whether the methods are behind by `limit` bytes or more; then `task` is woken when one has caught up.
    pub(super) fn are_behind(&mut self, limit: usize, task: &Waker) -> bool {
        let Some(open) = &mut self.0 else { return false };
        if open.backlog >= limit {
            for upload in open.by_id.values_mut().filter(|upload| upload.backlog > 0) {
                upload.backlog = upload.sink.backlog(task);
            }
            open.backlog = open.by_id.values().map(|upload| upload.backlog).sum();
        }
        open.backlog >= limit
    }

    fn remove(&mut self, id: &str) -> Option<OpenUpload> {
        let open = self.0.as_mut()?;
        let upload = open.by_id.remove(id)?;
        open.backlog -= upload.backlog;
        self.free_if_empty();
        Some(upload)
    }

    fn free_if_empty(&mut self) {
        if self.0.as_ref().is_some_and(|open| open.by_id.is_empty()) {
            self.0 = None;
        }
    }
}

const UNREADABLE: &str = "Failed to bind Stream message.";

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::task::{Context, Poll, Wake};

    use futures_util::Stream as _;
    use hubcast_protocol::contract::{Argument, Upload, UploadError};
    use hubcast_protocol::{HubMessage, HubProtocol};

    use super::*;

    #[test]
    fn items_go_to_the_upload_with_their_id_until_it_is_complete() {
        let mut uploads = Uploads::default();
        let mut numbers = open(&mut uploads, "n", 1);
        let mut others = open(&mut uploads, "o", 1);
        assert!(send(&mut uploads, "n", "1"));
        assert!(send(&mut uploads, "o", "2"));
        assert!(!send(&mut uploads, "x", "3"));
        assert!(uploads.complete("n", None));
        assert!(!send(&mut uploads, "n", "4"));
        assert!(!uploads.complete("n", None));
        assert!(uploads.complete("o", Some("gave up")));
        assert_eq!(all(&mut numbers), [Ok(1)]);
        assert_eq!(all(&mut others), [Ok(2), Err(UploadError::Client("gave up".to_owned()))]);
        assert!(uploads.0.is_none(), "no memory is kept");
    }

    #[test]
    fn an_item_of_another_type_ends_its_upload_with_an_error() {
        let mut uploads = Uploads::default();
        let mut numbers = open(&mut uploads, "n", 1);
        assert!(send(&mut uploads, "n", "\"x\""));
        assert!(!send(&mut uploads, "n", "1"));
        assert_eq!(all(&mut numbers), [Err(UploadError::Binding)]);
    }

    #[test]
    fn the_end_of_a_call_frees_its_ids_alone() {
        let mut uploads = Uploads::default();
        let mut first = open(&mut uploads, "a", 1);
        let _second = open(&mut uploads, "b", 2);
        uploads.close(1);
        assert!(!send(&mut uploads, "a", "1"));
        assert!(send(&mut uploads, "b", "1"));
        assert_eq!(all(&mut first), [Err(UploadError::Disconnected)]);
    }

    #[test]
    fn an_id_that_is_in_use_changes_hands() {
        let mut uploads = Uploads::default();
        let mut first = open(&mut uploads, "a", 1);
        let mut second = open(&mut uploads, "a", 2);
        assert!(send(&mut uploads, "a", "5"));
        assert!(uploads.complete("a", None));
        assert_eq!(all(&mut first), [Err(UploadError::Disconnected)]);
        assert_eq!(all(&mut second), [Ok(5)]);
    }

    #[test]
    fn methods_that_are_behind_wake_the_connection_when_they_catch_up() {
        let mut uploads = Uploads::default();
        let mut numbers = open(&mut uploads, "n", 1);
        let woken = Arc::new(Woken(AtomicUsize::new(0)));
        let task = Waker::from(Arc::clone(&woken));
        for _ in 0..3 {
            send(&mut uploads, "n", "1");
        }
        // One item is held without being counted; each of the others counts 1 byte and what it costs beside.
        assert!(!uploads.are_behind(35, &task));
        assert!(uploads.are_behind(34, &task));
        assert_eq!(woken.0.load(Ordering::Relaxed), 0);
        assert_eq!(next(&mut numbers), Some(Ok(1)));
        assert_eq!(woken.0.load(Ordering::Relaxed), 1);
        assert!(!uploads.are_behind(34, &task));
    }

    #[test]
    fn many_uploads_are_no_way_around_the_limit() {
        let mut uploads = Uploads::default();
        let text = format!("\"{}\"", "x".repeat(1_500));
        let slow = (0..100).map(|number| {
            let (upload, sink) = Upload::<String>::new(10);
            uploads.open(&number.to_string(), 1, sink);
            for _ in 0..10 {
                assert!(send(&mut uploads, &number.to_string(), &text));
            }
            upload
        });
        let _slow = slow.collect::<Vec<_>>();
        // Two of the ten fit into 4 KiB; each counts its bytes and what it costs beside.
        let counted = 100 * 8 * (1_502 + 16);
        assert!(uploads.are_behind(counted, Waker::noop()));
        assert!(!uploads.are_behind(counted + 1, Waker::noop()));
    }

    #[test]
    fn what_moves_up_into_the_allowance_counts_no_longer() {
        let mut uploads = Uploads::default();
        let (mut upload, sink) = Upload::<String>::new(10);
        uploads.open("u", 1, sink);
        // The first one is larger than the allowance and counts; all behind it wait for their turn.
        for length in [5_000, 100, 4_000, 100] {
            assert!(send(&mut uploads, "u", &format!("\"{}\"", "x".repeat(length))));
        }
        let cost = |length: usize| length + 2 + 16;
        let mut counted = cost(5_000) + 2 * cost(100) + cost(4_000);
        for (length, fewer) in
            [(5_000, cost(5_000) + cost(100)), (100, cost(4_000)), (4_000, cost(100)), (100, 0)]
        {
            assert!(uploads.are_behind(counted, Waker::noop()), "{length}");
            assert!(!uploads.are_behind(counted + 1, Waker::noop()), "{length}");
            assert_eq!(next(&mut upload), Some(Ok("x".repeat(length))));
            counted -= fewer;
        }
        assert_eq!(counted, 0);
    }

    struct Woken(AtomicUsize);

    impl Wake for Woken {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn open(uploads: &mut Uploads, id: &str, call: u64) -> Upload<i64> {
        let (upload, sink) = Upload::new(1);
        uploads.open(id, call, sink);
        upload
    }

    fn send(uploads: &mut Uploads, id: &str, item: &str) -> bool {
        let message = format!(r#"{{"type":2,"invocationId":"{id}","item":{item}}}"#);
        let Ok(Some(HubMessage::StreamItem(read))) = HubProtocol::Json.decode(message.as_bytes()) else {
            panic!("it is a stream item: {message}");
        };
        uploads.item(&read.invocation_id, &read.item, Waker::noop())
    }

    fn next<T: Argument + 'static>(upload: &mut Upload<T>) -> Option<Result<T, UploadError>> {
        match std::pin::Pin::new(upload).poll_next(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(item) => item,
            Poll::Pending => panic!("an item or the end is there"),
        }
    }

    fn all(upload: &mut Upload<i64>) -> Vec<Result<i64, UploadError>> {
        std::iter::from_fn(|| next(upload)).collect()
    }
}
