//! A WebSocket on some socket: frames in, hub bytes out of them; control frames are answered here.
//!
//! Messages need not match frames: what arrives is handed on as a stream of bytes, as every SignalR server takes it.
//! Not here: what goes out (`connection::outbox` queues whole frames) and the opening handshake (`http`).

use std::io;
use std::task::{Context, Poll, ready};

use hubcast_websocket::{CloseCode, Decoder, Event, Role, Violation, write_close, write_pong};

use super::{Inflating, Pieces, Socket, with_scratch};
use crate::limits;

/// The server's side of one WebSocket.
pub(crate) struct WebSocketTransport {
    socket: Socket,
    decoder: Decoder,
    /// Boxed, as most connections have nothing of it.
    rare: Option<Box<Rare>>,
    /// It is asked for in each turn: what one write takes is less than 4 GiB.
    written: u32,
    closing: Closing,
}

/// What a connection has only now and then, or by option.
#[derive(Default)]
struct Rare {
    /// Frames that could not be written at once, control frames and last messages.
    writing: Pieces,
    /// Bytes of the pongs among them.
    pongs: usize,
    /// `None` without compression.
    inflating: Option<Inflating>,
}

/// How far the closing handshake is (RFC 6455 §7).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Closing {
    No,
    /// Our close frame is queued or sent, the peer's has not come.
    AwaitingPeer,
    /// Nothing more is expected of the peer's frames: our direction is to be ended.
    Finishing,
    /// Our direction has ended; the peer's end is awaited, so that nothing we sent is lost to a reset.
    Lingering,
}

/// What the next bytes are.
pub(crate) enum Part<'b> {
    Data(&'b [u8]),
    /// What compressed bytes stand for. There may be more of it where nothing is left of the input.
    Inflated(Vec<u8>),
    /// A frame that carries nothing: a ping, which is answered, a pong, an empty part of a message.
    Empty,
    /// The peer closes.
    Closed,
}

impl WebSocketTransport {
    /// `frames` are the most that one message may have.
    pub(crate) fn new(socket: Socket, inflating: Option<Inflating>, frames: Option<u32>) -> Self {
        let decoder =
            Decoder::new(Role::Server).with_rsv1_allowed(inflating.is_some()).with_max_frames(frames);
        let rare =
            inflating.map(|inflating| Box::new(Rare { inflating: Some(inflating), ..Rare::default() }));
        Self { socket, decoder, rare, written: 0, closing: Closing::No }
    }

    /// Reads what is there; 0 is the end.
    pub(crate) fn poll_read(&mut self, cx: &mut Context<'_>, buffer: &mut [u8]) -> Poll<io::Result<usize>> {
        self.socket.poll_read(cx, buffer)
    }

    /// Whether so many pongs wait that nothing should be read before some of them are written.
    pub(crate) fn owes_pongs(&self) -> bool {
        self.rare.as_ref().is_some_and(|rare| rare.pongs >= limits::MAXIMUM_PONGS)
    }

    /// Takes in what is there while nobody reads, where it would cost more left below.
    pub(crate) fn hold(&mut self, cx: &mut Context<'_>) {
        self.socket.hold(cx);
    }

    /// Takes the next part of a message off the front of what was read.
    pub(crate) fn next_part<'b>(&mut self, input: &mut &'b mut [u8]) -> Result<Option<Part<'b>>, Violation> {
        loop {
            if let Some(inflating) = self.inflating()
                && let Some(piece) = inflating.next()?
            {
                return Ok(Some(Part::Inflated(piece)));
            }
            match self.decoder.decode(input)? {
                None => return Ok(None),
                Some(Event::Data { payload, end_of_message, rsv1: true, .. }) => {
                    if let Some(inflating) = self.inflating() {
                        inflating.take_in(payload, end_of_message);
                    }
                }
                Some(Event::Data { payload: [], .. } | Event::Pong(_)) => return Ok(Some(Part::Empty)),
                Some(Event::Data { payload, .. }) => return Ok(Some(Part::Data(payload))),
                Some(Event::Ping(payload)) => {
                    let length = self.queue_control(|out| write_pong(out, &payload, None));
                    self.rare().pongs += length;
                    return Ok(Some(Part::Empty));
                }
                Some(Event::Close(_)) => return Ok(Some(Part::Closed)),
            }
        }
    }

    /// Takes frames that a flush will write.
    pub(crate) fn queue(&mut self, frames: Pieces) {
        self.writing().append(frames);
    }

    /// Writes frames behind those that are queued; what cannot be written is queued.
    pub(crate) fn poll_write(&mut self, cx: &mut Context<'_>, mut frames: Pieces) -> Poll<io::Result<()>> {
        if self.rare.as_ref().is_some_and(|rare| !rare.writing.is_empty()) {
            self.queue(frames);
            return self.poll_flush(cx);
        }
        while !frames.is_empty() {
            let Poll::Ready(written) = self.socket.poll_write(cx, &mut frames) else {
                self.queue(frames);
                return Poll::Pending;
            };
            self.count(written?);
        }
        self.socket.poll_flush(cx)
    }

    /// Bytes written since this was last asked.
    pub(crate) fn take_written(&mut self) -> usize {
        std::mem::take(&mut self.written) as usize
    }

    /// Writes all that is queued.
    pub(crate) fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while let Some(rare) = self.rare.as_mut().filter(|rare| !rare.writing.is_empty()) {
            let written = ready!(self.socket.poll_write(cx, &mut rare.writing))?;
            self.count(written);
        }
        if let Some(rare) = &mut self.rare {
            rare.pongs = 0;
        }
        self.rare.take_if(|rare| rare.inflating.is_none());
        self.socket.poll_flush(cx)
    }

    /// Queues our close frame and waits for the peer's.
    pub(crate) fn close(&mut self, code: CloseCode) {
        if self.closing == Closing::No {
            let _length = self.queue_control(|out| write_close(out, code, "", None));
            self.closing = Closing::AwaitingPeer;
        }
    }

    /// Queues our close frame and waits for nothing: the peer has closed, or cannot be understood.
    pub(crate) fn close_at_once(&mut self, code: CloseCode) {
        self.close(code);
        self.closing = Closing::Finishing;
    }

    /// Drives the closing handshake to its end. What was queued before is written first.
    pub(crate) fn poll_closed(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        loop {
            ready!(self.poll_flush(cx))?;
            match self.closing {
                Closing::No => return Poll::Ready(Ok(())),
                Closing::AwaitingPeer => {
                    if ready!(self.poll_discard(cx))? {
                        self.closing = Closing::Finishing;
                    }
                }
                Closing::Finishing => {
                    ready!(self.socket.poll_shutdown(cx))?;
                    if !self.socket.lingers() {
                        return Poll::Ready(Ok(()));
                    }
                    self.closing = Closing::Lingering;
                }
                Closing::Lingering => {
                    if ready!(self.poll_discard(cx))? {
                        return Poll::Ready(Ok(()));
                    }
                }
            }
        }
    }

    /// Gives the socket back to the system.
    pub(crate) fn abandon(&mut self) {
        self.socket = Socket::Gone;
        self.rare = None;
    }

    /// Reads and lets go; `true` when the peer has closed as far as the state needs.
    fn poll_discard(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<bool>> {
        with_scratch(|scratch| {
            let length = ready!(self.socket.poll_read(cx, scratch))?;
            if length == 0 {
                return Poll::Ready(Ok(true));
            }
            if self.closing == Closing::Lingering {
                return Poll::Ready(Ok(false));
            }
            let mut input = &mut scratch[..length];
            loop {
                match self.next_part(&mut input) {
                    Ok(Some(Part::Data(_) | Part::Inflated(_) | Part::Empty)) => {}
                    Ok(None) => return Poll::Ready(Ok(false)),
                    Ok(Some(Part::Closed)) | Err(_) => return Poll::Ready(Ok(true)),
                }
            }
        })
    }

    /// Queues a control frame, and says how long it is.
    fn queue_control(&mut self, write: impl FnOnce(&mut Vec<u8>)) -> usize {
        let waiting = self.writing().tail();
        let before = waiting.len();
        write(waiting);
        waiting.len() - before
    }

    fn writing(&mut self) -> &mut Pieces {
        &mut self.rare().writing
    }

    fn rare(&mut self) -> &mut Rare {
        self.rare.get_or_insert_default()
    }

    fn inflating(&mut self) -> Option<&mut Inflating> {
        self.rare.as_mut()?.inflating.as_mut()
    }

    fn count(&mut self, written: usize) {
        self.written = self.written.saturating_add(u32::try_from(written).unwrap_or(u32::MAX));
    }
}
