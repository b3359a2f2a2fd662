//! The line of the POSTs of one connection, in the order in which their requests came: the first is taken in, the others
//! wait.

use std::collections::VecDeque;
use std::task::{Context, Poll, Waker};

/// The line. An empty one owns no heap memory.
#[derive(Default)]
pub(super) struct PostLine {
    entered: u64,
    posts: VecDeque<InLine>,
}

struct InLine {
    number: u64,
    waker: Option<Waker>,
}

impl PostLine {
    /// Whether no POST is under way.
    pub(super) fn is_empty(&self) -> bool {
        self.posts.is_empty()
    }

    /// Lets a POST in at the end, whose number it gives.
    pub(super) fn enter(&mut self) -> u64 {
        self.entered += 1;
        self.posts.push_back(InLine { number: self.entered, waker: None });
        self.entered
    }

    /// Ready when it is the turn of that POST, and from then on until it leaves.
    pub(super) fn poll_turn(&mut self, number: u64, cx: &mut Context<'_>) -> Poll<()> {
        match self.place(number) {
            Ok(place @ 1..) => {
                self.posts[place].waker = Some(cx.waker().clone());
                Poll::Pending
            }
            Ok(0) | Err(_) => Poll::Ready(()),
        }
    }

    /// Lets a POST go, wherever it stands; says who has to look whether it is its turn.
    pub(super) fn leave(&mut self, number: u64) -> Option<Waker> {
        if let Ok(place) = self.place(number) {
            self.posts.remove(place);
        }
        if self.posts.is_empty() {
            self.posts = VecDeque::new();
        }
        self.posts.front_mut()?.waker.take()
    }

    fn place(&self, number: u64) -> Result<usize, usize> {
        self.posts.binary_search_by_key(&number, |post| post.number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_come_in_the_order_of_entering_and_who_leaves_early_is_passed_over() {
        let mut line = PostLine::default();
        let [first, second, third] = [line.enter(), line.enter(), line.enter()];
        assert!(is_turn(&mut line, first));
        assert!(!is_turn(&mut line, third));
        assert!(!is_turn(&mut line, second));
        assert!(line.leave(second).is_none(), "the first does not wait");
        assert!(!is_turn(&mut line, third));
        assert!(line.leave(first).is_some(), "the third waits");
        assert!(is_turn(&mut line, third));
        assert!(line.leave(third).is_none());
        assert!(line.is_empty());
        assert_eq!(line.posts.capacity(), 0);
    }

    fn is_turn(line: &mut PostLine, number: u64) -> bool {
        line.poll_turn(number, &mut Context::from_waker(Waker::noop())).is_ready()
    }
}
