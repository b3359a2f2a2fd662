//! What the fuzz targets check: any bytes, one function per target, which panics when an invariant breaks.
//!
//! The programs in `targets/` hand libFuzzer's inputs to these functions; `cargo test` here hands them the seeds. What
//! was found becomes a test of the crate where it was wrong.

mod connection;
mod corpus;
mod deflate;
mod hub_messages;
mod negotiate;
mod script;
mod server;
mod words;

#[expect(dead_code, reason = "the codec's tests use more of it")]
#[path = "../../protocol/websocket/tests/codec/reading.rs"]
mod reading;
#[path = "../../protocol/websocket/tests/codec/tungstenite_reading.rs"]
mod tungstenite_reading;
mod websocket;

pub use connection::connection;
pub use corpus::{TARGETS, seeds};
pub use deflate::deflate;
pub use hub_messages::{json, messagepack};
pub use negotiate::negotiate;
pub use server::server;
pub use websocket::websocket;
