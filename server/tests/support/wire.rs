//! The bytes of one client: a socket, or a stream of an HTTP/2 connection.

use std::io;
use std::net::SocketAddr;

use bytes::Bytes;
use h2::{RecvStream, SendStream};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::bound::soon;

/// A byte stream in both directions.
pub(crate) enum Wire {
    Socket(Box<dyn Socket>),
    Stream(SendStream<Bytes>, RecvStream),
}

/// A TCP or TLS connection.
pub(crate) trait Socket: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Socket for T {}

impl Wire {
    /// Connects in clear text.
    pub(crate) async fn connect(address: SocketAddr) -> Self {
        Self::Socket(Box::new(connect(address).await))
    }

    /// Sends all of `bytes`. A peer that is gone is no failure: what it said before is what a test looks at.
    pub(crate) async fn write(&mut self, bytes: &[u8]) {
        match self {
            Self::Socket(socket) => {
                let _ = soon(socket.write_all(bytes)).await;
            }
            Self::Stream(send, _) => {
                let _ = send.send_data(Bytes::copy_from_slice(bytes), false);
            }
        }
    }

    /// Receives some bytes; none at the end.
    pub(crate) async fn read(&mut self) -> io::Result<Bytes> {
        match self {
            Self::Socket(socket) => {
                let mut chunk = vec![0; 64 * 1024];
                let length = soon(socket.read(&mut chunk)).await?;
                chunk.truncate(length);
                Ok(chunk.into())
            }
            Self::Stream(_, receive) => match soon(receive.data()).await {
                None => Ok(Bytes::new()),
                Some(Err(error)) => Err(io::Error::other(error)),
                Some(Ok(data)) => {
                    receive.flow_control().release_capacity(data.len()).map_err(io::Error::other)?;
                    Ok(data)
                }
            },
        }
    }

    /// Ends our direction.
    pub(crate) async fn finish(&mut self) {
        match self {
            Self::Socket(socket) => soon(socket.shutdown()).await.unwrap(),
            Self::Stream(send, _) => send.send_data(Bytes::new(), true).unwrap(),
        }
    }

    /// Reads on until the peer has ended: how it did, `end` or `reset`.
    pub(crate) async fn until_end(&mut self) -> &'static str {
        loop {
            match self.read().await {
                Ok(bytes) if bytes.is_empty() => return "end",
                Ok(_) => {}
                Err(_) => return "reset",
            }
        }
    }
}

/// Connects and sends small writes at once.
pub(crate) async fn connect(address: SocketAddr) -> TcpStream {
    let socket = soon(TcpStream::connect(address)).await.unwrap();
    socket.set_nodelay(true).unwrap();
    socket
}
