//! From what hyper upgraded to the socket itself, so that its wrappers and their buffers are not carried along.

use bytes::Bytes;
use hyper::upgrade::{Parts, Upgraded};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
#[cfg(feature = "tls")]
use tokio_rustls::server::TlsStream;

use super::{Rewind, Socket};

/// The socket under an upgraded connection, and what hyper had read of it.
pub(crate) fn take_over(upgraded: Upgraded) -> (Socket, Bytes) {
    // Our listener's clear text, our listener's TLS, axum's, and everything else.
    let upgraded = match upgraded.downcast::<TokioIo<Rewind<TcpStream>>>() {
        Ok(Parts { io, read_buf, .. }) => {
            let (unread, socket) = io.into_inner().into_parts();
            let mut initial = read_buf.to_vec();
            initial.extend_from_slice(&unread);
            return (Socket::Tcp(socket), initial.into());
        }
        Err(upgraded) => upgraded,
    };
    #[cfg(feature = "tls")]
    let upgraded = match upgraded.downcast::<TokioIo<TlsStream<TcpStream>>>() {
        Ok(Parts { io, read_buf, .. }) => return (Socket::Tls(Box::new(io.into_inner())), copied(&read_buf)),
        Err(upgraded) => upgraded,
    };
    match upgraded.downcast::<TokioIo<TcpStream>>() {
        Ok(Parts { io, read_buf, .. }) => (Socket::Tcp(io.into_inner()), copied(&read_buf)),
        Err(upgraded) => (Socket::Upgraded(TokioIo::new(upgraded)), Bytes::new()),
    }
}

/// A copy, as the original would keep hyper's whole read buffer for as long as the connection lives.
fn copied(bytes: &[u8]) -> Bytes {
    Bytes::copy_from_slice(bytes)
}
