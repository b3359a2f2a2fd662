//! From an accepted socket to the HTTP version it speaks, within time limits.

use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::time::{sleep, timeout};

use super::bound::Bound;
use super::endpoint::Way;
use super::meters::TimeOut;
use super::peer::Peer;
use super::proxy_protocol::{self, Origin};
use super::security::Security;
use super::shared::Shared;
use super::stream_listener::Accepted;
#[cfg(feature = "tls")]
use super::tls::Tls;
use super::{http1, http2};
#[cfg(feature = "tls")]
use crate::transport::LoneWrites;
use crate::transport::{Rewind, StreamSocket};

/// After a failure to accept that may be for want of file descriptors: others need time to end.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Accepts until the server stops and all its clients that poll have left.
pub(super) async fn accept(bound: Bound, shared: Arc<Shared>) {
    let mut stop = pin!(shared.stop.watch());
    loop {
        let accepted = tokio::select! {
            accepted = bound.listener.accept() => accepted,
            () = &mut stop => return,
        };
        match accepted {
            Ok(accepted) => take_in(accepted, &bound.way, &shared),
            Err(error) if concerns_one_client(&error) => {}
            Err(error) => {
                shared.meters.accept_failed();
                tracing::warn!(%error, "cannot accept connections");
                tokio::select! {
                    () = sleep(ACCEPT_PAUSE) => {}
                    () = &mut stop => return,
                }
            }
        }
    }
}

fn concerns_one_client(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

/// Serves a socket, unless there are too many: then it is closed before a byte is read.
fn take_in(accepted: Accepted, way: &Way, shared: &Arc<Shared>) {
    let peer = accepted.peer();
    let Ok(place) = shared.admission.enter() else {
        return tracing::debug!("a connection was refused: there are too many");
    };
    let socket = match accepted.into_socket(place) {
        Ok(socket) => socket,
        Err(error) => return tracing::debug!(%error, "a connection ended before it began"),
    };
    match &way.proxy_protocol {
        Some(protocol) if protocol.believes(peer.map(|peer| peer.ip())) => {
            shared.spawn(serve_proxied(socket, peer, way.security.clone(), Arc::clone(shared)));
        }
        Some(_) => {
            shared.meters.proxy_header_refused();
            tracing::info!(?peer, "a connection was refused: its address may send no PROXY header");
        }
        None => serve(socket, peer, shared.forwarding.trusts(peer), &way.security, shared),
    }
}

/// Serves a connection for its client. A proxy brings many clients; each of them counts for itself.
fn serve(
    socket: StreamSocket,
    address: Option<SocketAddr>,
    is_trusted: bool,
    security: &Security,
    shared: &Arc<Shared>,
) {
    let counted = address.filter(|_| !is_trusted);
    let counted = match counted {
        Some(address) => socket.of_address(address.ip()),
        None => Ok(socket),
    };
    let Ok(socket) = counted else {
        return tracing::debug!(?address, "a connection was refused: its address has too many");
    };
    let peer = Peer { address, scheme: security.scheme(), is_trusted };
    match security {
        Security::ClearText => shared.spawn(serve_clear(socket, peer, Arc::clone(shared))),
        #[cfg(feature = "tls")]
        Security::Tls(tls) => shared.spawn(serve_tls(socket, peer, tls.clone(), Arc::clone(shared))),
    }
}

async fn serve_proxied(
    mut socket: StreamSocket,
    peer: Option<SocketAddr>,
    security: Security,
    shared: Arc<Shared>,
) {
    let header = tokio::select! {
        header = timeout(shared.limits.proxy_header, proxy_protocol::read(&mut socket)) => header,
        () = shared.stop.watch() => return,
    };
    let (client, is_trusted) = match header {
        Ok(Ok(Origin::Client(client))) => (Some(client), shared.forwarding.trusts(Some(client))),
        Ok(Ok(Origin::Proxy)) => (peer, shared.forwarding.trusts(peer)),
        Ok(Ok(Origin::Unix)) => (None, false),
        Ok(Err(error)) => {
            shared.meters.proxy_header_refused();
            return tracing::info!(?peer, %error, "a connection was refused: its PROXY header makes no sense");
        }
        Err(_) => {
            shared.meters.proxy_header_refused();
            return tracing::info!(?peer, "a connection was refused: its PROXY header took too long");
        }
    };
    serve(socket, client, is_trusted, &security, &shared);
}

#[cfg(feature = "tls")]
async fn serve_tls(socket: StreamSocket, peer: Peer, tls: Tls, shared: Arc<Shared>) {
    let handshake = timeout(shared.limits.tls_handshake, tls.acceptor().accept(LoneWrites(socket)));
    let socket = tokio::select! {
        handshake = handshake => match handshake {
            Ok(Ok(socket)) => socket,
            Ok(Err(error)) => return tracing::debug!(%peer, %error, "a TLS handshake failed"),
            Err(_) => {
                shared.meters.timed_out(TimeOut::TlsHandshake);
                return tracing::debug!(%peer, "a TLS handshake took too long");
            }
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

async fn serve_clear(mut socket: StreamSocket, peer: Peer, shared: Arc<Shared>) {
    let sniffed = tokio::select! {
        sniffed = timeout(shared.limits.first_byte, sniff(&mut socket)) => sniffed,
        () = shared.stop.watch() => return,
    };
    let read = match sniffed {
        Ok(Ok(read)) => read,
        Ok(Err(error)) => {
            return tracing::debug!(%peer, %error, "a connection ended before its first request");
        }
        Err(_) => {
            shared.meters.timed_out(TimeOut::FirstByte);
            return tracing::debug!(%peer, "a connection was silent for too long");
        }
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
