//! The JavaScript client that comes with the crate, so that a page needs no package manager.
//!
//! The file beside `src` is a link to `client-js/dist`, which packaging resolves.

/// The client of `client-js`, built: an ES module for browsers.
pub const CLIENT_SCRIPT: &str = include_str!("../hubcast.js");
