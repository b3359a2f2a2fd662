//! Waiting with a bound: what has not happened by then fails the test instead of hanging it.

use std::future::Future;
use std::time::Duration;

use tokio::time::{interval, timeout};

/// Long enough for a machine that does other things too.
const BOUND: Duration = Duration::from_secs(20);

/// Waits for something that has to happen soon.
pub(crate) async fn soon<T>(what: impl Future<Output = T>) -> T {
    timeout(BOUND, what).await.expect("it happens within the bound")
}

/// Waits until `condition` holds.
pub(crate) async fn eventually(condition: impl Fn() -> bool) {
    let mut ticks = interval(Duration::from_millis(1));
    soon(async {
        while !condition() {
            ticks.tick().await;
        }
    })
    .await;
}
