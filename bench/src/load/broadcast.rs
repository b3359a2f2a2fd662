//! Broadcast: one client sends to all the others, or to groups of them in turn.

use std::time::Instant;

use anyhow::{Result, ensure};

use super::broadcaster::{Broadcaster, Deliveries, Listener, join_group};
use super::crowd::{Crowd, open_all, open_one};
use super::meter::Meter;
use super::pings::Pings;
use super::{Measured, Plan};

/// Puts the load on: to `groups` groups in turn, or to all if there are none, with `window` messages under way.
pub(super) async fn measure(plan: &Plan, groups: usize, window: usize) -> Result<Measured> {
    ensure!(
        groups == 0 || plan.connections.is_multiple_of(groups),
        "{} connections do not go into {groups} groups evenly",
        plan.connections
    );
    let pings = Pings::start();
    let deliveries = Deliveries::new()?;
    let mut crowd = Crowd::default();
    for (position, mut client) in open_all(&plan.route, plan.connections).await?.into_iter().enumerate() {
        let group = position.checked_rem(groups).unwrap_or(0);
        if groups > 0 {
            join_group(&mut client, &plan.route, group).await?;
        }
        let mut listener = Listener::new(deliveries.clone(), group, groups.max(1));
        crowd.join(client.listen(pings.join(), move |message| listener.hear(&message)));
    }
    let client = open_one(&plan.route).await?;
    let sizes = (plan.connections, groups);
    let mut sender =
        Broadcaster::new(client, plan.route.clone(), deliveries.clone(), sizes, window, plan.size);
    let (count, span) = crowd
        .watch(async {
            sender.send_until(Instant::now() + plan.warm_up).await?;
            deliveries.latencies.borrow_mut().clear();
            let meter = Meter::start(plan.pid)?;
            let count = sender.send_until(Instant::now() + plan.seconds).await?;
            Ok((count, meter.read()?))
        })
        .await?;
    let latencies = deliveries.latencies.borrow();
    ensure!(latencies.count() == count, "{} deliveries arrived and {count} were sent", latencies.count());
    Ok(Measured::new(count, span, Some(latencies.quantiles())))
}
