//! HTTP as a hub speaks it: one service for negotiation and for opening transports.
//!
//! Only this folder names status codes. It mounts in our own server, in axum, and in whatever else runs tower
//! services; who carries the socket of a WebSocket is hidden behind [`WebSocketUpgrade`].

mod body;
mod claim;
mod connect;
#[cfg_attr(not(test), expect(dead_code, reason = "answers ask it once pages of other origins may read them"))]
mod cors;
mod negotiate;
mod query;
mod reply;
#[cfg_attr(not(test), expect(dead_code, reason = "connections keep it once hub methods may ask for it"))]
mod request_head;
mod service;
mod upgrade;

pub use body::{Body, BoxError};
pub use query::query_value;
pub(crate) use reply::{failed, not_found, text_page};
pub(crate) use service::answer;
pub use service::{HubFuture, HubService};
pub(crate) use upgrade::{Http2Streams, WebSocketUpgrade};
