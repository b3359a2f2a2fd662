//! What comes before a connection speaks: queries, handshakes, ids, and a server's answer to a negotiation.
//!
//! The first byte of an input says which of them the rest is.

use hubcast_protocol::{
    ConnectionToken, HandshakeRequest, HandshakeResponse, HubProtocol, NegotiateRequest, NegotiateResponse,
    TransferFormat,
};
use serde::de::IgnoredAny;
use serde_json::Value;

/// A query, a handshake either way, the answer to a negotiation, or an id.
pub fn negotiate(data: &[u8]) {
    let Some((&first, rest)) = data.split_first() else {
        return;
    };
    match first % 5 {
        0 => query(rest),
        1 => handshake(rest),
        2 => answer_to_handshake(rest),
        3 => answer_to_negotiation(rest),
        _ => id(rest),
    }
}

fn query(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    for minimum in [0, 1] {
        if let Ok(request) = NegotiateRequest::from_query(text, minimum) {
            assert!(request.version <= NegotiateRequest::VERSION);
            assert!(request.version >= minimum);
        }
    }
    if let Ok(uri) = format!("/hub?{text}").parse::<http::Uri>() {
        let token = hubcast::query_value(&uri, "access_token");
        assert!(token.is_none_or(|token| token.len() <= text.len() * 3), "a value outgrew its query");
    }
}

fn handshake(bytes: &[u8]) {
    let read = HandshakeRequest::parse(bytes, Some(4096));
    let Ok(Some((request, consumed))) = read else {
        return;
    };
    assert_eq!(bytes[consumed - 1], 0x1e);
    let json = &bytes[..consumed - 1];
    serde_json::from_slice::<IgnoredAny>(json).expect("a handshake is JSON");
    // In what is passed over, a text may be none.
    if let Ok(json) = serde_json::from_slice::<Value>(json) {
        assert_eq!(json["protocol"], *request.protocol);
        assert_eq!(json["version"].as_f64(), Some(f64::from(request.version)), "-0 is 0");
    }
    let mut again = Vec::new();
    request.write(&mut again);
    let (read, consumed) = HandshakeRequest::parse(&again, None).expect("it is well-formed").expect("whole");
    assert_eq!((&read, consumed), (&request, again.len()));
    let text = request.accept(&HubProtocol::ALL, &[TransferFormat::Text]);
    let both = request.accept(&HubProtocol::ALL, &[TransferFormat::Text, TransferFormat::Binary]);
    assert!(both.is_ok() || text.is_err(), "{text:?}, but with more formats {both:?}");
}

fn answer_to_handshake(bytes: &[u8]) {
    let Ok(Some((response, consumed))) = HandshakeResponse::parse(bytes, Some(4096)) else {
        return;
    };
    assert_eq!(bytes[consumed - 1], 0x1e);
    let mut again = Vec::new();
    match &response.error {
        None => HandshakeResponse::write_accepted(&mut again),
        Some(error) => HandshakeResponse::write_refused(&mut again, error),
    }
    let (read, _) = HandshakeResponse::parse(&again, None).expect("it is well-formed").expect("whole");
    assert_eq!(read, response);
}

fn answer_to_negotiation(bytes: &[u8]) {
    let Ok(response) = NegotiateResponse::parse(bytes) else {
        return;
    };
    let mut again = Vec::new();
    response.write(&mut again);
    let read = NegotiateResponse::parse(&again).expect("what was written can be read");
    let mut third = Vec::new();
    read.write(&mut third);
    assert_eq!(again, third, "{response:?} and {read:?}");
}

fn id(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    if let Ok(token) = text.parse::<ConnectionToken>() {
        assert_eq!(token.as_str(), text);
        assert!(!format!("{token:?}").contains(text), "a token is in its Debug");
    }
}
