//! From what hyper upgraded to the socket itself, so that its wrappers and their buffers are not carried along.

use bytes::Bytes;
use http::Version;
use hyper::upgrade::{Parts, Upgraded};
use hyper_util::rt::TokioIo;
use hyper_util::server::conn::auto::upgrade as auto;
use tokio::net::TcpStream;
#[cfg(feature = "tls")]
use tokio_rustls::server::TlsStream;

#[cfg(feature = "tls")]
use super::LoneWrites;
use super::{Rewind, Socket, StreamSocket, WriteLimit};

/// The socket under a connection that was upgraded from this version of HTTP, and what hyper had read of it.
pub(crate) fn take_over(upgraded: Upgraded, version: Version) -> (Socket, Bytes) {
    // Our listener's clear text, our listener's TLS, plain hyper's, axum's, and everything else.
    let upgraded = match upgraded.downcast::<TokioIo<WriteLimit<Rewind<StreamSocket>>>>() {
        Ok(Parts { io, read_buf, .. }) => {
            let (unread, socket) = io.into_inner().into_inner().into_parts();
            let mut initial = read_buf.to_vec();
            initial.extend_from_slice(&unread);
            return (Socket::Plain(socket), initial.into());
        }
        Err(upgraded) => upgraded,
    };
    #[cfg(feature = "tls")]
    let upgraded = match upgraded.downcast::<TokioIo<WriteLimit<TlsStream<LoneWrites<StreamSocket>>>>>() {
        Ok(Parts { io, read_buf, .. }) => {
            return (Socket::Tls(Box::new(io.into_inner().into_inner())), copied(&read_buf));
        }
        Err(upgraded) => upgraded,
    };
    let upgraded = match upgraded.downcast::<TokioIo<TcpStream>>() {
        Ok(Parts { io, read_buf, .. }) => return (Socket::Plain(io.into_inner().into()), copied(&read_buf)),
        Err(upgraded) => upgraded,
    };
    match auto::downcast::<TokioIo<TcpStream>>(upgraded) {
        Ok(parts) => (Socket::Plain(parts.io.into_inner().into()), copied(&parts.read_buf)),
        Err(upgraded) => (Socket::Upgraded(TokioIo::new(upgraded), version), Bytes::new()),
    }
}

/// A copy, as the original would keep hyper's whole read buffer for as long as the connection lives.
fn copied(bytes: &[u8]) -> Bytes {
    Bytes::copy_from_slice(bytes)
}

#[cfg(test)]
mod tests {
    use axum::extract::Request;
    use axum::http::StatusCode;
    use hyper::upgrade::on;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;
    use tokio::sync::mpsc::unbounded_channel;

    use super::*;

    #[tokio::test]
    async fn the_socket_of_a_guest_of_axum_is_the_plain_one_and_nothing_read_is_lost() {
        let (taken, mut is_taken) = unbounded_channel();
        let upgrade = async move |request: Request| {
            tokio::spawn(async move {
                let version = request.version();
                let upgraded = on(request).await.expect("the response is sent");
                let (socket, initial) = take_over(upgraded, version);
                taken.send((matches!(socket, Socket::Plain(_)), initial)).expect("the test listens");
            });
            (StatusCode::SWITCHING_PROTOCOLS, [("connection", "upgrade"), ("upgrade", "test")])
        };
        let router = axum::Router::new().route("/", axum::routing::get(upgrade));
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port is free");
        let mut client =
            TcpStream::connect(listener.local_addr().expect("it is bound")).await.expect("it listens");
        tokio::spawn(async move { axum::serve(listener, router).await });
        let request = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: test\r\n\r\nearly";
        client.write_all(request).await.expect("it is open");
        let mut head = [0; 12];
        client.read_exact(&mut head).await.expect("it is open");
        assert_eq!(&head, b"HTTP/1.1 101");
        assert_eq!(is_taken.recv().await, Some((true, Bytes::from_static(b"early"))));
    }
}
