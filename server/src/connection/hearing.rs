//! From bytes of a client to what they ask for: the hub handshake first, then one hub message after the other.

use std::sync::Arc;
use std::task::Context;
use std::time::Duration;

use hubcast_protocol::connection::Inbound;
use hubcast_protocol::{HandshakeRefusal, HandshakeRequest, HandshakeResponse, HubMessage, HubProtocol};

use super::live::Live;
use super::phase::Phase;
use super::stateful::Stateful;
use crate::dispatch::{self, Calls, CloseText};
use crate::rate_limit::Excess;

/// Why bytes from the client end the connection.
pub(super) enum End {
    Closed,
    HandshakeRefused(String),
    Protocol(hubcast_protocol::ProtocolError),
    /// It sends faster than it may; so long it should wait.
    TooFast(Duration),
}

/// What reads the messages of a client; the rest of the connection is in use meanwhile.
pub(super) struct Ears<'a> {
    pub(super) inbound: &'a mut Inbound,
    pub(super) calls: &'a mut Calls,
    pub(super) phase: &'a mut Phase,
    pub(super) stateful: &'a mut Option<Box<Stateful>>,
}

impl Ears<'_> {
    /// Reads the messages in `bytes`, the handshake first.
    pub(super) fn hear_all(
        &mut self,
        live: &Arc<Live>,
        mut bytes: &[u8],
        cx: &mut Context<'_>,
    ) -> Result<(), End> {
        loop {
            let shaking = matches!(self.phase, Phase::Handshaking);
            let message = match self.inbound.next(&mut bytes) {
                Ok(Some(message)) => message,
                Ok(None) => return Ok(()),
                Err(_) if shaking => {
                    return Err(End::HandshakeRefused(HandshakeRefusal::CANCELED.to_owned()));
                }
                Err(error) => return Err(End::Protocol(error)),
            };
            if shaking {
                let protocol = shake_hands(live, message, self.stateful)?;
                self.inbound.switch_to(protocol);
                live.set_busy(true);
                live.core().local().add(live);
                *self.phase = Phase::Connecting(dispatch::connected(live));
                continue;
            }
            let read = live.codec().decode(message).map_err(End::Protocol)?;
            let counted = match live.core().rate_limiter() {
                Some(limiter) => limiter.hear(live, read.as_ref(), message.len()),
                None => Ok(()),
            };
            if let Err(Excess::Messages(wait)) = counted {
                return Err(End::TooFast(wait));
            }
            // A message of a type that nobody knows is for nobody.
            let Some(read) = read else { continue };
            if let Some(stateful) = self.stateful
                && !stateful.hear(live, &read).map_err(End::Protocol)?
            {
                continue;
            }
            if let HubMessage::Close(_) = read {
                return Err(End::Closed);
            }
            match (counted, &read) {
                (
                    Err(Excess::Call(wait)),
                    HubMessage::Invocation(invocation) | HubMessage::StreamInvocation(invocation),
                ) => dispatch::refuse_call(live, invocation, wait),
                _ => self.calls.hear(live, message, &read, cx),
            }
        }
    }
}

/// Answers the handshake.
fn shake_hands(
    live: &Live,
    message: &[u8],
    stateful: &mut Option<Box<Stateful>>,
) -> Result<HubProtocol, End> {
    let request = HandshakeRequest::read(message).map_err(|error| {
        let detailed = live.core().options().detailed_errors;
        End::HandshakeRefused(CloseText::handshake(&error, message, detailed))
    })?;
    let spoken = &live.core().options().supported_protocols;
    let formats = live.transport().transfer_formats();
    let protocol =
        request.accept(spoken, formats).map_err(|refusal| End::HandshakeRefused(refusal.to_string()))?;
    // The answer is JSON, but travels in the kind of frame that the protocol uses.
    live.speaks(protocol);
    live.outbox.append_control(live.framing(), HandshakeResponse::write_accepted);
    if live.may_be_stateful() && request.version >= FIRST_STATEFUL_VERSION {
        live.outbox.retain(live.core().options().stateful_reconnect_buffer_size);
        *stateful = Some(Box::new(Stateful::new()));
        if let Some(inbox) = live.inbox() {
            inbox.take_sockets(true);
        }
    }
    Ok(protocol)
}

/// The first version of both protocols that has acknowledgements.
const FIRST_STATEFUL_VERSION: i32 = 2;
