//! The WebSocket codec beside tungstenite: the same messages and the same verdict, wherever the bytes are cut.
//!
//! The first byte of an input says which side we are and in pieces of which size the rest arrives.

use hubcast_websocket::{Decoder, Role};

use crate::reading::read_pieces;
use crate::tungstenite_reading::{MAX_MESSAGE, judge, read_with_tungstenite};

/// The bytes of one peer.
pub fn websocket(data: &[u8]) {
    let Some((&first, wire)) = data.split_first() else {
        return;
    };
    let role = if first & 1 == 0 { Role::Server } else { Role::Client };
    let size = usize::from(first >> 1).max(1);
    let decoder = || Decoder::new(role).with_max_message_size(Some(MAX_MESSAGE as u64));
    let whole = read_pieces(decoder(), [wire]);
    let pieces = read_pieces(decoder(), wire.chunks(size));
    assert_eq!(whole, pieces, "the pieces are of {size} bytes");
    if let Err(difference) = judge(whole, &read_with_tungstenite(wire, role)) {
        panic!("{difference}");
    }
}
