//! The server behind proxies: whom it believes, and where else it listens.

use std::io;
use std::net::Ipv4Addr;
use std::path::PathBuf;

use clap::Args;
use hubcast::{Endpoint, ForwardingHeader, ProxyProtocol, Server, TrustedProxies};

/// What the command line says of proxies.
#[derive(Args)]
pub(crate) struct Proxies {
    /// A network of HTTP proxies whose X-Forwarded-For, -Proto, -Host and -Prefix are believed, as 10.0.0.0/8
    #[arg(long = "trust", value_name = "NETWORK")]
    trusted: Vec<String>,
    /// A path that is taken off the front of requests, as /corners-app
    #[arg(long, value_name = "PATH", value_parser = path)]
    path_base: Option<String>,
    /// A Unix socket to listen at too, for a proxy on this machine
    #[arg(long, value_name = "FILE")]
    unix: Option<PathBuf>,
    /// A port on localhost for a load balancer that sends the PROXY protocol
    #[arg(long, value_name = "PORT")]
    proxy_protocol: Option<u16>,
}

impl Proxies {
    /// Puts them before a server.
    pub(crate) fn stand_before(&self, mut server: Server) -> io::Result<Server> {
        if !self.trusted.is_empty() {
            let headers = [
                ForwardingHeader::XForwardedFor,
                ForwardingHeader::XForwardedProto,
                ForwardingHeader::XForwardedHost,
                ForwardingHeader::XForwardedPrefix,
            ];
            let proxies = TrustedProxies::new(&self.trusted, headers).map_err(io::Error::other)?;
            server = server.trusted_proxies(proxies.unix_sockets(true));
        }
        if let Some(path) = &self.path_base {
            server = server.path_base(path);
        }
        if let Some(file) = &self.unix {
            server = server.listen_on(Endpoint::unix(file).mode(0o660));
        }
        if let Some(port) = self.proxy_protocol {
            let endpoint = Endpoint::tcp((Ipv4Addr::LOCALHOST, port));
            server = server.listen_on(endpoint.proxy_protocol(ProxyProtocol::from_anyone()));
        }
        Ok(server)
    }
}

fn path(text: &str) -> Result<String, &'static str> {
    let is_path = text.starts_with('/') && !text.contains(['?', '#']);
    if is_path { Ok(text.to_owned()) } else { Err("a path starts with a slash and has no query") }
}
