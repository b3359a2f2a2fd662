//! What becomes of samples: figures, a table in Markdown, plots in SVG.
//!
//! Rule: all of it comes from the kept samples alone, so that it can be made again without measuring.

mod baseline;
mod figures;
#[cfg(test)]
pub(crate) mod fixtures;
mod machine;
mod markdown;
mod number;
mod plot;
mod samples;
mod statistics;
mod table;

use std::fs;
use std::path::Path;

use self::figures::Figures;
pub(crate) use self::machine::Machine;
pub(crate) use self::number::number;
pub(crate) use self::samples::{Entry, Header, Outcome, SAMPLES, SampleFile, Samples};
use crate::run::RunError;

/// The name of the table's file.
pub(crate) const TABLE: &str = "table.md";

/// Writes table and plots of the samples in `folder`, and gives back the names of the files.
pub(crate) fn write(folder: &Path, baseline: Option<&Samples>) -> Result<Vec<String>, RunError> {
    let samples = Samples::read(&folder.join(SAMPLES))?;
    let figures = Figures::of(&samples);
    let mut table = table::table(&samples, &figures);
    if let Some(baseline) = baseline {
        table.push_str(&baseline::comparison(&Figures::of(baseline), &figures));
    }
    let mut files = vec![(TABLE.to_owned(), table)];
    files.extend(plot::plots(&figures, &samples.header));
    let mut names = Vec::new();
    for (name, content) in files {
        let path = folder.join(&name);
        fs::write(&path, content).map_err(RunError::file(path))?;
        names.push(name);
    }
    Ok(names)
}
