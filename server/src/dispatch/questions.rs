//! The questions that wait for the answer of one client.
//!
//! Each connection has its own, so that nobody can answer for another. Answers are read by
//! application code: it runs under no lock, and a panic in it goes no further.

use std::collections::HashMap;

use hubcast_protocol::CompletionOutcome;
use hubcast_protocol::contract::{AnswerReceiver, ClientOutcome};
use parking_lot::Mutex;

use super::caught;

/// The open questions of a connection. Without any it owns no memory.
#[derive(Default)]
pub(crate) struct Questions(Mutex<State>);

#[derive(Default)]
enum State {
    /// None was asked yet.
    #[default]
    Fresh,
    Asked(Box<Open>),
    /// The connection has ended: there will be no answers.
    Disconnected,
}

type Open = HashMap<u64, Box<dyn AnswerReceiver>>;

/// Why a question was not taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unasked {
    TooMany,
    Disconnected,
}

impl Questions {
    /// Takes in a question with a number that no open one has. If `limit` of them are open, or the connection has ended,
    /// the receiver hears at once that there will be no answer.
    pub(crate) fn ask(
        &self,
        number: u64,
        receiver: Box<dyn AnswerReceiver>,
        limit: usize,
    ) -> Result<(), Unasked> {
        let why = {
            let mut state = self.0.lock();
            if matches!(*state, State::Fresh) {
                *state = State::Asked(Box::default());
            }
            match &mut *state {
                State::Asked(open) if open.len() < limit => {
                    open.insert(number, receiver);
                    return Ok(());
                }
                State::Asked(_) | State::Fresh => Unasked::TooMany,
                State::Disconnected => Unasked::Disconnected,
            }
        };
        tell(receiver, ClientOutcome::Disconnected);
        Err(why)
    }

    /// No longer waits for an answer.
    pub(crate) fn forget(&self, number: u64) {
        let forgotten = self.take(number);
        drop(forgotten);
    }

    /// Gives the client's answer to whoever waits for it. `false` if no open question has this id.
    pub(crate) fn answer(&self, invocation_id: &str, outcome: &CompletionOutcome<'_>) -> bool {
        let Some(number) = number_of(invocation_id) else { return false };
        let Some(receiver) = self.take(number) else { return false };
        let outcome = match outcome {
            CompletionOutcome::Void => ClientOutcome::Void,
            CompletionOutcome::Result(value) => ClientOutcome::Result(value),
            CompletionOutcome::Error(text) => ClientOutcome::Error(text),
        };
        tell(receiver, outcome);
        true
    }

    /// The connection has ended: tells all who wait, and whoever asks later.
    pub(crate) fn disconnect(&self) {
        let state = std::mem::replace(&mut *self.0.lock(), State::Disconnected);
        if let State::Asked(asked) = state {
            for receiver in asked.into_values() {
                tell(receiver, ClientOutcome::Disconnected);
            }
        }
    }

    fn take(&self, number: u64) -> Option<Box<dyn AnswerReceiver>> {
        let mut state = self.0.lock();
        let State::Asked(open) = &mut *state else { return None };
        let receiver = open.remove(&number);
        if open.is_empty() {
            *state = State::Fresh;
        }
        receiver
    }
}

/// The invocation id of a question. Its letter keeps it apart from the ids that the client gives to its uploads.
pub(crate) fn question_id(number: u64) -> String {
    format!("s{number}")
}

fn number_of(invocation_id: &str) -> Option<u64> {
    let digits = invocation_id.strip_prefix('s')?;
    let number = digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0');
    if number { digits.parse().ok() } else { None }
}

fn tell(receiver: Box<dyn AnswerReceiver>, outcome: ClientOutcome<'_>) {
    let _logged = caught("reading a client's answer", || receiver.answered(outcome));
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;
    use std::sync::Arc;

    use super::*;

    #[test]
    fn answers_reach_the_question_with_their_id_once() {
        let (questions, heard) = (Questions::default(), Heard::default());
        assert_eq!(questions.ask(1, heard.receiver("first"), 10), Ok(()));
        assert_eq!(questions.ask(2, heard.receiver("second"), 10), Ok(()));
        for unknown in ["s3", "2", "s", "s02", "s+2", "S2", "s2 ", "s99999999999999999999", ""] {
            assert!(!questions.answer(unknown, &CompletionOutcome::Void), "{unknown}");
        }
        assert!(questions.answer(&question_id(2), &error("no")));
        assert!(questions.answer(&question_id(1), &CompletionOutcome::Void));
        assert!(!questions.answer("s1", &CompletionOutcome::Void));
        assert_eq!(heard.all(), ["second: Error(\"no\")", "first: Void"]);
        assert_eq!(questions.ask(3, heard.receiver("third"), 10), Ok(()));
    }

    #[test]
    fn a_forgotten_question_takes_no_answer() {
        let (questions, heard) = (Questions::default(), Heard::default());
        assert_eq!(questions.ask(1, heard.receiver("first"), 10), Ok(()));
        questions.forget(1);
        questions.forget(7);
        assert!(!questions.answer("s1", &CompletionOutcome::Void));
        assert_eq!(heard.all(), Vec::<String>::new());
    }

    #[test]
    fn over_the_limit_and_after_the_end_a_question_fails_at_once() {
        let (questions, heard) = (Questions::default(), Heard::default());
        assert_eq!(questions.ask(1, heard.receiver("first"), 1), Ok(()));
        assert_eq!(questions.ask(9, heard.receiver("second"), 1), Err(Unasked::TooMany));
        assert_eq!(heard.all(), ["second: Disconnected"]);
        questions.disconnect();
        assert_eq!(questions.ask(9, heard.receiver("third"), 1), Err(Unasked::Disconnected));
        assert_eq!(heard.all(), ["second: Disconnected", "first: Disconnected", "third: Disconnected"]);
    }

    #[test]
    fn a_panic_of_one_receiver_spares_the_others() {
        let (questions, heard) = (Questions::default(), Heard::default());
        assert_eq!(questions.ask(1, Box::new(Panics), 10), Ok(()));
        assert_eq!(questions.ask(2, heard.receiver("second"), 10), Ok(()));
        assert!(questions.answer("s1", &error("no")));
        assert!(questions.answer("s2", &error("no")));
        assert_eq!(heard.all(), ["second: Error(\"no\")"]);
    }

    fn error(text: &str) -> CompletionOutcome<'_> {
        CompletionOutcome::Error(Cow::Borrowed(text))
    }

    #[derive(Default)]
    struct Heard(Arc<Mutex<Vec<String>>>);

    impl Heard {
        fn receiver(&self, name: &'static str) -> Box<dyn AnswerReceiver> {
            Box::new(Receiver { name, heard: Arc::clone(&self.0) })
        }

        fn all(&self) -> Vec<String> {
            self.0.lock().clone()
        }
    }

    struct Receiver {
        name: &'static str,
        heard: Arc<Mutex<Vec<String>>>,
    }

    impl AnswerReceiver for Receiver {
        fn answered(self: Box<Self>, outcome: ClientOutcome<'_>) {
            self.heard.lock().push(format!("{}: {outcome:?}", self.name));
        }
    }

    struct Panics;

    impl AnswerReceiver for Panics {
        fn answered(self: Box<Self>, _: ClientOutcome<'_>) {
            panic!("the answer cannot be read");
        }
    }
}
