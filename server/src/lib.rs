//! A hub server that every SignalR client can talk to.
//!
//! A hub is a trait: the server implements it, and clients call its methods and are called back.
//!
//! ```
//! use hubcast::{Context, SendError, Server};
//!
//! #[hubcast::client]
//! trait ChatClient {
//!     async fn receive(&self, user: String, text: String);
//! }
//!
//! #[hubcast::hub(client = ChatClient)]
//! trait ChatHub {
//!     async fn say(&self, cx: &Context<dyn ChatClient>, user: String, text: String) -> Result<(), SendError>;
//! }
//!
//! struct Chat;
//!
//! impl ChatHub for Chat {
//!     async fn say(&self, cx: &Context<dyn ChatClient>, user: String, text: String) -> Result<(), SendError> {
//!         cx.clients().all().receive(user, text).await
//!     }
//! }
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let server = Server::new().hub("/chat", Chat.into_hub()).listen(([127, 0, 0, 1], 0));
//! # tokio::runtime::Runtime::new()?.block_on(async { server.start().await?.stop().await; Ok(()) })
//! # }
//! ```
//!
//! [`Server`] listens by itself, for HTTP/1.1 and HTTP/2 alike; [`HubService`] is the same hub for axum and every
//! other tower server.
//!
//! What clients can make a server do and keep is limited. `docs/limits.md` in this crate lists all limits: the default, the
//! option that changes it, what happens over it, the metric that counts it.

extern crate self as hubcast;

mod admission;
mod allowed_origins;
mod auth;
mod backplane;
mod client_script;
mod connection;
mod dispatch;
mod http;
mod hub;
mod hub_compression;
mod hub_filter;
mod limits;
mod listener;
mod neighbour;
mod options;
mod rate_limit;
mod raw;
mod redirect;
mod transport;
#[cfg(feature = "typescript")]
pub mod typescript;
pub mod websocket;

/// The HTTP version of a request, from the `http` crate.
pub use ::http::Version as HttpVersion;
pub use auth::{Authenticate, Authentication, AuthenticationRefresh, Rejection};
#[cfg(any(feature = "jwt", feature = "jwt-rust-crypto"))]
pub use auth::{JwksHandle, JwtBearer, JwtKey, KeyError};
pub use client_script::CLIENT_SCRIPT;
/// What hub methods return to send items one by one, from the `futures-core` crate.
pub use futures_core::Stream;
pub use http::{Body, BoxError, HubFuture, HubService, RequestSource, Scheme, query_value};
pub use hub::{ConnectionCounts, ConnectionInfo, HubHandle};
pub use hub_compression::HubCompression;
pub use hub_filter::{FailedCall, FailureKind, FilteredCall, HubFilter, NextCall, NextHook};
pub use hubcast_macros::{client, hub};
#[doc(hidden)]
pub use hubcast_protocol::contract;
pub use hubcast_protocol::contract::{
    Authorization, ClientResult, ClientResultError, ClientResults, Clients, Context, DisconnectReason,
    GroupError, Groups, HubDefinition, HubError, Items, Principal, Requirement, SendError, Sending,
    SlowConsumerPolicy, Upload, UploadError,
};
pub use hubcast_protocol::{ConnectionId, HubProtocol, PayloadNames, TransferFormat, Transport};
pub use listener::{
    Address, Endpoint, ForwardingHeader, InvalidNetwork, ProxyProtocol, RequestBody, RunningServer, Servable,
    Server, TrustedProxies, TrustedProxiesError,
};
#[cfg(feature = "tls")]
pub use listener::{Tls, TlsError};
pub use options::HubOptions;
pub use rate_limit::{Rate, RateLimit};
pub use raw::{RawConnection, RawService};
pub use redirect::Redirect;

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
