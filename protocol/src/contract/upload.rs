//! A stream from the client to a hub method.
//!
//! Items are decoded as they arrive and wait here until the method takes them. The connection asks each upload how far
//! behind its method is ([`UploadSink::backlog`]) and reads nothing more once that is too much.

use std::collections::VecDeque;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use futures_core::Stream;
use parking_lot::Mutex;

use super::{Argument, HubError};
use crate::Payload;

/// A stream of items from the client, as a parameter of a hub method.
///
/// It ends when the client has completed it. An error is its last item. Dropping it makes the server ignore what the
/// client still sends. When the method is slow, items wait: 10 of them (option `stream_buffer_capacity`) with 4 KiB in all, then
/// more up to a limit in bytes (option `upload_backlog_limit`), then the connection is read no further.
pub struct Upload<T> {
    queue: Arc<Mutex<Queue<T>>>,
}

/// Why an upload ended early.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UploadError {
    /// The client completed the stream with an error.
    #[error("{0}")]
    Client(String),
    /// An item could not be read as the type of the stream.
    #[error("Failed to bind Stream message.")]
    Binding,
    /// The connection ended before the stream.
    #[error("the connection ended before the stream")]
    Disconnected,
}

impl From<UploadError> for HubError {
    /// What the client did wrong goes to the caller, as in ASP.NET Core.
    fn from(error: UploadError) -> Self {
        match error {
            UploadError::Client(text) => Self::new(text),
            UploadError::Binding => Self::new(error.to_string()),
            UploadError::Disconnected => Self::hidden(error),
        }
    }
}

struct Queue<T> {
    items: VecDeque<(T, usize)>,
    /// How many of them, from the front, are within the allowance, and their bytes.
    allowed: usize,
    allowed_bytes: usize,
    /// Bytes of the items behind those, as they were sent.
    backlog: usize,
    capacity: usize,
    ended: Option<Result<(), UploadError>>,
    method: Option<Waker>,
    connection: Option<Waker>,
    /// The method has let go of it.
    is_dropped: bool,
}

impl<T> Queue<T> {
    fn put(&mut self, item: T, bytes: usize) {
        self.items.push_back((item, bytes));
        self.backlog += bytes;
        self.allow();
    }

    /// The first item, and whether the backlog has shrunk with it.
    fn take(&mut self) -> Option<(T, bool)> {
        let before = self.backlog;
        let (item, bytes) = self.items.pop_front()?;
        if self.allowed > 0 {
            self.allowed -= 1;
            self.allowed_bytes -= bytes;
        } else {
            self.backlog -= bytes;
        }
        self.allow();
        Some((item, self.backlog < before))
    }

    /// Takes as many items out of the backlog as the allowance has room for.
    fn allow(&mut self) {
        while self.allowed < self.capacity.max(1)
            && let Some((_, bytes)) = self.items.get(self.allowed)
            && self.allowed_bytes + bytes <= ALLOWANCE
        {
            self.allowed += 1;
            self.allowed_bytes += bytes;
            self.backlog -= bytes;
        }
    }
}

/// Where the connection puts the items of one upload.
pub trait UploadSink: Send {
    /// Takes one item. `false` if it cannot be read, which ends the upload with an error.
    fn item(&mut self, item: &Payload<'_>) -> bool;

    /// Ends the upload, with the client's error text if it sent one.
    fn complete(&mut self, error: Option<&str>);

    /// Bytes of items by which the method is behind. Once that shrinks, `task` is woken.
    fn backlog(&self, task: &Waker) -> usize;
}

impl<T: Argument + 'static> Upload<T> {
    /// An upload and where its items go; up to `capacity` items of 4 KiB in all may wait before bytes are counted.
    pub fn new(capacity: usize) -> (Self, Box<dyn UploadSink>) {
        let queue = Arc::new(Mutex::new(Queue {
            items: VecDeque::new(),
            allowed: 0,
            allowed_bytes: 0,
            backlog: 0,
            capacity,
            ended: None,
            method: None,
            connection: None,
            is_dropped: false,
        }));
        (Self { queue: Arc::clone(&queue) }, Box::new(Sink { queue }))
    }
}

impl<T> Upload<T> {
    /// Waits for the next item; `None` is the end.
    pub async fn next(&mut self) -> Option<Result<T, UploadError>> {
        std::future::poll_fn(|cx| self.poll_item(cx)).await
    }

    fn poll_item(&mut self, cx: &Context<'_>) -> Poll<Option<Result<T, UploadError>>> {
        let mut queue = self.queue.lock();
        let Some((item, shrunk)) = queue.take() else {
            return match &mut queue.ended {
                Some(ended) => Poll::Ready(std::mem::replace(ended, Ok(())).err().map(Err)),
                None => {
                    queue.method = Some(cx.waker().clone());
                    Poll::Pending
                }
            };
        };
        let connection = if shrunk { queue.connection.take() } else { None };
        drop(queue);
        wake(connection);
        Poll::Ready(Some(Ok(item)))
    }
}

impl<T> Stream for Upload<T> {
    type Item = Result<T, UploadError>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll_item(cx)
    }
}

impl<T> Drop for Upload<T> {
    fn drop(&mut self) {
        let (items, connection) = {
            let mut queue = self.queue.lock();
            queue.is_dropped = true;
            queue.backlog = 0;
            (std::mem::take(&mut queue.items), queue.connection.take())
        };
        wake(connection);
        drop(items);
    }
}

impl<T> fmt::Debug for Upload<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upload").finish_non_exhaustive()
    }
}

struct Sink<T> {
    queue: Arc<Mutex<Queue<T>>>,
}

impl<T: Argument> UploadSink for Sink<T> {
    fn item(&mut self, item: &Payload<'_>) -> bool {
        if self.queue.lock().is_dropped {
            return true;
        }
        // Application code reads the item: no lock is held around it.
        let Ok(value) = item.decode::<T>() else {
            self.end(Err(UploadError::Binding));
            return false;
        };
        // Never nothing, so that a queue of empty items is bounded too.
        let bytes = item.as_bytes().map_or(0, <[u8]>::len) + ITEM_OVERHEAD;
        let method = {
            let mut queue = self.queue.lock();
            if queue.is_dropped || queue.ended.is_some() {
                return true;
            }
            queue.put(value, bytes);
            queue.method.take()
        };
        wake(method);
        true
    }

    fn complete(&mut self, error: Option<&str>) {
        self.end(error.map_or(Ok(()), |text| Err(UploadError::Client(text.to_owned()))));
    }

    fn backlog(&self, task: &Waker) -> usize {
        let mut queue = self.queue.lock();
        if queue.backlog > 0 {
            queue.connection = Some(task.clone());
        }
        queue.backlog
    }
}

impl<T> Sink<T> {
    fn end(&self, how: Result<(), UploadError>) {
        let method = {
            let mut queue = self.queue.lock();
            queue.ended.get_or_insert(how);
            queue.method.take()
        };
        wake(method);
    }
}

impl<T> Drop for Sink<T> {
    fn drop(&mut self) {
        self.end(Err(UploadError::Disconnected));
    }
}

/// Bytes that may wait in each upload before they count: small items in small numbers hold up nothing, and a thousand uploads
/// are no way around the limit.
const ALLOWANCE: usize = 4 * 1024;

/// What an item costs beside its bytes.
const ITEM_OVERHEAD: usize = 16;

fn wake(waker: Option<Waker>) {
    if let Some(waker) = waker {
        waker.wake();
    }
}
