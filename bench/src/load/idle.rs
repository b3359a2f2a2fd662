//! Idle: connections that do nothing but ping, and what each adds to the server's memory.
//!
//! Easy to break: a first batch is opened and held before memory is read, so that what a server sets up once is counted
//! for no connection. And they are held until each was pinged (a server's first ping comes after 15 seconds), or what
//! pings leave behind in memory is missing.

use std::time::Duration;

use anyhow::Result;

use super::crowd::{Crowd, at_once, open_each};
use super::meter::Meter;
use super::pings::Pings;
use super::{Measured, Plan};

/// How long the server's memory is left to settle before it is read.
const SETTLING: Duration = Duration::from_secs(1);

/// Opens the connections and holds them for `hold`.
pub(super) async fn measure(plan: &Plan, hold: Duration) -> Result<Measured> {
    let pings = Pings::start();
    let mut crowd = Crowd::default();
    let streams = plan.route.streams;
    let first = at_once(plan.connections.div_ceil(streams)) * streams;
    open_each(&plan.route, first, |client| crowd.join(client.listen(pings.join(), |_| Ok(())))).await?;
    tokio::time::sleep(SETTLING).await;

    let meter = Meter::start(plan.pid)?;
    open_each(&plan.route, plan.connections, |client| crowd.join(client.listen(pings.join(), |_| Ok(()))))
        .await?;
    let opening = meter.read()?;
    let held = crowd
        .watch(async {
            tokio::time::sleep(SETTLING).await;
            let holding = Meter::start(plan.pid)?;
            tokio::time::sleep(hold).await;
            holding.read()
        })
        .await?;
    let added = held.server_resident as f64 - meter.resident_before() as f64;
    let mut measured = Measured::new(plan.connections as u64, opening, None);
    measured.span.server_resident = held.server_resident;
    if plan.pid.is_some() {
        measured.bytes_per_connection = Some(added / plan.connections as f64);
        measured.hold_percent = Some(held.server.total() / held.seconds / 10_000.0);
    }
    Ok(measured)
}
