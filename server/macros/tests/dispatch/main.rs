//! Hubs and clients as the attributes make them, called as a server calls them.

mod authorize;
mod calls;
mod fake;
mod questions;
mod streams;
mod uploads;
