//! Generated conversations: messages in fragments with control frames between them.

use hubcast_websocket::{CloseCode, Opcode, Role, write_close, write_frame, write_ping, write_pong};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

use crate::reading::Seen;

/// A message or control frame to send.
#[derive(Debug, Clone)]
pub(crate) enum Sent {
    Message { whole: Seen, cuts: Vec<Index>, between: Vec<Option<Seen>> },
    Control(Seen),
}

/// Some messages, with or without a close frame at the end.
pub(crate) fn conversation() -> impl Strategy<Value = Vec<Sent>> {
    let close = prop_oneof![
        Just(None),
        Just(Some((1000, String::new()))),
        (prop_oneof![1000..=1003_u16, 1007..=1013_u16, 3000..=4999_u16], "\\PC{0,20}").prop_map(Some),
    ];
    let end = proptest::option::of(close.prop_map(|close| Sent::Control(Seen::Close(close))));
    (vec(sent(), 0..6), end).prop_map(|(mut sent, end)| {
        sent.extend(end);
        sent
    })
}

/// Where a stream of bytes is cut into pieces.
pub(crate) fn cuts() -> impl Strategy<Value = Vec<Index>> {
    prop_oneof![Just(Vec::new()), vec(any::<Index>(), 1..12)]
}

/// Cuts `bytes` at `cuts`, in ascending order.
pub(crate) fn pieces<'b>(bytes: &'b [u8], cuts: &[Index]) -> Vec<&'b [u8]> {
    let mut at: Vec<usize> = cuts.iter().map(|cut| cut.index(bytes.len() + 1)).collect();
    at.sort_unstable();
    let mut pieces = Vec::new();
    let mut start = 0;
    for end in at.into_iter().chain([bytes.len()]) {
        pieces.push(&bytes[start..end]);
        start = end;
    }
    pieces
}

/// Encodes a conversation for a reader of `role`, and tells what it should see.
pub(crate) fn encode(conversation: &[Sent], role: Role) -> (Vec<u8>, Vec<Seen>) {
    let mut wire = Vec::new();
    let mut expected = Vec::new();
    for sent in conversation {
        match sent {
            Sent::Control(control) => encode_control(&mut wire, &mut expected, control, role),
            Sent::Message { whole, cuts, between } => {
                let (mut opcode, payload) = match whole {
                    Seen::Text(text) => (Opcode::Text, text.as_bytes()),
                    Seen::Binary(bytes) => (Opcode::Binary, bytes.as_slice()),
                    Seen::Ping(_) | Seen::Pong(_) | Seen::Close(_) => unreachable!("not a message"),
                };
                let fragments = pieces(payload, cuts);
                for (index, fragment) in fragments.iter().enumerate() {
                    let fin = index + 1 == fragments.len();
                    let mask = mask(&wire, role);
                    write_frame(&mut wire, fin, opcode, fragment, mask);
                    opcode = Opcode::Continuation;
                    if let (false, Some(Some(control))) = (fin, between.get(index)) {
                        encode_control(&mut wire, &mut expected, control, role);
                    }
                }
                expected.push(whole.clone());
            }
        }
    }
    (wire, expected)
}

fn encode_control(wire: &mut Vec<u8>, expected: &mut Vec<Seen>, control: &Seen, role: Role) {
    let mask = mask(wire, role);
    match control {
        Seen::Ping(payload) => write_ping(wire, payload, mask),
        Seen::Pong(payload) => write_pong(wire, payload, mask),
        Seen::Close(None) => write_frame(wire, true, Opcode::Close, &[], mask),
        Seen::Close(Some((code, reason))) => write_close(wire, CloseCode::new(*code), reason, mask),
        Seen::Text(_) | Seen::Binary(_) => unreachable!("not a control frame"),
    }
    expected.push(control.clone());
}

/// A key that differs from frame to frame, if the reader is a server.
fn mask(wire: &[u8], role: Role) -> Option<[u8; 4]> {
    let key = (wire.len() as u32).wrapping_mul(0x9e37_79b9) ^ 0x1234_5678;
    (role == Role::Server).then(|| key.to_be_bytes())
}

fn sent() -> impl Strategy<Value = Sent> {
    let message = (message(), vec(any::<Index>(), 0..4), vec(proptest::option::of(control()), 0..4))
        .prop_map(|(whole, cuts, between)| Sent::Message { whole, cuts, between });
    prop_oneof![4 => message, 1 => control().prop_map(Sent::Control)]
}

fn message() -> impl Strategy<Value = Seen> {
    let long = |length: usize| (0..length).map(|i| (i * 31) as u8).collect::<Vec<u8>>();
    prop_oneof![
        8 => "\\PC{0,40}".prop_map(Seen::Text),
        8 => vec(any::<u8>(), 0..140).prop_map(Seen::Binary),
        2 => (120..135_usize).prop_map(move |length| Seen::Binary(long(length))),
        1 => (65_530..65_545_usize).prop_map(move |length| Seen::Binary(long(length))),
        1 => (60..400_usize).prop_map(|length| Seen::Text("aß€😀".repeat(length / 4))),
    ]
}

fn control() -> impl Strategy<Value = Seen> {
    let payload = || prop_oneof![vec(any::<u8>(), 0..8), Just(vec![7; 125])];
    prop_oneof![payload().prop_map(Seen::Ping), payload().prop_map(Seen::Pong)]
}
