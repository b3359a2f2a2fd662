//! WebSockets as streams of an HTTP/2 connection (RFC 8441).
//!
//! Easy to break: a stream's window is as large as all that a kind of load has under way, so what is written needs no
//! wait for capacity; h2 keeps the little that a full window holds back.

use std::io;
use std::task::{Context, Poll};
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use bytes::{Buf, Bytes};
use h2::client::{Builder, SendRequest};
use h2::ext::Protocol;
use h2::{RecvStream, SendStream};
use http::{Method, Request, StatusCode, Version};
use tokio::io::{AsyncRead, AsyncWrite};

const STREAM_WINDOW: u32 = 1 << 20;
const CONNECTION_WINDOW: u32 = 1 << 24;
const SETTINGS_WITHIN: Duration = Duration::from_secs(10);

/// One HTTP/2 connection, on which streams can be opened.
pub(crate) struct Http2Connection {
    requests: SendRequest<Bytes>,
}

impl Http2Connection {
    /// Begins HTTP/2 on `io` and waits until the server has said that it takes WebSockets.
    pub(crate) async fn begin(io: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) -> Result<Self> {
        let (requests, connection) = Builder::new()
            .initial_window_size(STREAM_WINDOW)
            .initial_connection_window_size(CONNECTION_WINDOW)
            .handshake::<_, Bytes>(io)
            .await?;
        // Its streams see the end of it too, and say so.
        tokio::spawn(connection);
        let mut requests = requests.ready().await?;
        let mut waited = Duration::ZERO;
        while !requests.is_extended_connect_protocol_enabled() {
            ensure!(waited < SETTINGS_WITHIN, "the server takes no WebSockets over HTTP/2 (RFC 8441)");
            let step = Duration::from_millis(1);
            tokio::time::sleep(step).await;
            waited += step;
            requests = requests.ready().await?;
        }
        Ok(Self { requests })
    }

    /// Opens a WebSocket at `uri`.
    pub(crate) async fn open(&self, uri: &str) -> Result<Http2Stream> {
        let request = Request::builder()
            .method(Method::CONNECT)
            .version(Version::HTTP_2)
            .uri(uri)
            .header("sec-websocket-version", "13")
            .extension(Protocol::from_static("websocket"))
            .body(())?;
        let mut requests = self.requests.clone().ready().await?;
        let (response, outbound) = requests.send_request(request, false)?;
        let response = response.await.context("the server did not answer the CONNECT")?;
        if response.status() != StatusCode::OK {
            bail!("the server refused the CONNECT: {}", response.status());
        }
        Ok(Http2Stream { inbound: response.into_body(), outbound, chunk: Bytes::new() })
    }
}

/// The bytes of one WebSocket.
pub(crate) struct Http2Stream {
    inbound: RecvStream,
    outbound: SendStream<Bytes>,
    /// What is left of the last DATA frame.
    chunk: Bytes,
}

impl Http2Stream {
    pub(super) fn poll_read(&mut self, cx: &mut Context<'_>, input: &mut [u8]) -> Poll<io::Result<usize>> {
        let mut filled = 0;
        while filled < input.len() {
            if self.chunk.is_empty() {
                match self.inbound.poll_data(cx) {
                    Poll::Ready(Some(chunk)) => {
                        let chunk = chunk.map_err(io::Error::other)?;
                        self.inbound
                            .flow_control()
                            .release_capacity(chunk.len())
                            .map_err(io::Error::other)?;
                        self.chunk = chunk;
                        continue;
                    }
                    Poll::Pending if filled == 0 => return Poll::Pending,
                    Poll::Ready(None) | Poll::Pending => break,
                }
            }
            let length = self.chunk.len().min(input.len() - filled);
            input[filled..filled + length].copy_from_slice(&self.chunk[..length]);
            self.chunk.advance(length);
            filled += length;
        }
        Poll::Ready(Ok(filled))
    }

    pub(super) fn write(&mut self, out: &[u8]) -> io::Result<usize> {
        self.outbound.send_data(Bytes::copy_from_slice(out), false).map_err(io::Error::other)?;
        Ok(out.len())
    }

    pub(super) fn end(&mut self) -> io::Result<()> {
        self.outbound.send_data(Bytes::new(), true).map_err(io::Error::other)
    }
}
