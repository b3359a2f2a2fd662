//! The task that owns one connection: reads, hands messages to dispatch, writes what its outbox holds, and ends it.
//!
//! In every turn local work comes first, then sending, then reading, so that a fast client cannot starve the rest.
//! Nothing else touches the state here; whoever wants something of a connection pushes into its outbox or leaves a
//! signal (`live`).

mod clock;
mod encoding_buffer;
mod ending;
mod heartbeat;
mod live;
mod outbox;
mod registry;

use std::future::Future;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use hubcast_protocol::connection::Inbound;
use hubcast_protocol::contract::{BoxFuture, CallError, DisconnectReason};
use hubcast_protocol::{HandshakeRefusal, HandshakeRequest, HandshakeResponse, TransferFormat};
use tokio::time::Instant;

pub(crate) use clock::Clock;
use ending::{Ending, Farewell};
pub(crate) use heartbeat::{Heartbeat, run as run_heartbeat};
pub(crate) use live::{Identity, Live, Signal};
use outbox::Drained;
pub(crate) use outbox::SendLimits;
pub(crate) use registry::{Known, Registry};

use crate::dispatch::{Calls, CloseText, Heard, panic_text};
use crate::transport::{Part, Socket, WebSocketTransport, with_scratch};

/// One connection at work, as a future that is done when the connection has ended and its hooks have run.
pub(crate) struct Connection {
    live: Arc<Live>,
    transport: WebSocketTransport,
    inbound: Inbound,
    calls: Calls,
    phase: Phase,
    /// What another server had read already when it handed the socket over.
    initial: Bytes,
    started_at: Instant,
}

enum Phase {
    Handshaking,
    /// The connected hook runs; calls wait.
    Connecting(Hook),
    Open,
    /// The connected hook has failed: the disconnected one is not owed.
    Refused,
    Ending(Box<Ending>),
}

type Hook = BoxFuture<Result<(), CallError>>;

/// Where a turn leaves the connection.
enum Turn {
    /// There may be more to do.
    Again,
    /// There may be more to do, and something was read.
    Read,
    /// Nothing can be done until a waker fires.
    Wait,
    /// Nothing can be done until the client takes in what was sent.
    WaitToWrite,
    /// The connection has been cut.
    Over,
}

impl Connection {
    /// Takes a WebSocket whose opening handshake is done.
    pub(crate) fn new(live: Arc<Live>, socket: Socket, initial: Bytes) -> Self {
        let core = live.core();
        core.heartbeat().add(&live);
        core.meters().started.increment(1);
        core.meters().active(live.http_version()).increment(1);
        tracing::debug!(connection = %live.id(), "connection started");
        Self {
            inbound: Inbound::new(core.options().maximum_receive_message_size),
            transport: WebSocketTransport::new(socket),
            calls: Calls::held(),
            phase: Phase::Handshaking,
            initial,
            started_at: Instant::now(),
            live,
        }
    }

    fn turn(&mut self, cx: &mut Context<'_>) -> Turn {
        if self.live.core().is_cut() {
            return Turn::Over;
        }
        if let Some(signal) = self.live.take_signal() {
            self.obey(signal);
        }
        match &mut self.phase {
            Phase::Connecting(hook) => match hook.as_mut().poll(cx) {
                Poll::Ready(Ok(())) => {
                    self.phase = Phase::Open;
                    self.calls.release();
                    self.live.set_busy(false);
                }
                Poll::Ready(Err(error)) => return self.refuse(&error),
                Poll::Pending => {}
            },
            Phase::Handshaking | Phase::Open => {}
            Phase::Refused | Phase::Ending(_) => return Turn::Wait,
        }
        self.calls.poll(&self.live, cx);
        match self.poll_send(cx) {
            Poll::Ready(Ok(())) => {}
            Poll::Ready(Err(error)) => return self.lose(&error),
            // A client that does not take its answers gets no more of its calls read.
            Poll::Pending => {
                self.transport.hold(cx);
                return Turn::WaitToWrite;
            }
        }
        if matches!(self.phase, Phase::Ending(_)) || self.calls.can_start(&self.live) {
            return Turn::Again;
        }
        if self.calls.is_full(self.live.core().options().waiting_calls_limit.max(1)) {
            self.transport.hold(cx);
            return Turn::Wait;
        }
        self.poll_receive(cx)
    }

    /// Writes all that waits; ready when nothing does.
    fn poll_send(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        loop {
            let flushed = self.transport.poll_flush(cx);
            let written = self.transport.take_written();
            if written > 0 {
                self.live.core().meters().sent_bytes.increment(written as u64);
            }
            self.live.set_stuck(flushed.is_pending(), written > 0);
            let Poll::Ready(Ok(())) = flushed else {
                self.live.outbox.written(written);
                if flushed.is_pending() && self.live.outbox.has_overflowed() {
                    self.overflow();
                    return Poll::Ready(Ok(()));
                }
                return flushed;
            };
            match self.live.outbox.drain(self.transport.writing(), written) {
                Drained::Some => {}
                Drained::Nothing => return Poll::Ready(Ok(())),
                Drained::Overflowed => {
                    self.overflow();
                    return Poll::Ready(Ok(()));
                }
            }
        }
    }

    fn overflow(&mut self) {
        tracing::info!(connection = %self.live.id(), "closed: the client reads too slowly");
        self.live.core().meters().slow_consumers.increment(1);
        self.end(DisconnectReason::SlowConsumer, &Farewell::error(&CloseText::slow(), true));
    }

    fn poll_receive(&mut self, cx: &mut Context<'_>) -> Turn {
        if !self.initial.is_empty() {
            let mut initial = Vec::from(std::mem::take(&mut self.initial));
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
            Poll::Ready(Ok(0)) => self.lose(&io::ErrorKind::UnexpectedEof.into()),
            Poll::Ready(Err(error)) => self.lose(&error),
        }
    }

    /// Takes in what was read.
    fn receive(&mut self, mut input: &mut [u8], cx: &mut Context<'_>) {
        self.live.core().meters().received_bytes.increment(input.len() as u64);
        self.live.heard();
        loop {
            match self.transport.next_part(&mut input) {
                Ok(None) => return,
                Ok(Some(Part::Data(bytes))) => {
                    if let Err(end) =
                        hear_all(&mut self.inbound, &mut self.calls, &mut self.phase, &self.live, bytes, cx)
                    {
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

    fn end_by(&mut self, end: End) {
        match end {
            End::Closed => self.end(DisconnectReason::ClosedByClient, &Farewell::close(None, false)),
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

    /// Does what somebody else asked for.
    fn obey(&mut self, signal: Signal) {
        if matches!(self.phase, Phase::Ending(_)) {
            return;
        }
        let detailed = self.live.core().options().detailed_errors;
        match signal {
            Signal::Abort => self.end(DisconnectReason::Aborted, &Farewell::close(None, false)),
            Signal::Shutdown => self.end(DisconnectReason::ServerShutdown, &Farewell::close(None, true)),
            Signal::PeerSilent => {
                self.time_out("closed: the client was silent for too long");
                self.end(DisconnectReason::TimedOut, &Farewell::error(&CloseText::silent(detailed), true));
            }
            // A handshake that was done at the last moment is done.
            Signal::HandshakeOverdue if !matches!(self.phase, Phase::Handshaking) => {}
            Signal::HandshakeOverdue => {
                self.time_out("closed: the client did not finish its hub handshake in time");
                let text = HandshakeRefusal::CANCELED.to_owned();
                self.end(DisconnectReason::TimedOut, &Farewell::RefuseHandshake(text));
            }
            Signal::SendOverdue => {
                self.time_out("closed: the client took nothing in for too long");
                self.end(DisconnectReason::TimedOut, &Farewell::Gone);
            }
        }
    }

    fn time_out(&self, what: &str) {
        self.live.core().meters().timed_out.increment(1);
        tracing::debug!(connection = %self.live.id(), "{what}");
    }

    /// The connected hook failed: the client may not come back.
    fn refuse(&mut self, error: &CallError) -> Turn {
        if let CallError::Hidden(error) = error {
            tracing::warn!(connection = %self.live.id(), error, "the connected hook failed");
        }
        let text = CloseText::failed(error, self.live.core().options().detailed_errors);
        self.phase = Phase::Refused;
        self.end(DisconnectReason::Aborted, &Farewell::error(&text, false));
        Turn::Again
    }

    /// The transport is gone.
    fn lose(&mut self, error: &io::Error) -> Turn {
        if matches!(self.phase, Phase::Ending(_)) {
            return Turn::Again;
        }
        tracing::debug!(connection = %self.live.id(), %error, "the transport ended without a close");
        self.end(DisconnectReason::TransportFailed, &Farewell::Gone);
        Turn::Again
    }

    /// Begins the end: calls are cancelled, the last message is queued, the disconnected hook starts.
    fn end(&mut self, reason: DisconnectReason, farewell: &Farewell) {
        self.cancel_calls();
        let was_open = !matches!(self.phase, Phase::Handshaking);
        farewell.say(&self.live, &mut self.transport, was_open);
        if was_open {
            self.leave();
        }
        let hook = match std::mem::replace(&mut self.phase, Phase::Handshaking) {
            Phase::Open => Some(disconnected(Arc::clone(&self.live), reason)),
            // What the connected hook has begun it may finish, and then the other has something to undo.
            Phase::Connecting(connected) => {
                let live = Arc::clone(&self.live);
                Some(Box::pin(async move {
                    connected.await?;
                    disconnected(live, reason).await
                }) as Hook)
            }
            Phase::Handshaking | Phase::Refused | Phase::Ending(_) => None,
        };
        let limit = self.live.core().close_timeout();
        self.phase = Phase::Ending(Box::new(Ending::new(hook, farewell.expects_transport(), limit)));
    }

    /// Drops what runs; a panic in the application's destructors must not take the end of the connection along.
    fn cancel_calls(&mut self) {
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| self.calls.cancel())) {
            tracing::error!(panic = panic_text(&*panic), "a cancelled call panicked");
        }
    }

    fn leave(&self) {
        self.live.core().local().remove(&self.live);
    }
}

impl Future for Connection {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = self.get_mut();
        let mut reads = 0;
        loop {
            let asleep = match this.turn(cx) {
                Turn::Again => false,
                Turn::Read => {
                    reads += 1;
                    if reads == READS_AT_ONCE {
                        cx.waker().wake_by_ref();
                        return Poll::Pending;
                    }
                    false
                }
                Turn::Wait => match &mut this.phase {
                    Phase::Ending(ending) => {
                        if ending.poll(&this.live, &mut this.transport, cx).is_ready() {
                            return Poll::Ready(());
                        }
                        this.live.outbox.register(cx.waker())
                    }
                    Phase::Handshaking | Phase::Connecting(_) | Phase::Open | Phase::Refused => {
                        this.live.outbox.rest(cx.waker())
                    }
                },
                Turn::WaitToWrite => this.live.outbox.register(cx.waker()),
                Turn::Over => return Poll::Ready(()),
            };
            // A signal that came before the waker was left would not wake anybody.
            if asleep && !this.live.is_signalled() && !this.live.core().is_cut() {
                return Poll::Pending;
            }
        }
    }
}

/// Reads of one client before others get their turn.
const READS_AT_ONCE: u32 = 4;

impl Drop for Connection {
    fn drop(&mut self) {
        self.leave();
        self.live.outbox.discard();
        let core = self.live.core();
        core.meters().active(self.live.http_version()).decrement(1);
        core.meters().duration.record(self.started_at.elapsed().as_secs_f64());
        tracing::debug!(connection = %self.live.id(), "connection ended");
    }
}

/// Why bytes from the client end the connection.
enum End {
    Closed,
    HandshakeRefused(String),
    Protocol(hubcast_protocol::ProtocolError),
}

/// Reads the messages in `bytes`, the handshake first.
fn hear_all(
    inbound: &mut Inbound,
    calls: &mut Calls,
    phase: &mut Phase,
    live: &Arc<Live>,
    mut bytes: &[u8],
    cx: &mut Context<'_>,
) -> Result<(), End> {
    loop {
        let shaking = matches!(phase, Phase::Handshaking);
        let message = match inbound.next(&mut bytes) {
            Ok(Some(message)) => message,
            Ok(None) => return Ok(()),
            Err(_) if shaking => return Err(End::HandshakeRefused(HandshakeRefusal::CANCELED.to_owned())),
            Err(error) => return Err(End::Protocol(error)),
        };
        if shaking {
            let protocol = shake_hands(live, message)?;
            inbound.switch_to(protocol);
            live.set_busy(true);
            live.core().local().add(live);
            *phase = Phase::Connecting(live.core().dispatch().connected(Arc::<Live>::clone(live)));
            continue;
        }
        match calls.hear(live, message, cx) {
            Ok(Heard::Message) => {}
            Ok(Heard::Close) => return Err(End::Closed),
            Err(error) => return Err(End::Protocol(error)),
        }
    }
}

/// Answers the handshake.
fn shake_hands(live: &Live, message: &[u8]) -> Result<hubcast_protocol::HubProtocol, End> {
    let request = HandshakeRequest::read(message)
        .map_err(|_| End::HandshakeRefused(HandshakeRefusal::MALFORMED.to_owned()))?;
    let protocol = request
        .accept(&[TransferFormat::Text, TransferFormat::Binary])
        .map_err(|refusal| End::HandshakeRefused(refusal.to_string()))?;
    // The answer is JSON, but travels in the kind of frame that the protocol uses.
    live.speaks(protocol);
    live.outbox.append_control(live.framing(), HandshakeResponse::write_accepted);
    Ok(protocol)
}

fn disconnected(live: Arc<Live>, reason: DisconnectReason) -> Hook {
    let core = Arc::clone(live.core());
    core.dispatch().disconnected(live, reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_every_connection_costs_stays_small() {
        assert!(size_of::<Connection>() <= 448, "{}", size_of::<Connection>());
        assert!(size_of::<Live>() <= 320, "{}", size_of::<Live>());
    }
}
