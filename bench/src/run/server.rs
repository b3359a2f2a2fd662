//! A running server of a contender. Dropping it ends it.

use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use super::contender::Contender;
use super::cores::{Cores, Role};
use super::error::RunError;
use super::interrupt::Interrupt;
use super::ports::Ports;
use super::process::{LOOK_EVERY, Process};
use super::tail::last_lines;
use super::way::{Layout, Way};

/// A server with a runtime of its own may compile at its start.
const READY_LIMIT: Duration = Duration::from_secs(30);
const CONNECT_LIMIT: Duration = Duration::from_secs(1);
const SHOWN_LINES: usize = 5;

pub(crate) struct Server {
    name: String,
    layout: Layout,
    port: u16,
    process: Process,
}

impl Server {
    /// Starts the contender on ports of its own and waits until it listens on all of them.
    pub(crate) fn start(
        contender: &Contender,
        cores: &Cores,
        ports: &mut Ports,
        interrupt: &Interrupt,
    ) -> Result<Self, RunError> {
        let port = ports.take()?;
        let name = contender.name.clone();
        let command = cores.command(Role::Server, &contender.command(port));
        let process = Process::start(command)
            .map_err(|why| RunError::Server { name: name.clone(), why: format!("does not start: {why}") })?;
        Self { name, layout: contender.layout, port, process }.once_ready(interrupt, READY_LIMIT)
    }

    /// The hub's address, or `None` where the server does not take this way.
    pub(crate) fn url(&self, way: Way) -> Option<String> {
        let port = self.layout.port(self.port, way)?;
        let scheme = if way.tls { "wss" } else { "ws" };
        Some(format!("{scheme}://{}:{port}/bench", Ipv4Addr::LOCALHOST))
    }

    pub(crate) fn process(&self) -> u32 {
        self.process.id()
    }

    /// Fails if the server has ended by itself.
    pub(crate) fn still_running(self) -> Result<Self, RunError> {
        if self.process.has_ended() { Err(self.failed("ended by itself")) } else { Ok(self) }
    }

    fn once_ready(self, interrupt: &Interrupt, limit: Duration) -> Result<Self, RunError> {
        let deadline = Instant::now() + limit;
        for port in self.layout.ports(self.port) {
            let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
            while TcpStream::connect_timeout(&address, CONNECT_LIMIT).is_err() {
                if self.process.has_ended() {
                    return Err(self.failed("ended at once"));
                }
                if interrupt.is_set() {
                    return Err(RunError::Interrupted);
                }
                if Instant::now() > deadline {
                    let place = ["first", "second", "third"][usize::from(port - self.port)];
                    return Err(self.failed(&format!("does not listen on the {place} of its ports")));
                }
                thread::sleep(LOOK_EVERY);
            }
        }
        self.still_running()
    }

    fn failed(self, what: &str) -> RunError {
        let ended = self.process.end();
        let errors = last_lines(&ended.errors, SHOWN_LINES);
        let output = last_lines(&ended.output, SHOWN_LINES);
        let last = if errors.is_empty() { output } else { errors };
        let why =
            if last.is_empty() { format!("{what} and printed nothing") } else { format!("{what}: {last}") };
        RunError::Server { name: self.name, why }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn start(command: &str, limit: Duration) -> Result<Server, RunError> {
        let contender: Contender = format!("peer:h1={command}").parse().expect("it is one");
        let port = Ports::new().take()?;
        let process = Process::start(Cores::Free("a test").command(Role::Server, &contender.command(port)))
            .expect("sh is on PATH");
        Server { name: contender.name, layout: contender.layout, port, process }
            .once_ready(&Interrupt::default(), limit)
    }

    #[test]
    fn a_server_that_ends_at_once_is_told_with_its_last_words() {
        let ended =
            start("sh -c 'echo port {port} is >/dev/null; echo no certificate >&2; exit 1'", READY_LIMIT);
        let why = ended.err().map(|why| why.to_string());
        assert_eq!(why.as_deref(), Some("peer ended at once: no certificate"));
    }

    #[test]
    fn a_server_that_does_not_listen_is_told() {
        let silent = start("sh -c 'echo {port}; exec sleep 1000'", Duration::ZERO);
        let why = silent.err().map(|why| why.to_string()).unwrap_or_default();
        assert!(why.starts_with("peer does not listen on the first of its ports"), "{why}");
    }

    #[test]
    fn waiting_for_a_server_can_be_interrupted() {
        let contender: Contender = "peer=sh -c 'exec sleep 1000' {port}".parse().expect("it is one");
        let interrupt = Interrupt::default();
        interrupt.set();
        let waited = Server::start(&contender, &Cores::Free("a test"), &mut Ports::new(), &interrupt);
        assert!(matches!(waited.err(), Some(RunError::Interrupted)));
    }
}
