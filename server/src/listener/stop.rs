//! A signal that all connections of a server wait for, and nearly none of them ever gets.
//!
//! The task of a connection runs for every message. To ask a token each time whether it is cancelled would take a lock
//! that all connections share; a watch leaves its waker there once and looks at a flag from then on.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Waker};

use pin_project_lite::pin_project;
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};

/// The signal.
#[derive(Clone, Default)]
pub(crate) struct Stop(Arc<Inner>);

#[derive(Default)]
struct Inner {
    /// Set before the token is cancelled, so that whoever was woken finds it.
    is_given: AtomicBool,
    token: CancellationToken,
}

pin_project! {
    /// Done once the signal is given.
    pub(crate) struct Watch {
        stop: Stop,
        known: Option<Waker>,
        #[pin]
        waiting: WaitForCancellationFutureOwned,
    }
}

pin_project! {
    /// Work that is dropped when the signal is given.
    pub(crate) struct Until<F> {
        #[pin]
        work: F,
        #[pin]
        watch: Watch,
    }
}

/// Gives the signal when it is dropped.
pub(super) struct StopOnDrop(Stop);

impl Stop {
    /// Gives the signal, for good.
    pub(crate) fn give(&self) {
        self.0.is_given.store(true, Ordering::Release);
        self.0.token.cancel();
    }

    pub(super) fn give_on_drop(&self) -> StopOnDrop {
        StopOnDrop(self.clone())
    }

    pub(crate) fn watch(&self) -> Watch {
        Watch { stop: self.clone(), known: None, waiting: self.0.token.clone().cancelled_owned() }
    }

    /// Runs `work` until it is done or the signal is given.
    pub(crate) fn cuts<F>(&self, work: F) -> Until<F> {
        Until { work, watch: self.watch() }
    }
}

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        self.0.give();
    }
}

impl Future for Watch {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = self.project();
        if this.stop.0.is_given.load(Ordering::Acquire) {
            return Poll::Ready(());
        }
        if this.known.as_ref().is_some_and(|known| known.will_wake(cx.waker())) {
            return Poll::Pending;
        }
        *this.known = Some(cx.waker().clone());
        this.waiting.poll(cx)
    }
}

impl<F: Future<Output = ()>> Future for Until<F> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = self.project();
        if this.watch.poll(cx).is_ready() {
            return Poll::Ready(());
        }
        this.work.poll(cx)
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use super::*;

    #[tokio::test]
    async fn whoever_watches_hears_of_it_before_and_after() {
        let stop = Stop::default();
        let watching = tokio::spawn(stop.watch());
        let cut = tokio::spawn(stop.cuts(pending()));
        tokio::task::yield_now().await;
        assert!(!watching.is_finished() && !cut.is_finished());
        stop.give();
        watching.await.expect("nothing panics");
        cut.await.expect("nothing panics");
        stop.watch().await;
    }

    #[tokio::test]
    async fn a_watch_that_changes_its_task_wakes_the_one_that_has_it() {
        let stop = Stop::default();
        let mut watch = Box::pin(stop.watch());
        assert!(watch.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        let watching = tokio::spawn(watch);
        tokio::task::yield_now().await;
        drop(stop.give_on_drop());
        watching.await.expect("nothing panics");
    }

    #[tokio::test]
    async fn work_that_is_done_is_not_waited_for() {
        let stop = Stop::default();
        stop.cuts(async {}).await;
    }
}
