//! Bytes to and from the server: a TCP socket, TLS over one, or a stream of an HTTP/2 connection.
//!
//! Easy to break: one read and one write for each wake-up, as a good client does it; the sizes of the reads are the
//! caller's. Not here: what the bytes mean, and how pipes are opened (`opener`).

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;

use super::http2::Http2Stream;

/// One connection's bytes.
pub(crate) enum Pipe {
    Tcp(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
    Http2(Http2Stream),
}

impl Pipe {
    /// Reads what has come, as much as `input` holds; 0 is the end.
    pub(crate) fn poll_read(&mut self, cx: &mut Context<'_>, input: &mut [u8]) -> Poll<io::Result<usize>> {
        let mut buffer = ReadBuf::new(input);
        match self {
            Self::Tcp(tcp) => ready!(Pin::new(tcp).poll_read(cx, &mut buffer))?,
            Self::Tls(tls) => ready!(Pin::new(tls).poll_read(cx, &mut buffer))?,
            Self::Http2(stream) => return stream.poll_read(cx, input),
        }
        Poll::Ready(Ok(buffer.filled().len()))
    }

    /// Writes all of `out` and empties it; what a full socket did not take stays for the next try.
    pub(crate) fn poll_write(&mut self, cx: &mut Context<'_>, out: &mut Vec<u8>) -> Poll<io::Result<()>> {
        while !out.is_empty() {
            let written = match self {
                Self::Tcp(tcp) => ready!(Pin::new(tcp).poll_write(cx, out))?,
                Self::Tls(tls) => ready!(Pin::new(tls).poll_write(cx, out))?,
                Self::Http2(stream) => stream.write(out)?,
            };
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            if written == out.len() {
                out.clear();
            } else {
                out.drain(..written);
            }
        }
        match self {
            Self::Tls(tls) => Pin::new(tls).poll_flush(cx),
            Self::Tcp(_) | Self::Http2(_) => Poll::Ready(Ok(())),
        }
    }

    /// Says that nothing more will be written.
    pub(crate) fn poll_shutdown(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self {
            Self::Tcp(tcp) => Pin::new(tcp).poll_shutdown(cx),
            Self::Tls(tls) => Pin::new(tls).poll_shutdown(cx),
            Self::Http2(stream) => Poll::Ready(stream.end()),
        }
    }
}
