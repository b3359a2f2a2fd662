//! What carries a WebSocket's bytes: a plain or TLS connection of our listener, a stream of an HTTP/2 connection of our
//! listener, or whatever another server upgraded.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use http::Version;
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
#[cfg(feature = "tls")]
use tokio_rustls::server::TlsStream;

#[cfg(feature = "tls")]
use super::LoneWrites;
use super::{Http2Socket, Pieces, StreamSocket};

/// A byte stream in both directions.
pub(crate) enum Socket {
    Plain(StreamSocket),
    #[cfg(feature = "tls")]
    /// Boxed: a TLS session is large, and the others should not pay for it.
    Tls(Box<TlsStream<LoneWrites<StreamSocket>>>),
    /// With the version of HTTP that it was upgraded from.
    Upgraded(TokioIo<Upgraded>, Version),
    Http2(Http2Socket),
    /// It was given up.
    Gone,
}

/// Buffers that one write takes at most.
const SLICES: usize = 64;

impl Socket {
    /// Reads what is there into `buffer`; 0 is the end.
    pub(crate) fn poll_read(&mut self, cx: &mut Context<'_>, buffer: &mut [u8]) -> Poll<io::Result<usize>> {
        match self {
            Self::Plain(socket) => poll_read_into(socket, cx, buffer),
            #[cfg(feature = "tls")]
            Self::Tls(socket) => poll_read_into(&mut **socket, cx, buffer),
            Self::Upgraded(socket, _) => poll_read_into(socket, cx, buffer),
            Self::Http2(stream) => stream.poll_read(cx, buffer),
            Self::Gone => Poll::Ready(Ok(0)),
        }
    }

    /// Takes in what is there while nobody reads, where it would cost more left below.
    pub(crate) fn hold(&mut self, cx: &mut Context<'_>) {
        if let Self::Http2(stream) = self {
            // An end that comes now is told by the next read.
            let _ended = stream.poll_hold(cx);
        }
    }

    /// Writes from the front of `queue` and takes what was written off it; says how many bytes.
    pub(crate) fn poll_write(&mut self, cx: &mut Context<'_>, queue: &mut Pieces) -> Poll<io::Result<usize>> {
        match self {
            Self::Plain(socket) => poll_write_from(socket, cx, queue),
            #[cfg(feature = "tls")]
            Self::Tls(socket) => poll_write_from(&mut **socket, cx, queue),
            Self::Upgraded(socket, _) => poll_write_from(socket, cx, queue),
            Self::Http2(stream) => stream.poll_write(cx, queue),
            Self::Gone => Poll::Ready(Err(io::ErrorKind::NotConnected.into())),
        }
    }

    /// Pushes on what the layers below keep back.
    pub(crate) fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self {
            Self::Plain(_) | Self::Http2(_) | Self::Gone => Poll::Ready(Ok(())),
            #[cfg(feature = "tls")]
            Self::Tls(socket) => Pin::new(&mut **socket).poll_flush(cx),
            Self::Upgraded(socket, _) => Pin::new(socket).poll_flush(cx),
        }
    }

    /// Ends our direction; the other may go on.
    pub(crate) fn poll_shutdown(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self {
            Self::Plain(socket) => Pin::new(socket).poll_shutdown(cx),
            #[cfg(feature = "tls")]
            Self::Tls(socket) => Pin::new(&mut **socket).poll_shutdown(cx),
            Self::Upgraded(socket, _) => Pin::new(socket).poll_shutdown(cx),
            Self::Http2(stream) => Poll::Ready(stream.finish()),
            Self::Gone => Poll::Ready(Ok(())),
        }
    }

    /// Whether the peer's end has to be awaited after ours, so that nothing we sent is lost to a reset.
    ///
    /// A stream of HTTP/2 is reset behind all that was sent on it, and a client that does not end its side would hold it.
    pub(crate) fn lingers(&self) -> bool {
        match self {
            Self::Plain(_) => true,
            #[cfg(feature = "tls")]
            Self::Tls(_) => true,
            Self::Upgraded(_, version) => *version < Version::HTTP_2,
            Self::Http2(_) | Self::Gone => false,
        }
    }
}

fn poll_read_into(
    socket: &mut (impl AsyncRead + Unpin),
    cx: &mut Context<'_>,
    buffer: &mut [u8],
) -> Poll<io::Result<usize>> {
    let mut buffer = ReadBuf::new(buffer);
    ready!(Pin::new(socket).poll_read(cx, &mut buffer))?;
    Poll::Ready(Ok(buffer.filled().len()))
}

fn poll_write_from(
    socket: &mut (impl AsyncWrite + Unpin),
    cx: &mut Context<'_>,
    queue: &mut Pieces,
) -> Poll<io::Result<usize>> {
    let socket = Pin::new(socket);
    let written = if queue.has_several() {
        let mut slices = [IoSlice::new(&[]); SLICES];
        let count = queue.slices(&mut slices);
        ready!(socket.poll_write_vectored(cx, &slices[..count]))?
    } else {
        // A vectored write of one buffer costs the system more.
        ready!(socket.poll_write(cx, queue.front()))?
    };
    if written == 0 {
        return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
    }
    queue.advance(written);
    Poll::Ready(Ok(written))
}
