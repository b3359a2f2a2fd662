//! The task that owns one connection: reads, hands messages to dispatch, writes what its outbox holds, and ends it.
//!
//! In every turn local work comes first, then sending, then reading, so that a fast client cannot starve the rest.
//! Nothing else touches the state here; whoever wants something of a connection pushes into its outbox or leaves a
//! signal (`live`).

mod clock;
mod encoding_buffer;
mod ending;
mod hearing;
mod heartbeat;
mod joined_groups;
mod live;
mod outbox;
mod phase;
mod receiving;
mod registry;
mod stateful;

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use hubcast_protocol::HandshakeRefusal;
use hubcast_protocol::connection::Inbound;
use hubcast_protocol::contract::{CallError, Connection as _, DisconnectReason};
use tokio::time::Instant;

pub(crate) use clock::Clock;
use ending::{Ending, Farewell};
pub(crate) use heartbeat::{Heartbeat, run as run_heartbeat};
pub(crate) use live::{Identity, Live, Signal};
use outbox::Drained;
pub(crate) use outbox::SendLimits;
use phase::{Hook, Phase};
pub(crate) use registry::{Found, Registry};
use stateful::Stateful;

use crate::dispatch::{self, Calls, CloseText};
use crate::transport::{Arrival, Pieces, Transport, WebSocketTransport};

/// One connection at work, as a future that is done when the connection has ended and its hooks have run.
pub(crate) struct Connection {
    live: Arc<Live>,
    transport: Transport,
    inbound: Inbound,
    calls: Calls,
    phase: Phase,
    /// There once the handshake has agreed on stateful reconnects.
    stateful: Option<Box<Stateful>>,
    /// The hook of renewed credentials, while it runs; boxed once more, as nearly always there is none.
    refreshed: Option<Box<Hook>>,
    /// What another server had read already when it handed the socket over; boxed, as it is there once and rarely.
    initial: Option<Box<Bytes>>,
    started_at: Instant,
}

/// Where a turn leaves the connection.
enum Turn {
    /// There may be more to do.
    Again,
    /// There may be more to do, and something was read.
    Read,
    /// There is more to do, after others had their turn.
    GoOn,
    /// Nothing can be done until a waker fires.
    Wait,
    /// Nothing can be done until the client takes in what was sent.
    WaitToWrite,
    /// The connection has been cut.
    Over,
}

impl Connection {
    /// Takes a transport that is open, and what was read of it already.
    pub(crate) fn new(live: Arc<Live>, transport: Transport, initial: Bytes) -> Self {
        let core = live.core();
        core.heartbeat().add(&live);
        core.meters().started.increment(1);
        core.meters().active(live.http_version()).increment(1);
        tracing::debug!(connection = %live.id(), remote = ?live.remote_address(), "connection started");
        Self {
            inbound: Inbound::new(core.options().maximum_receive_message_size),
            transport,
            calls: Calls::held(),
            phase: Phase::first(&live),
            stateful: None,
            refreshed: None,
            initial: some_bytes(initial),
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
        if self.stateful.is_some() {
            self.move_on(cx);
        }
        match &mut self.phase {
            Phase::Raw(raw) => {
                if let Poll::Ready(outcome) = raw.run.as_mut().poll(cx) {
                    return self.finish(outcome);
                }
            }
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
        self.poll_refreshed(cx);
        self.calls.poll(&self.live, cx);
        if matches!(self.transport, Transport::Detached) {
            if self.live.outbox.has_overflowed() {
                self.overflow();
            }
            return Turn::Wait;
        }
        match self.poll_send(cx) {
            Poll::Ready(Ok(())) => {}
            Poll::Ready(Err(error)) => return self.lose(&error),
            // A client that does not take its answers gets no more of its calls read, unless it may want to cancel one.
            Poll::Pending if !self.calls.are_running() || self.transport.is_clogged() || self.is_full(cx) => {
                self.transport.hold(cx);
                return Turn::WaitToWrite;
            }
            Poll::Pending => {
                let turn = self.poll_receive(cx);
                return if matches!(turn, Turn::Wait) { Turn::WaitToWrite } else { turn };
            }
        }
        if matches!(self.phase, Phase::Ending(_)) || self.calls.can_start(&self.live) {
            return Turn::Again;
        }
        let full = self.is_full(cx);
        if self.stateful.is_some() {
            self.live.outbox.lift_budget(full);
            if full && self.calls.can_start(&self.live) {
                return Turn::Again;
            }
        }
        let turn = if full {
            self.transport.hold(cx);
            Turn::Wait
        } else {
            self.poll_receive(cx)
        };
        // Streams with more to send go on once others had their turn.
        if matches!(turn, Turn::Wait) && self.calls.can_go_on(&self.live) { Turn::GoOn } else { turn }
    }

    /// Whether nothing more should be read before the application has done something.
    fn is_full(&mut self, cx: &mut Context<'_>) -> bool {
        match &self.phase {
            Phase::Raw(raw) => {
                let limit = self.live.core().options().application_max_buffer_size;
                raw.incoming.is_full(limit, cx.waker())
            }
            Phase::Handshaking | Phase::Connecting(_) | Phase::Open | Phase::Refused | Phase::Ending(_) => {
                self.calls.is_full(&self.live, cx)
            }
        }
    }

    /// Runs the hook of renewed credentials; of what happens while it runs it hears once, after that.
    fn poll_refreshed(&mut self, cx: &mut Context<'_>) {
        while self.is_to_refresh() || self.refreshed.is_some() {
            let live = &self.live;
            let hook = self.refreshed.get_or_insert_with(|| {
                live.take_renewed();
                Box::new(dispatch::authentication_refreshed(live))
            });
            let Poll::Ready(outcome) = Pin::new(&mut **hook).poll(cx) else { return };
            dispatch::note_refreshed(live, outcome);
            self.refreshed = None;
        }
    }

    fn is_to_refresh(&self) -> bool {
        matches!(self.phase, Phase::Open) && self.refreshed.is_none() && self.live.is_renewed()
    }

    /// What only a connection does that may change its transport.
    fn move_on(&mut self, cx: &mut Context<'_>) {
        if !matches!(self.phase, Phase::Open | Phase::Connecting(_)) {
            return;
        }
        if let Some(inbox) = self.live.inbox() {
            inbox.register(cx.waker());
            if let Some(Arrival::Socket(socket, initial)) = inbox.take_arrival() {
                self.attach(
                    Transport::WebSocket(WebSocketTransport::new(
                        socket,
                        None,
                        self.live.core().frames_per_message(),
                    )),
                    initial,
                );
            }
        }
        let Some(stateful) = &mut self.stateful else { return };
        if !matches!(self.transport, Transport::Detached) {
            stateful.poll_acknowledge(&self.live, cx);
        } else if stateful.poll_given_up(cx).is_ready() {
            self.end(DisconnectReason::TransportFailed, &Farewell::Gone);
        }
    }

    /// Goes on with another transport: what the client has not acknowledged is sent again.
    fn attach(&mut self, transport: Transport, initial: Bytes) {
        tracing::debug!(connection = %self.live.id(), "the connection goes on with another transport");
        self.transport = transport;
        self.initial = some_bytes(initial);
        self.inbound.restart();
        let protocol = self.live.protocol();
        let received = self.stateful.as_mut().and_then(|stateful| stateful.attached());
        self.live.outbox.replay(self.live.framing(), |out, first| {
            protocol.write_sequence(out, first);
            if let Some(id) = received {
                protocol.write_ack(out, id);
            }
        });
        self.live.set_attached(true);
    }

    /// Writes all that waits; ready when nothing is left of it.
    fn poll_send(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut flushed = self.transport.poll_flush(cx);
        loop {
            let written = self.take_written();
            self.live.set_stuck(flushed.is_pending(), written > 0);
            if !matches!(flushed, Poll::Ready(Ok(()))) || !self.transport.can_write() {
                self.live.outbox.written(written);
                if !matches!(flushed, Poll::Ready(Err(_))) && self.live.outbox.has_overflowed() {
                    self.overflow();
                    return Poll::Ready(Ok(()));
                }
                return flushed;
            }
            let mut pieces = Pieces::new();
            match self.live.outbox.drain(&mut pieces, written) {
                Drained::Some => {}
                Drained::Nothing => return Poll::Ready(Ok(())),
                Drained::Overflowed => {
                    self.overflow();
                    return Poll::Ready(Ok(()));
                }
            }
            flushed = self.transport.poll_write(cx, pieces);
            // Where nobody waits for room, what was written is counted once the task rests, as it will be if it can write.
            let counts_later = self.transport.can_write() && self.live.outbox.has_room_for_items();
            if matches!(flushed, Poll::Ready(Ok(()))) && counts_later {
                self.live.set_stuck(false, true);
                return flushed;
            }
        }
    }

    /// Bytes written since this was last asked.
    fn take_written(&mut self) -> usize {
        let written = self.transport.take_written();
        if written > 0 {
            self.live.core().meters().sent_bytes.increment(written as u64);
        }
        written
    }

    fn overflow(&mut self) {
        tracing::info!(connection = %self.live.id(), "closed: the client reads too slowly");
        self.live.core().meters().slow_consumers.increment(1);
        self.end(DisconnectReason::SlowConsumer, &Farewell::error(&CloseText::slow(), true));
    }

    /// Does what somebody else asked for.
    fn obey(&mut self, signal: Signal) {
        if matches!(self.phase, Phase::Ending(_)) {
            return;
        }
        let detailed = self.live.core().options().detailed_errors;
        match signal {
            Signal::Abort => self.end(DisconnectReason::Aborted, &Farewell::close(None, false)),
            Signal::Close => {
                let reason = self.live.close_reason().to_owned();
                self.end(
                    DisconnectReason::ClosedByServer(reason.clone()),
                    &Farewell::close(Some(reason), false),
                );
            }
            Signal::Expired => {
                tracing::debug!(connection = %self.live.id(), "closed: its credentials have expired");
                self.end(DisconnectReason::AuthenticationExpired, &Farewell::close(None, true));
            }
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
        if error.kind() == io::ErrorKind::TimedOut {
            self.time_out("closed: the client did not come back in time");
            self.end(DisconnectReason::TimedOut, &Farewell::Gone);
            return Turn::Again;
        }
        tracing::debug!(connection = %self.live.id(), %error, "the transport ended without a close");
        if let Some(stateful) = &mut self.stateful
            && matches!(self.phase, Phase::Open | Phase::Connecting(_))
        {
            stateful.detached(self.live.core().options().disconnect_timeout);
            self.transport = Transport::Detached;
            self.initial = None;
            self.live.set_attached(false);
            return Turn::Again;
        }
        self.end(DisconnectReason::TransportFailed, &Farewell::Gone);
        Turn::Again
    }

    /// The function of a connection without a hub has returned.
    fn finish(&mut self, outcome: Result<(), CallError>) -> Turn {
        let failed = outcome.is_err();
        if let Err(error) = outcome {
            tracing::warn!(connection = %self.live.id(), ?error, "the function of a connection failed");
        }
        self.phase = Phase::Refused;
        self.end(DisconnectReason::Aborted, &Farewell::Finished { failed });
        Turn::Again
    }

    /// Begins the end: calls are cancelled, the last message is queued, the disconnected hook starts.
    fn end(&mut self, reason: DisconnectReason, farewell: &Farewell) {
        let _counted = self.take_written();
        self.cancel_calls();
        self.live.refuse_transports();
        let was_open = !matches!(self.phase, Phase::Handshaking | Phase::Raw(_));
        farewell.say(&self.live, &mut self.transport, was_open);
        if was_open {
            self.leave();
        }
        let hook = match std::mem::replace(&mut self.phase, Phase::Handshaking) {
            Phase::Open => Some(dispatch::disconnected_after(
                self.refreshed.take().map(|hook| *hook),
                &self.live,
                reason,
            )),
            // It learns of the end by what it receives, and may finish what it does.
            Phase::Raw(raw) => {
                raw.incoming.end();
                Some(raw.run)
            }
            // What the connected hook has begun it may finish, and then the other has something to undo.
            Phase::Connecting(connected) => {
                let live = Arc::clone(&self.live);
                Some(Box::pin(async move {
                    connected.await?;
                    dispatch::disconnected(&live, reason).await
                }) as Hook)
            }
            Phase::Handshaking | Phase::Refused | Phase::Ending(_) => None,
        };
        let limit = self.live.core().close_timeout();
        self.phase = Phase::Ending(Box::new(Ending::new(hook, farewell.expects_transport(), limit)));
    }

    /// Drops what runs, and tells who waits for answers that there are none to come.
    fn cancel_calls(&mut self) {
        self.calls.cancel(&self.live);
        self.live.questions.disconnect();
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
                    // What waits can only be sent once there is something to carry it.
                    Phase::Handshaking
                    | Phase::Connecting(_)
                    | Phase::Open
                    | Phase::Raw(_)
                    | Phase::Refused
                        if !this.transport.can_write() =>
                    {
                        this.live.outbox.register(cx.waker())
                    }
                    Phase::Handshaking
                    | Phase::Connecting(_)
                    | Phase::Open
                    | Phase::Raw(_)
                    | Phase::Refused => {
                        let written = this.take_written();
                        this.live.outbox.rest(cx.waker(), written)
                    }
                },
                Turn::GoOn => {
                    cx.waker().wake_by_ref();
                    return Poll::Pending;
                }
                Turn::WaitToWrite => this.live.outbox.register(cx.waker()),
                Turn::Over => return Poll::Ready(()),
            };
            // A signal that came before the waker was left would not wake anybody.
            if asleep && !this.live.is_signalled() && !this.is_to_refresh() && !this.live.core().is_cut() {
                return Poll::Pending;
            }
        }
    }
}

fn some_bytes(bytes: Bytes) -> Option<Box<Bytes>> {
    (!bytes.is_empty()).then(|| Box::new(bytes))
}

/// Reads of one client before others get their turn.
const READS_AT_ONCE: u32 = 4;

impl Drop for Connection {
    fn drop(&mut self) {
        self.leave();
        self.transport.abandon();
        self.live.set_ended();
        self.cancel_calls();
        self.live.outbox.discard();
        let core = self.live.core();
        core.meters().active(self.live.http_version()).decrement(1);
        core.meters().duration.record(self.started_at.elapsed().as_secs_f64());
        tracing::debug!(connection = %self.live.id(), "connection ended");
    }
}
