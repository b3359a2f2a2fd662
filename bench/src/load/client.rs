//! A client of the hub on one connection.
//!
//! Easy to break: all messages of one read are heard, and what they queued leaves in one write. All clients of a thread
//! share one buffer to read into; a client keeps only a message that has not come whole.
//!
//! Frames are masked with a key of zero, which is legal and costs the sender nothing; the server unmasks all the same.

use std::cell::RefCell;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Context, Poll, ready};

use anyhow::{Context as _, Result, bail, ensure};
use hubcast_protocol::{
    EncodeArguments, HandshakeRequest, HandshakeResponse, HubMessage, HubProtocol, InvocationHead,
};
use hubcast_websocket::{CloseCode, Decoder, Event, Opcode, Role, write_close, write_frame, write_pong};
use tokio::sync::Notify;

use super::pipe::Pipe;

pub(crate) const UNMASKED: Option<[u8; 4]> = Some([0; 4]);

const INPUT_SIZE: usize = 64 << 10;
/// No server under load sends a message as large as this.
const MESSAGE_LIMIT: usize = 16 << 20;

thread_local! {
    static INPUT: RefCell<Vec<u8>> = RefCell::new(vec![0; INPUT_SIZE]);
}

/// One connection to the hub, past its handshake.
pub(crate) struct Client {
    pipe: Pipe,
    decoder: Decoder,
    inbound: Inbound,
    out: Vec<u8>,
}

impl Client {
    /// Takes a fresh WebSocket through the hub's handshake.
    pub(crate) async fn shake_hands(pipe: Pipe, protocol: HubProtocol) -> Result<Self> {
        let inbound = Inbound { protocol, partial: Vec::new() };
        let mut client = Self { pipe, decoder: Decoder::new(Role::Client), inbound, out: Vec::new() };
        let mut request = Vec::new();
        HandshakeRequest { protocol: protocol.name().into(), version: 1 }.write(&mut request);
        write_frame(&mut client.out, true, Opcode::Text, &request, UNMASKED);
        client.flush().await?;
        poll_fn(|cx| client.poll_response(cx)).await?;
        Ok(client)
    }

    /// Puts a whole frame behind what [`flush`](Self::flush) will send.
    pub(crate) fn queue(&mut self, frame: &[u8]) {
        self.out.extend_from_slice(frame);
    }

    /// Sends what was queued, in one write if the socket takes it.
    pub(crate) async fn flush(&mut self) -> Result<()> {
        if self.out.is_empty() {
            return Ok(());
        }
        Ok(poll_fn(|cx| self.pipe.poll_write(cx, &mut self.out)).await?)
    }

    /// Reads once and hands each message to `on`, with a buffer for the frames that it queues. Pings are no messages.
    /// May be dropped while it waits: nothing is lost.
    ///
    /// # Errors
    ///
    /// The connection ended, the server broke a protocol, or `on` failed.
    pub(crate) async fn hear(
        &mut self,
        mut on: impl FnMut(HubMessage<'_>, &mut Vec<u8>) -> Result<()>,
    ) -> Result<()> {
        poll_fn(|cx| self.poll_hear(cx, &mut |_| Ok(false), &mut on)).await
    }

    /// The same, where `quick` sees the bytes of each message first and may do without the rest.
    ///
    /// # Errors
    ///
    /// As [`hear`](Self::hear).
    pub(crate) async fn hear_quickly(
        &mut self,
        mut quick: impl FnMut(&[u8]) -> Result<bool>,
        mut on: impl FnMut(HubMessage<'_>) -> Result<()>,
    ) -> Result<()> {
        poll_fn(|cx| self.poll_hear(cx, &mut quick, &mut |message, _| on(message))).await
    }

    /// Hears messages until the connection fails, and sends a ping whenever `ping` says so.
    pub(crate) async fn listen(
        mut self,
        ping: Rc<Notify>,
        mut on: impl FnMut(HubMessage<'_>) -> Result<()>,
    ) -> Result<()> {
        loop {
            tokio::select! {
                heard = self.hear(|message, _| on(message)) => heard?,
                () = ping.notified() => {
                    message_frame(self.inbound.protocol, &mut self.out, |out| {
                        self.inbound.protocol.write_ping(out);
                        Ok(())
                    })?;
                }
            }
            self.flush().await?;
        }
    }

    /// Says goodbye and leaves; a server's own close frame is not waited for.
    pub(crate) async fn close(mut self) -> Result<()> {
        write_close(&mut self.out, CloseCode::NORMAL_CLOSURE, "", UNMASKED);
        self.flush().await?;
        Ok(poll_fn(|cx| self.pipe.poll_shutdown(cx)).await?)
    }

    fn poll_hear(
        &mut self,
        cx: &mut Context<'_>,
        quick: &mut impl FnMut(&[u8]) -> Result<bool>,
        on: &mut impl FnMut(HubMessage<'_>, &mut Vec<u8>) -> Result<()>,
    ) -> Poll<Result<()>> {
        self.poll_data(cx, |inbound, payload, out| inbound.take(payload, quick, |message| on(message, out)))
    }

    fn poll_response(&mut self, cx: &mut Context<'_>) -> Poll<Result<()>> {
        loop {
            if let Some((response, length)) =
                HandshakeResponse::parse(&self.inbound.partial, Some(MESSAGE_LIMIT)).with_context(|| {
                    let answer = String::from_utf8_lossy(&self.inbound.partial);
                    format!("the hub answered its handshake with {answer:?}")
                })?
            {
                if let Some(error) = response.error {
                    return Poll::Ready(Err(anyhow::anyhow!("the hub refused the handshake: {error}")));
                }
                self.inbound.partial.drain(..length);
                return Poll::Ready(Ok(()));
            }
            ready!(self.poll_data(cx, |inbound, payload, _| {
                inbound.partial.extend_from_slice(payload);
                Ok(())
            }))?;
        }
    }

    /// Reads once and hands over the payloads of messages; answers pings.
    fn poll_data(
        &mut self,
        cx: &mut Context<'_>,
        mut on: impl FnMut(&mut Inbound, &[u8], &mut Vec<u8>) -> Result<()>,
    ) -> Poll<Result<()>> {
        INPUT.with_borrow_mut(|input| {
            let length = ready!(self.pipe.poll_read(cx, input))?;
            if length == 0 {
                return Poll::Ready(Err(anyhow::anyhow!("the server ended the connection")));
            }
            let mut input = &mut input[..length];
            while let Some(event) = self.decoder.decode(&mut input)? {
                match event {
                    Event::Data { payload, .. } => on(&mut self.inbound, payload, &mut self.out)?,
                    Event::Ping(bytes) => write_pong(&mut self.out, &bytes, UNMASKED),
                    Event::Pong(_) => {}
                    Event::Close(frame) => {
                        return Poll::Ready(Err(anyhow::anyhow!(
                            "the server closed the WebSocket: {frame:?}"
                        )));
                    }
                }
            }
            Poll::Ready(Ok(()))
        })
    }
}

/// What came and is cut into hub messages.
struct Inbound {
    protocol: HubProtocol,
    /// The beginning of a message whose end has not come.
    partial: Vec<u8>,
}

impl Inbound {
    fn take(
        &mut self,
        payload: &[u8],
        quick: &mut impl FnMut(&[u8]) -> Result<bool>,
        on: impl FnMut(HubMessage<'_>) -> Result<()>,
    ) -> Result<()> {
        if self.partial.is_empty() {
            let used = each(self.protocol, payload, quick, on)?;
            self.partial.extend_from_slice(&payload[used..]);
            return Ok(());
        }
        self.partial.extend_from_slice(payload);
        let used = each(self.protocol, &self.partial, quick, on)?;
        self.partial.drain(..used);
        Ok(())
    }
}

/// Hands over the whole messages at the start of `input`, those that `quick` leaves; gives how many bytes they took.
fn each(
    protocol: HubProtocol,
    input: &[u8],
    quick: &mut impl FnMut(&[u8]) -> Result<bool>,
    mut on: impl FnMut(HubMessage<'_>) -> Result<()>,
) -> Result<usize> {
    let mut used = 0;
    while let Some(split) = protocol.split(&input[used..], Some(MESSAGE_LIMIT))? {
        used += split.consumed;
        if quick(split.payload)? {
            continue;
        }
        match protocol.decode(split.payload)? {
            Some(HubMessage::Close(close)) => {
                bail!(
                    "the hub closed the connection: {}",
                    close.error.as_deref().unwrap_or("no reason given")
                );
            }
            Some(HubMessage::Ping) | None => {}
            Some(message) => on(message)?,
        }
    }
    Ok(used)
}

/// Appends the frame of a call of `target`; without an `id` no answer is wanted.
pub(crate) fn call_frame(
    protocol: HubProtocol,
    out: &mut Vec<u8>,
    id: Option<&str>,
    target: &str,
    arguments: &dyn EncodeArguments,
) -> Result<()> {
    let head = InvocationHead { invocation_id: id, ..InvocationHead::to(target) };
    message_frame(protocol, out, |out| Ok(protocol.write_invocation(out, &head, arguments)?))
}

/// Appends the frame of a call of `target` that asks for a stream.
pub(crate) fn stream_frame(
    protocol: HubProtocol,
    out: &mut Vec<u8>,
    id: &str,
    target: &str,
    arguments: &dyn EncodeArguments,
) -> Result<()> {
    let head = InvocationHead { invocation_id: Some(id), ..InvocationHead::to(target) };
    message_frame(protocol, out, |out| Ok(protocol.write_stream_invocation(out, &head, arguments)?))
}

fn message_frame(
    protocol: HubProtocol,
    out: &mut Vec<u8>,
    write: impl FnOnce(&mut Vec<u8>) -> Result<()>,
) -> Result<()> {
    let mut message = Vec::with_capacity(256);
    write(&mut message)?;
    ensure!(message.len() <= MESSAGE_LIMIT, "a message of {} bytes is too large", message.len());
    let opcode = match protocol {
        HubProtocol::Json => Opcode::Text,
        HubProtocol::MessagePack => Opcode::Binary,
    };
    write_frame(out, true, opcode, &message, UNMASKED);
    Ok(())
}
