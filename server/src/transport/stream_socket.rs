//! A socket that our listener accepted: TCP or Unix, with its place among all connections.
//!
//! Whoever owns the socket owns the place, through every change of hands from TLS to HTTP to a WebSocket.

use std::io::{self, IoSlice};
use std::net::IpAddr;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
#[cfg(unix)]
use tokio::net::UnixStream;

use crate::admission::{Full, Place};

/// A connected stream socket.
pub(crate) struct StreamSocket {
    kind: Kind,
    place: Option<Place>,
}

enum Kind {
    Tcp(TcpStream),
    #[cfg(unix)]
    Unix(UnixStream),
}

/// Does the same with whichever socket it is.
macro_rules! either {
    ($socket:expr, $kind:ident => $act:expr) => {
        match $socket {
            Kind::Tcp($kind) => $act,
            #[cfg(unix)]
            Kind::Unix($kind) => $act,
        }
    };
}

impl StreamSocket {
    pub(crate) fn tcp(socket: TcpStream, place: Place) -> Self {
        Self { kind: Kind::Tcp(socket), place: Some(place) }
    }

    #[cfg(unix)]
    pub(crate) fn unix(socket: UnixStream, place: Place) -> Self {
        Self { kind: Kind::Unix(socket), place: Some(place) }
    }

    /// Takes its place among those of its client's address too.
    pub(crate) fn of_address(self, address: IpAddr) -> Result<Self, Full> {
        let place = self.place.map(|place| place.of_address(address)).transpose()?;
        Ok(Self { kind: self.kind, place })
    }
}

/// A socket of somebody else's listener.
impl From<TcpStream> for StreamSocket {
    fn from(socket: TcpStream) -> Self {
        Self { kind: Kind::Tcp(socket), place: None }
    }
}

impl AsyncRead for StreamSocket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        either!(&mut self.kind, socket => Pin::new(socket).poll_read(cx, buffer))
    }
}

impl AsyncWrite for StreamSocket {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        either!(&mut self.kind, socket => Pin::new(socket).poll_write(cx, bytes))
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        either!(&mut self.kind, socket => Pin::new(socket).poll_write_vectored(cx, slices))
    }

    fn is_write_vectored(&self) -> bool {
        either!(&self.kind, socket => socket.is_write_vectored())
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        either!(&mut self.kind, socket => Pin::new(socket).poll_flush(cx))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        either!(&mut self.kind, socket => Pin::new(socket).poll_shutdown(cx))
    }
}
