//! A server that takes part: its name, its layout of ports, and the command that starts it.
//!
//! The first one is the floor, the second Hubcast, the others are peers from the command line.

use std::path::Path;
use std::str::FromStr;

use super::way::Layout;

/// The server that does least for each message; all ratios are to it.
pub(crate) const FLOOR: &str = "floor";
pub(crate) const HUBCAST: &str = "hubcast";
/// As many as there are colours to tell them apart in a plot.
pub(crate) const PEER_LIMIT: usize = 5;
/// Where the command takes its first port.
const PORT_PLACE: &str = "{port}";

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Contender {
    pub(crate) name: String,
    pub(crate) layout: Layout,
    /// Program and arguments, with places for the port.
    command: Vec<String>,
}

impl Contender {
    /// The floor, which is a subcommand of `program`.
    pub(crate) fn floor(program: &Path) -> Self {
        Self::own(FLOOR, Layout::H1, program, &["floor", PORT_PLACE])
    }

    pub(crate) fn hubcast(program: &Path) -> Self {
        Self::own(HUBCAST, Layout::Both, program, &["--port", PORT_PLACE])
    }

    fn own(name: &str, layout: Layout, program: &Path, arguments: &[&str]) -> Self {
        let mut command = vec![program.to_string_lossy().into_owned()];
        command.extend(arguments.iter().map(|&argument| argument.to_owned()));
        Self { name: name.to_owned(), layout, command }
    }

    /// Program and arguments for a server whose first port is `port`.
    pub(crate) fn command(&self, port: u16) -> Vec<String> {
        self.command.iter().map(|word| word.replace(PORT_PLACE, &port.to_string())).collect()
    }
}

impl FromStr for Contender {
    type Err = String;

    /// Reads `NAME[:LAYOUT]=COMMAND`; the command is split as a shell does it, but no shell runs it.
    fn from_str(text: &str) -> Result<Self, String> {
        let (head, command) = text.split_once('=').ok_or("a peer has the form NAME[:LAYOUT]=COMMAND")?;
        let (name, layout) = match head.split_once(':') {
            Some((name, layout)) => (name, layout.parse()?),
            None => (head, Layout::Apart),
        };
        let plain =
            |character: char| character.is_ascii_alphanumeric() || matches!(character, '-' | '_' | '.');
        if name.is_empty() || !name.chars().all(plain) {
            return Err(format!(
                "`{name}` is no name for a peer: letters, digits, `-`, `_` and `.` make one"
            ));
        }
        if matches!(name, FLOOR | HUBCAST) {
            return Err(format!("`{name}` takes part anyway: give the peer another name"));
        }
        let command = shlex::split(command).ok_or("a quotation mark in the command is not closed")?;
        if command.is_empty() || !command.iter().any(|word| word.contains(PORT_PLACE)) {
            return Err(format!("the command has no {PORT_PLACE}"));
        }
        Ok(Self { name: name.to_owned(), layout, command })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_peer_has_a_name_a_layout_and_a_command() {
        let peer: Contender =
            "mine:both='a folder/server' --url http://[::1]:{port}".parse().expect("it is one");
        assert_eq!((peer.name.as_str(), peer.layout), ("mine", Layout::Both));
        assert_eq!(peer.command(7000), ["a folder/server", "--url", "http://[::1]:7000"]);
    }

    #[test]
    fn without_a_layout_the_ports_are_apart() {
        let peer: Contender = "aspnet=BenchServer {port}".parse().expect("it is one");
        assert_eq!(peer.layout, Layout::Apart);
    }

    #[test]
    fn what_is_no_peer_is_refused_with_the_reason() {
        let refused = |text: &str| text.parse::<Contender>().expect_err("it is none");
        assert_eq!(refused("server {port}"), "a peer has the form NAME[:LAYOUT]=COMMAND");
        assert_eq!(refused("mine=server"), "the command has no {port}");
        assert_eq!(refused("mine='server {port}"), "a quotation mark in the command is not closed");
        assert_eq!(refused("floor=server {port}"), "`floor` takes part anyway: give the peer another name");
        assert_eq!(refused("mine:h3=server {port}"), "`h3` is no layout: there are both, apart and h1");
        assert!(refused("a|b=server {port}").starts_with("`a|b` is no name"));
    }

    #[test]
    fn the_floor_takes_clear_http_1_alone() {
        let floor = Contender::floor(Path::new("hub-bench"));
        assert_eq!(floor.layout, Layout::H1);
        assert_eq!(floor.command(7000), ["hub-bench", "floor", "7000"]);
        assert_eq!(Contender::hubcast(Path::new("bench-server")).command(7), ["bench-server", "--port", "7"]);
    }
}
