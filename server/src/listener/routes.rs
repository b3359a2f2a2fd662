//! Which path is a hub, a WebSocket, a page, or the application's.

use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderValue, Request, Response};
use tower::{Service, ServiceExt as _};

use super::health::{Health, Probe};
use super::request_body::RequestBody;
use crate::http::{Answer, Body, BoxError, answer, failed, not_found, text_page};
use crate::hub::HubCore;
use crate::websocket::{WebSocketService, is_websocket_request};

/// What a server serves.
#[derive(Default)]
pub(super) struct Routes {
    hubs: Vec<(String, Arc<HubCore>)>,
    websockets: Vec<(String, WebSocketService)>,
    pages: Vec<Page>,
    health: Option<Health>,
    fallback: Option<Fallback>,
}

struct Page {
    path: String,
    content_type: HeaderValue,
    content: Bytes,
}

/// What is served at a path.
enum Place<'a> {
    Hub(&'a Arc<HubCore>),
    WebSocket(&'a WebSocketService),
    Page(&'a Page),
    Probe(Probe<'a>),
}

impl Place<'_> {
    fn answer(&self, request: Request<RequestBody>) -> Answer {
        match self {
            Self::Hub(hub) => answer(hub, request),
            Self::WebSocket(service) => service.answer(request).into(),
            Self::Probe(probe) => probe.answer(request.method()).into(),
            Self::Page(page) => text_page(request.method(), &page.content_type, &page.content).into(),
        }
    }
}

type Fallback = Box<dyn Fn(Request<RequestBody>) -> Answer + Send + Sync>;

impl Routes {
    pub(super) fn add_hub(&mut self, path: &str, hub: Arc<HubCore>) {
        self.check(path);
        let at = path.trim_end_matches('/');
        let refreshes = hub.options().authentication_refresh;
        let probes = self.health.iter().flat_map(|health| [health.live(), health.ready()]);
        let pages = self.pages.iter().map(|page| page.path.as_str()).chain(probes);
        let websockets = self.websockets.iter().map(|(at, _)| at.as_str());
        let others = self.hubs.iter().map(|(at, _)| at.as_str()).chain(pages).chain(websockets);
        for other in others {
            assert!(
                !is_hub_path(other, at, refreshes),
                "a hub at {path:?} takes the path {other:?} too: choose another"
            );
        }
        self.hubs.push((at.to_owned(), hub));
    }

    pub(super) fn add_websocket(&mut self, path: &str, service: WebSocketService) {
        self.check(path);
        self.websockets.push((path.to_owned(), service));
    }

    pub(super) fn add_page(&mut self, path: &str, content_type: HeaderValue, content: Bytes) {
        self.check(path);
        self.pages.push(Page { path: path.to_owned(), content_type, content });
    }

    pub(super) fn set_health(&mut self, health: Health) {
        self.check(health.live());
        self.check(health.ready());
        self.health = Some(health);
    }

    pub(super) fn health(&self) -> Option<&Health> {
        self.health.as_ref()
    }

    pub(super) fn set_fallback<S, B>(&mut self, service: S)
    where
        S: Service<Request<RequestBody>, Response = Response<B>> + Clone + Send + Sync + 'static,
        S::Future: Send,
        S::Error: Into<BoxError>,
        B: http_body::Body<Data = Bytes, Error: Into<BoxError>> + Send + 'static,
    {
        self.fallback = Some(Box::new(move |request| {
            let service = service.clone();
            Answer::later(async move {
                match service.oneshot(request).await {
                    Ok(response) => response.map(Body::new),
                    Err(error) => {
                        tracing::error!(error = error.into(), "the fallback service failed");
                        failed()
                    }
                }
            })
        }));
    }

    /// The hubs, to stop them.
    pub(super) fn hubs(&self) -> impl Iterator<Item = &Arc<HubCore>> {
        self.hubs.iter().map(|(_, hub)| hub)
    }

    /// The WebSockets without a hub, to stop them.
    pub(super) fn websockets(&self) -> impl Iterator<Item = &WebSocketService> {
        self.websockets.iter().map(|(_, service)| service)
    }

    /// Answers a request.
    pub(super) fn answer(&self, request: Request<RequestBody>) -> Answer {
        match (self.place(request.uri().path()), &self.fallback) {
            (Some(place), _) => place.answer(request),
            (None, Some(fallback)) => fallback(request),
            (None, None) => not_found().into(),
        }
    }

    /// Answers a CONNECT. Of those the fallback gets WebSockets alone, which it may accept by
    /// [`websocket::accept`](crate::websocket::accept); no other stream could be kept.
    pub(super) fn answer_connect(&self, request: Request<RequestBody>) -> Answer {
        let is_websocket = is_websocket_request(&request);
        match (self.place(request.uri().path()), &self.fallback) {
            (Some(place), _) => place.answer(request),
            (None, Some(fallback)) if is_websocket => fallback(request),
            (None, _) => not_found().into(),
        }
    }

    fn place(&self, path: &str) -> Option<Place<'_>> {
        let mut hubs = self.hubs.iter();
        let hub = hubs.find(|(at, hub)| is_hub_path(path, at, hub.options().authentication_refresh));
        let hub = hub.map(|(_, hub)| Place::Hub(hub));
        let websocket = || self.websockets.iter().find(|(at, _)| at == path);
        let page = || self.pages.iter().find(|page| page.path == path).map(Place::Page);
        hub.or_else(|| websocket().map(|(_, service)| Place::WebSocket(service)))
            .or_else(page)
            .or_else(|| self.health.as_ref()?.probe(path).map(Place::Probe))
    }

    /// Panics if nobody would ever get to `path`.
    fn check(&self, path: &str) {
        assert!(path.starts_with('/'), "the path {path:?} starts with no slash: write \"/{path}\"");
        assert!(!path.contains(['?', '#']), "the path {path:?} has a query or a fragment: leave it out");
        let takes =
            |(at, hub): &(String, Arc<HubCore>)| is_hub_path(path, at, hub.options().authentication_refresh);
        let hub = self.hubs.iter().any(takes);
        let probe = self.health.as_ref().is_some_and(|health| health.probe(path).is_some());
        let page = probe || self.pages.iter().any(|page| page.path == path);
        let websocket = self.websockets.iter().any(|(at, _)| at == path);
        assert!(
            !hub && !page && !websocket,
            "the path {path:?} is taken by another hub or page: choose another"
        );
    }
}

fn is_hub_path(path: &str, hub: &str, refreshes: bool) -> bool {
    let Some((head, tail)) = path.split_at_checked(hub.len()) else {
        return false;
    };
    let is_below = |name: &str| tail.trim_end_matches('/').eq_ignore_ascii_case(name);
    head.eq_ignore_ascii_case(hub)
        && (tail.is_empty() || tail == "/" || is_below("/negotiate") || (refreshes && is_below("/refresh")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hub_has_its_path_and_the_one_below_for_negotiation() {
        for path in ["/chat", "/CHAT", "/chat/", "/chat/negotiate", "/Chat/Negotiate"] {
            assert!(is_hub_path(path, "/chat", false), "{path}");
        }
        assert!(is_hub_path("/chat/refresh", "/chat", true));
        for path in ["/", "/cha", "/chats", "/chat/refresh", "/chat/other", "/chat/negotiate/x", "/x/chat"] {
            assert!(!is_hub_path(path, "/chat", false), "{path}");
        }
    }
}
