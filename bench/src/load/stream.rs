//! Streams: each connection asks for a counter's items, and again when all have come.

use std::cell::Cell;
use std::rc::Rc;

use anyhow::{Result, bail, ensure};
use hubcast_protocol::{CompletionOutcome, HubMessage, HubProtocol};

use super::client::{Client, stream_frame};
use super::crowd::{Crowd, open_all};
use super::item::Items;
use super::meter::Meter;
use super::{Measured, Plan};

/// Puts the load on: streams of `items` items.
pub(super) async fn measure(plan: &Plan, items: u32) -> Result<Measured> {
    let mut frame = Vec::new();
    stream_frame(plan.route.protocol, &mut frame, "1", "Counter", &(items,))?;
    let progress = Rc::new(Progress {
        frame,
        items,
        protocol: plan.route.protocol,
        arrived: Cell::new(0),
        is_ending: Cell::new(false),
    });
    let mut crowd = Crowd::default();
    for client in open_all(&plan.route, plan.connections).await? {
        crowd.join(ask_again(client, progress.clone()));
    }
    let (count, span) = crowd
        .watch(async {
            tokio::time::sleep(plan.warm_up).await;
            let before = progress.arrived.get();
            let meter = Meter::start(plan.pid)?;
            tokio::time::sleep(plan.seconds).await;
            let span = meter.read()?;
            Ok((progress.arrived.get() - before, span))
        })
        .await?;
    progress.is_ending.set(true);
    crowd.finish().await?;
    Ok(Measured::new(count, span, None))
}

struct Progress {
    /// The call of the stream.
    frame: Vec<u8>,
    items: u32,
    protocol: HubProtocol,
    /// Items on all connections.
    arrived: Cell<u64>,
    is_ending: Cell<bool>,
}

async fn ask_again(mut client: Client, progress: Rc<Progress>) -> Result<()> {
    let items = Items::of(progress.protocol, "1")?;
    while !progress.is_ending.get() {
        client.queue(&progress.frame);
        client.flush().await?;
        let (next, mut is_complete) = (Cell::new(0), false);
        let take = |number| {
            ensure!(number == next.get(), "item {number} came where {} was due", next.get());
            next.set(number + 1);
            Ok(())
        };
        while !is_complete {
            let before = next.get();
            let quick = |message: &[u8]| match items.number(message) {
                Some(number) => take(number).map(|()| true),
                None => Ok(false),
            };
            client
                .hear_quickly(quick, |message| {
                    match message {
                        HubMessage::StreamItem(item) => take(item.item.decode()?)?,
                        HubMessage::Completion(completion) => {
                            if let CompletionOutcome::Error(error) = completion.outcome {
                                bail!("the stream failed: {error}");
                            }
                            is_complete = true;
                        }
                        HubMessage::Invocation(_)
                        | HubMessage::StreamInvocation(_)
                        | HubMessage::CancelInvocation(_)
                        | HubMessage::Ping
                        | HubMessage::Close(_)
                        | HubMessage::Ack(_)
                        | HubMessage::Sequence(_) => {}
                    }
                    Ok(())
                })
                .await?;
            progress.arrived.set(progress.arrived.get() + u64::from(next.get() - before));
            client.flush().await?;
        }
        let (arrived, items) = (next.get(), progress.items);
        ensure!(arrived == items, "the stream ended after {arrived} items of {items}");
    }
    Ok(())
}
