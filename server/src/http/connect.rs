//! `{hub}`: which transport a request is for.
//!
//! What each transport does is in `websocket`, `events`, `poll`, `post` and `delete`.

use std::sync::Arc;

use bytes::Bytes;
use http::Method;
use http::header::ACCEPT;
use http::request::Parts;

use super::sender::{Sender, check_origin};
use super::upgrade::Wish;
use super::{Answer, BoxError, delete, events, poll, post, reply, websocket};
use crate::hub::HubCore;

/// Answers a request to the hub's own path.
pub(super) fn answer<B>(core: &Arc<HubCore>, mut parts: Parts, sender: Sender, body: B) -> Answer
where
    B: http_body::Body<Data = Bytes, Error: Into<BoxError>> + Send + 'static,
{
    let wish = Wish::of(&mut parts);
    if let Wish::Malformed(refusal) = wish {
        return refusal.into();
    }
    let is_websocket = matches!(wish, Wish::WebSocket(_));
    if !is_websocket && ![Method::GET, Method::POST, Method::DELETE].contains(&parts.method) {
        return reply::method_not_allowed().into();
    }
    if let Err(refusal) = check_origin(core, &parts) {
        return refusal.into();
    }
    match (wish, parts.method.as_str()) {
        (Wish::WebSocket(handshake), _) => websocket::open(core, &parts, sender, handshake).into(),
        (_, "POST") => post::answer(core, &parts, &sender, body),
        (_, "DELETE") => delete::answer(core, &parts, &sender).into(),
        _ if accepts_events(&parts) => events::open(core, &parts, sender).into(),
        _ => poll::answer(core, &parts, sender).map(reply::uncache),
    }
}

fn accepts_events(parts: &Parts) -> bool {
    let accepted = parts.headers.get_all(ACCEPT).into_iter().filter_map(|value| value.to_str().ok());
    accepted
        .flat_map(|value| value.split(','))
        .any(|media| media.trim().eq_ignore_ascii_case("text/event-stream"))
}
