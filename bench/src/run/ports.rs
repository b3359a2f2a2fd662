//! Free ports on the loopback address, for one server.
//!
//! They lie below those that the kernel gives to outgoing connections: a load of many connections would take
//! the ports of the next server.

use std::net::{Ipv4Addr, TcpListener};
use std::ops::Range;
use std::sync::atomic::{AtomicU32, Ordering};

use super::error::RunError;
use super::way::PORTS;

/// Linux gives ports from 32,768 to outgoing connections.
const CANDIDATES: Range<u16> = 20_000..32_000;
const STEP: u16 = 4;

/// Finds ports that nobody listens on. A server that starts anew gets others, so that it meets no old connections.
pub(crate) struct Ports {
    next: u16,
}

impl Ports {
    /// Two programs at the same time begin at different places, and so do two of these in one program.
    pub(crate) fn new() -> Self {
        static MADE: AtomicU32 = AtomicU32::new(0);
        let places = u32::from((CANDIDATES.end - CANDIDATES.start) / STEP);
        let place = (std::process::id() % places * 37 + MADE.fetch_add(1, Ordering::Relaxed) * 101) % places;
        Self { next: CANDIDATES.start + STEP * u16::try_from(place).unwrap_or_default() }
    }

    /// The first of [`PORTS`] free ports in a row.
    pub(crate) fn take(&mut self) -> Result<u16, RunError> {
        for _ in CANDIDATES.step_by(usize::from(STEP)) {
            let first = self.next;
            self.next = if first + 2 * STEP < CANDIDATES.end { first + STEP } else { CANDIDATES.start };
            if (first..first + PORTS).all(is_free) {
                return Ok(first);
            }
        }
        Err(RunError::NoPorts)
    }
}

fn is_free(port: u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_port_is_given_twice_in_a_row() {
        let mut ports = Ports::new();
        let first = ports.take().expect("a machine that runs tests has free ports");
        let second = ports.take().expect("a machine that runs tests has free ports");
        assert!(first.abs_diff(second) >= PORTS);
        for port in [first, second] {
            assert!(CANDIDATES.contains(&port) && CANDIDATES.contains(&(port + PORTS - 1)));
        }
    }

    #[test]
    fn a_port_in_use_is_passed_over() {
        let mut ports = Ports::new();
        let start = ports.next;
        let first = ports.take().expect("a machine that runs tests has free ports");
        let _taken = TcpListener::bind((Ipv4Addr::LOCALHOST, first + 2)).expect("the port was found free");
        ports.next = start;
        assert_ne!(ports.take().expect("a machine that runs tests has free ports"), first);
    }
}
