//! A bench server for programs that expect one to run.
//!
//! Rule: it is ended by its own process id, whatever becomes of the suite.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::{Duration, Instant};

use super::{Obstacle, Value};
use crate::log::Log;
use crate::step;

const READY_LIMIT: Duration = Duration::from_secs(30);
/// One line for clear text, one for TLS.
const LISTENING_LINES: usize = 2;
/// From the port for clear text to that for TLS.
const TLS_OFFSET: u16 = 2;

/// A running bench server; dropping it ends it.
pub(super) struct BenchServer {
    child: Child,
    port: u16,
}

impl BenchServer {
    /// Starts the program in `folder` and waits until it listens on `port` and on the TLS port.
    pub(super) fn start(folder: &Path, port: u16, log: &mut Log) -> Result<Self, Obstacle> {
        let (server, listening) = Self::spawn(&folder.join("bench-server"), port, log)
            .map_err(|why| Obstacle::Fails(format!("bench-server does not start: {why}")))?;
        let deadline = Instant::now() + READY_LIMIT;
        for _ in 0..LISTENING_LINES {
            let rest = deadline.saturating_duration_since(Instant::now());
            if listening.recv_timeout(rest).is_err() {
                let what = format!("bench-server did not print {LISTENING_LINES} times `listening on`");
                return Err(Obstacle::Fails(format!("{what}; see {}", log.path().display())));
            }
        }
        Ok(server)
    }

    /// For the places in steps: its hub's address in clear text, its ports, its process id.
    pub(super) fn values(&self) -> [Value; 4] {
        [
            ("hub", format!("http://127.0.0.1:{}/bench", self.port)),
            ("port", self.port.to_string()),
            ("tls-port", (self.port + TLS_OFFSET).to_string()),
            ("pid", self.child.id().to_string()),
        ]
    }

    fn spawn(program: &Path, port: u16, log: &Log) -> io::Result<(Self, Receiver<()>)> {
        let mut child = Command::new(program)
            .args(["--port", &port.to_string(), "--http2-streams", "2000"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log.writer()?)
            .spawn()?;
        let stdout = child.stdout.take();
        let server = Self { child, port };
        let (says, listening) = mpsc::channel();
        let writer = log.writer()?;
        if let Some(stdout) = stdout {
            thread::spawn(move || follow(stdout, writer, &says));
        }
        Ok((server, listening))
    }
}

impl Drop for BenchServer {
    fn drop(&mut self) {
        if let Err(why) = step::end(&mut self.child) {
            println!("bench-server, process {}, does not end: {why}", self.child.id());
        }
    }
}

/// Copies what the server prints to the log, to its end, so that the server never waits for a reader.
fn follow(stdout: ChildStdout, mut log: File, says: &Sender<()>) {
    for line in BufReader::new(stdout).lines().map_while(Result::ok) {
        // The log is for reading after a failure; the server goes on without it, and after its start nobody
        // waits for the lines any more.
        let _ = writeln!(log, "{line}");
        if line.starts_with("listening on") {
            let _ = says.send(());
        }
    }
}
