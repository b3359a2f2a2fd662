//! The kept samples: a file of JSON lines, first what was measured where, then each sample as it was taken.
//!
//! Rule: an earlier run's samples are never written over.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::Machine;
use crate::run::RunError;
use crate::run::scenario::FIRST_PING;
use crate::sample::Sample;

/// The name of the file.
pub(crate) const SAMPLES: &str = "samples.jsonl";

/// The first line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Header {
    pub(crate) machine: Machine,
    /// The first one is the floor.
    pub(crate) servers: Vec<String>,
    pub(crate) rounds: u32,
    pub(crate) seconds: f64,
    /// Seconds that idle connections were held. Files without it are of runs that held them for `seconds`.
    #[serde(default)]
    pub(crate) hold: Option<f64>,
    /// Whether server and load had a CPU each.
    pub(crate) pinned: bool,
    /// Whether these were threads of one core.
    #[serde(default)]
    pub(crate) shares_core: bool,
    pub(crate) left_out: Vec<String>,
}

impl Header {
    /// Seconds that idle connections were held.
    pub(crate) fn held(&self) -> f64 {
        self.hold.unwrap_or(self.seconds)
    }

    /// Whether idle connections were read before a server pings them, so that what pings leave behind is not counted.
    pub(crate) fn is_before_the_first_ping(&self) -> bool {
        self.held() <= FIRST_PING
    }
}

/// Each of the other lines: one load on one server.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Entry {
    pub(crate) row: String,
    pub(crate) server: String,
    /// From 1; round 0 warmed up and is not counted.
    pub(crate) round: u32,
    pub(crate) connections: usize,
    #[serde(flatten)]
    pub(crate) outcome: Outcome,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Outcome {
    Sample(Sample),
    /// With the reason.
    Failed(String),
}

/// All that a file holds.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Samples {
    pub(crate) header: Header,
    pub(crate) entries: Vec<Entry>,
}

impl Samples {
    pub(crate) fn read(path: &Path) -> Result<Self, RunError> {
        let file = File::open(path).map_err(RunError::file(path))?;
        let mut lines = BufReader::new(file).lines().enumerate();
        let (_, first) = lines.next().ok_or_else(|| RunError::Samples {
            path: path.to_path_buf(),
            line: 1,
            why: "the file is empty".to_owned(),
        })?;
        let header = line(path, 1, &first.map_err(RunError::file(path))?)?;
        let mut entries = Vec::new();
        for (index, text) in lines {
            entries.push(line(path, index + 1, &text.map_err(RunError::file(path))?)?);
        }
        Ok(Self { header, entries })
    }
}

fn line<T: DeserializeOwned>(path: &Path, number: usize, text: &str) -> Result<T, RunError> {
    serde_json::from_str(text).map_err(|why| RunError::Samples {
        path: path.to_path_buf(),
        line: number,
        why: why.to_string(),
    })
}

/// The file of a run that goes on. Each entry is on disk before the next load starts.
pub(crate) struct SampleFile {
    path: PathBuf,
    file: File,
}

impl SampleFile {
    /// Starts a file in `folder`, which it creates. A file of an earlier run gets a name with its date.
    pub(crate) fn create(folder: &Path, header: &Header) -> Result<Self, RunError> {
        fs::create_dir_all(folder).map_err(RunError::file(folder))?;
        let path = folder.join(SAMPLES);
        if path.exists() {
            let date = Samples::read(&path)?.header.machine.date.replace([':', '-'], "");
            fs::rename(&path, folder.join(format!("samples-{date}.jsonl"))).map_err(RunError::file(&path))?;
        }
        let file = File::create_new(&path).map_err(RunError::file(&path))?;
        let mut samples = Self { path, file };
        samples.write(header)?;
        Ok(samples)
    }

    pub(crate) fn add(&mut self, entry: &Entry) -> Result<(), RunError> {
        self.write(entry)
    }

    fn write(&mut self, line: &impl Serialize) -> Result<(), RunError> {
        let text = serde_json::to_string(line)
            .map_err(|why| RunError::File { path: self.path.clone(), source: why.into() })?;
        writeln!(self.file, "{text}").map_err(RunError::file(&self.path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixtures;

    #[test]
    fn what_is_written_is_read_again() {
        let folder = std::env::temp_dir().join(format!("hub-bench-samples-{}", std::process::id()));
        let samples = fixtures::samples();
        let mut file = SampleFile::create(&folder, &samples.header).expect("the folder is writable");
        for entry in &samples.entries {
            file.add(entry).expect("the file is writable");
        }
        assert_eq!(Samples::read(&folder.join(SAMPLES)).expect("the file is readable"), samples);
        SampleFile::create(&folder, &samples.header).expect("the earlier file is moved away");
        let earlier = Samples::read(&folder.join("samples-20261122T234000Z.jsonl"));
        assert_eq!(earlier.expect("the earlier file is kept"), samples);
        fs::remove_dir_all(&folder).expect("the folder is ours to remove");
    }

    #[test]
    fn a_line_that_is_no_entry_is_told_with_its_number() {
        let path = std::env::temp_dir().join(format!("hub-bench-lines-{}.jsonl", std::process::id()));
        let header = serde_json::to_string(&fixtures::samples().header).expect("a header is JSON");
        fs::write(&path, format!("{header}\nnothing\n")).expect("the folder for temporary files is writable");
        let read = Samples::read(&path);
        fs::remove_file(&path).expect("the file is ours to remove");
        assert!(matches!(read, Err(RunError::Samples { line: 2, .. })));
    }
}
