//! Echo: each connection has so many calls under way, and calls again as soon as one is answered.
//!
//! Easy to break: the call that follows an answer leaves with the others of the same read, in one write. A call is under
//! way from the moment that the answer before it arrived.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Instant;

use anyhow::{Context, Result, bail, ensure};
use hubcast_protocol::{Completion, CompletionOutcome, HubMessage, HubProtocol};

use super::client::{Client, call_frame};
use super::crowd::{Crowd, open_all};
use super::meter::{Latencies, Meter};
use super::{Measured, Plan};

/// Puts the load on: `depth` calls under way on each connection.
pub(super) async fn measure(plan: &Plan, depth: usize) -> Result<Measured> {
    let calls = Rc::new(Calls::new(plan.route.protocol, plan.size, depth)?);
    let progress = Rc::new(Progress::new()?);
    let mut crowd = Crowd::default();
    for client in open_all(&plan.route, plan.connections).await? {
        crowd.join(call_again(client, calls.clone(), progress.clone()));
    }
    let span = crowd
        .watch(async {
            tokio::time::sleep(plan.warm_up).await;
            progress.phase.set(Phase::Measured);
            let meter = Meter::start(plan.pid)?;
            tokio::time::sleep(plan.seconds).await;
            progress.phase.set(Phase::Ending);
            meter.read()
        })
        .await?;
    crowd.finish().await?;
    let latencies = progress.latencies.borrow();
    Ok(Measured::new(latencies.count(), span, Some(latencies.quantiles())))
}

/// The calls of one connection, which are those of every other too.
pub(super) struct Calls {
    /// One frame for each call under way; the invocation id is the position.
    frames: Vec<Vec<u8>>,
    /// The answer's result as it is encoded.
    result: Vec<u8>,
}

impl Calls {
    /// `depth` calls with a text of `size` bytes.
    pub(super) fn new(protocol: HubProtocol, size: usize, depth: usize) -> Result<Self> {
        let text = "x".repeat(size);
        let frame = |id: usize| {
            let mut frame = Vec::new();
            call_frame(protocol, &mut frame, Some(&id.to_string()), "Echo", &(text.as_str(),))?;
            Ok(frame)
        };
        let frames = (0..depth).map(frame).collect::<Result<_>>()?;
        Ok(Self { frames, result: encoded(protocol, &text)? })
    }

    /// Which call the completion answers, and rightly.
    fn answered(&self, completion: &Completion<'_>) -> Result<usize> {
        match &completion.outcome {
            CompletionOutcome::Result(result) => {
                ensure!(result.as_bytes() == Some(&self.result), "the echo of a text was another");
            }
            CompletionOutcome::Void => bail!("the echo of a text was nothing"),
            CompletionOutcome::Error(error) => bail!("a call of Echo failed: {error}"),
        }
        let id = &completion.invocation_id;
        id.parse().ok().with_context(|| format!("an answer to a call that was not made: {id}"))
    }
}

/// A text as the result of a call.
fn encoded(protocol: HubProtocol, text: &str) -> Result<Vec<u8>> {
    let mut message = Vec::new();
    protocol.write_result(&mut message, "0", text)?;
    let split = protocol.split(&message, None)?.context("a message was written")?;
    match protocol.decode(split.payload)? {
        Some(HubMessage::Completion(Completion { outcome: CompletionOutcome::Result(result), .. })) => {
            Ok(result.as_bytes().context("a result was written")?.to_vec())
        }
        _ => bail!("a result reads back as something else"),
    }
}

/// How far a run is, and what it measured.
pub(super) struct Progress {
    pub(super) phase: Cell<Phase>,
    pub(super) latencies: RefCell<Latencies>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    WarmingUp,
    Measured,
    /// No call follows an answer any more.
    Ending,
}

impl Progress {
    pub(super) fn new() -> Result<Self> {
        Ok(Self { phase: Cell::new(Phase::WarmingUp), latencies: RefCell::new(Latencies::new()?) })
    }
}

/// Calls until the run ends and all is answered.
pub(super) async fn call_again(mut client: Client, calls: Rc<Calls>, progress: Rc<Progress>) -> Result<()> {
    let depth = calls.frames.len();
    let mut sent_at = vec![Some(Instant::now()); depth];
    calls.frames.iter().for_each(|frame| client.queue(frame));
    client.flush().await?;
    let mut under_way = depth;
    while under_way > 0 {
        let mut read_at = None;
        client
            .hear(|message, out| {
                let HubMessage::Completion(completion) = message else { return Ok(()) };
                let call = calls.answered(&completion)?;
                let now = *read_at.get_or_insert_with(Instant::now);
                let sent = sent_at.get_mut(call).and_then(Option::take);
                let sent = sent.with_context(|| format!("call {call} was answered twice"))?;
                if progress.phase.get() == Phase::Measured {
                    progress.latencies.borrow_mut().record(now - sent);
                }
                if progress.phase.get() == Phase::Ending {
                    under_way -= 1;
                } else {
                    sent_at[call] = Some(now);
                    out.extend_from_slice(&calls.frames[call]);
                }
                Ok(())
            })
            .await?;
        client.flush().await?;
    }
    Ok(())
}
