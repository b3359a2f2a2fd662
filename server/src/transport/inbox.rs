//! What later HTTP requests bring to a connection: bytes of POSTs, polls, another socket, a DELETE.
//!
//! The connection's task is woken by each of them through one waker and takes what is there. POSTs are taken in one
//! after the other, whole, never interleaved; a DELETE takes effect behind those that came before it. Bounded: bytes wait
//! up to a limit and then their POST does, polls and sockets are one each, and a newer one replaces the older.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker, ready};

use bytes::Bytes;
use parking_lot::Mutex;

use super::Socket;
use super::poll_place::{Found, PollPlace, Seen};
use super::post_buffer::PostBuffer;
use super::post_line::PostLine;

/// The inbox of one connection, shared by its task and by the requests that name it.
pub(crate) struct Inbox {
    state: Mutex<State>,
}

struct State {
    line: PostLine,
    posts: PostBuffer,
    polls: PollPlace,
    arrival: Option<Box<Arrival>>,
    takes_sockets: bool,
    /// Whether the client has gone: no POST comes behind those in line.
    shut: bool,
    /// Whether the task wants to know that an answer was taken.
    watches_answers: bool,
    ended: Option<Ended>,
    task: Option<Waker>,
}

/// Another transport for a connection that goes on.
pub(crate) enum Arrival {
    /// A WebSocket, and what was read of it before it was handed over.
    Socket(Socket, Bytes),
}

/// How a connection has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ended {
    Over,
    Failed,
}

/// The answer to a poll.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum PollAnswer {
    /// What waited for the client; nothing, when the poll timed out.
    Messages(Bytes),
    /// The connection is over, or a newer poll has taken this one's place.
    Over,
    /// The application failed.
    Failed,
}

/// A connection that has ended takes nothing more.
#[derive(Debug)]
pub(crate) struct HasEnded;

impl Inbox {
    /// An empty one; `limit` is that of the bytes that wait, 0 for none.
    pub(crate) fn new(limit: usize) -> Self {
        let state = State {
            line: PostLine::default(),
            posts: PostBuffer::new(limit),
            polls: PollPlace::new(),
            arrival: None,
            takes_sockets: false,
            shut: false,
            watches_answers: false,
            ended: None,
            task: None,
        };
        Self { state: Mutex::new(state) }
    }

    /// Changes the limit of the bytes that wait.
    pub(crate) fn set_limit(&self, limit: usize) {
        let poster = self.state.lock().posts.set_limit(limit);
        wake(poster);
    }

    /// Lets a POST stand in line behind those that came before.
    pub(crate) fn post(self: &Arc<Self>) -> Result<Post, HasEnded> {
        let mut state = self.state.lock();
        if state.ended.is_some() || state.shut {
            return Err(HasEnded);
        }
        let number = state.line.enter();
        Ok(Post { inbox: Arc::clone(self), number })
    }

    /// Lets a poll wait; one that waits already ends.
    pub(crate) fn poll(self: &Arc<Self>) -> WaitingPoll {
        let (number, replaced, task) = {
            let mut state = self.state.lock();
            let (number, replaced) = state.polls.enter();
            (number, replaced, state.task.take())
        };
        wake(replaced);
        wake(task);
        WaitingPoll { inbox: Arc::clone(self), number }
    }

    /// Ends the connection as its client wishes.
    pub(crate) fn delete(&self) {
        let task = {
            let mut state = self.state.lock();
            state.shut = true;
            state.task.take()
        };
        wake(task);
    }

    /// Hands over another transport; one that was not taken yet is dropped.
    pub(crate) fn arrive(&self, arrival: Arrival) -> Result<(), HasEnded> {
        let (replaced, task) = {
            let mut state = self.state.lock();
            if state.ended.is_some() {
                return Err(HasEnded);
            }
            (state.arrival.replace(Box::new(arrival)), state.task.take())
        };
        drop(replaced);
        wake(task);
        Ok(())
    }

    /// Takes the transport that was handed over.
    pub(crate) fn take_arrival(&self) -> Option<Arrival> {
        self.state.lock().arrival.take().map(|arrival| *arrival)
    }

    /// Says whether other sockets may come for the connection.
    pub(crate) fn take_sockets(&self, on: bool) {
        self.state.lock().takes_sockets = on;
    }

    /// Whether the connection takes nothing more.
    pub(crate) fn has_ended(&self) -> bool {
        self.state.lock().ended.is_some()
    }

    /// Whether another socket may come for the connection.
    pub(crate) fn takes_sockets(&self) -> bool {
        let state = self.state.lock();
        state.takes_sockets && state.ended.is_none()
    }

    /// Has the connection's task woken by whatever comes next.
    pub(crate) fn register(&self, task: &Waker) {
        let mut state = self.state.lock();
        if !state.task.as_ref().is_some_and(|known| known.will_wake(task)) {
            state.task = Some(task.clone());
        }
    }

    /// Reads no more of what is posted: it is taken in as before and goes nowhere, as the client is about to hear of the
    /// end in another way, and a POST that fails would drown that.
    pub(super) fn discard_posts(&self) {
        let poster = self.state.lock().posts.discard();
        wake(poster);
    }

    /// Takes nothing more: the connection is over. Whoever waits is told.
    pub(crate) fn end(&self) {
        self.end_as(Ended::Over);
    }

    /// As [`end`](Self::end), for polls a failure of the server.
    pub(super) fn end_failed(&self) {
        self.end_as(Ended::Failed);
    }

    fn end_as(&self, how: Ended) {
        let (poster, poll, arrival) = {
            let mut state = self.state.lock();
            state.ended.get_or_insert(how);
            state.task = None;
            (state.posts.clear(), state.polls.waker(), state.arrival.take())
        };
        drop(arrival);
        wake(poster);
        wake(poll);
    }

    /// Reads what was posted; `None` if nothing was.
    pub(super) fn read(&self, buffer: &mut [u8]) -> Option<usize> {
        let (length, poster) = {
            let mut state = self.state.lock();
            if state.posts.is_empty() {
                return None;
            }
            state.posts.read(buffer)
        };
        wake(poster);
        Some(length)
    }

    /// Lets no more POSTs in: the client has gone. Says whether all was read that it had posted before.
    pub(super) fn shut(&self) -> bool {
        let mut state = self.state.lock();
        state.shut = true;
        state.is_read_out()
    }

    /// Whether no more POSTs come, and all was read that the client had posted before.
    pub(super) fn is_read_out(&self) -> bool {
        self.state.lock().is_read_out()
    }

    /// Whether the client has gone: it has deleted the connection, or given up its event stream.
    pub(super) fn is_shut(&self) -> bool {
        self.state.lock().shut
    }

    /// Leaves the waiting poll its answer.
    pub(super) fn answer(&self, messages: Bytes) {
        let poll = self.state.lock().polls.answer(messages);
        wake(poll);
    }

    /// What there is of polls.
    pub(super) fn seen(&self) -> Seen {
        self.state.lock().polls.seen()
    }

    /// Has the task woken when an answer is taken, too.
    pub(super) fn watch_answers(&self) {
        self.state.lock().watches_answers = true;
    }
}

impl State {
    fn is_read_out(&self) -> bool {
        self.shut && self.line.is_empty() && self.posts.is_empty()
    }
}

/// A POST in line, until it is dropped.
pub(crate) struct Post {
    inbox: Arc<Inbox>,
    number: u64,
}

impl Post {
    /// Waits until all POSTs before have been taken in.
    pub(crate) async fn turn(&self) {
        poll_fn(|cx| self.inbox.state.lock().line.poll_turn(self.number, cx)).await;
    }

    /// Takes in a part of the body, waiting for room. It has to be this one's [`turn`](Self::turn).
    pub(crate) async fn take(&self, mut part: &[u8]) -> Result<(), HasEnded> {
        while !part.is_empty() {
            poll_fn(|cx| self.poll_take(&mut part, cx)).await?;
        }
        self.check()
    }

    /// Whether the connection still takes anything.
    pub(crate) fn check(&self) -> Result<(), HasEnded> {
        check(&self.inbox.state.lock())
    }

    fn poll_take(&self, part: &mut &[u8], cx: &mut Context<'_>) -> Poll<Result<(), HasEnded>> {
        let task = {
            let mut state = self.inbox.state.lock();
            if let Err(ended) = check(&state) {
                return Poll::Ready(Err(ended));
            }
            ready!(state.posts.poll_fill(part, cx));
            state.task.take()
        };
        wake(task);
        Poll::Ready(Ok(()))
    }
}

impl Drop for Post {
    fn drop(&mut self) {
        let (next, task) = {
            let mut state = self.inbox.state.lock();
            let next = state.line.leave(self.number);
            let is_awaited = state.shut && state.line.is_empty();
            (next, if is_awaited { state.task.take() } else { None })
        };
        wake(next);
        wake(task);
    }
}

/// One that had begun before nobody read it any more may come to its own end.
fn check(state: &State) -> Result<(), HasEnded> {
    if state.ended.is_some() && !state.posts.discards() { Err(HasEnded) } else { Ok(()) }
}

/// A poll that waits for its answer. Dropped before, it leaves the answer to the next poll.
#[must_use = "futures do nothing unless polled"]
pub(crate) struct WaitingPoll {
    inbox: Arc<Inbox>,
    number: u64,
}

impl Future for WaitingPoll {
    type Output = PollAnswer;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<PollAnswer> {
        let (answer, task) = {
            let mut state = self.inbox.state.lock();
            match (state.polls.poll(self.number, cx), state.ended) {
                (Poll::Ready(Found::Answer(messages)), _) => {
                    let task = if state.watches_answers { state.task.take() } else { None };
                    (PollAnswer::Messages(messages), task)
                }
                (Poll::Ready(Found::Replaced), _) | (Poll::Pending, Some(Ended::Over)) => {
                    (PollAnswer::Over, None)
                }
                (Poll::Pending, Some(Ended::Failed)) => (PollAnswer::Failed, None),
                (Poll::Pending, None) => return Poll::Pending,
            }
        };
        wake(task);
        Poll::Ready(answer)
    }
}

impl Drop for WaitingPoll {
    fn drop(&mut self) {
        let task = {
            let mut state = self.inbox.state.lock();
            if state.polls.leave(self.number) { state.task.take() } else { None }
        };
        wake(task);
    }
}

fn wake(waker: Option<Waker>) {
    if let Some(waker) = waker {
        waker.wake();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[tokio::test]
    async fn posts_are_taken_in_whole_one_after_the_other() {
        let inbox = Arc::new(Inbox::new(4));
        let posts = ["aaaaaa", "bbbbbb"].map(|body| {
            let inbox = Arc::clone(&inbox);
            tokio::spawn(async move {
                let post = inbox.post().expect("the connection goes on");
                post.turn().await;
                for byte in body.as_bytes().chunks(1) {
                    tokio::task::yield_now().await;
                    post.take(byte).await.expect("the connection goes on");
                }
            })
        });
        let mut read = Vec::new();
        while read.len() < 12 {
            let mut buffer = [0; 3];
            let length = inbox.read(&mut buffer).unwrap_or(0);
            read.extend_from_slice(&buffer[..length]);
            tokio::task::yield_now().await;
        }
        assert_eq!(String::from_utf8(read).expect("it is text"), "aaaaaabbbbbb");
        for post in posts {
            post.await.expect("nothing panics");
        }
    }

    #[tokio::test]
    async fn the_end_tells_whoever_waits() {
        let inbox = Arc::new(Inbox::new(1));
        let full = inbox.post().expect("the connection goes on");
        full.take(b"x").await.expect("the connection goes on");
        drop(full);
        let waiting = inbox.post().expect("the connection goes on");
        let posting = tokio::spawn(async move { waiting.take(b"y").await.is_err() });
        let polling = tokio::spawn(inbox.poll());
        tokio::task::yield_now().await;
        inbox.end();
        assert!(posting.await.expect("nothing panics"));
        assert_eq!(polling.await.expect("nothing panics"), PollAnswer::Over);
        assert_eq!(inbox.poll().await, PollAnswer::Over);
        assert!(inbox.post().is_err());
        assert!(inbox.arrive(Arrival::Socket(Socket::Gone, Bytes::new())).is_err());
    }

    #[tokio::test]
    async fn an_answer_left_before_the_end_comes_first() {
        let inbox = Arc::new(Inbox::new(1));
        let poll = inbox.poll();
        inbox.answer(Bytes::from_static(b"last"));
        inbox.end();
        assert_eq!(poll.await, PollAnswer::Messages(Bytes::from_static(b"last")));
        assert_eq!(inbox.poll().await, PollAnswer::Over);
    }

    #[tokio::test]
    async fn whatever_comes_wakes_the_task() {
        let inbox = Arc::new(Inbox::new(9));
        let woken = Arc::new(Counter::default());
        let waker = Waker::from(Arc::clone(&woken));
        let woken_by = |act: &dyn Fn()| {
            inbox.register(&waker);
            act();
            woken.0.swap(0, Ordering::Relaxed)
        };
        assert_eq!(woken_by(&|| drop(inbox.poll())), 1);
        let arrive = || inbox.arrive(Arrival::Socket(Socket::Gone, Bytes::new())).expect("it goes on");
        assert_eq!(woken_by(&arrive), 1);
        assert!(inbox.take_arrival().is_some());
        inbox.register(&waker);
        inbox.post().expect("it goes on").take(b"x").await.expect("it goes on");
        assert_eq!(woken.0.swap(0, Ordering::Relaxed), 1);
        assert_eq!(woken_by(&|| inbox.delete()), 1);
    }

    #[tokio::test]
    async fn a_delete_takes_effect_behind_the_posts_before_it_and_none_comes_after() {
        let inbox = Arc::new(Inbox::new(9));
        let post = inbox.post().expect("the connection goes on");
        inbox.delete();
        assert!(inbox.post().is_err());
        assert!(!inbox.is_read_out());
        post.turn().await;
        post.take(b"last").await.expect("it came before");
        let woken = Arc::new(Counter::default());
        inbox.register(&Waker::from(Arc::clone(&woken)));
        drop(post);
        assert_eq!(woken.0.load(Ordering::Relaxed), 1);
        assert!(!inbox.is_read_out());
        assert_eq!(inbox.read(&mut [0; 9]), Some(4));
        assert!(inbox.is_read_out());
    }

    #[derive(Default)]
    struct Counter(AtomicUsize);

    impl std::task::Wake for Counter {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
}
