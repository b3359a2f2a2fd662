//! Free ports on the loopback address.

use std::net::{Ipv4Addr, TcpListener};

use super::Obstacle;

const ATTEMPTS: usize = 100;

/// A port that is free together with the next two; bench-server listens on it and on the second next.
pub(super) fn free() -> Result<u16, Obstacle> {
    (0..ATTEMPTS)
        .find_map(|_| three_in_a_row())
        .ok_or_else(|| Obstacle::Fails(format!("no three free ports in a row after {ATTEMPTS} attempts")))
}

fn three_in_a_row() -> Option<u16> {
    let first = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).ok()?;
    let port = first.local_addr().ok()?.port();
    let _second = TcpListener::bind((Ipv4Addr::LOCALHOST, port.checked_add(1)?)).ok()?;
    let _third = TcpListener::bind((Ipv4Addr::LOCALHOST, port.checked_add(2)?)).ok()?;
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
