//! A stream of an HTTP/2 connection as a byte stream in both directions (RFC 8441 §5).
//!
//! Going out, large frames stay the `Bytes` they were queued as; small ones that wait together share a DATA frame, as
//! each costs h2 more than a copy, and h2's clients end connections that bring them too many small ones.
//! Coming in, what nobody wants to read yet is taken from h2 all the same and held back in one piece, for the same
//! reason; the client is slowed down by its window, which opens with what is read and not with what is held.
//! The stream must be ended with END_STREAM before it is dropped: a drop alone resets it, and what was queued is lost.

use std::io;
use std::task::{Context, Poll, ready};

use bytes::{Buf, Bytes};
use h2::{RecvStream, SendStream};

use super::{Http2Place, Pieces};

/// Both directions of one stream.
pub(crate) struct Http2Socket {
    send: SendStream<Bytes>,
    receive: RecvStream,
    /// What was taken from h2 and not read. Boxed, as most connections never hold anything.
    held: Option<Box<Held>>,
    finished: bool,
    _place: Http2Place,
}

/// What was taken from h2 and not read.
#[derive(Default)]
struct Held {
    /// What did not fit into a read.
    rest: Bytes,
    /// What comes after the rest; at most as much as the stream's window.
    bytes: Vec<u8>,
    /// How the client's direction ended behind them.
    ended: Option<io::Result<()>>,
}

impl Http2Socket {
    pub(crate) fn new(send: SendStream<Bytes>, receive: RecvStream, place: Http2Place) -> Self {
        Self { send, receive, held: None, finished: false, _place: place }
    }

    pub(crate) fn poll_read(&mut self, cx: &mut Context<'_>, buffer: &mut [u8]) -> Poll<io::Result<usize>> {
        let mut data = loop {
            if let Some(held) = &mut self.held {
                if held.rest.is_empty() {
                    held.rest = std::mem::take(&mut held.bytes).into();
                }
                if !held.rest.is_empty() {
                    break std::mem::take(&mut held.rest);
                }
                if let Some(ended) = &mut held.ended {
                    return Poll::Ready(std::mem::replace(ended, Ok(())).map(|()| 0));
                }
                self.held = None;
            }
            match ready!(self.receive.poll_data(cx)) {
                None => return Poll::Ready(Ok(0)),
                Some(Err(error)) => return Poll::Ready(Err(into_io(error))),
                Some(Ok(data)) if data.is_empty() => {}
                Some(Ok(data)) => break data,
            }
        };
        let length = data.len().min(buffer.len());
        buffer[..length].copy_from_slice(&data[..length]);
        data.advance(length);
        // An emptied slice would keep the whole read buffer of the HTTP/2 connection.
        if !data.is_empty() {
            self.held.get_or_insert_default().rest = data;
        }
        self.receive.flow_control().release_capacity(length).map_err(into_io)?;
        Poll::Ready(Ok(length))
    }

    /// Takes in what is there without giving the client leave to send more; ready when the client's direction has ended.
    pub(crate) fn poll_hold(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        while self.held.as_ref().is_none_or(|held| held.ended.is_none()) {
            let received = ready!(self.receive.poll_data(cx));
            let held = self.held.get_or_insert_default();
            match received {
                None => held.ended = Some(Ok(())),
                Some(Err(error)) => held.ended = Some(Err(into_io(error))),
                Some(Ok(data)) => held.bytes.extend_from_slice(&data),
            }
        }
        Poll::Ready(())
    }

    pub(crate) fn poll_write(&mut self, cx: &mut Context<'_>, queue: &mut Pieces) -> Poll<io::Result<usize>> {
        self.send.reserve_capacity(queue.bytes());
        let mut written = 0;
        while !queue.is_empty() {
            let room = self.send.capacity();
            if room == 0 {
                if written > 0 {
                    break;
                }
                match ready!(self.send.poll_capacity(cx)) {
                    Some(Ok(_)) => continue,
                    Some(Err(error)) => return Poll::Ready(Err(into_io(error))),
                    None => return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into())),
                }
            }
            let part = if queue.front().len() < SMALL && queue.has_several() {
                gathered(queue, room.min(GATHERED))
            } else {
                queue.split_front(room).unwrap_or_default()
            };
            written += part.len();
            self.send.send_data(part, false).map_err(into_io)?;
        }
        Poll::Ready(Ok(written))
    }

    /// Ends our direction.
    pub(crate) fn finish(&mut self) -> io::Result<()> {
        if !std::mem::replace(&mut self.finished, true) {
            self.send.send_data(Bytes::new(), true).map_err(into_io)?;
        }
        Ok(())
    }
}

/// Bytes up to which a frame is copied to share a DATA frame with its neighbours.
const SMALL: usize = 1024;

/// Bytes of such a DATA frame at most: what every peer accepts (RFC 9113 §4.2).
const GATHERED: usize = 16 * 1024;

/// Copies frames off the front of `queue` while they are small, up to `room` bytes.
fn gathered(queue: &mut Pieces, room: usize) -> Bytes {
    let mut part = Vec::new();
    while part.len() < room && queue.front().len() < SMALL {
        let front = queue.front();
        let length = front.len().min(room - part.len());
        if length == 0 {
            break;
        }
        part.extend_from_slice(&front[..length]);
        queue.advance(length);
    }
    part.into()
}

fn into_io(error: h2::Error) -> io::Error {
    if error.is_io() {
        return error.into_io().unwrap_or_else(|| io::ErrorKind::Other.into());
    }
    io::Error::other(error)
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;

    use h2::Reason;
    use http::{Request, Response};
    use tokio::io::duplex;

    use super::*;
    use crate::transport::Http2Side;

    #[tokio::test]
    async fn what_is_held_is_read_first_and_opens_the_window_only_then() {
        let (mut client, mut server) = pair().await;
        client.send_data(Bytes::from(vec![1; WINDOW]), true).expect("there is room");
        poll_fn(|cx| server.poll_hold(cx)).await;
        assert_eq!((held(&server), server.receive.flow_control().used_capacity()), (WINDOW, WINDOW));
        assert_eq!(read(&mut server, 10).await.expect("it was held"), [1; 10]);
        assert_eq!(server.receive.flow_control().used_capacity(), WINDOW - 10);
        assert_eq!(read(&mut server, WINDOW).await.expect("it was held"), [1; WINDOW - 10]);
        assert_eq!(server.receive.flow_control().used_capacity(), 0);
        assert_eq!(read(&mut server, 10).await.expect("the end was held"), *b"");
        assert_eq!(read(&mut server, 10).await.expect("an end stays one"), *b"");
    }

    #[tokio::test]
    async fn a_reset_is_told_behind_what_is_held() {
        let (mut client, mut server) = pair().await;
        client.send_data(Bytes::from_static(b"held"), false).expect("there is room");
        while held(&server) == 0 {
            poll_fn(|cx| Poll::Ready(server.poll_hold(cx).is_ready())).await;
            tokio::task::yield_now().await;
        }
        client.send_reset(Reason::CANCEL);
        poll_fn(|cx| server.poll_hold(cx)).await;
        assert_eq!(read(&mut server, 10).await.expect("it was held"), *b"held");
        read(&mut server, 10).await.expect_err("the stream was reset");
    }

    const WINDOW: usize = 1000;

    async fn read(socket: &mut Http2Socket, size: usize) -> io::Result<Vec<u8>> {
        let mut buffer = vec![0; size];
        let length = poll_fn(|cx| socket.poll_read(cx, &mut buffer)).await?;
        buffer.truncate(length);
        Ok(buffer)
    }

    fn held(socket: &Http2Socket) -> usize {
        socket.held.as_ref().map_or(0, |held| held.bytes.len())
    }

    /// The client's direction of a stream, and the server's side of it.
    async fn pair() -> (SendStream<Bytes>, Http2Socket) {
        let (client, server) = duplex(64 * 1024);
        let serving = tokio::spawn(async move {
            let mut builder = h2::server::Builder::new();
            let opening = builder.initial_window_size(1000).handshake(server);
            let mut connection = opening.await.expect("both are h2");
            let (request, mut respond) =
                connection.accept().await.expect("there is a request").expect("it is well-formed");
            tokio::spawn(async move { while connection.accept().await.is_some() {} });
            let send = respond.send_response(Response::new(()), false).expect("the stream is open");
            Http2Socket::new(send, request.into_body(), Http2Side::new().place())
        });
        let (requests, connection) = h2::client::handshake(client).await.expect("both are h2");
        tokio::spawn(connection);
        let mut requests = requests.ready().await.expect("the connection is open");
        let (response, send) =
            requests.send_request(Request::new(()), false).expect("the connection is open");
        response.await.expect("there is a response");
        (send, serving.await.expect("nothing panics"))
    }
}
