//! From an accepted socket to the HTTP version it speaks, within time limits.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{sleep, timeout};

use super::security::Security;
use super::shared::Shared;
#[cfg(feature = "tls")]
use super::tls::Tls;
use super::{http1, http2};
#[cfg(feature = "tls")]
use crate::transport::LoneWrites;
use crate::transport::Rewind;

/// After a failure to accept that may be for want of file descriptors: others need time to end.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Accepts until the server stops and all its clients that poll have left.
pub(super) async fn accept(listener: TcpListener, security: Security, shared: Arc<Shared>) {
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = shared.stop.watch() => return,
        };
        match accepted {
            Ok((socket, peer)) => {
                if let Err(error) = socket.set_nodelay(true) {
                    tracing::debug!(%error, "a connection ended before it began");
                    continue;
                }
                match &security {
                    Security::ClearText => shared.spawn(serve_clear(socket, peer, Arc::clone(&shared))),
                    #[cfg(feature = "tls")]
                    Security::Tls(tls) => {
                        shared.spawn(serve_tls(socket, peer, tls.clone(), Arc::clone(&shared)));
                    }
                }
            }
            Err(error) if concerns_one_client(&error) => {}
            Err(error) => {
                tracing::warn!(%error, "cannot accept connections");
                sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

fn concerns_one_client(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

#[cfg(feature = "tls")]
async fn serve_tls(socket: TcpStream, peer: SocketAddr, tls: Tls, shared: Arc<Shared>) {
    let handshake = timeout(shared.limits.tls_handshake, tls.acceptor().accept(LoneWrites(socket)));
    let socket = tokio::select! {
        handshake = handshake => match handshake {
            Ok(Ok(socket)) => socket,
            Ok(Err(error)) => return tracing::debug!(%error, "a TLS handshake failed"),
            Err(_) => return tracing::debug!("a TLS handshake took too long"),
        },
        () = shared.stop.watch() => return,
    };
    // In tasks of their own: each kind of connection is large, and one task would have to hold the largest.
    if socket.get_ref().1.alpn_protocol() == Some(b"h2") {
        shared.spawn(http2::serve(socket, peer, Arc::clone(&shared)));
    } else {
        shared.spawn(http1::serve(socket, peer, Arc::clone(&shared)));
    }
}

async fn serve_clear(mut socket: TcpStream, peer: SocketAddr, shared: Arc<Shared>) {
    let sniffed = tokio::select! {
        sniffed = timeout(shared.limits.first_byte, sniff(&mut socket)) => sniffed,
        () = shared.stop.watch() => return,
    };
    let read = match sniffed {
        Ok(Ok(read)) => read,
        Ok(Err(error)) => return tracing::debug!(%error, "a connection ended before its first request"),
        Err(_) => return tracing::debug!("a connection was silent for too long"),
    };
    let is_http2 = read == HTTP2_PREFACE;
    let socket = Rewind::new(read, socket);
    if is_http2 {
        shared.spawn(http2::serve(socket, peer, Arc::clone(&shared)));
    } else {
        shared.spawn(http1::serve(socket, peer, Arc::clone(&shared)));
    }
}

/// How an HTTP/2 connection begins with prior knowledge, as far as no HTTP/1.1 request does (RFC 9113 §3.4).
const HTTP2_PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n";

/// Reads until it is clear whether the preface comes.
async fn sniff(socket: &mut (impl AsyncRead + Unpin)) -> io::Result<Vec<u8>> {
    let mut read = vec![0; HTTP2_PREFACE.len()];
    let mut length = 0;
    while length < read.len() && read[..length] == HTTP2_PREFACE[..length] {
        match socket.read(&mut read[length..]).await? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            more => length += more,
        }
    }
    read.truncate(length);
    Ok(read)
}
