//! What tungstenite makes of a peer's bytes, and whether that is what this codec made of them.
//!
//! Differences that are meant:
//! - tungstenite judges whole frames. Where the stream ends inside a frame that this codec refuses already,
//!   it still waits.
//! - It takes lengths that are not written in the fewest bytes.
//! - It turns a close code that must not travel into a close of its own, 1002 "Protocol violation", and
//!   counts the registered 1014 among them.
//!
//! The fuzz targets use this file too.

use std::io::{self, Cursor, Read, Write};

use hubcast_websocket::{Role, Violation};
use tungstenite::error::ProtocolError;
use tungstenite::protocol::WebSocketConfig;
use tungstenite::{Error, Message, WebSocket, protocol};

use crate::reading::{Reading, Seen};

/// Bytes of the largest message that either reader takes.
pub(crate) const MAX_MESSAGE: usize = 1 << 17;

/// How tungstenite's reading ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    Refused,
    Closed,
    WaitsForMore,
}

/// What tungstenite read.
#[derive(Debug)]
pub(crate) struct Theirs {
    pub(crate) seen: Vec<Seen>,
    pub(crate) end: End,
}

/// Tells where the readings differ in a way that is not meant.
pub(crate) fn judge(mut ours: Reading, theirs: &Theirs) -> Result<(), String> {
    let own_close = Seen::Close(Some((1002, "Protocol violation".into())));
    let ends_agree = match ours.violation {
        Some(Violation::LengthNotMinimal) => {
            let agree = theirs.seen.starts_with(&ours.seen);
            return if agree { Ok(()) } else { Err(format!("{ours:?} {theirs:?}")) };
        }
        // A control frame has no length in more than one byte, and for tungstenite it has what these bytes say.
        Some(Violation::ControlFrameTooLong) if theirs.seen.len() > ours.seen.len() => {
            let next = &theirs.seen[ours.seen.len()];
            let agree = theirs.seen.starts_with(&ours.seen)
                && matches!(next, Seen::Ping(_) | Seen::Pong(_) | Seen::Close(_));
            return if agree { Ok(()) } else { Err(format!("{ours:?} {theirs:?}")) };
        }
        Some(Violation::CloseCodeNotAllowed(_)) if theirs.end == End::Closed => {
            ours.seen.push(own_close);
            true
        }
        Some(_) => theirs.end != End::Closed,
        None => {
            if let Some(Seen::Close(Some((1014, _)))) = ours.seen.last() {
                ours.seen.pop();
                ours.seen.push(own_close);
            }
            theirs.end != End::Refused
        }
    };
    if ends_agree && ours.seen == theirs.seen { Ok(()) } else { Err(format!("{ours:?} {theirs:?}")) }
}

/// Reads all of `wire` with messages of up to [`MAX_MESSAGE`] bytes.
pub(crate) fn read_with_tungstenite(wire: &[u8], role: Role) -> Theirs {
    let role = match role {
        Role::Server => protocol::Role::Server,
        Role::Client => protocol::Role::Client,
    };
    let config = WebSocketConfig::default()
        .read_buffer_size(4096)
        .max_frame_size(Some(MAX_MESSAGE))
        .max_message_size(Some(MAX_MESSAGE));
    let stream = Replies(Cursor::new(wire));
    let mut socket = WebSocket::from_raw_socket(stream, role, Some(config));
    let mut seen = Vec::new();
    loop {
        match socket.read() {
            Ok(Message::Text(text)) => seen.push(Seen::Text(text.to_string())),
            Ok(Message::Binary(bytes)) => seen.push(Seen::Binary(bytes.to_vec())),
            Ok(Message::Ping(bytes)) => seen.push(Seen::Ping(bytes.to_vec())),
            Ok(Message::Pong(bytes)) => seen.push(Seen::Pong(bytes.to_vec())),
            Ok(Message::Close(frame)) => {
                let frame = frame.map(|frame| (frame.code.into(), frame.reason.to_string()));
                seen.push(Seen::Close(frame));
                return Theirs { seen, end: End::Closed };
            }
            Ok(Message::Frame(_)) => unreachable!("tungstenite reads no bare frames"),
            Err(Error::Protocol(ProtocolError::ResetWithoutClosingHandshake)) => {
                return Theirs { seen, end: End::WaitsForMore };
            }
            Err(_) => {
                return Theirs { seen, end: End::Refused };
            }
        }
    }
}

/// Gives out recorded bytes and takes the answers without a look.
struct Replies<'w>(Cursor<&'w [u8]>);

impl Read for Replies<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

impl Write for Replies<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
