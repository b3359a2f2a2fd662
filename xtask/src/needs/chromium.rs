//! A Chromium for the suites that run in a browser.

use std::env;
use std::path::PathBuf;

use super::{Obstacle, Site, apt};

const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// The browser on `PATH`, installed first where it is missing and this user may.
pub(super) fn find(site: &mut Site<'_>) -> Result<PathBuf, Obstacle> {
    if let Some(path) = on_path() {
        return Ok(path);
    }
    apt::install(site, &["chromium"])
        .map_err(|why| Obstacle::Skips(format!("no Chromium on PATH: {why}")))?;
    on_path()
        .ok_or_else(|| Obstacle::Skips("apt-get put no Chromium on PATH: install one by hand".to_owned()))
}

fn on_path() -> Option<PathBuf> {
    let folders = env::var_os("PATH")?;
    NAMES
        .iter()
        .flat_map(|name| env::split_paths(&folders).map(move |folder| folder.join(name)))
        .find(|path| path.is_file())
}
