//! Questions to clients and the waits for their answers.

use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::Duration;

use hubcast_protocol::contract::{
    AnswerReceiver, Audience, BoxFuture, ClientAnswer, ClientOutcome, ClientResult, ClientResultError,
    ClientResults, Clients, GroupError, Hub, HubError, NoClient, Recipients, SendError, Sending,
    in_connected_hook, watch_for_waits,
};
use hubcast_protocol::{ConnectionId, EncodeArguments, HubProtocol, InvocationHead};

use super::{Task, with_payload};

#[test]
fn the_answer_of_the_client_is_awaited() {
    let hub = FakeHub::default();
    let mut answer = ask::<u32>(&hub, id(1));
    let task = Task::new();
    assert!(task.poll(&mut answer).is_pending());
    with_payload("7", |value| hub.answer(id(1), ClientOutcome::Result(value)));
    assert_eq!(task.wakes(), 1);
    assert!(matches!(task.poll(&mut answer), Poll::Ready(Ok(7))));
}

#[test]
fn an_answer_may_come_before_anybody_waits() {
    let hub = FakeHub::default();
    let mut answer = ask::<u32>(&hub, id(1));
    with_payload("7", |value| hub.answer(id(1), ClientOutcome::Result(value)));
    assert!(matches!(Task::new().poll(&mut answer), Poll::Ready(Ok(7))));
}

#[test]
fn nothing_is_an_answer_where_nothing_is_expected() {
    let hub = FakeHub::default();
    let mut unit = ask::<()>(&hub, id(1));
    hub.answer(id(1), ClientOutcome::Void);
    assert!(matches!(Task::new().poll(&mut unit), Poll::Ready(Ok(()))));

    let mut null = ask::<()>(&hub, id(1));
    with_payload("null", |value| hub.answer(id(1), ClientOutcome::Result(value)));
    assert!(matches!(Task::new().poll(&mut null), Poll::Ready(Ok(()))));

    let mut option = ask::<Option<u32>>(&hub, id(1));
    hub.answer(id(1), ClientOutcome::Void);
    assert!(matches!(Task::new().poll(&mut option), Poll::Ready(Err(ClientResultError::NoResult))));

    let mut number = ask::<u32>(&hub, id(1));
    hub.answer(id(1), ClientOutcome::Void);
    assert_eq!(failure(&mut number).to_string(), "Client didn't provide a result.");
}

#[test]
fn an_answer_of_another_type_is_an_error() {
    let hub = FakeHub::default();
    let mut answer = ask::<u32>(&hub, id(1));
    with_payload(r#""seven""#, |value| hub.answer(id(1), ClientOutcome::Result(value)));
    assert!(matches!(failure(&mut answer), ClientResultError::Binding("u32")));
}

#[test]
fn the_text_of_the_clients_error_goes_to_a_caller_and_no_other() {
    let hub = FakeHub::default();
    let mut answer = ask::<u32>(&hub, id(1));
    hub.answer(id(1), ClientOutcome::Error("I am busy."));
    assert_eq!(HubError::from(failure(&mut answer)).message(), Some("I am busy."));

    let mut answer = ask::<u32>(&hub, id(1));
    hub.answer(id(1), ClientOutcome::Disconnected);
    let error = failure(&mut answer);
    assert_eq!(error.to_string(), format!("Connection '{}' disconnected.", id(1)));
    assert_eq!(HubError::from(error).message(), None);
}

#[test]
fn who_is_not_there_cannot_answer() {
    let hub = FakeHub { connected: vec![id(1)], ..FakeHub::default() };
    let mut answer = ask::<u32>(&hub, id(2));
    assert_eq!(failure(&mut answer).to_string(), format!("Connection '{}' does not exist.", id(2)));
    assert_eq!(hub.forgotten(), 0);

    let mut answers = ask_all::<u32>(&hub, Audience::Connections(vec![id(2)]));
    assert!(matches!(next(&mut answers), Poll::Ready(None)));
}

#[test]
fn several_cannot_be_asked_as_one() {
    let hub = FakeHub::default();
    let all = Clients::<dyn NoClient>::new(&hub).all();
    let mut answer = all.ask::<u32>("M", &[(); 0]);
    assert!(matches!(failure(&mut answer), ClientResultError::NotConnected(_)));
    assert_eq!(hub.asked(), 0);
}

#[test]
fn arguments_that_cannot_be_encoded_are_an_error_of_the_answer() {
    let hub = FakeHub { is_broken: true, ..FakeHub::default() };
    let mut answer = ask::<u32>(&hub, id(1));
    assert!(matches!(failure(&mut answer), ClientResultError::Send(SendError::Encode { .. })));

    let mut answers = ask_all::<u32>(&hub, Audience::All);
    let Poll::Ready(Some((_, Err(ClientResultError::Send(_))))) = next(&mut answers) else {
        panic!("the error comes once")
    };
    assert!(matches!(next(&mut answers), Poll::Ready(None)));
}

#[test]
fn the_time_limit_is_that_of_the_hub_or_its_own() {
    let hub = FakeHub::default();
    let mut answer = ask::<u32>(&hub, id(1));
    let task = Task::new();
    assert!(task.poll(&mut answer).is_pending());
    assert_eq!(hub.slept(), [LIMIT]);
    hub.elapse();
    assert_eq!(failure(&mut answer).to_string(), "The client did not answer within 30s.");
    assert_eq!(hub.forgotten(), 1);

    let hub = FakeHub::default();
    let mut answer = ask::<u32>(&hub, id(1)).within(Duration::from_secs(2));
    assert!(task.poll(&mut answer).is_pending());
    assert!(task.poll(&mut answer).is_pending());
    assert_eq!(hub.slept(), [Duration::from_secs(2)]);
    hub.elapse();
    assert_eq!(failure(&mut answer).to_string(), "The client did not answer within 2s.");
}

#[test]
fn dropping_the_wait_forgets_the_question() {
    let hub = FakeHub::default();
    let mut answer = ask::<u32>(&hub, id(1));
    assert!(Task::new().poll(&mut answer).is_pending());
    assert_eq!(hub.forgotten(), 0);
    drop(answer);
    assert_eq!(hub.forgotten(), 1);
    // An answer that was on its way then finds nobody.
    hub.answer(id(1), ClientOutcome::Void);
}

#[test]
fn the_answers_of_several_come_as_they_are_given() {
    let hub = FakeHub { connected: vec![id(1), id(2), id(3)], ..FakeHub::default() };
    let mut answers = ask_all::<u32>(&hub, Audience::All);
    assert!(next(&mut answers).is_pending());
    with_payload("22", |value| hub.answer(id(2), ClientOutcome::Result(value)));
    hub.answer(id(3), ClientOutcome::Disconnected);
    assert!(matches!(next(&mut answers), Poll::Ready(Some((from, Ok(22)))) if from == id(2)));
    let third = next(&mut answers);
    assert!(
        matches!(&third, Poll::Ready(Some((from, Err(ClientResultError::Disconnected(_))))) if *from == id(3)),
        "{third:?}"
    );
    assert!(next(&mut answers).is_pending());
    with_payload("11", |value| hub.answer(id(1), ClientOutcome::Result(value)));
    assert!(matches!(next(&mut answers), Poll::Ready(Some((from, Ok(11)))) if from == id(1)));
    assert!(matches!(next(&mut answers), Poll::Ready(None)));
    assert_eq!(hub.asked(), 1);
}

#[test]
fn those_who_do_not_answer_in_time_are_named() {
    let hub = FakeHub { connected: vec![id(1), id(2), id(3)], ..FakeHub::default() };
    let mut answers = ask_all::<u32>(&hub, Audience::All);
    assert!(next(&mut answers).is_pending());
    with_payload("2", |value| hub.answer(id(2), ClientOutcome::Result(value)));
    hub.elapse();
    assert!(matches!(next(&mut answers), Poll::Ready(Some((from, Ok(2)))) if from == id(2)));
    let mut late = Vec::new();
    while let Poll::Ready(Some((from, Err(ClientResultError::TimedOut(LIMIT))))) = next(&mut answers) {
        late.push(from);
    }
    late.sort_unstable_by_key(ToString::to_string);
    assert_eq!(late, [id(1), id(3)]);
    assert!(matches!(next(&mut answers), Poll::Ready(None)));
    assert_eq!(hub.forgotten(), 1);
}

#[test]
fn an_answer_after_its_time_is_none() {
    let hub = FakeHub { connected: vec![id(1), id(2)], ..FakeHub::default() };
    let mut answers = ask_all::<u32>(&hub, Audience::All);
    assert!(next(&mut answers).is_pending());
    hub.elapse();
    let Poll::Ready(Some((first, Err(ClientResultError::TimedOut(_))))) = next(&mut answers) else {
        panic!("nobody answered")
    };
    with_payload("1", |value| hub.answer(first, ClientOutcome::Result(value)));
    let Poll::Ready(Some((second, Err(ClientResultError::TimedOut(_))))) = next(&mut answers) else {
        panic!("the other did not answer either")
    };
    assert_ne!(first, second);
    assert!(matches!(next(&mut answers), Poll::Ready(None)));
}

#[test]
fn who_is_asked_twice_answers_twice() {
    let hub = FakeHub { connected: vec![id(1), id(1)], ..FakeHub::default() };
    let mut answers = ask_all::<u32>(&hub, Audience::Groups(vec!["a".into(), "b".into()]));
    with_payload("1", |value| hub.answer(id(1), ClientOutcome::Result(value)));
    assert!(matches!(next(&mut answers), Poll::Ready(Some((_, Ok(1))))));
    assert!(next(&mut answers).is_pending());
    with_payload("2", |value| hub.answer(id(1), ClientOutcome::Result(value)));
    assert!(matches!(next(&mut answers), Poll::Ready(Some((_, Ok(2))))));
    assert!(matches!(next(&mut answers), Poll::Ready(None)));
}

#[test]
fn a_connected_hook_may_not_ask_a_client() {
    let hub = FakeHub::default();
    let mut answer = in_connected_hook(|| ask::<u32>(&hub, id(1)));
    assert_eq!(
        failure(&mut answer).to_string(),
        "Client results inside OnConnectedAsync Hub methods are not allowed."
    );
    assert_eq!(hub.asked(), 0);
    assert!(Task::new().poll(&mut ask::<u32>(&hub, id(1))).is_pending());
    assert_eq!(hub.asked(), 1);
}

#[test]
fn a_call_that_waits_for_a_client_is_noticed() {
    let hub = FakeHub::default();
    let mut answer = ask::<u32>(&hub, id(1));
    let task = Task::new();
    assert!(matches!(watch_for_waits(|| task.poll(&mut answer)), (Poll::Pending, true)));
    with_payload("7", |value| hub.answer(id(1), ClientOutcome::Result(value)));
    assert!(matches!(watch_for_waits(|| task.poll(&mut answer)), (Poll::Ready(Ok(7)), false)));
    assert!(!watch_for_waits(|| ()).1);
}

/// What the hub lets a client take for its answer.
const LIMIT: Duration = Duration::from_secs(30);

fn id(number: u8) -> ConnectionId {
    ConnectionId::from_random([number; 16])
}

fn ask<T: ClientAnswer>(hub: &FakeHub, id: ConnectionId) -> ClientResult<'_, T> {
    Clients::<dyn NoClient>::new(hub).client(id).ask("M", &[(); 0])
}

fn ask_all<'a, T: ClientAnswer>(hub: &'a FakeHub, audience: Audience<'a>) -> ClientResults<'a, T> {
    let clients = Clients::<dyn NoClient>::new(hub);
    let receivers = match audience {
        Audience::All => clients.all(),
        Audience::Connections(ids) => clients.clients(ids),
        Audience::Groups(names) => clients.groups(names),
        Audience::Connection(_) | Audience::Group(_) | Audience::User(_) | Audience::Users(_) => {
            panic!("no test asks these")
        }
    };
    receivers.ask_all("M", &[(); 0])
}

fn failure<T: ClientAnswer + std::fmt::Debug>(answer: &mut ClientResult<'_, T>) -> ClientResultError {
    let polled = Task::new().poll(answer);
    let Poll::Ready(Err(error)) = polled else { panic!("{polled:?} is no failure") };
    error
}

fn next<T: ClientAnswer>(
    answers: &mut ClientResults<'_, T>,
) -> Poll<Option<(ConnectionId, Result<T, ClientResultError>)>> {
    pin!(answers.next()).poll(&mut Task::new().context())
}

/// A hub whose time passes when a test says so.
struct FakeHub {
    /// Who is asked when more than one connection is.
    connected: Vec<ConnectionId>,
    is_broken: bool,
    receivers: Mutex<Vec<(ConnectionId, Box<dyn AnswerReceiver>)>>,
    asked: AtomicUsize,
    forgotten: Arc<AtomicUsize>,
    slept: Mutex<Vec<Duration>>,
    has_elapsed: Arc<AtomicBool>,
}

impl Default for FakeHub {
    fn default() -> Self {
        Self {
            connected: vec![id(1)],
            is_broken: false,
            receivers: Mutex::default(),
            asked: AtomicUsize::default(),
            forgotten: Arc::default(),
            slept: Mutex::default(),
            has_elapsed: Arc::default(),
        }
    }
}

impl FakeHub {
    /// How many questions were asked.
    fn asked(&self) -> usize {
        self.asked.load(Ordering::Relaxed)
    }

    /// How many questions nobody waits for any more.
    fn forgotten(&self) -> usize {
        self.forgotten.load(Ordering::Relaxed)
    }

    /// The time limits that were waited for.
    fn slept(&self) -> Vec<Duration> {
        self.slept.lock().expect("not poisoned").clone()
    }

    /// Lets every time limit pass.
    fn elapse(&self) {
        self.has_elapsed.store(true, Ordering::Relaxed);
    }

    fn answer(&self, id: ConnectionId, outcome: ClientOutcome<'_>) {
        let receiver = {
            let mut receivers = self.receivers.lock().expect("not poisoned");
            let at = receivers.iter().position(|(asked, _)| *asked == id).expect("it was asked");
            receivers.remove(at).1
        };
        receiver.answered(outcome);
    }
}

impl Hub for FakeHub {
    fn send(
        &self,
        _recipients: &Recipients<'_>,
        _target: &str,
        _arguments: &dyn EncodeArguments,
    ) -> Result<Sending, SendError> {
        Ok(Sending::DONE)
    }

    fn ask(
        &self,
        recipients: &Recipients<'_>,
        target: &str,
        arguments: &dyn EncodeArguments,
        receiver: &mut dyn FnMut(ConnectionId) -> Box<dyn AnswerReceiver>,
    ) -> Result<Box<dyn Send + Sync>, SendError> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        let asked: Vec<_> = match &recipients.audience {
            Audience::Connection(id) => self.connected.iter().filter(|known| *known == id).copied().collect(),
            Audience::Connections(ids) => {
                ids.iter().filter(|id| self.connected.contains(id)).copied().collect()
            }
            Audience::All
            | Audience::Group(_)
            | Audience::Groups(_)
            | Audience::User(_)
            | Audience::Users(_) => self.connected.clone(),
        };
        let asked = asked.into_iter().map(|id| (id, receiver(id)));
        self.receivers.lock().expect("not poisoned").extend(asked);
        let mut message = Vec::new();
        let arguments = if self.is_broken { &"no sequence" } else { arguments };
        let written =
            HubProtocol::Json.write_invocation(&mut message, &InvocationHead::to(target), arguments);
        written.map_err(|source| SendError::Encode { target: target.to_owned(), source })?;
        Ok(Box::new(Asked(Arc::clone(&self.forgotten))))
    }

    fn client_result_timeout(&self) -> Duration {
        LIMIT
    }

    fn sleep(&self, time: Duration) -> BoxFuture<()> {
        self.slept.lock().expect("not poisoned").push(time);
        let has_elapsed = Arc::clone(&self.has_elapsed);
        Box::pin(std::future::poll_fn(move |_| {
            if has_elapsed.load(Ordering::Relaxed) { Poll::Ready(()) } else { Poll::Pending }
        }))
    }

    fn join(&self, _id: ConnectionId, _group: &str) -> Result<(), GroupError> {
        Ok(())
    }

    fn leave(&self, _id: ConnectionId, _group: &str) {}
}

struct Asked(Arc<AtomicUsize>);

impl Drop for Asked {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}
