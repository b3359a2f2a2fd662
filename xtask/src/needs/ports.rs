//! Free ports on the loopback address, from those that no system gives to clients: a server that is started again finds its
//! port free.

use std::hash::{BuildHasher as _, RandomState};
use std::net::{Ipv4Addr, TcpListener};
use std::ops::Range;

use super::Obstacle;

const ATTEMPTS: usize = 100;
const PORTS: Range<u16> = 10_000..32_000;

/// A port that is free together with the next two; bench-server listens on it and on the second next.
pub(super) fn free() -> Result<u16, Obstacle> {
    (0..ATTEMPTS)
        .find_map(|_| three_in_a_row())
        .ok_or_else(|| Obstacle::Fails(format!("no three free ports in a row after {ATTEMPTS} attempts")))
}

fn three_in_a_row() -> Option<u16> {
    let random = RandomState::new().hash_one(()) % u64::from(PORTS.end - PORTS.start);
    let port = PORTS.start + u16::try_from(random).ok()?;
    let _bound = [port, port + 1, port + 2]
        .into_iter()
        .map(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, port)))
        .collect::<Result<Vec<_>, _>>()
        .ok()?;
    Some(port)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_three_ports_can_be_bound() {
        let port = free().expect("a machine that runs tests has free ports");
        for port in port..=port + 2 {
            TcpListener::bind((Ipv4Addr::LOCALHOST, port)).expect("the port was found free");
        }
    }
}
