//! What all connections of a server share.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use http::{Method, Request, Version};
use tokio_util::task::TaskTracker;

use super::forwarding::Forwarding;
use super::listener_limits::ListenerLimits;
use super::meters::Meters;
use super::peer::Peer;
use super::request_body::RequestBody;
use super::routes::Routes;
use super::stop::Stop;
use crate::admission::Admission;
use crate::http::Answer;

/// The server, as one of its connections sees it.
pub(super) struct Shared {
    pub(super) routes: Routes,
    pub(super) limits: ListenerLimits,
    pub(super) forwarding: Forwarding,
    pub(super) admission: Arc<Admission>,
    /// Whether clients are asked to go elsewhere.
    pub(super) is_draining: AtomicBool,
    /// Given when the server stops, once no client has to come back to hear of it.
    pub(super) stop: Stop,
    /// Given when it has waited long enough for its connections to end.
    pub(super) cut: Stop,
    pub(super) tasks: TaskTracker,
    pub(super) meters: Meters,
}

impl Shared {
    /// Runs something for a connection or a request, until it ends or is cut.
    pub(super) fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        self.tasks.spawn(self.cut.cuts(work));
    }

    /// Whether an HTTP/2 connection goes with its last stream: clients are asked to go elsewhere, and none of them has to
    /// come back, perhaps on that connection, to hear of it.
    pub(super) fn is_leaving(&self) -> bool {
        self.is_draining.load(Ordering::Relaxed) && self.routes.hubs().all(|hub| hub.polling().is_empty())
    }

    /// Answers a request that came from `peer`.
    pub(super) fn answer(&self, mut request: Request<RequestBody>, peer: &Peer) -> Answer {
        if let Err(refusal) = self.forwarding.receive(&mut request, peer, &self.admission) {
            return (*refusal).into();
        }
        if request.version() == Version::HTTP_2 && request.method() == Method::CONNECT {
            return self.routes.answer_connect(request);
        }
        self.routes.answer(request)
    }
}
