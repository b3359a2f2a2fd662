//! The browsers that suites run in.

use std::env;
use std::path::PathBuf;

use super::{Obstacle, Site, apt};

/// A browser, by its names on `PATH` and its package.
pub(super) struct Browser {
    title: &'static str,
    names: &'static [&'static str],
    package: &'static str,
}

pub(super) const CHROMIUM: Browser = Browser {
    title: "Chromium",
    names: &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"],
    package: "chromium",
};

pub(super) const FIREFOX: Browser =
    Browser { title: "Firefox", names: &["firefox-esr", "firefox"], package: "firefox-esr" };

/// The browser on `PATH`, installed first where it is missing and this user may.
pub(super) fn find(site: &mut Site<'_>, browser: &Browser) -> Result<PathBuf, Obstacle> {
    let Browser { title, package, .. } = browser;
    if let Some(path) = on_path(browser) {
        return Ok(path);
    }
    apt::install(site, &[package]).map_err(|why| Obstacle::Skips(format!("no {title} on PATH: {why}")))?;
    on_path(browser)
        .ok_or_else(|| Obstacle::Skips(format!("apt-get put no {title} on PATH: install one by hand")))
}

fn on_path(browser: &Browser) -> Option<PathBuf> {
    let folders = env::var_os("PATH")?;
    browser
        .names
        .iter()
        .flat_map(|name| env::split_paths(&folders).map(move |folder| folder.join(name)))
        .find(|path| path.is_file())
}
