//! Which handshakes a server accepts, and the words in which it refuses.

use hubcast_protocol::{
    HandshakeRefusal, HandshakeRequest, HandshakeResponse, HubProtocol, ProtocolError, TransferFormat,
    Transport,
};

#[test]
fn names_match_in_any_case_and_versions_up_to_2() {
    for (protocol, version, accepted) in [
        ("json", 1, HubProtocol::Json),
        ("JSON", 2, HubProtocol::Json),
        ("json", 0, HubProtocol::Json),
        ("MessagePack", 2, HubProtocol::MessagePack),
    ] {
        let request = HandshakeRequest { protocol: protocol.into(), version };
        assert_eq!(request.accept(&HubProtocol::ALL, Transport::WebSockets.transfer_formats()), Ok(accepted));
    }
}

#[test]
fn refusals_are_in_the_stock_words() {
    let refusal = |protocol: &'static str, version, transport: Transport| {
        let request = HandshakeRequest { protocol: protocol.into(), version };
        request.accept(&HubProtocol::ALL, transport.transfer_formats()).map_err(|refusal| refusal.to_string())
    };
    assert_eq!(refusal("x", 9, Transport::WebSockets), Err("The protocol 'x' is not supported.".into()));
    assert_eq!(
        refusal("Json", 3, Transport::WebSockets),
        Err("The server does not support version 3 of the 'Json' protocol.".into())
    );
    assert_eq!(
        refusal("messagepack", 1, Transport::ServerSentEvents),
        Err("Cannot use the 'messagepack' protocol on the current transport. The transport does not support 'Binary' transfer format.".into())
    );
    let messagepack = HandshakeRequest { protocol: "messagepack".into(), version: 1 };
    let unspoken = messagepack.accept(&[HubProtocol::Json], &[TransferFormat::Text, TransferFormat::Binary]);
    assert_eq!(unspoken, Err(HandshakeRefusal::UnknownProtocol { protocol: "messagepack".into() }));
    let text_only = messagepack.accept(&HubProtocol::ALL, &[TransferFormat::Text]);
    let (protocol, format) = ("messagepack".into(), TransferFormat::Binary);
    assert_eq!(text_only, Err(HandshakeRefusal::UnsupportedFormat { protocol, format }));
}

#[test]
fn hub_messages_may_follow_at_once() {
    let input = b"{\"protocol\":\"json\",\"version\":1}\x1e{\"type\":6}\x1e";
    let (request, consumed) =
        HandshakeRequest::parse(input, Some(32)).expect("it is right").expect("it is whole");
    assert_eq!((request.protocol.as_ref(), request.version, consumed), ("json", 1, 32));
    assert_eq!(&input[consumed..], b"{\"type\":6}\x1e");
}

#[test]
fn a_handshake_may_arrive_byte_by_byte() {
    let input = b"{\"protocol\":\"json\",\"version\":1}\x1e";
    for cut in 0..input.len() {
        assert_eq!(HandshakeRequest::parse(&input[..cut], Some(input.len())), Ok(None));
    }
}

#[test]
fn a_handshake_without_an_end_is_refused_at_the_limit() {
    let limit = 100;
    assert_eq!(HandshakeRequest::parse(&[b' '; 100], Some(limit)), Ok(None));
    let too_long = HandshakeRequest::parse(&[b' '; 101], Some(limit));
    assert_eq!(too_long, Err(ProtocolError::MessageTooLarge { limit }));
}

#[test]
fn a_hub_message_is_no_handshake_response() {
    let response = HandshakeResponse::parse(b"{\"type\":6}\x1e", None);
    assert_eq!(response, Err(ProtocolError::NotAHandshake));
}
