//! Pings of HTTP/2, so that a connection whose client is gone does not stay for ever.

use std::future::pending;
use std::time::Duration;

use h2::{Ping, PingPong};
use tokio::time::{sleep, timeout};

/// How often a client is pinged, and how long it may take to answer.
#[derive(Debug, Clone, Copy)]
pub(super) struct KeepAlive {
    pub(super) interval: Duration,
    pub(super) timeout: Duration,
}

/// Done when a ping was not answered in time.
pub(super) async fn silence(pings: Option<PingPong>, limits: KeepAlive) {
    let Some(mut pings) = pings else { return pending().await };
    loop {
        sleep(limits.interval).await;
        match timeout(limits.timeout, pings.ping(Ping::opaque())).await {
            Ok(Ok(_)) => {}
            // The connection has ended, and says so itself.
            Ok(Err(_)) => return pending().await,
            Err(_) => return,
        }
    }
}
