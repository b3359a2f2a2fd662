//! Which path is a hub, a page, or the application's.

use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderValue, Request, Response};
use tower::{Service, ServiceExt as _};

use super::request_body::RequestBody;
use crate::http::{Body, BoxError, answer, failed, not_found, text_page};
use crate::hub::HubCore;

/// What a server serves.
#[derive(Default)]
pub(super) struct Routes {
    hubs: Vec<(String, Arc<HubCore>)>,
    pages: Vec<Page>,
    fallback: Option<Fallback>,
}

struct Page {
    path: String,
    content_type: HeaderValue,
    content: Bytes,
}

type Fallback = Box<dyn Fn(Request<RequestBody>) -> Answering + Send + Sync>;

/// A response that may take a while.
pub(super) type Answering = Pin<Box<dyn Future<Output = Response<Body>> + Send>>;

impl Routes {
    pub(super) fn add_hub(&mut self, path: &str, hub: Arc<HubCore>) {
        self.hubs.push((path.trim_end_matches('/').to_owned(), hub));
    }

    pub(super) fn add_page(&mut self, path: &str, content_type: HeaderValue, content: Bytes) {
        self.pages.push(Page { path: path.to_owned(), content_type, content });
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
            Box::pin(async move {
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

    /// Answers a request; a hub and a page do so at once.
    pub(super) fn answer(&self, request: Request<RequestBody>) -> Result<Response<Body>, Answering> {
        let path = request.uri().path();
        if let Some((_, hub)) = self.hubs.iter().find(|(at, _)| is_hub_path(path, at)) {
            return Ok(answer(hub, request));
        }
        if let Some(page) = self.pages.iter().find(|page| page.path == path) {
            return Ok(text_page(request.method(), &page.content_type, &page.content));
        }
        match &self.fallback {
            Some(fallback) => Err(fallback(request)),
            None => Ok(not_found()),
        }
    }
}

fn is_hub_path(path: &str, hub: &str) -> bool {
    let Some((head, tail)) = path.split_at_checked(hub.len()) else {
        return false;
    };
    head.eq_ignore_ascii_case(hub)
        && (tail.is_empty() || tail == "/" || tail.trim_end_matches('/').eq_ignore_ascii_case("/negotiate"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hub_has_its_path_and_the_one_below_for_negotiation() {
        for path in ["/chat", "/CHAT", "/chat/", "/chat/negotiate", "/Chat/Negotiate"] {
            assert!(is_hub_path(path, "/chat"), "{path}");
        }
        for path in ["/", "/cha", "/chats", "/chat/other", "/chat/negotiate/x", "/x/chat"] {
            assert!(!is_hub_path(path, "/chat"), "{path}");
        }
    }
}
