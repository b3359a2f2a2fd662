//! Negotiation and ids: the answers that ASP.NET gave, byte for byte.

use hubcast_protocol::contract::SchemaHash;
use hubcast_protocol::negotiate::{
    AvailableTransport, InvalidNegotiateResponse, NegotiatedConnection, SchemaQuestion, Secret,
};
use hubcast_protocol::{
    ConnectionId, ConnectionToken, InvalidId, NegotiateError, NegotiateRequest, NegotiateResponse,
    TransferFormat, Transport,
};

const TRANSPORTS: &str = r#""availableTransports":[{"transport":"WebSockets","transferFormats":["Text","Binary"]},{"transport":"ServerSentEvents","transferFormats":["Text"]},{"transport":"LongPolling","transferFormats":["Text","Binary"]}]"#;

#[test]
fn version_0_has_an_id_and_no_token() {
    let response = connection(false, 0, None);
    assert_eq!(
        body(&response),
        format!(r#"{{"negotiateVersion":0,"connectionId":"{}",{TRANSPORTS}}}"#, id().as_str())
    );
    assert_eq!(transport_id(&response), id().as_str());
}

#[test]
fn version_1_has_a_token_of_its_own() {
    let token = ConnectionToken::from_random([7; 16]);
    let response = connection(false, 1, Some(token.as_str()));
    assert_eq!(
        body(&response),
        format!(
            r#"{{"negotiateVersion":1,"connectionId":"{}","connectionToken":"{}",{TRANSPORTS}}}"#,
            id().as_str(),
            token.as_str()
        )
    );
    assert_eq!(transport_id(&response), token.as_str());
}

#[test]
fn stateful_reconnect_comes_first_and_only_if_granted() {
    let expected = format!(
        r#"{{"useStatefulReconnect":true,"negotiateVersion":0,"connectionId":"{}",{TRANSPORTS}}}"#,
        id().as_str()
    );
    assert_eq!(body(&connection(true, 0, None)), expected);
}

#[test]
fn a_redirect_names_a_url_and_a_token() {
    let response = NegotiateResponse::Redirect {
        url: "https://elsewhere/hub".into(),
        access_token: Some(Secret::new("secret")),
    };
    assert_eq!(
        body(&response),
        r#"{"negotiateVersion":0,"url":"https://elsewhere/hub","accessToken":"secret","availableTransports":[]}"#
    );
}

#[test]
fn an_error_stands_alone() {
    let response = NegotiateResponse::Error(NegotiateError::NotAnInteger.to_string().into());
    assert_eq!(body(&response), r#"{"error":"The client requested a non-integer protocol version."}"#);
}

#[test]
fn what_is_written_reads_the_same() {
    for response in [
        connection(false, 0, None),
        connection(true, 1, Some("token")),
        NegotiateResponse::Redirect { url: "https://elsewhere/hub".into(), access_token: None },
        NegotiateResponse::Error("because \"so\"".into()),
    ] {
        assert_eq!(NegotiateResponse::parse(body(&response).as_bytes()).expect("it is right"), response);
    }
}

#[test]
fn a_client_leaves_out_what_it_does_not_know() {
    let answer =
        br#"{"negotiateVersion":1,"connectionId":"a","connectionToken":"b","tokenLifetimeSeconds":60,
        "availableTransports":[{"transport":"Pigeons","transferFormats":["Text"]},
        {"transport":"WebSockets","transferFormats":["Smoke","Binary"]}]}"#;
    let Ok(NegotiateResponse::Connection(connection)) = NegotiateResponse::parse(answer) else {
        panic!("the answer offers a connection");
    };
    let transport = Transport::WebSockets;
    let transfer_formats = vec![TransferFormat::Binary].into();
    assert_eq!(connection.transports, [AvailableTransport { transport, transfer_formats }]);
}

#[test]
fn a_client_tells_the_old_signalr_from_a_broken_answer() {
    let old = NegotiateResponse::parse(br#"{"Url":"/signalr","ProtocolVersion":"2.0"}"#);
    assert!(matches!(old, Err(InvalidNegotiateResponse::AspNetSignalR)));
    let broken = NegotiateResponse::parse(b"<html>");
    assert!(matches!(broken, Err(InvalidNegotiateResponse::Json(_))));
    let empty = NegotiateResponse::parse(b"{}");
    assert!(matches!(empty, Err(InvalidNegotiateResponse::Incomplete("connectionId"))));
    let tokenless = NegotiateResponse::parse(br#"{"negotiateVersion":1,"connectionId":"a"}"#);
    assert!(matches!(tokenless, Err(InvalidNegotiateResponse::Incomplete("connectionToken"))));
}

#[test]
fn queries_ask_for_a_version() {
    let version = |query| NegotiateRequest::from_query(query, 0).map(|request| request.version);
    assert_eq!(version(""), Ok(0));
    assert_eq!(version("negotiateVersion=0"), Ok(0));
    assert_eq!(version("negotiateVersion=1"), Ok(1));
    assert_eq!(version("negotiateVersion=2"), Ok(1));
    assert_eq!(version("negotiateVersion=99"), Ok(1));
    assert_eq!(version("NEGOTIATEVERSION=1"), Ok(1));
    assert_eq!(version("x=y&negotiate%56ersion=%31+"), Ok(1));
    for query in [
        "negotiateVersion=abc",
        "negotiateVersion=1.5",
        "negotiateVersion=",
        "negotiateVersion",
        "negotiateVersion=4294967297",
        "negotiateVersion=1&negotiateVersion=0",
        "negotiateVersion=%",
    ] {
        assert_eq!(version(query), Err(NegotiateError::NotAnInteger), "{query}");
    }
    let too_low = version("negotiateVersion=-1").expect_err("-1 is too low");
    assert_eq!(
        too_low.to_string(),
        "The client requested version '-1', but the server does not support this version."
    );
}

#[test]
fn a_minimum_version_keeps_old_clients_out() {
    let requested = |query| NegotiateRequest::from_query(query, 1);
    assert_eq!(requested(""), Err(NegotiateError::VersionTooLow { requested: 0 }));
    assert_eq!(requested("negotiateVersion=0"), Err(NegotiateError::VersionTooLow { requested: 0 }));
    assert_eq!(
        requested("negotiateVersion=1"),
        Ok(NegotiateRequest { version: 1, use_stateful_reconnect: false, schema: SchemaQuestion::No })
    );
}

#[test]
fn queries_ask_for_stateful_reconnect() {
    let asks = |query| NegotiateRequest::from_query(query, 0).map(|request| request.use_stateful_reconnect);
    assert_eq!(asks("negotiateVersion=1&useStatefulReconnect=true"), Ok(true));
    assert_eq!(asks("usestatefulreconnect=True"), Ok(true));
    for query in
        ["useStatefulReconnect=false", "useStatefulReconnect=x", "useAck=true", "useStatefulReconnect"]
    {
        assert_eq!(asks(query), Ok(false), "{query}");
    }
}

#[test]
fn queries_ask_for_the_schema() {
    let asks = |query: &str| NegotiateRequest::from_query(query, 0).map(|request| request.schema);
    let hash = SchemaHash::of("a contract");
    let question = format!("negotiateVersion=1&hubSchema={hash}");
    assert_eq!(asks(&question), Ok(SchemaQuestion::Yes(Some(hash))));
    assert_eq!(asks(&question.to_uppercase()), Ok(SchemaQuestion::Yes(Some(hash))));
    assert_eq!(asks(&format!("{question}&hubSchema={hash}")), Ok(SchemaQuestion::Yes(None)));
    let endless = format!("hubSchema={}", "0".repeat(100_000));
    for query in ["hubSchema", "hubSchema=", "hubSchema=1", "hubSchema=%00%ff", "hubSchema=%", &endless] {
        assert_eq!(asks(query), Ok(SchemaQuestion::Yes(None)), "{query:.20}");
    }
    for query in ["", "schema=0123456789abcdef", "hubSchemas=0123456789abcdef"] {
        assert_eq!(asks(query), Ok(SchemaQuestion::No), "{query}");
    }
}

#[test]
fn the_schema_is_the_last_property_and_only_there_if_it_is_known() {
    let hash = SchemaHash::of("a contract");
    let mut response = connection(false, 1, Some("token"));
    let without = body(&response);
    let NegotiateResponse::Connection(negotiated) = &mut response else { panic!("a connection") };
    negotiated.schema = Some(hash);
    let with = body(&response);
    let kept = without.strip_suffix('}').expect("an object");
    assert_eq!(with, format!("{kept},\"hubSchema\":\"{hash}\"}}"));
    assert_eq!(NegotiateResponse::parse(with.as_bytes()).expect("our own answer"), response);
    let unreadable = with.replace(&hash.to_string(), "later: a better hash");
    let Ok(NegotiateResponse::Connection(read)) = NegotiateResponse::parse(unreadable.as_bytes()) else {
        panic!("a connection")
    };
    assert_eq!(read.schema, None);
}

#[test]
fn an_id_is_22_characters_of_base64url() {
    let id = ConnectionId::from_random([0xfb; 16]);
    assert_eq!(id.to_string(), "-_v7-_v7-_v7-_v7-_v7-w");
    assert_eq!("-_v7-_v7-_v7-_v7-_v7-w".parse(), Ok(id));
    assert_eq!(format!("{id:?}"), "ConnectionId(-_v7-_v7-_v7-_v7-_v7-w)");
    assert_eq!(serde_json::to_string(&id).expect("a text"), "\"-_v7-_v7-_v7-_v7-_v7-w\"");
    assert_eq!(serde_json::from_str::<ConnectionId>("\"-_v7-_v7-_v7-_v7-_v7-w\"").expect("an id"), id);
    for text in ["", "short", "-_v7-_v7-_v7-_v7-_v7-w=", "+/v7-_v7-_v7-_v7-_v7-w", "ü_v7-_v7-_v7-_v7-_v7-"] {
        assert_eq!(text.parse::<ConnectionId>(), Err(InvalidId), "{text}");
        assert_eq!(text.parse::<ConnectionToken>(), Err(InvalidId), "{text}");
    }
}

#[test]
fn a_token_is_not_shown() {
    let token = ConnectionToken::from_random([1; 16]);
    assert_eq!(format!("{token:?}"), "ConnectionToken(..)");
    assert_eq!(token.as_str().parse(), Ok(token));
    assert_eq!(ConnectionToken::from(id()).as_str(), id().as_str());
    let response = connection(false, 1, Some("hidden"));
    assert!(!format!("{response:?}").contains("hidden"));
}

fn id() -> ConnectionId {
    ConnectionId::from_random([0; 16])
}

fn connection(use_stateful_reconnect: bool, version: i32, token: Option<&str>) -> NegotiateResponse<'_> {
    NegotiateResponse::Connection(NegotiatedConnection {
        use_stateful_reconnect,
        version,
        connection_id: id().to_string().into(),
        connection_token: token.map(Secret::new),
        transports: Transport::ALL.map(AvailableTransport::from).into(),
        token_lifetime: None,
        schema: None,
    })
}

fn transport_id<'a>(response: &'a NegotiateResponse<'_>) -> &'a str {
    match response {
        NegotiateResponse::Connection(connection) => connection.transport_id(),
        NegotiateResponse::Redirect { .. } | NegotiateResponse::Error(_) => panic!("a connection"),
    }
}

fn body(response: &NegotiateResponse<'_>) -> String {
    let mut out = Vec::new();
    response.write(&mut out);
    String::from_utf8(out).expect("JSON is text")
}
