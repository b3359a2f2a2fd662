//! A function of the application, served where a hub could be.

use std::fmt;
use std::future::Future;
use std::sync::Arc;

use hubcast_protocol::contract::{BoxFuture, CallError, Failure, HubDefinition, NoClient};

use super::RawConnection;
use super::guarded::guarded;
use crate::dispatch::MethodTable;
use crate::http::HubService;
use crate::hub::HubCore;
use crate::options::HubOptions;

/// What runs for each connection without a hub.
pub(crate) type RawHandler = Arc<dyn Fn(RawConnection) -> BoxFuture<Result<(), CallError>> + Send + Sync>;

/// Connections without a hub: negotiation and transports as a hub has them, and a function that gets the bytes.
///
/// ```
/// use hubcast::RawService;
///
/// let echo = RawService::new("echo", |connection| async move {
///     while let Some(bytes) = connection.receive().await {
///         connection.send(bytes).await;
///     }
///     Ok::<(), hubcast::HubError>(())
/// });
/// let server = hubcast::Server::new().hub("/echo", echo);
/// ```
///
/// A connection closes when its function returns; after an error or a panic the WebSocket close code is 1011. The
/// options about calls, keep-alive and the hub handshake mean nothing here.
#[derive(Clone)]
pub struct RawService(HubService);

impl RawService {
    /// Runs `handler` for each connection. The name is for logs and metrics.
    pub fn new<H, F, E>(name: &'static str, handler: H) -> Self
    where
        H: Fn(RawConnection) -> F + Send + Sync + 'static,
        F: Future<Output = Result<(), E>> + Send + 'static,
        E: Failure,
    {
        Self::with_options(name, handler, HubOptions::new())
    }

    /// Runs `handler` for each connection, with options.
    pub fn with_options<H, F, E>(name: &'static str, handler: H, options: HubOptions) -> Self
    where
        H: Fn(RawConnection) -> F + Send + Sync + 'static,
        F: Future<Output = Result<(), E>> + Send + 'static,
        E: Failure,
    {
        let handler: RawHandler = Arc::new(move |connection| {
            guarded(|| {
                let run = handler(connection);
                Box::pin(async move { run.await.map_err(Failure::into_call_error) })
            })
        });
        let dispatch = MethodTable::new(HubDefinition::<dyn NoClient>::new(name));
        Self(HubService::of(HubCore::raw(Box::new(dispatch), options, handler)))
    }
}

impl From<RawService> for HubService {
    fn from(service: RawService) -> Self {
        service.0
    }
}

impl fmt::Debug for RawService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("RawService").field(&self.0).finish()
    }
}
