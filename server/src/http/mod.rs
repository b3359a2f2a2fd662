//! HTTP as a hub speaks it: one service for negotiation and for opening transports.
//!
//! Only this folder names status codes. It mounts in our own server, in axum, and in whatever else runs tower
//! services; who carries the socket of a WebSocket is hidden behind [`WebSocketUpgrade`].

mod body;
mod claim;
mod connect;
mod negotiate;
mod query;
mod reply;
mod service;
mod upgrade;

pub use body::{Body, BoxError};
pub use query::query_value;
pub(crate) use reply::{failed, not_found, text_page};
pub(crate) use service::answer;
pub use service::{HubFuture, HubService};
pub(crate) use upgrade::{Http2Streams, WebSocketUpgrade};
