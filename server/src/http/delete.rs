//! A DELETE: the end of a connection by long polling, as its client wishes.

use http::Response;
use http::request::Parts;
use hubcast_protocol::Transport;

use super::answer::Refusal;
use super::lookup::named;
use super::sender::Sender;
use super::{Body, reply};
use crate::connection::Found;
use crate::hub::HubCore;

/// Ends a connection.
pub(super) fn answer(core: &HubCore, parts: &Parts, sender: &Sender) -> Response<Body> {
    delete(core, parts, sender).unwrap_or_else(Refusal::into_response)
}

fn delete(core: &HubCore, parts: &Parts, sender: &Sender) -> Result<Response<Body>, Refusal> {
    let (_, found) = named(core, parts)?;
    let Found::Connected(live) = found else {
        return Err(reply::delete_refused().into());
    };
    let Some(inbox) = live.inbox().filter(|_| live.transport() == Transport::LongPolling) else {
        return Err(reply::delete_refused().into());
    };
    sender.check_user(&live, parts)?;
    inbox.delete();
    Ok(reply::deleted())
}
