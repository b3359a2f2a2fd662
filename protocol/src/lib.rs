//! The SignalR hub protocol without I/O: bytes in, messages and decisions out.
//!
//! A [`Codec`] splits, reads and writes hub messages in JSON or MessagePack. [`handshake`] is the first message in
//! each direction, [`negotiate`] the HTTP exchange before it. Envelopes are scanned by hand and borrow from the input;
//! payloads are decoded by serde when the caller names their type.
//!
//! Nothing here reads a clock, opens a socket, spawns or draws random numbers: time, ids and bytes are arguments.

pub mod connection;
pub mod contract;
pub mod handshake;
pub mod negotiate;

mod arguments;
mod codec;
mod dotnet;
mod encode;
mod error;
mod headers;
mod hub_protocol;
mod id;
mod json;
mod kind;
mod message;
mod messagepack;
mod payload;
mod stream_ids;
mod transport;

pub use arguments::{Arguments, EncodeArguments};
pub use codec::{Codec, PayloadNames};
pub use encode::{InvocationHead, WithHeaders};
pub use error::{BindError, EncodeError, ProtocolError};
pub use handshake::{HandshakeRefusal, HandshakeRequest, HandshakeResponse};
pub use headers::{Headers, HeadersIter, OwnedHeaders};
pub use hub_protocol::{HubProtocol, Split};
pub use id::{ConnectionId, ConnectionToken, InvalidId};
pub use message::{
    Ack, CancelInvocation, Close, Completion, CompletionOutcome, HubMessage, Invocation, Sequence, StreamItem,
};
pub use negotiate::{NegotiateError, NegotiateRequest, NegotiateResponse};
pub use payload::Payload;
pub use stream_ids::{StreamIds, StreamIdsIter};
pub use transport::{TransferFormat, Transport};
