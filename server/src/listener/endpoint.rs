//! Where a server listens and how, as the application says it.

use std::fmt;
use std::net::{SocketAddr, TcpListener};
#[cfg(unix)]
use std::os::unix::net::UnixListener;
#[cfg(unix)]
use std::path::PathBuf;

use super::proxy_protocol::ProxyProtocol;
use super::security::Security;
use super::server::Server;
#[cfg(feature = "tls")]
use super::tls::Tls;

/// A place to listen at: an address, a Unix socket, or a socket that listens already.
///
/// ```no_run
/// use hubcast::{Endpoint, Server};
///
/// # async fn serve() -> std::io::Result<()> {
/// let everywhere = Endpoint::tcp((std::net::Ipv6Addr::UNSPECIFIED, 5000));
/// let for_the_proxy = Endpoint::unix("/run/chat/http.sock").mode(0o660);
/// Server::new().listen_on(everywhere).listen_on(for_the_proxy).run().await
/// # }
/// ```
pub struct Endpoint {
    pub(super) place: Place,
    pub(super) way: Way,
    pub(super) ipv6_only: bool,
    /// The mode of a Unix socket's file.
    #[cfg(unix)]
    pub(super) mode: Option<u32>,
}

/// What to listen with.
pub(super) enum Place {
    Tcp(SocketAddr),
    TcpListener(TcpListener),
    #[cfg(unix)]
    Unix(PathBuf),
    #[cfg(unix)]
    UnixListener(UnixListener),
    /// Those that systemd passed on under a name, or all of them.
    #[cfg(unix)]
    Inherited(Option<String>),
}

/// What stands between an accepted socket and HTTP.
#[derive(Clone)]
pub(super) struct Way {
    pub(super) proxy_protocol: Option<ProxyProtocol>,
    pub(super) security: Security,
}

impl Endpoint {
    /// An IPv4 or IPv6 address. Port 0 lets the system choose. `[::]` takes IPv4 too, on every system, unless
    /// [`ipv6_only`](Self::ipv6_only) says otherwise.
    pub fn tcp(address: impl Into<SocketAddr>) -> Self {
        Self::of(Place::Tcp(address.into()))
    }

    /// A Unix socket at `path`, which is at most 107 bytes long on Linux. Its file is removed when the server has stopped.
    ///
    /// A file that a server left behind which is gone is replaced. Where somebody still listens, or the file is no socket,
    /// the server does not start.
    #[cfg(unix)]
    pub fn unix(path: impl Into<PathBuf>) -> Self {
        Self::of(Place::Unix(path.into()))
    }

    /// All sockets that systemd has passed on to this process (`sd_listen_fds(3)`), TCP and Unix.
    ///
    /// Each socket can be taken once in a process. Where there is none, or `LISTEN_PID` names another process, the server
    /// does not start. The variables `LISTEN_PID` and `LISTEN_FDS` are taken out of the environment.
    #[cfg(unix)]
    pub fn inherited() -> Self {
        Self::of(Place::Inherited(None))
    }

    /// The sockets that systemd has passed on under this name (`FileDescriptorName=` of the socket unit), else as
    /// [`inherited`](Self::inherited).
    #[cfg(unix)]
    pub fn inherited_as(name: impl Into<String>) -> Self {
        Self::of(Place::Inherited(Some(name.into())))
    }

    /// Speaks TLS: HTTP/2 and HTTP/1.1, whichever the client prefers. Default: clear text.
    #[cfg(feature = "tls")]
    #[must_use]
    pub fn tls(mut self, tls: Tls) -> Self {
        self.way.security = Security::Tls(tls);
        self
    }

    /// Wants a header of the PROXY protocol before anything else, TLS included. Default: none.
    #[must_use]
    pub fn proxy_protocol(mut self, protocol: ProxyProtocol) -> Self {
        self.way.proxy_protocol = Some(protocol);
        self
    }

    /// Takes IPv6 alone at an IPv6 address. Default: off.
    #[must_use]
    pub fn ipv6_only(mut self, on: bool) -> Self {
        self.ipv6_only = on;
        self
    }

    /// Sets the mode of a Unix socket's file, as `0o660`: who may connect. It holds before anybody can. Default: what the
    /// process' umask leaves.
    #[cfg(unix)]
    #[must_use]
    pub fn mode(mut self, mode: u32) -> Self {
        self.mode = Some(mode);
        self
    }

    fn of(place: Place) -> Self {
        Self {
            place,
            way: Way { proxy_protocol: None, security: Security::ClearText },
            ipv6_only: false,
            #[cfg(unix)]
            mode: None,
        }
    }
}

impl Server {
    /// Listens in clear text, for HTTP/1.1 and for HTTP/2 with prior knowledge. Port 0 lets the system choose.
    #[must_use]
    pub fn listen(self, address: impl Into<SocketAddr>) -> Self {
        self.listen_on(Endpoint::tcp(address))
    }

    /// Listens with TLS: HTTP/2 and HTTP/1.1, whichever the client prefers. Port 0 lets the system choose.
    #[cfg(feature = "tls")]
    #[must_use]
    pub fn listen_tls(self, address: impl Into<SocketAddr>, tls: Tls) -> Self {
        self.listen_on(Endpoint::tcp(address).tls(tls))
    }

    /// Listens at an endpoint: an address with options, a Unix socket, sockets that systemd passed on, or a listener of the
    /// standard library.
    ///
    /// ```
    /// # fn main() -> std::io::Result<()> {
    /// let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
    /// let server = hubcast::Server::new().listen_on(listener);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn listen_on(mut self, endpoint: impl Into<Endpoint>) -> Self {
        self.endpoints.push(endpoint.into());
        self
    }
}

/// A listener of the application's own.
impl From<TcpListener> for Endpoint {
    fn from(listener: TcpListener) -> Self {
        Self::of(Place::TcpListener(listener))
    }
}

/// A listener of the application's own. The file of its socket stays when the server stops.
#[cfg(unix)]
impl From<UnixListener> for Endpoint {
    fn from(listener: UnixListener) -> Self {
        Self::of(Place::UnixListener(listener))
    }
}

impl From<SocketAddr> for Endpoint {
    fn from(address: SocketAddr) -> Self {
        Self::tcp(address)
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.place.to_string())
    }
}

impl fmt::Display for Place {
    /// Writes it as error messages name it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(address) => address.fmt(f),
            Self::TcpListener(_) => f.write_str("the given TCP listener"),
            #[cfg(unix)]
            Self::Unix(path) => path.display().fmt(f),
            #[cfg(unix)]
            Self::UnixListener(_) => f.write_str("the given Unix listener"),
            #[cfg(unix)]
            Self::Inherited(None) => f.write_str("the sockets that were passed on"),
            #[cfg(unix)]
            Self::Inherited(Some(name)) => write!(f, "the sockets that were passed on as {name:?}"),
        }
    }
}
