//! Certificates that change while a server listens: their files are looked at in an interval.
//!
//! Their times of writing are compared, which works on every file system; a certificate is replaced once in months.

use std::sync::Arc;
use std::time::Duration;

use metrics::{counter, describe_counter};
use tokio::task::spawn_blocking;
use tokio::time::{MissedTickBehavior, interval};

use super::pem_files::{PemFiles, Stamp};
use super::tls::{Tls, TlsError};

/// Looks at the files in this interval, for ever; `read` is what they were when they were last read.
pub(super) fn watch(
    tls: Tls,
    files: Arc<PemFiles>,
    mut read: Option<Stamp>,
    every: Duration,
) -> impl Future<Output = ()> + Send {
    describe_counter!(
        "hubcast_certificate_reloads_total",
        "Certificates read again after their files were written (outcome=\"done\"), or that could not be used (outcome=\"failed\")"
    );
    let done = counter!("hubcast_certificate_reloads_total", "outcome" => "done");
    let failed = counter!("hubcast_certificate_reloads_total", "outcome" => "failed");
    async move {
        // Nothing at all would be no pause.
        let mut ticks = interval(every.max(SHORTEST_INTERVAL));
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            let Some((stamp, outcome)) = look(&tls, &files, read).await else { continue };
            read = Some(stamp);
            match outcome {
                Ok(()) => {
                    done.increment(1);
                    tracing::info!("the certificate was reloaded");
                }
                Err(error) => {
                    failed.increment(1);
                    let error = &error as &dyn std::error::Error;
                    tracing::error!(error, "the certificate cannot be reloaded: the one from before stays");
                }
            }
        }
    }
}

const SHORTEST_INTERVAL: Duration = Duration::from_millis(10);

/// Reads files that are not as they were when they were last read. A file that is missing is about to be replaced.
async fn look(
    tls: &Tls,
    files: &Arc<PemFiles>,
    read: Option<Stamp>,
) -> Option<(Stamp, Result<(), TlsError>)> {
    let (tls, files) = (tls.clone(), Arc::clone(files));
    let looked = spawn_blocking(move || {
        let stamp = files.stamp().ok().filter(|stamp| Some(*stamp) != read)?;
        Some((stamp, tls.reload()))
    });
    looked.await.ok().flatten()
}
