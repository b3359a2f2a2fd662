//! What a rule reports.

use std::fmt;

/// One place where a rule is broken, with what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breach {
    /// A path below the root of the repository, with a line where there is one.
    pub place: String,
    /// What was found there.
    pub what: String,
    /// What to do.
    pub advice: String,
}

impl Breach {
    pub(crate) fn in_file(path: &str, what: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { place: path.to_owned(), what: what.into(), advice: advice.into() }
    }

    /// `line` counts from 1.
    pub(crate) fn at_line(
        path: &str,
        line: usize,
        what: impl Into<String>,
        advice: impl Into<String>,
    ) -> Self {
        Self { place: format!("{path}:{line}"), what: what.into(), advice: advice.into() }
    }
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}\n    {}", self.place, self.what, self.advice)
    }
}
