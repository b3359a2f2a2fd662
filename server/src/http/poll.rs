//! A GET of long polling: the first opens the connection and is answered at once, the others wait for messages.

use std::sync::Arc;

use http::Response;
use http::request::Parts;
use hubcast_protocol::Transport;

use super::claim::{Claim, Newcomer, Unclaimed};
use super::lookup::{check_transport, named};
use super::sender::Sender;
use super::{Answer, Body, reply};
use crate::connection::{Found, Live};
use crate::hub::HubCore;
use crate::transport::{PollAnswer, PollLimits, Polls, Transport as Carrier};

/// Answers a poll.
pub(super) fn answer(core: &Arc<HubCore>, parts: &Parts, sender: Sender) -> Answer {
    let found = named(core, parts).and_then(|(token, found)| {
        check_transport(core, Transport::LongPolling, &found)?;
        Ok((token, found))
    });
    let (token, found) = match found {
        Ok(found) => found,
        Err(refusal) => return refusal.into(),
    };
    if let Found::Connected(live) = found {
        return wait(&live, parts, sender);
    }
    if core.is_stopping() {
        return reply::unavailable().into();
    }
    let principal = sender.principal.clone();
    let newcomer = match Newcomer::new(core, parts, sender, Transport::LongPolling) {
        Ok(newcomer) => newcomer,
        Err(refusal) => return refusal.into(),
    };
    match Claim::new(&token, newcomer) {
        Ok(claim) => open(claim).into(),
        Err(Unclaimed::Unknown) => reply::unknown_id().into(),
        // Another poll was quicker.
        Err(Unclaimed::Connected(live)) if live.transport() == Transport::LongPolling => {
            wait(&live, parts, Sender { principal })
        }
        Err(Unclaimed::Connected(_)) => reply::other_transport().into(),
    }
}

fn open(claim: Claim) -> Response<Body> {
    let Some(inbox) = claim.live().inbox().cloned() else {
        return reply::failed();
    };
    let options = claim.live().core().options();
    let limits = PollLimits {
        poll: options.long_polling_poll_timeout,
        between: options.disconnect_timeout,
        body: options.transport_max_buffer_size,
    };
    let present = claim.live().core().polling().token();
    claim.run(Carrier::Polls(Box::new(Polls::new(inbox, limits, present))));
    reply::poll(Default::default())
}

fn wait(live: &Arc<Live>, parts: &Parts, sender: Sender) -> Answer {
    if let Err(refusal) = sender.check_renewal(live, parts) {
        return refusal.into();
    }
    let Some(inbox) = live.inbox() else {
        return reply::unknown_id().into();
    };
    live.renew(sender.principal);
    let waiting = inbox.poll();
    Answer::later(async move {
        match waiting.await {
            PollAnswer::Messages(messages) => reply::poll(messages),
            PollAnswer::Over => reply::poll_over(),
            PollAnswer::Failed => reply::failed(),
        }
    })
}
