//! What a test logs, kept as text.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use tracing::Level;
use tracing::subscriber::DefaultGuard;
use tracing_subscriber::fmt::MakeWriter;

/// The log of the current thread from its capture on. The server of a test runs on the test's thread.
#[derive(Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    /// Captures what is logged at `level` and above until the guard is dropped.
    pub(crate) fn capture(level: Level) -> (Self, DefaultGuard) {
        let log = Self::default();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(level)
            .with_ansi(false)
            .with_writer(log.clone())
            .finish();
        (log, tracing::subscriber::set_default(subscriber))
    }

    /// All of it.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }

    /// The fields of each line of DEBUG with this message.
    pub(crate) fn about(&self, message: &str) -> Vec<String> {
        let lines = self.lines(Level::DEBUG);
        let fields = lines.iter().filter_map(|line| line.split_once(&format!(" {message} ")));
        fields.map(|(_, fields)| fields.to_owned()).collect()
    }

    /// The lines of one level.
    pub(crate) fn lines(&self, level: Level) -> Vec<String> {
        let text = self.text();
        let of_level = text.lines().filter(|line| line.contains(&format!(" {level} ")));
        of_level.map(str::to_owned).collect()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}
