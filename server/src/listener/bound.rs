//! An endpoint that listens.

use std::io;
use std::net::SocketAddr;

use socket2::{Domain, Protocol, SockAddr, Socket, Type};

use super::address::Address;
use super::endpoint::{Endpoint, Place, Way};
#[cfg(unix)]
use super::inherited::{Inherited, inherited};
use super::stream_listener::StreamListener;
#[cfg(unix)]
use super::unix_file::UnixFile;

/// A listener, and what is done with the sockets that it accepts.
pub(super) struct Bound {
    pub(super) listener: StreamListener,
    pub(super) way: Way,
}

/// Connections that wait to be accepted; the system may allow fewer.
const BACKLOG: i32 = 1024;

impl Bound {
    /// Begins to listen: at one place, or with all sockets that were passed on.
    ///
    /// # Errors
    ///
    /// If one cannot be listened at; the message names it.
    pub(super) fn open(endpoint: Endpoint) -> io::Result<Vec<Self>> {
        let name = endpoint.place.to_string();
        let failed =
            |error: io::Error| io::Error::new(error.kind(), format!("cannot listen on {name}: {error}"));
        let way = endpoint.way.clone();
        let listeners = listeners(endpoint).map_err(failed)?;
        Ok(listeners.into_iter().map(|listener| Self { listener, way: way.clone() }).collect())
    }

    /// Where it listens, for the log.
    pub(super) fn name(&self) -> String {
        if let Ok(Some(address)) = self.address() {
            return address.to_string();
        }
        #[cfg(unix)]
        if let Some(path) = self.listener.path() {
            return format!("{}://unix:{}", self.way.security.scheme(), path.display());
        }
        format!("{}://unix", self.way.security.scheme())
    }

    /// Its address; `None` for a Unix socket.
    pub(super) fn address(&self) -> io::Result<Option<Address>> {
        let socket = self.listener.local_address()?;
        Ok(socket.map(|socket| Address { scheme: self.way.security.scheme(), socket }))
    }
}

fn listeners(endpoint: Endpoint) -> io::Result<Vec<StreamListener>> {
    let one = match endpoint.place {
        Place::Tcp(address) => StreamListener::tcp(bind_tcp(address, endpoint.ipv6_only)?)?,
        Place::TcpListener(listener) => StreamListener::tcp(listener)?,
        #[cfg(unix)]
        Place::Unix(path) => {
            let (socket, file) = bind_unix(path, endpoint.mode)?;
            StreamListener::unix(socket.into(), Some(file))?
        }
        #[cfg(unix)]
        Place::UnixListener(listener) => StreamListener::unix(listener, None)?,
        #[cfg(unix)]
        Place::Inherited(name) => {
            let passed = inherited(name.as_deref())?.into_iter();
            return passed
                .map(|passed| match passed {
                    Inherited::Tcp(listener) => StreamListener::tcp(listener),
                    Inherited::Unix(listener) => StreamListener::unix(listener, None),
                })
                .collect();
        }
    };
    Ok(vec![one])
}

fn bind_tcp(address: SocketAddr, ipv6_only: bool) -> io::Result<std::net::TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    // Elsewhere it would let others take the address.
    #[cfg(unix)]
    socket.set_reuse_address(true)?;
    if address.is_ipv6() {
        socket.set_only_v6(ipv6_only)?;
    }
    socket.bind(&SockAddr::from(address))?;
    socket.listen(BACKLOG)?;
    Ok(socket.into())
}

#[cfg(unix)]
fn bind_unix(path: std::path::PathBuf, mode: Option<u32>) -> io::Result<(Socket, UnixFile)> {
    UnixFile::clear(&path)?;
    let socket = Socket::new(Domain::UNIX, Type::STREAM, None)?;
    socket.bind(&SockAddr::unix(&path)?)?;
    let file = UnixFile::new(path)?;
    if let Some(mode) = mode {
        file.set_mode(mode)?;
    }
    // Nobody could connect until here.
    socket.listen(BACKLOG)?;
    Ok((socket, file))
}
