//! Many connections: opened several at once, and watched while they are under load.

use std::pin::pin;
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use futures_util::{StreamExt, TryStreamExt, stream};
use tokio::task::JoinSet;

use super::client::Client;
use super::route::{Opener, Route};

/// TCP connections that are opened at once, where there are thousands.
const OPENED_AT_ONCE: usize = 64;
/// One more is opened at once for each so many, so that few connections leave no peak behind in the server.
const CONNECTIONS_PER_OPENER: usize = 100;
const PROGRESS_EVERY: Duration = Duration::from_secs(5);
const FINISH_WITHIN: Duration = Duration::from_secs(30);

/// Opens `count` clients and hands each over as soon as it is open.
pub(crate) async fn open_each(route: &Rc<Route>, count: usize, mut adopt: impl FnMut(Client)) -> Result<()> {
    let starts = (0..count).step_by(route.streams);
    let at_once = at_once(starts.len());
    let batches = starts.map(|start| open_batch(route.clone(), route.streams.min(count - start)));
    let mut batches = stream::iter(batches).buffer_unordered(at_once);
    let (mut opened, mut told_at) = (0, Instant::now());
    while let Some(batch) =
        batches.try_next().await.with_context(|| format!("{opened} connections are open"))?
    {
        opened += batch.len();
        batch.into_iter().for_each(&mut adopt);
        if told_at.elapsed() > PROGRESS_EVERY {
            eprintln!("{opened} of {count} connections are open");
            told_at = Instant::now();
        }
    }
    Ok(())
}

/// Opens `count` clients.
pub(crate) async fn open_all(route: &Rc<Route>, count: usize) -> Result<Vec<Client>> {
    let mut clients = Vec::with_capacity(count);
    open_each(route, count, |client| clients.push(client)).await?;
    Ok(clients)
}

/// Opens a client that shares its TCP connection with nobody.
pub(crate) async fn open_one(route: &Rc<Route>) -> Result<Client> {
    Opener::new(route.clone()).open().await
}

/// How many TCP connections are opened at once where there are `connections` of them.
pub(crate) fn at_once(connections: usize) -> usize {
    connections.div_ceil(CONNECTIONS_PER_OPENER).clamp(1, OPENED_AT_ONCE)
}

async fn open_batch(route: Rc<Route>, count: usize) -> Result<Vec<Client>> {
    let mut opener = Opener::new(route);
    let mut clients = Vec::with_capacity(count);
    for _ in 0..count {
        clients.push(opener.open().await?);
    }
    Ok(clients)
}

/// The tasks of the connections under load.
#[derive(Default)]
pub(crate) struct Crowd {
    tasks: JoinSet<Result<()>>,
}

impl Crowd {
    /// Takes one more connection in.
    pub(crate) fn join(&mut self, task: impl Future<Output = Result<()>> + 'static) {
        self.tasks.spawn_local(task);
    }

    /// Does `work` while all connections live.
    ///
    /// # Errors
    ///
    /// That of `work`, or that of the first connection to end.
    pub(crate) async fn watch<T>(&mut self, work: impl Future<Output = Result<T>>) -> Result<T> {
        let mut work = pin!(work);
        tokio::select! {
            done = &mut work => done,
            Some(ended) = self.tasks.join_next() => {
                ended??;
                bail!("a connection ended before its time")
            }
        }
    }

    /// Waits until every connection has done what it had under way.
    pub(crate) async fn finish(mut self) -> Result<()> {
        let all = async {
            while let Some(ended) = self.tasks.join_next().await {
                ended??;
            }
            Ok(())
        };
        let limit = tokio::time::timeout(FINISH_WITHIN, all).await;
        limit.with_context(|| format!("calls were not answered within {FINISH_WITHIN:?}"))?
    }
}
