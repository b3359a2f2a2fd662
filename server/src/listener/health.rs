//! Whether the server lives and whether it wants requests: two routes for whoever watches over it.

use std::sync::atomic::{AtomicBool, Ordering};

use http::{Method, Response};

use super::server::Server;
use crate::http::{Body, health};

/// Where the server is asked how it is.
#[derive(Debug)]
pub(super) struct Health {
    live: String,
    ready: String,
    readiness: Readiness,
}

/// Whether the server wants requests.
#[derive(Debug, Default)]
pub(super) struct Readiness {
    is_held_back: AtomicBool,
    is_stopping: AtomicBool,
}

/// What is asked.
#[derive(Debug)]
pub(super) enum Probe<'a> {
    Liveness,
    Readiness(&'a Readiness),
}

impl Server {
    /// Answers, to GET and HEAD, whether the server lives and whether it wants requests, at paths as `/livez` and `/readyz`.
    ///
    /// Liveness is 200 as long as the server answers at all. Readiness is 200, or 503 once the server
    /// [stops](crate::RunningServer::stop) or the application has [said so](crate::RunningServer::set_ready): whoever sends
    /// requests here should choose another server then. Both are answered below the [path base](Self::path_base) and
    /// without it, and to anybody.
    ///
    /// # Panics
    ///
    /// If a path does not start with a slash, has a query or a fragment, or is taken, or they are the same.
    #[must_use]
    pub fn health(mut self, live: &str, ready: &str) -> Self {
        assert!(live != ready, "liveness and readiness are both at {live:?}: choose two paths");
        let (live, ready) = (live.to_owned(), ready.to_owned());
        self.routes.set_health(Health { live, ready, readiness: Readiness::default() });
        self
    }
}

impl Health {
    pub(super) fn live(&self) -> &str {
        &self.live
    }

    pub(super) fn ready(&self) -> &str {
        &self.ready
    }

    pub(super) fn readiness(&self) -> &Readiness {
        &self.readiness
    }

    /// What a request for `path` asks, if anything.
    pub(super) fn probe(&self, path: &str) -> Option<Probe<'_>> {
        match path {
            path if path == self.live => Some(Probe::Liveness),
            path if path == self.ready => Some(Probe::Readiness(&self.readiness)),
            _ => None,
        }
    }
}

impl Readiness {
    /// Whether the application holds requests back.
    pub(super) fn hold_back(&self, yes: bool) {
        self.is_held_back.store(yes, Ordering::Relaxed);
    }

    /// The server stops, whatever the application says.
    pub(super) fn stop(&self) {
        self.is_stopping.store(true, Ordering::Relaxed);
    }

    fn is_ready(&self) -> bool {
        !self.is_held_back.load(Ordering::Relaxed) && !self.is_stopping.load(Ordering::Relaxed)
    }
}

impl Probe<'_> {
    pub(super) fn answer(&self, method: &Method) -> Response<Body> {
        match self {
            Self::Liveness => health(method, true, "live"),
            Self::Readiness(readiness) if readiness.is_ready() => health(method, true, "ready"),
            Self::Readiness(_) => health(method, false, "not ready"),
        }
    }
}
