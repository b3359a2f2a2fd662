//! Beside: how long an echo takes while another client broadcasts to very many connections without a pause.
//!
//! Easy to break: the echo has a thread of its own. On the thread of the listeners its answer would wait behind
//! thousands of deliveries, and the load would time itself. What is left of that is the wait for the core, which both
//! threads share where the load is pinned.

use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, ensure};

use super::broadcaster::{Broadcaster, Deliveries, Listener};
use super::crowd::{Crowd, open_each, open_one};
use super::echo::{Calls, Phase, Progress, call_again};
use super::meter::Meter;
use super::pings::Pings;
use super::{LoadArguments, Measured, Plan, on_this_thread};
use crate::sample::Latency;

const LOOK_EVERY: Duration = Duration::from_millis(10);

/// Puts the load on, with `window` broadcasts under way.
pub(super) async fn measure(plan: &Plan, arguments: &LoadArguments, window: usize) -> Result<Measured> {
    let pings = Pings::start();
    let deliveries = Deliveries::new()?;
    let mut crowd = Crowd::default();
    open_each(&plan.route, plan.connections, |client| {
        let mut listener = Listener::new(deliveries.clone(), 0, 1);
        crowd.join(client.listen(pings.join(), move |message| listener.hear(&message)));
    })
    .await?;
    let client = open_one(&plan.route).await?;
    let sizes = (plan.connections, 0);
    let mut sender =
        Broadcaster::new(client, plan.route.clone(), deliveries.clone(), sizes, window, plan.size);
    let phase = Arc::new(AtomicU8::new(Phase::WarmingUp as u8));
    let echo = thread::spawn({
        let (arguments, phase) = (arguments.clone(), phase.clone());
        move || on_this_thread(echo(&arguments, &phase))
    });
    let (count, span) = crowd
        .watch(async {
            sender.send_until(Instant::now() + plan.warm_up).await?;
            phase.store(Phase::Measured as u8, Ordering::Relaxed);
            let meter = Meter::start(plan.pid)?;
            let count = sender.send_until(Instant::now() + plan.seconds).await?;
            let span = meter.read()?;
            phase.store(Phase::Ending as u8, Ordering::Relaxed);
            Ok((count, span))
        })
        .await?;
    let latency = echo.join().map_err(|_| anyhow!("the thread of the echo panicked"))?;
    Ok(Measured::new(count, span, Some(latency.context("the echo failed")?)))
}

/// Calls one after the other until the phase says that the run ends.
async fn echo(arguments: &LoadArguments, phase: &AtomicU8) -> Result<Latency> {
    let route = arguments.route()?;
    let calls = Rc::new(Calls::new(route.protocol, arguments.size, 1)?);
    let progress = Rc::new(Progress::new()?);
    let client = open_one(&route).await?;
    let mut crowd = Crowd::default();
    crowd.join(call_again(client, calls, progress.clone()));
    crowd
        .watch(async {
            while phase.load(Ordering::Relaxed) != Phase::Ending as u8 {
                if phase.load(Ordering::Relaxed) == Phase::Measured as u8 {
                    progress.phase.set(Phase::Measured);
                }
                tokio::time::sleep(LOOK_EVERY).await;
            }
            Ok(())
        })
        .await?;
    progress.phase.set(Phase::Ending);
    crowd.finish().await?;
    let latencies = progress.latencies.borrow();
    ensure!(latencies.count() > 0, "no echo was answered");
    Ok(latencies.quantiles())
}
