//! The floor: the least that a hub server can do on loopback, as a yardstick to measure others by.
//!
//! One thread, one epoll, one read and one write for each wake-up. It looks for the few fields that the load needs and
//! copies arguments as they are: no routing, no checks, no limits, no TLS, no HTTP/2, no pings. Never a server.
//!
//! Easy to break: mio tells of bytes once, so a read that filled the buffer must be followed by another. A connection
//! that does not take all of a write is ended: the floor keeps nothing for the slow.

mod connection;
mod hub;
mod json;
mod messagepack;
mod upgrade;

use std::io::{ErrorKind, Write, stdout};
use std::net::{Ipv4Addr, SocketAddr};

use anyhow::{Context, Result};
use mio::net::TcpListener;
use mio::{Events, Interest, Poll, Token};

use connection::Connection;
use hub::Hub;

const LISTENER: Token = Token(usize::MAX);
const EVENTS_AT_ONCE: usize = 1024;
const INPUT_SIZE: usize = 64 << 10;

/// Serves the bench hub at `port` of 127.0.0.1 until the process is ended.
pub(crate) fn serve(port: u16) -> Result<()> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut listener = TcpListener::bind(address).with_context(|| format!("cannot listen at {address}"))?;
    let mut poll = Poll::new()?;
    poll.registry().register(&mut listener, LISTENER, Interest::READABLE)?;
    writeln!(stdout(), "listening on ws://{}/bench", listener.local_addr()?)?;
    let mut events = Events::with_capacity(EVENTS_AT_ONCE);
    let mut hub = Hub::default();
    let mut input = vec![0; INPUT_SIZE];
    loop {
        match poll.poll(&mut events, None) {
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            done => done?,
        }
        for event in &events {
            if event.token() == LISTENER {
                accept(&listener, &poll, &mut hub)?;
            } else {
                hub.wake(event.token().0, &mut input);
            }
        }
    }
}

fn accept(listener: &TcpListener, poll: &Poll, hub: &mut Hub) -> Result<()> {
    loop {
        match listener.accept() {
            Ok((socket, _)) => {
                socket.set_nodelay(true)?;
                let connection = hub.admit(Connection::new(socket));
                let (position, socket) = connection;
                poll.registry().register(socket, Token(position), Interest::READABLE)?;
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
            // Whoever was accepted has gone again.
            Err(error) if error.kind() == ErrorKind::ConnectionAborted => {}
            Err(error) => return Err(error).context("cannot accept connections"),
        }
    }
}
