//! The receiving side: bytes of the socket to parts of messages.
//!
//! Nothing is read before somebody asks, and an idle connection holds no buffer: reads go into the buffer of the thread,
//! and only what was read beyond the message that was asked for is kept.

use std::task::{Context, Poll};

use bytes::Bytes;
use hubcast_websocket::{DataKind, Decoder, Event, Inflated, Inflater, Role, Utf8Check, Violation};

use super::keep_alive::KeepAlive;
use super::shared::Shared;
use super::{CloseStatus, WebSocketError};
use crate::transport::with_scratch;

/// What a receiver knows.
pub(super) struct Reading {
    decoder: Decoder,
    /// What was read and not decoded; the first `decoded` bytes count no more.
    unread: Vec<u8>,
    decoded: usize,
    inflating: Option<Box<Inflating>>,
    keep_alive: Option<KeepAlive>,
    /// The bytes of a message that was asked for as a whole.
    pub(super) gathered: Vec<u8>,
    stage: Stage,
    /// Whether what arrives is let go.
    pub(super) discards: bool,
}

/// The parts of compressed messages.
struct Inflating {
    inflater: Inflater,
    utf8: Utf8Check,
    /// What arrived and was not decompressed, of a message of this kind, and whether that ends with it.
    waiting: Option<(Vec<u8>, usize, DataKind, bool)>,
}

enum Stage {
    Open,
    /// Our last words are being written; then this is told.
    Ending(Option<WebSocketError>),
    Ended,
}

/// What was put behind the bytes of a message.
#[derive(Debug, Clone, Copy)]
pub(super) struct Filled {
    pub(super) kind: DataKind,
    pub(super) end_of_message: bool,
}

/// Bytes of a part at most.
pub(super) const PART: usize = 32 * 1024;

/// Bytes of room that the first part of a decompressed message gets.
const LITTLE: usize = 4 * 1024;

impl Reading {
    /// The receiving side of a connection of which `unread` was read.
    pub(super) fn new(
        shared: &Shared,
        max_message_size: Option<u64>,
        max_frames: u32,
        unread: &Bytes,
    ) -> Self {
        let agreement = shared.about.deflate.as_ref();
        let decoder = Decoder::new(Role::Server)
            .with_max_message_size(max_message_size)
            .with_max_frames(Some(max_frames))
            .with_rsv1_allowed(agreement.is_some());
        let inflating = agreement.map(|agreement| {
            let inflater = Inflater::new(agreement.client_window_bits, agreement.client_context_takeover)
                .with_max_message_size(max_message_size);
            Box::new(Inflating { inflater, utf8: Utf8Check::default(), waiting: None })
        });
        let limits = &shared.about.limits;
        let keep_alive =
            limits.keep_alive_interval.map(|interval| KeepAlive::new(interval, limits.keep_alive_timeout));
        Self {
            decoder,
            unread: unread.to_vec(),
            decoded: 0,
            inflating,
            keep_alive,
            gathered: Vec::new(),
            stage: Stage::Open,
            discards: false,
        }
    }

    /// Puts the next part of a message behind `out`; `None` after the peer's close.
    ///
    /// While it is pending, nothing was put there.
    pub(super) fn poll_fill(
        &mut self,
        shared: &Shared,
        cx: &mut Context<'_>,
        out: &mut Vec<u8>,
    ) -> Poll<Option<Result<Filled, WebSocketError>>> {
        shared.tasks().receiver.register(cx.waker());
        loop {
            match &mut self.stage {
                Stage::Open => {}
                Stage::Ending(_) => {
                    if shared.poll_flush().is_pending() {
                        return Poll::Pending;
                    }
                    let Stage::Ending(told) = std::mem::replace(&mut self.stage, Stage::Ended) else {
                        return Poll::Ready(None);
                    };
                    return Poll::Ready(told.map(Err));
                }
                Stage::Ended => return Poll::Ready(None),
            }
            match self.take_held(shared, out) {
                Ok(Some(filled)) => {
                    // What was queued meanwhile should not wait until somebody asks again.
                    let _later = shared.poll_flush();
                    return Poll::Ready(Some(Ok(filled)));
                }
                Ok(None) => {}
                Err(violation) => self.fail(shared, violation),
            }
            if matches!(self.stage, Stage::Open) && self.poll_more(shared, cx).is_pending() {
                return Poll::Pending;
            }
        }
    }

    /// Takes the next part out of what has been read.
    fn take_held(&mut self, shared: &Shared, out: &mut Vec<u8>) -> Result<Option<Filled>, Violation> {
        loop {
            if let Some(inflating) = &mut self.inflating
                && let Some(filled) = inflating.next(out)?
            {
                return Ok(Some(filled));
            }
            if self.decoded == self.unread.len() {
                self.unread = Vec::new();
                self.decoded = 0;
                return Ok(None);
            }
            let mut input = &mut self.unread[self.decoded..];
            let before = input.len();
            let event = self.decoder.decode(&mut input)?;
            self.decoded += before - input.len();
            match event {
                None | Some(Event::Pong(_)) => {}
                Some(Event::Data { kind, payload, end_of_message, rsv1: true }) => {
                    if let Some(inflating) = &mut self.inflating
                        && !self.discards
                    {
                        inflating.waiting = Some((payload.to_vec(), 0, kind, end_of_message));
                    }
                }
                Some(Event::Data { kind, payload, end_of_message, rsv1: false }) => {
                    out.extend_from_slice(payload);
                    return Ok(Some(Filled { kind, end_of_message }));
                }
                Some(Event::Ping(payload)) => shared.io().queue_pong(&payload),
                Some(Event::Close(frame)) => {
                    let status = CloseStatus::received(frame);
                    shared.io().close_received(status, shared.about.limits.answers_close);
                    self.stage = Stage::Ending(None);
                    return Ok(None);
                }
            }
        }
    }

    /// Reads what the socket has; ready when there is something to be looked at.
    fn poll_more(&mut self, shared: &Shared, cx: &mut Context<'_>) -> Poll<()> {
        // What is ready to be read is, before pongs are written: many of them leave together.
        if !shared.io().has_room_for_pongs() {
            match shared.poll_flush() {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(Ok(())) => {}
                Poll::Ready(Err(failure)) => {
                    self.stage = Stage::Ending(Some(failure));
                    return Poll::Ready(());
                }
            }
        }
        let read = with_scratch(|scratch| {
            let length = std::task::ready!(shared.io().poll_read(cx, scratch));
            if let Ok(length) = length {
                self.unread.extend_from_slice(&scratch[..length]);
            }
            Poll::Ready(length)
        });
        let failure = match read {
            Poll::Ready(Ok(0)) => {
                shared.io().ignore_peer();
                self.stage = Stage::Ending(Some(WebSocketError::Cut));
                return Poll::Ready(());
            }
            Poll::Ready(Ok(_)) => {
                if let Some(keep_alive) = &mut self.keep_alive {
                    keep_alive.heard();
                }
                return Poll::Ready(());
            }
            Poll::Ready(Err(error)) => error.into(),
            // What the peer has sent before is told before the failure of a write is.
            Poll::Pending => match (shared.poll_flush(), &mut self.keep_alive) {
                (Poll::Ready(Err(failure)), _) => failure,
                (_, None) => return Poll::Pending,
                (_, Some(keep_alive)) => {
                    if keep_alive.poll_silence(shared, cx).is_pending() {
                        return Poll::Pending;
                    }
                    WebSocketError::Silent
                }
            },
        };
        shared.io().fail(failure.clone());
        self.stage = Stage::Ending(Some(failure));
        Poll::Ready(())
    }

    /// Tells the peer what it did wrong, and then the application.
    fn fail(&mut self, shared: &Shared, violation: Violation) {
        {
            let mut io = shared.io();
            io.queue_close(violation.close_code(), &violation.to_string());
            io.ignore_peer();
        }
        self.unread = Vec::new();
        self.decoded = 0;
        let failure = WebSocketError::Protocol(violation);
        shared.io().counted.failed(&failure);
        self.stage = Stage::Ending(Some(failure));
    }

    /// Reads and lets go until the peer's end, where what we sent could be lost to a reset without.
    pub(super) fn poll_linger(&mut self, shared: &Shared, cx: &mut Context<'_>) -> Poll<()> {
        if !shared.io().lingers() {
            return Poll::Ready(());
        }
        shared.tasks().receiver.register(cx.waker());
        with_scratch(|scratch| {
            loop {
                match std::task::ready!(shared.io().poll_read(cx, scratch)) {
                    Ok(0) | Err(_) => return Poll::Ready(()),
                    Ok(_) => {}
                }
            }
        })
    }
}

impl Inflating {
    /// Decompresses as much as a part may hold onto the end of `out`.
    fn next(&mut self, out: &mut Vec<u8>) -> Result<Option<Filled>, Violation> {
        let Some((waiting, at, kind, is_last)) = &mut self.waiting else { return Ok(None) };
        let before = out.len();
        let mut input = &waiting[*at..];
        // A little room first: most messages are small, and what was never made needs no memory.
        out.reserve(LITTLE.max(input.len()).min(PART));
        let inflated = self.inflater.inflate(&mut input, *is_last, out)?;
        *at = waiting.len() - input.len();
        let end_of_message = inflated == Inflated::EndOfMessage;
        if *kind == DataKind::Text {
            self.utf8.accept(&out[before..])?;
            if end_of_message {
                self.utf8.finish()?;
            }
        }
        let filled = Filled { kind: *kind, end_of_message };
        if inflated != Inflated::NeedsRoom {
            self.waiting = None;
        }
        if end_of_message {
            self.utf8 = Utf8Check::default();
        }
        Ok((end_of_message || out.len() > before).then_some(filled))
    }
}
