//! What a connection reads: bytes off its transport, the parts of messages in them, and how it ends by what they say.
//!
//! Not here: what hub messages ask for (`hearing`).

use std::io;
use std::task::{Context, Poll};

use bytes::Bytes;
use hubcast_protocol::contract::DisconnectReason;
use hubcast_websocket::CloseCode;

use super::ending::Farewell;
use super::hearing::{Ears, End};
use super::phase::Phase;
use super::{Connection, Turn};
use crate::dispatch::CloseText;
use crate::rate_limit::Excess;
use crate::transport::{Part, with_scratch};

impl Connection {
    pub(super) fn poll_receive(&mut self, cx: &mut Context<'_>) -> Turn {
        if let Some(initial) = self.initial.take() {
            let mut initial = Vec::from(*initial);
            self.receive(&mut initial, cx);
            return Turn::Again;
        }
        let read = with_scratch(|scratch| {
            let read = self.transport.poll_read(cx, scratch);
            if let Poll::Ready(Ok(length @ 1..)) = read {
                self.receive(&mut scratch[..length], cx);
            }
            read
        });
        match read {
            Poll::Pending => Turn::Wait,
            Poll::Ready(Ok(1..)) => Turn::Read,
            Poll::Ready(Ok(0)) if self.transport.is_deleted() => {
                self.end(DisconnectReason::ClosedByClient, &Farewell::close(None, true));
                Turn::Again
            }
            Poll::Ready(Ok(0)) => self.lose(&io::ErrorKind::UnexpectedEof.into()),
            Poll::Ready(Err(error)) => self.lose(&error),
        }
    }

    /// Takes in what was read.
    fn receive(&mut self, input: &mut [u8], cx: &mut Context<'_>) {
        let length = input.len();
        self.live.heard();
        self.receive_parts(input, cx);
        let rest = self.initial.as_ref().map_or(0, |rest| rest.len());
        self.live.core().meters().received_bytes.increment((length - rest) as u64);
    }

    fn receive_parts(&mut self, mut input: &mut [u8], cx: &mut Context<'_>) {
        let mut inflated = 0;
        loop {
            match self.transport.next_part(&mut input) {
                Ok(None) => return,
                Ok(Some(Part::Data(bytes))) => {
                    if let Err(end) = self.hear(bytes, cx) {
                        return self.end_by(end);
                    }
                }
                Ok(Some(Part::Inflated(bytes))) => {
                    if let Err(end) = self.hear(&bytes, cx) {
                        return self.end_by(end);
                    }
                    inflated += bytes.len();
                    if inflated >= INFLATED_AT_ONCE {
                        self.initial = Some(Box::new(Bytes::copy_from_slice(input)));
                        return;
                    }
                }
                Ok(Some(Part::Empty)) => {
                    if let Err(end) = self.count(0) {
                        return self.end_by(end);
                    }
                }
                Ok(Some(Part::Closed)) => {
                    return self.end(DisconnectReason::ClosedByClient, &Farewell::AnswerClose);
                }
                Err(violation) => {
                    self.live.core().meters().protocol_errors.increment(1);
                    tracing::debug!(connection = %self.live.id(), %violation, "closed: the client broke the WebSocket protocol");
                    let reason = DisconnectReason::ProtocolError(violation.to_string());
                    return self.end(reason, &Farewell::Violation(violation.close_code()));
                }
            }
        }
    }

    fn hear(&mut self, bytes: &[u8], cx: &mut Context<'_>) -> Result<(), End> {
        if let Phase::Raw(raw) = &self.phase {
            raw.incoming.push(bytes);
            return self.count(bytes.len());
        }
        let Self { inbound, calls, phase, stateful, .. } = self;
        Ears { inbound, calls, phase, stateful }.hear_all(&self.live, bytes, cx)
    }

    /// Counts what is no hub message.
    fn count(&self, bytes: usize) -> Result<(), End> {
        let Some(limiter) = self.live.core().rate_limiter() else { return Ok(()) };
        match limiter.hear(&self.live, None, bytes) {
            Err(Excess::Messages(wait) | Excess::Call(wait)) => Err(End::TooFast(wait)),
            Ok(()) => Ok(()),
        }
    }

    fn end_by(&mut self, end: End) {
        match end {
            End::Closed => self.end(DisconnectReason::ClosedByClient, &Farewell::close(None, false)),
            End::TooFast(wait) => {
                tracing::debug!(connection = %self.live.id(), ?wait, "closed: the client sends faster than it may");
                let farewell = if matches!(self.phase, Phase::Raw(_)) {
                    Farewell::Violation(CloseCode::POLICY_VIOLATION)
                } else {
                    Farewell::error(&CloseText::too_fast(wait), true)
                };
                self.end(DisconnectReason::RateLimited, &farewell);
            }
            End::HandshakeRefused(text) => {
                self.live.core().meters().protocol_errors.increment(1);
                tracing::debug!(connection = %self.live.id(), text, "closed: the hub handshake failed");
                self.end(DisconnectReason::ProtocolError(text.clone()), &Farewell::RefuseHandshake(text));
            }
            End::Protocol(error) => {
                self.live.core().meters().protocol_errors.increment(1);
                tracing::debug!(connection = %self.live.id(), %error, "closed: the client broke the hub protocol");
                let text = CloseText::protocol(&error, self.live.core().options().detailed_errors);
                self.end(DisconnectReason::ProtocolError(error.to_string()), &Farewell::error(&text, true));
            }
        }
    }
}

/// Bytes that are heard before the limits of what waits are looked at again, where few bytes stand for many.
const INFLATED_AT_ONCE: usize = 64 * 1024;
