//! How a connection ends: the last message, the transport's close, the disconnected hook, all within a time limit.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use hubcast_protocol::HandshakeResponse;
use hubcast_protocol::contract::{BoxFuture, CallError};
use hubcast_websocket::CloseCode;
use tokio::time::{Sleep, sleep};

use super::live::Live;
use super::outbox::Drained;
use crate::dispatch::CloseText;
use crate::transport::{Pieces, Transport};

/// What the client is told at the end.
pub(super) enum Farewell {
    /// A Close message, then the transport's close.
    Close { error: Option<String>, allow_reconnect: bool },
    /// The answer to a handshake that failed, then the transport's close.
    RefuseHandshake(String),
    /// The client closed the transport: its close is answered.
    AnswerClose,
    /// A connection without a hub is done: what was queued is sent, then the transport closes.
    Finished { failed: bool },
    /// The client broke the transport's protocol.
    Violation(CloseCode),
    /// There is nobody to tell.
    Gone,
}

impl Farewell {
    pub(super) fn close(error: Option<String>, allow_reconnect: bool) -> Self {
        Self::Close { error, allow_reconnect }
    }

    pub(super) fn error(text: &CloseText, allow_reconnect: bool) -> Self {
        Self::close(Some(text.as_str().to_owned()), allow_reconnect)
    }

    /// Whether the transport still has to be closed.
    pub(super) fn expects_transport(&self) -> bool {
        !matches!(self, Self::Gone)
    }

    /// Queues it. A Close message exists only after a handshake.
    pub(super) fn say(&self, live: &Live, transport: &mut Transport, was_open: bool) {
        let protocol = live.protocol();
        match self {
            Self::Close { error, allow_reconnect } if was_open => {
                let last = |out: &mut Vec<u8>| protocol.write_close(out, error.as_deref(), *allow_reconnect);
                say_last(live, transport, last);
                transport.close(CloseCode::NORMAL_CLOSURE);
            }
            Self::RefuseHandshake(text) => {
                say_last(live, transport, |out| HandshakeResponse::write_refused(out, text));
                transport.close(CloseCode::NORMAL_CLOSURE);
            }
            Self::Close { .. } => {
                live.outbox.discard();
                transport.close(CloseCode::NORMAL_CLOSURE);
            }
            Self::Finished { failed } => {
                let mut last = Pieces::new();
                let _anything = live.outbox.drain(&mut last, 0);
                transport.queue(last);
                live.outbox.discard();
                let code = if *failed { CloseCode::INTERNAL_ERROR } else { CloseCode::NORMAL_CLOSURE };
                transport.close(code);
            }
            Self::AnswerClose => {
                live.outbox.discard();
                transport.close_at_once(CloseCode::NORMAL_CLOSURE);
            }
            Self::Violation(code) => {
                live.outbox.discard();
                transport.close_at_once(*code);
            }
            Self::Gone => live.outbox.discard(),
        }
    }
}

/// Moves what waits, and `last` behind it, to the transport.
fn say_last(live: &Live, transport: &mut Transport, last: impl FnOnce(&mut Vec<u8>)) {
    live.outbox.close_with(live.framing(), last);
    let mut pieces = Pieces::new();
    let drained = live.outbox.drain(&mut pieces, 0);
    debug_assert_eq!(drained, Drained::Some);
    transport.queue(pieces);
}

/// A connection on its way out.
pub(super) struct Ending {
    hook: Option<BoxFuture<Result<(), CallError>>>,
    transport_open: bool,
    deadline: Pin<Box<Sleep>>,
}

impl Ending {
    pub(super) fn new(
        hook: Option<BoxFuture<Result<(), CallError>>>,
        transport_open: bool,
        limit: Duration,
    ) -> Self {
        Self { hook, transport_open, deadline: Box::pin(sleep(limit)) }
    }

    /// Drives both the transport's close and the hook; ready when both are over.
    pub(super) fn poll(&mut self, live: &Live, transport: &mut Transport, cx: &mut Context<'_>) -> Poll<()> {
        if self.transport_open {
            let closed = transport.poll_closed(cx).is_ready();
            let given_up = !closed && self.deadline.as_mut().poll(cx).is_ready();
            if closed || given_up {
                self.transport_open = false;
                // The hook may take its time; the socket need not wait for it.
                transport.abandon();
            }
        }
        if let Some(hook) = &mut self.hook
            && let Poll::Ready(outcome) = hook.as_mut().poll(cx)
        {
            self.hook = None;
            if let Err(error) = outcome {
                tracing::warn!(connection = %live.id(), ?error, "the disconnected hook failed");
            }
        }
        if self.transport_open || self.hook.is_some() { Poll::Pending } else { Poll::Ready(()) }
    }
}
