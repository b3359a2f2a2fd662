//! The JavaScript client that comes with the crate, so that a page needs no package manager.

/// The client of `client-js`, built: an ES module for browsers.
pub const CLIENT_SCRIPT: &str = include_str!("../../client-js/dist/hubcast.js");
