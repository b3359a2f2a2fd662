//! What the tests need: a server with a hub that does what it is told, and small clients written by hand.

mod bound;
mod cutting_proxy;
mod fixture;
pub(crate) mod frames;
mod http1;
mod http2;
mod hub;
mod hub_client;
mod log;
mod meters;
mod randomness;
mod requests;
mod response;
mod stateful_client;
pub(crate) mod streaming;
mod tls;
mod way;
mod websocket;
mod wire;

pub(crate) use bound::{eventually, soon};
pub(crate) use cutting_proxy::CuttingProxy;
pub(crate) use fixture::{Fixture, Setup};
pub(crate) use http1::Http1;
pub(crate) use http2::Http2;
pub(crate) use hub::{Connected, Counted, TestClient, TestHubState};
pub(crate) use hub_client::{HubClient, call, json_handshake};
pub(crate) use meters::{Meters, measured, measured_from};
pub(crate) use randomness::Randomness;
pub(crate) use requests::{BOTH, EventStream, Requests};
pub(crate) use response::Response;
pub(crate) use stateful_client::{Arrived, StatefulClient};
pub(crate) use tls::{connect_tls, connect_tls_on};
pub(crate) use way::Way;
pub(crate) use websocket::WebSocket;
pub(crate) use wire::{Wire, connect};
