//! What ends a run of the benchmark. A load without a result does not: it is kept as such, and the run goes on.

use std::io;
use std::path::PathBuf;

#[derive(Debug, thiserror::Error)]
pub(crate) enum RunError {
    #[error("interrupted")]
    Interrupted,
    #[error("{name} {why}")]
    Server { name: String, why: String },
    #[error("no {} free ports in a row", super::way::PORTS)]
    NoPorts,
    #[error("{}: {source}", path.display())]
    File { path: PathBuf, source: io::Error },
    #[error("{}, line {line}: {why}", path.display())]
    Samples { path: PathBuf, line: usize, why: String },
    #[error("{0}")]
    Options(String),
}

impl RunError {
    /// Names the file at `path` in an error of its reading or writing.
    pub(crate) fn file(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        |source| Self::File { path, source }
    }
}
