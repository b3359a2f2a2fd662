//! Storm: connections that are opened, shake hands, and close.
//!
//! Easy to break: the server is given a second after the last one before its CPU time is read, as it may still be tidying
//! up; the rate counts only the opening and closing.

use std::cell::Cell;
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use futures_util::future::try_join_all;

use super::meter::Meter;
use super::route::{Opener, Route};
use super::{Measured, Plan};

const TIDYING: Duration = Duration::from_secs(1);
/// One in so many connections is opened before, unmeasured.
const WARM_UP_PART: usize = 20;

/// Opens and closes the connections, `concurrency` at once.
pub(super) async fn measure(plan: &Plan, concurrency: usize) -> Result<Measured> {
    open_and_close(&plan.route, plan.connections.div_ceil(WARM_UP_PART), concurrency).await?;
    tokio::time::sleep(TIDYING).await;
    let meter = Meter::start(plan.pid)?;
    let began = Instant::now();
    open_and_close(&plan.route, plan.connections, concurrency).await?;
    let seconds = began.elapsed().as_secs_f64();
    tokio::time::sleep(TIDYING).await;
    let mut span = meter.read()?;
    span.seconds = seconds;
    Ok(Measured::new(plan.connections as u64, span, None))
}

async fn open_and_close(route: &Rc<Route>, count: usize, concurrency: usize) -> Result<()> {
    let left = Cell::new(count);
    let one_after_the_other = |_| async {
        let mut opener = Opener::new(route.clone());
        while let Some(rest) = left.get().checked_sub(1) {
            left.set(rest);
            let client =
                opener.open().await.with_context(|| format!("{rest} connections were left to open"))?;
            client.close().await?;
        }
        anyhow::Ok(())
    };
    try_join_all((0..concurrency).map(one_after_the_other)).await?;
    Ok(())
}
