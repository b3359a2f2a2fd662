//! The WebSocket protocol (RFC 6455) without I/O, for servers and clients.
//!
//! Bytes come in as slices that the caller owns, [`Decoder`] unmasks them in place and hands them back as
//! [`Event`]s. What goes out is appended to a `Vec<u8>` that the caller owns too. The codec keeps no buffer
//! of its own: between frames and inside data frames a connection costs `size_of::<Decoder>()` and no heap.
//!
//! ```
//! use hubcast_websocket::{DataKind, Decoder, Event, Opcode, Role, write_frame};
//!
//! let mut wire = Vec::new();
//! write_frame(&mut wire, true, Opcode::Text, b"hello", Some([1, 2, 3, 4]));
//!
//! let mut decoder = Decoder::new(Role::Server);
//! let mut input = wire.as_mut_slice();
//! let Some(Event::Data { kind, payload, end_of_message, .. }) = decoder.decode(&mut input)? else {
//!     panic!("the frame is complete");
//! };
//! assert_eq!((kind, &*payload, end_of_message), (DataKind::Text, b"hello".as_slice(), true));
//! assert_eq!(decoder.decode(&mut input)?, None);
//! # Ok::<(), hubcast_websocket::Violation>(())
//! ```
//!
//! Not here: sockets, HTTP, clocks and randomness. Masking keys and nonces are arguments; who answers a ping,
//! how long a close may take and how large a hub message may be is decided by the callers.

mod accept;
mod close;
mod decoder;
mod deflate;
mod encode;
mod event;
mod header;
mod mask;
mod open_frame;
mod partial_header;
mod rules;
mod utf8;
mod violation;

pub use accept::{accept_key, client_key, is_valid_key};
pub use close::{CloseCode, CloseFrame};
pub use decoder::Decoder;
pub use deflate::{DeflateAgreement, DeflateTerms, Deflater, Inflated, Inflater};
pub use encode::{write_close, write_frame, write_ping, write_pong};
pub use event::{DataKind, Event};
pub use header::{FrameHeader, HeaderBytes, MAX_CONTROL_PAYLOAD, Opcode, header_len, server_frame_header};
pub use open_frame::OpenFrame;
pub use rules::Role;
pub use utf8::Utf8Check;
pub use violation::Violation;
