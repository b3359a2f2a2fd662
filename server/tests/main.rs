//! The hub over real sockets: one module per topic, all in one program, as each would be linked with the whole server.
//!
//! Time is real here, as sockets are: rules of time are tested in `protocol` with numbers, and limits are set to the
//! smallest values where a test has to wait for one. A test that logs an ERROR without saying so fails.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod support;

mod answers;
mod authentication;
mod authorize;
mod axum;
mod calls;
mod cancel;
mod client_results;
mod context;
mod control;
mod delete;
mod draining;
mod endpoint_table;
mod endpoints;
mod events;
mod filters;
mod forwarding;
mod half_open;
mod handshake;
mod health;
mod hooks;
mod http1_attacks;
mod http2;
mod http2_attacks;
mod http2_limits;
mod http2_responses;
mod hub_compression;
mod last_words;
mod limits;
mod listener;
mod listener_limits;
mod logs;
mod long_polling;
mod message_headers;
mod metrics;
mod negotiate;
mod order;
mod origin;
mod pages;
mod parallel;
mod payload_names;
mod post;
mod post_floods;
mod proxy_protocol;
mod rate_limits;
mod raw;
mod recipients;
mod requests;
#[cfg(unix)]
mod signals;
mod slow_clients;
mod slow_consumers;
mod slow_readers;
mod stateful;
mod stateful_cuts;
mod stop;
mod stop_polling;
mod storms;
mod streams;
mod time_outs;
mod tls;
mod tls_reload;
mod traces;
#[cfg(feature = "typescript")]
mod typescript;
mod upgrade;
mod uploads;
mod user;
mod websocket;
mod websocket_attacks;
