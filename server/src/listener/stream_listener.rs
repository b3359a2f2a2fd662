//! A listening socket, TCP or Unix, and what it accepts.

use std::io;
use std::net::SocketAddr;
#[cfg(unix)]
use std::path::Path;

use tokio::net::TcpListener;
#[cfg(unix)]
use tokio::net::UnixListener;

#[cfg(unix)]
use super::unix_file::UnixFile;
use crate::admission::Place;
use crate::transport::StreamSocket;

/// A listening socket.
pub(super) enum StreamListener {
    Tcp(TcpListener),
    /// With its file if that is ours.
    #[cfg(unix)]
    Unix(UnixListener, Option<UnixFile>),
}

/// A socket that was accepted.
pub(super) enum Accepted {
    Tcp(tokio::net::TcpStream, SocketAddr),
    #[cfg(unix)]
    Unix(tokio::net::UnixStream),
}

impl StreamListener {
    pub(super) fn tcp(listener: std::net::TcpListener) -> io::Result<Self> {
        listener.set_nonblocking(true)?;
        TcpListener::from_std(listener).map(Self::Tcp)
    }

    #[cfg(unix)]
    pub(super) fn unix(
        listener: std::os::unix::net::UnixListener,
        file: Option<UnixFile>,
    ) -> io::Result<Self> {
        listener.set_nonblocking(true)?;
        Ok(Self::Unix(UnixListener::from_std(listener)?, file))
    }

    /// Its address, if it has one.
    pub(super) fn local_address(&self) -> io::Result<Option<SocketAddr>> {
        match self {
            Self::Tcp(listener) => listener.local_addr().map(Some),
            #[cfg(unix)]
            Self::Unix(..) => Ok(None),
        }
    }

    /// The path of its file, if it is ours.
    #[cfg(unix)]
    pub(super) fn path(&self) -> Option<&Path> {
        match self {
            Self::Unix(_, Some(file)) => Some(file.path()),
            Self::Unix(_, None) | Self::Tcp(_) => None,
        }
    }

    /// Accepts the next connection. It may be cancelled.
    pub(super) async fn accept(&self) -> io::Result<Accepted> {
        match self {
            Self::Tcp(listener) => {
                let (socket, peer) = listener.accept().await?;
                // Where a socket takes both families, IPv4 comes as IPv6.
                Ok(Accepted::Tcp(socket, SocketAddr::new(peer.ip().to_canonical(), peer.port())))
            }
            #[cfg(unix)]
            Self::Unix(listener, _) => listener.accept().await.map(|(socket, _)| Accepted::Unix(socket)),
        }
    }
}

impl Accepted {
    /// The address of the peer, if it has one.
    pub(super) fn peer(&self) -> Option<SocketAddr> {
        match self {
            Self::Tcp(_, peer) => Some(*peer),
            #[cfg(unix)]
            Self::Unix(_) => None,
        }
    }

    /// Makes it ready to be served.
    pub(super) fn into_socket(self, place: Place) -> io::Result<StreamSocket> {
        match self {
            Self::Tcp(socket, _) => {
                socket.set_nodelay(true)?;
                Ok(StreamSocket::tcp(socket, place))
            }
            #[cfg(unix)]
            Self::Unix(socket) => Ok(StreamSocket::unix(socket, place)),
        }
    }
}
