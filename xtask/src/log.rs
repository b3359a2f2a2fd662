//! The log of one suite: everything its steps print, kept in a file, shown when a step fails.

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// How many lines of a failed step are shown.
const SHOWN_LINES: usize = 100;

/// An open log file; the programs of a suite write to it directly.
pub(crate) struct Log {
    path: PathBuf,
    file: File,
}

impl Log {
    /// Starts the log of `suite` anew in `folder`.
    pub(crate) fn create(folder: &Path, suite: &str) -> io::Result<Self> {
        let path = folder.join(format!("{suite}.log"));
        fs::write(&path, "")?;
        let file = File::options().read(true).append(true).open(&path)?;
        Ok(Self { path, file })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// A handle for a program's stdout or stderr.
    pub(crate) fn writer(&self) -> io::Result<File> {
        self.file.try_clone()
    }

    pub(crate) fn line(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.file, "{text}")
    }

    /// How much was written so far.
    pub(crate) fn length(&self) -> io::Result<u64> {
        self.file.metadata().map(|metadata| metadata.len())
    }

    /// What was written after the first `offset` bytes.
    pub(crate) fn since(&self, offset: u64) -> io::Result<String> {
        let mut reader = File::open(&self.path)?;
        reader.seek(SeekFrom::Start(offset))?;
        let mut bytes = Vec::new();
        reader.read_to_end(&mut bytes)?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }
}

/// The end of a failed step's `output`, without the lines that say only that a case passed.
pub(crate) fn shown(output: &str) -> String {
    let lines: Vec<&str> = output.lines().filter(|line| !is_about_success(line)).collect();
    lines[lines.len().saturating_sub(SHOWN_LINES)..].join("\n")
}

/// `cargo test` prints the failures of one crate before the successes of the next ones.
fn is_about_success(line: &str) -> bool {
    line.is_empty()
        || line.starts_with("test result: ok.")
        || line.starts_with("running ")
        || (line.starts_with("test ") && line.ends_with(" ... ok"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_output_is_cut_to_its_end() {
        let output: String = (0..150).map(|number| format!("line {number}\n")).collect();
        let shown = shown(&output);
        assert_eq!(shown.lines().count(), 100);
        assert!(shown.starts_with("line 50\n") && shown.ends_with("line 149"));
    }

    #[test]
    fn passed_cases_do_not_push_the_failed_one_out() {
        let mut output = "test a_poll_ends ... FAILED\n".to_owned();
        output.extend((0..150).map(|number| format!("test case_{number} ... ok\n")));
        assert_eq!(shown(&output), "test a_poll_ends ... FAILED");
    }

    #[test]
    fn a_log_gives_back_what_came_after_an_offset() {
        let folder = std::env::temp_dir().join(format!("xtask-log-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("the folder for temporary files is writable");
        let mut log = Log::create(&folder, "suite").expect("a file can be created there");
        log.line("first").expect("the log is writable");
        let offset = log.length().expect("the log has a length");
        log.line("second").expect("the log is writable");
        assert_eq!(log.since(offset).expect("the log is readable"), "second\n");
        fs::remove_dir_all(&folder).expect("the folder is ours to remove");
    }
}
