//! A POST: bytes from the client of an event stream or of long polling.
//!
//! They are taken in as they arrive. What was taken in of a body that breaks off stays taken in.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::Response;
use http::request::Parts;
use http_body_util::BodyExt as _;
use hubcast_protocol::Transport;
use tokio::time::{Instant, timeout};

use super::answer::Refusal;
use super::lookup::named;
use super::sender::Sender;
use super::{Answer, Body, BoxError, reply};
use crate::connection::Found;
use crate::hub::HubCore;
use crate::limits::POST_BODY_RATE;
use crate::transport::{HasEnded, Post};

/// Takes in what a client posts.
pub(super) fn answer<B>(core: &Arc<HubCore>, parts: &Parts, sender: &Sender, body: B) -> Answer
where
    B: http_body::Body<Data = Bytes, Error: Into<BoxError>> + Send + 'static,
{
    match enter(core, parts, sender) {
        Ok(post) => Answer::later(take(Arc::clone(core), post, body)),
        Err(refusal) => refusal.into(),
    }
}

fn enter(core: &HubCore, parts: &Parts, sender: &Sender) -> Result<Post, Refusal> {
    let (token, found) = named(core, parts)?;
    if let Found::Connected(live) = found {
        if live.transport() == Transport::WebSockets {
            return Err(reply::post_to_websocket().into());
        }
        sender.check_user(&live, parts)?;
    } else if core.is_stopping() {
        return Err(reply::unavailable().into());
    }
    let inbox = core.registry().inbox(&token).ok_or_else(reply::unknown_id)?;
    Ok(inbox.post().map_err(|HasEnded| reply::has_ended())?)
}

async fn take<B>(core: Arc<HubCore>, post: Post, body: B) -> Response<Body>
where
    B: http_body::Body<Data = Bytes, Error: Into<BoxError>> + Send + 'static,
{
    post.turn().await;
    let mut body = pin!(body);
    // Only what the client takes counts, and not how long its connection has no room.
    let mut left = core.options().post_body_timeout;
    loop {
        let since = Instant::now();
        let part = match timeout(left, body.as_mut().frame()).await {
            Ok(None) => break,
            Ok(Some(Ok(frame))) => frame.into_data().unwrap_or_default(),
            Ok(Some(Err(error))) => {
                let error: BoxError = error.into();
                tracing::debug!(error, "the body of a POST broke off");
                return reply::broken_off();
            }
            Err(_) => {
                tracing::debug!("the body of a POST did not come in time");
                core.meters().timed_out_posts.increment(1);
                return reply::too_slow();
            }
        };
        left = left.saturating_sub(since.elapsed()) + Duration::from_secs(part.len() as u64) / POST_BODY_RATE;
        if post.take(&part).await.is_err() {
            return reply::has_ended();
        }
    }
    if post.check().is_err() { reply::has_ended() } else { reply::posted() }
}
