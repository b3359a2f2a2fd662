//! Sockets that systemd, or whoever else speaks its protocol, has opened for this process (`sd_listen_fds(3)`).
//!
//! Descriptors from 3 on are sockets: `LISTEN_FDS` of them, for the process `LISTEN_PID`, with the names `LISTEN_FDNAMES`.
//! To own a descriptor by its number takes unsafe code, which is in the crate `listenfd`.

use std::io::{self, ErrorKind};
use std::net::TcpListener;
use std::os::unix::net::UnixListener;
use std::sync::OnceLock;

use listenfd::ListenFd;
use parking_lot::Mutex;

/// A listening socket that was passed on.
pub(super) enum Inherited {
    Tcp(TcpListener),
    Unix(UnixListener),
}

/// What was passed on and not taken yet.
struct Passed {
    sockets: ListenFd,
    /// By the number of the socket; taken ones are `None`.
    names: Vec<Option<String>>,
}

/// Of the process: a descriptor has one owner.
static PASSED: OnceLock<Mutex<Passed>> = OnceLock::new();

/// Takes the sockets with that name, or all.
///
/// # Errors
///
/// If there is none, or one is no listener of TCP or of a Unix socket.
pub(super) fn inherited(name: Option<&str>) -> io::Result<Vec<Inherited>> {
    let mut passed = PASSED.get_or_init(|| Mutex::new(Passed::from_environment())).lock();
    let wanted = (0..passed.names.len()).filter(|number| {
        let known = passed.names[*number].as_deref();
        known.is_some_and(|known| name.is_none_or(|name| name == known))
    });
    let wanted = wanted.collect::<Vec<_>>();
    if wanted.is_empty() {
        return Err(io::Error::new(ErrorKind::NotFound, "there is none, or it is taken"));
    }
    wanted.into_iter().map(|number| passed.take(number)).collect()
}

impl Passed {
    fn from_environment() -> Self {
        let variable = |name| std::env::var(name).unwrap_or_default();
        let names = variable("LISTEN_FDNAMES");
        // The crate takes an unset LISTEN_PID for ours: a child of the process that the sockets are for may inherit the rest.
        let is_for_us = variable("LISTEN_PID") == std::process::id().to_string();
        let sockets = if is_for_us { ListenFd::from_env() } else { ListenFd::empty() };
        Self { names: names_of(&names, sockets.len()), sockets }
    }

    fn take(&mut self, number: usize) -> io::Result<Inherited> {
        let tcp = self.sockets.take_tcp_listener(number).ok().flatten().map(Inherited::Tcp);
        let taken = match tcp {
            Some(tcp) => Some(tcp),
            None => self.sockets.take_unix_listener(number)?.map(Inherited::Unix),
        };
        self.names[number] = None;
        taken.ok_or_else(|| ErrorKind::NotFound.into())
    }
}

/// A socket without a name is `unknown`, as systemd says.
fn names_of(text: &str, count: usize) -> Vec<Option<String>> {
    let mut names = text.split(':').filter(|_| !text.is_empty());
    (0..count).map(|_| Some(names.next().unwrap_or("unknown").to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_socket_has_its_name_or_is_unknown() {
        let names = |text, count| {
            names_of(text, count).into_iter().map(|name| name.expect("none is taken")).collect::<Vec<_>>()
        };
        assert_eq!(names("web:admin", 2), ["web", "admin"]);
        assert_eq!(names("web", 2), ["web", "unknown"]);
        assert_eq!(names("", 1), ["unknown"]);
        assert_eq!(names("web:admin", 1), ["web"]);
        assert_eq!(names("", 0), [""; 0]);
    }
}
