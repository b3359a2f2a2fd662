//! HTTP as a hub speaks it: one service for negotiation and for all requests of its transports.
//!
//! Only this folder names status codes. It mounts in our own server, in axum, and in whatever else runs tower
//! services; who carries the socket of a WebSocket is hidden behind [`WebSocketUpgrade`].

mod accept_websocket;
mod answer;
mod body;
mod claim;
mod compression;
mod connect;
mod cors;
mod cut;
mod delete;
mod events;
mod life;
mod lookup;
mod negotiate;
mod poll;
mod post;
mod query;
mod refresh;
mod reply;
mod request_head;
mod request_source;
mod scheme;
mod sender;
mod service;
mod upgrade;
mod websocket;

pub(crate) use accept_websocket::{Terms, accept_websocket, wants_websocket};
pub(crate) use answer::Answer;
pub use body::{Body, BoxError};
pub(crate) use cut::Cut;
pub use query::query_value;
pub(crate) use reply::{bad_request, failed, health, not_found, text_page, unavailable};
pub(crate) use request_head::RequestHead;
pub use request_source::RequestSource;
pub use scheme::Scheme;
pub(crate) use service::answer;
pub use service::{HubFuture, HubService};
pub(crate) use upgrade::{PendingSocket, WebSocketUpgrade};
