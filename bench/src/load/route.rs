//! The way to the hub that all connections of a run take: protocol, HTTP version, TLS, source addresses.
//!
//! Easy to break: each TCP connection leaves from the next of many loopback addresses, because one address has about
//! 28,000 ports, and those of closed connections stay taken for a minute.

use std::cell::Cell;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::rc::Rc;

use anyhow::{Context, Result, ensure};
use hubcast_protocol::HubProtocol;
use tokio::net::{TcpSocket, TcpStream};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::pki_types::ServerName;

use super::client::Client;
use super::http1::Upgrade;
use super::http2::Http2Connection;
use super::pipe::Pipe;
use super::target::Target;
use super::tls;

/// Source addresses used in turn, from 127.0.0.2 on.
const SOURCES: u8 = 128;

/// The HTTP version that carries the WebSockets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Http {
    /// HTTP/1.1, `Upgrade: websocket`
    H1,
    /// HTTP/2, extended CONNECT
    H2,
}

/// How every connection of a run is made.
pub(crate) struct Route {
    target: Target,
    http: Http,
    pub(crate) streams: usize,
    pub(crate) protocol: HubProtocol,
    tls: Option<(TlsConnector, ServerName<'static>)>,
    upgrade: Upgrade,
    /// What an extended CONNECT names.
    uri: String,
    next_source: Cell<u8>,
}

impl Route {
    /// Prepares the way to `target`, with `streams` WebSockets on each HTTP/2 connection.
    pub(crate) fn new(target: Target, http: Http, streams: usize, protocol: HubProtocol) -> Result<Self> {
        let alpn: &[u8] = match http {
            Http::H1 => b"http/1.1",
            Http::H2 => b"h2",
        };
        let name = ServerName::IpAddress(target.address.ip().into());
        let tls = if target.tls { Some((tls::connector(alpn)?, name)) } else { None };
        let upgrade = Upgrade::new(&target);
        let scheme = if target.tls { "https" } else { "http" };
        let uri = format!("{scheme}://{}{}", target.authority, target.path);
        let streams = match http {
            Http::H1 => 1,
            Http::H2 => streams,
        };
        Ok(Self { target, http, streams, protocol, tls, upgrade, uri, next_source: Cell::new(0) })
    }

    async fn tcp(&self) -> Result<TcpStream> {
        let address = self.target.address;
        let socket = match address.ip() {
            IpAddr::V4(_) => {
                let turn = self.next_source.get();
                self.next_source.set((turn + 1) % SOURCES);
                let socket = TcpSocket::new_v4()?;
                socket.set_reuseaddr(true)?;
                socket.bind(SocketAddr::from((Ipv4Addr::new(127, 0, 0, 2 + turn), 0)))?;
                socket
            }
            IpAddr::V6(_) => TcpSocket::new_v6()?,
        };
        let tcp = socket.connect(address).await.with_context(|| format!("no connection to {address}"))?;
        tcp.set_nodelay(true)?;
        Ok(tcp)
    }

    async fn begin_http2(&self) -> Result<Http2Connection> {
        match &self.tls {
            Some((connector, name)) => Http2Connection::begin(self.begin_tls(connector, name).await?).await,
            None => Http2Connection::begin(self.tcp().await?).await,
        }
    }

    async fn begin_tls(
        &self,
        connector: &TlsConnector,
        name: &ServerName<'static>,
    ) -> Result<Box<TlsStream<TcpStream>>> {
        let tls = connector.connect(name.clone(), self.tcp().await?).await.context("no TLS")?;
        let chosen = tls.get_ref().1.alpn_protocol();
        let is_right = match self.http {
            Http::H1 => chosen.is_none_or(|chosen| chosen == b"http/1.1"),
            Http::H2 => chosen == Some(b"h2"),
        };
        ensure!(is_right, "the server chose {:?} by ALPN", chosen.map(String::from_utf8_lossy));
        Ok(Box::new(tls))
    }
}

/// Opens clients one after the other; on HTTP/2 as many share a connection as the route says.
pub(crate) struct Opener {
    route: Rc<Route>,
    shared: Option<(Http2Connection, usize)>,
}

impl Opener {
    /// An opener that has no connection yet.
    pub(crate) fn new(route: Rc<Route>) -> Self {
        Self { route, shared: None }
    }

    /// Opens a client: connection, upgrade, handshake of the hub.
    pub(crate) async fn open(&mut self) -> Result<Client> {
        let pipe = match self.route.http {
            Http::H1 => self.open_http1().await?,
            Http::H2 => self.open_http2().await?,
        };
        Client::shake_hands(pipe, self.route.protocol).await
    }

    async fn open_http1(&self) -> Result<Pipe> {
        let mut pipe = match &self.route.tls {
            Some((connector, name)) => Pipe::Tls(self.route.begin_tls(connector, name).await?),
            None => Pipe::Tcp(self.route.tcp().await?),
        };
        self.route.upgrade.perform(&mut pipe).await?;
        Ok(pipe)
    }

    async fn open_http2(&mut self) -> Result<Pipe> {
        let route = self.route.clone();
        let (connection, used) = match self.shared.take().filter(|(_, used)| *used < route.streams) {
            Some(shared) => shared,
            None => (route.begin_http2().await?, 0),
        };
        let stream = connection.open(&route.uri).await?;
        self.shared = Some((connection, used + 1));
        Ok(Pipe::Http2(stream))
    }
}
