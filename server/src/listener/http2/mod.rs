//! HTTP/2 by the h2 crate: requests to the routes, extended CONNECT to WebSockets (RFC 8441).
//!
//! The task of a connection moves the frames of all its streams; it begins each request in the order in which they came,
//! and leaves the rest of it to a task of its own (`exchange`). A connection ends when its client is silent, when it has
//! had no stream for too long, or with the server.

mod carrier;
mod exchange;
mod idle;
mod portions;
mod response;

use std::future::poll_fn;
use std::ops::RangeInclusive;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use h2::server::{Builder, Connection};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::timeout;

use super::http2_keep_alive::silence;
use super::listener_limits::ListenerLimits;
use super::meters::TimeOut;
use super::peer::Peer;
use super::shared::Shared;
use carrier::Carrier;
use portions::Portions;

/// Bytes that a client may send ahead on one stream.
const STREAM_WINDOW: u32 = 64 * 1024;

/// Bytes that a client may send ahead on all streams of a connection together, however many there may be. h2 lets half
/// of it wait as the cost of small frames, so that it may not be little where there are few streams.
const CONNECTION_WINDOW: RangeInclusive<u32> = 100 * STREAM_WINDOW..=64 * 1024 * 1024;

/// Bytes of one stream that wait inside h2; what is more waits in the outbox, where it is counted.
const SEND_BUFFER: usize = 64 * 1024;

/// Streams that a server has given up are known for so long, so that what their clients still send counts as no error; h2
/// knows as many as may be open, and [`FEWEST_GIVEN_UP`] of them at least.
const GIVEN_UP: Duration = Duration::from_secs(10);
const FEWEST_GIVEN_UP: usize = 50;

/// Serves one connection until it ends or the server stops and its streams have ended.
pub(super) async fn serve<S>(socket: S, peer: Peer, shared: Arc<Shared>)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    shared.meters.accepted_http2(&peer);
    let limits = shared.limits;
    let opening = async {
        let mut connection: Connection<_, Bytes> = builder(&limits).handshake(Portions::new(socket)).await?;
        let first = connection.accept().await;
        Ok::<_, h2::Error>((connection, first))
    };
    let opened = tokio::select! {
        opened = timeout(limits.request_head, opening) => opened,
        () = shared.stop.watch() => return,
    };
    let (mut connection, first) = match opened {
        Ok(Ok(opened)) => opened,
        Ok(Err(error)) => return tracing::debug!(%peer, %error, "an HTTP/2 connection could not begin"),
        Err(_) => {
            shared.meters.timed_out(TimeOut::RequestHead);
            return tracing::debug!(%peer, "an HTTP/2 connection asked for nothing in time");
        }
    };
    let mut silence = pin!(silence(connection.ping_pong(), limits.http2_keep_alive));
    let mut stop = pin!(shared.stop.watch());
    let mut carrier = Carrier::new(connection, peer, Arc::clone(&shared));
    if carrier.take(first).is_ready() {
        return;
    }
    poll_fn(|cx| carrier.poll(cx, silence.as_mut(), stop.as_mut())).await;
}

fn builder(limits: &ListenerLimits) -> Builder {
    let mut builder = Builder::new();
    builder
        .enable_connect_protocol()
        .initial_window_size(STREAM_WINDOW)
        .initial_connection_window_size(connection_window(limits.http2_streams))
        .max_concurrent_streams(limits.http2_streams)
        .max_header_list_size(limits.http2_header_list)
        .max_pending_accept_reset_streams(limits.http2_resets)
        .max_concurrent_reset_streams(FEWEST_GIVEN_UP.max(limits.http2_streams as usize))
        .reset_stream_duration(GIVEN_UP)
        .max_local_error_reset_streams(Some(limits.http2_error_resets))
        .max_send_buffer_size(SEND_BUFFER);
    builder
}

/// A window that all streams together cannot use up: while calls run on some, nothing may hold up the others.
fn connection_window(streams: u32) -> u32 {
    STREAM_WINDOW.saturating_mul(streams).clamp(*CONNECTION_WINDOW.start(), *CONNECTION_WINDOW.end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_windows_of_all_streams_fit_into_that_of_their_connection() {
        assert_eq!(connection_window(200), 200 * 64 * 1024);
        assert_eq!(connection_window(1), 100 * 64 * 1024);
        assert_eq!(connection_window(u32::MAX), 64 * 1024 * 1024);
    }
}
