//! What a peer sees of the codec: bytes in, events or a violation out.

mod against_tungstenite;
mod deflate;
mod fail_early;
mod generated;
mod reading;
mod rfc_examples;
mod rules;
mod splits;
mod tungstenite_reading;
