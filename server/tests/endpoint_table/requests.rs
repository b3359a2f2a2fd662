//! The rows of HTTP: for each request, over both versions, the exact status, headers and body.
//!
//! A row's headers are all that its response has but for those of HTTP itself (`is_of_http`).

use std::any::Any;
use std::net::SocketAddr;

use hubcast_websocket::client_key;

use super::hub::{UNKNOWN, start};
use crate::support::{BOTH, Http1, Requests, Response, json_handshake, soon};

/// What the connection of a request has been through before.
#[derive(Debug, Clone, Copy)]
enum Given {
    /// The query names no connection.
    NoId,
    EmptyId,
    UnknownId,
    Negotiated,
    /// Negotiated in version 1, and named by the id that is no secret.
    PublicId,
    /// Negotiated in version 0, whose id is its token.
    Version0,
    /// Negotiated with stateful reconnect.
    Stateful,
    /// A WebSocket with stateful reconnect is open.
    StatefulSocket,
    Socket,
    Events,
    /// The first poll has been answered.
    Polled,
    /// The handshake has been answered by polls.
    Polls,
    /// What was sent last ended the connection, and its end waits for a poll.
    Ending,
    /// A connection by long polling that was deleted.
    Deleted,
}

/// What is asked with the query of that connection.
#[derive(Debug, Clone, Copy)]
enum Ask {
    Method(&'static str),
    /// A GET with this `Accept`.
    Accept(&'static str),
    Post(&'static str),
    WebSocket,
}

#[derive(Debug, Clone, Copy)]
enum Headers {
    None,
    Text,
    Json,
    /// The answer to a poll.
    Poll,
    /// A text that answers a GET which could have been a poll.
    PollText,
    Events,
    Socket,
}

type NegotiateRow = (&'static str, &'static str, u16, Headers, &'static str);
type Row = (&'static str, Given, Ask, u16, Headers, &'static str);

use Ask::{Accept, Method, Post, WebSocket};
use Given::{
    Deleted, EmptyId, Ending, Negotiated, NoId, Polled, Polls, PublicId, Stateful, StatefulSocket, UnknownId,
    Version0,
};
use Headers::{Json, Poll, PollText, Text};

const VERSION_0: &str = r#"{"negotiateVersion":0,"connectionId":"ID","availableTransports":[{"transport":"WebSockets","transferFormats":["Text","Binary"]},{"transport":"ServerSentEvents","transferFormats":["Text"]},{"transport":"LongPolling","transferFormats":["Text","Binary"]}]}"#;
const VERSION_1: &str = r#"{"negotiateVersion":1,"connectionId":"ID","connectionToken":"TOKEN","availableTransports":[{"transport":"WebSockets","transferFormats":["Text","Binary"]},{"transport":"ServerSentEvents","transferFormats":["Text"]},{"transport":"LongPolling","transferFormats":["Text","Binary"]}]}"#;
const STATEFUL: &str = r#"{"useStatefulReconnect":true,"negotiateVersion":1,"connectionId":"ID","connectionToken":"TOKEN","availableTransports":[{"transport":"WebSockets","transferFormats":["Text","Binary"]},{"transport":"ServerSentEvents","transferFormats":["Text"]},{"transport":"LongPolling","transferFormats":["Text","Binary"]}]}"#;
const RENEWING: &str = r#"{"negotiateVersion":1,"connectionId":"ID","connectionToken":"TOKEN","availableTransports":[{"transport":"WebSockets","transferFormats":["Text","Binary"]},{"transport":"ServerSentEvents","transferFormats":["Text"]},{"transport":"LongPolling","transferFormats":["Text","Binary"]}],"tokenLifetimeSeconds":3600}"#;
const SOCKETS: &str = r#"{"negotiateVersion":1,"connectionId":"ID","connectionToken":"TOKEN","availableTransports":[{"transport":"WebSockets","transferFormats":["Text","Binary"]}]}"#;
const EVENTS: &str = r#"{"negotiateVersion":1,"connectionId":"ID","connectionToken":"TOKEN","availableTransports":[{"transport":"ServerSentEvents","transferFormats":["Text"]}]}"#;
const POLLS: &str = r#"{"negotiateVersion":1,"connectionId":"ID","connectionToken":"TOKEN","availableTransports":[{"transport":"LongPolling","transferFormats":["Text","Binary"]}]}"#;
const ELSEWHERE: &str = r#"{"negotiateVersion":0,"url":"https://hubs.example/hub","accessToken":"the token","availableTransports":[]}"#;
const NO_INTEGER: &str = r#"{"error":"The client requested a non-integer protocol version."}"#;
const TOO_OLD: &str =
    r#"{"error":"The client requested version '0', but the server does not support this version."}"#;
const NEGATIVE: &str =
    r#"{"error":"The client requested version '-1', but the server does not support this version."}"#;

/// Method and target; status, headers, body.
const NEGOTIATIONS: &[NegotiateRow] = &[
    ("POST", "/hub/negotiate", 200, Json, VERSION_0),
    ("POST", "/hub/negotiate?negotiateVersion=0", 200, Json, VERSION_0),
    ("POST", "/hub/negotiate?negotiateVersion=1", 200, Json, VERSION_1),
    ("POST", "/hub/negotiate?negotiateVersion=2", 200, Json, VERSION_1),
    ("POST", "/hub/negotiate?NEGOTIATEversion=1", 200, Json, VERSION_1),
    ("POST", "/HUB/Negotiate?negotiateVersion=1", 200, Json, VERSION_1),
    ("POST", "/hub/negotiate?negotiateVersion=", 200, Json, NO_INTEGER),
    ("POST", "/hub/negotiate?negotiateVersion=x", 200, Json, NO_INTEGER),
    ("POST", "/hub/negotiate?negotiateVersion=1.5", 200, Json, NO_INTEGER),
    ("POST", "/hub/negotiate?negotiateVersion=1&negotiateVersion=0", 200, Json, NO_INTEGER),
    ("POST", "/hub/negotiate?negotiateVersion=-1", 200, Json, NEGATIVE),
    ("POST", "/new/negotiate", 200, Json, TOO_OLD),
    ("POST", "/new/negotiate?negotiateVersion=1", 200, Json, VERSION_1),
    ("POST", "/hub/negotiate?negotiateVersion=1&useStatefulReconnect=true", 200, Json, VERSION_1),
    ("POST", "/hub/negotiate?negotiateVersion=1&useAck=true", 200, Json, VERSION_1),
    ("POST", "/stateful/negotiate?negotiateVersion=1&useStatefulReconnect=true", 200, Json, STATEFUL),
    ("POST", "/stateful/negotiate?negotiateVersion=1&USEstatefulRECONNECT=True", 200, Json, STATEFUL),
    ("POST", "/stateful/negotiate?negotiateVersion=1&useStatefulReconnect=false", 200, Json, VERSION_1),
    ("POST", "/stateful/negotiate?negotiateVersion=1&useStatefulReconnect=1", 200, Json, VERSION_1),
    ("POST", "/stateful/negotiate?negotiateVersion=1&useAck=true", 200, Json, VERSION_1),
    ("POST", "/sockets/negotiate?negotiateVersion=1", 200, Json, SOCKETS),
    ("POST", "/events/negotiate?negotiateVersion=1", 200, Json, EVENTS),
    ("POST", "/polls/negotiate?negotiateVersion=1", 200, Json, POLLS),
    ("POST", "/elsewhere/negotiate?negotiateVersion=1", 200, Json, ELSEWHERE),
    ("POST", "/renewing/negotiate?negotiateVersion=1", 200, Json, RENEWING),
    ("GET", "/hub/negotiate?negotiateVersion=1", 405, Text, ""),
    ("PUT", "/hub/negotiate?negotiateVersion=1", 405, Text, ""),
    ("PATCH", "/hub/negotiate?negotiateVersion=1", 405, Text, ""),
    ("DELETE", "/hub/negotiate?negotiateVersion=1", 405, Text, ""),
    ("OPTIONS", "/hub/negotiate?negotiateVersion=1", 405, Text, ""),
    ("HEAD", "/hub/negotiate?negotiateVersion=1", 405, Text, ""),
    ("GET", "/renewing/refresh", 405, Text, ""),
    ("POST", "/renewing/refresh", 400, Json, r#"{"error":"missing_connection_token"}"#),
    ("POST", "/renewing/refresh?id=AAAAAAAAAAAAAAAAAAAAAA", 404, Json, r#"{"error":"connection_not_found"}"#),
];

const ID_REQUIRED: &str = "Connection ID required";
const NO_CONNECTION: &str = "No Connection with that ID";
const OTHER_TRANSPORT: &str = "Cannot change transports mid-connection";
const NOT_BY_DELETE: &str = "Cannot terminate this connection using the DELETE endpoint.";
const NOT_BY_POST: &str = "POST requests are not allowed for WebSocket connections.";
const NO_SOCKETS: &str = "WebSockets transport not supported by this end point type";
const NO_EVENTS: &str = "ServerSentEvents transport not supported by this end point type";
const NO_POLLS: &str = "LongPolling transport not supported by this end point type";
const STREAM: Ask = Accept("text/event-stream");
const GET: Ask = Method("GET");
const DELETE: Ask = Method("DELETE");
const POST: Ask = Post("");
const OPENED: &str = ":\r\n";

/// The hub, what was before, what is asked; status, headers, body.
const ROWS: &[Row] = &[
    // A GET or a CONNECT for a WebSocket; the id is optional.
    ("/hub", NoId, WebSocket, 101, Headers::Socket, ""),
    ("/hub", Negotiated, WebSocket, 101, Headers::Socket, ""),
    ("/hub", Version0, WebSocket, 101, Headers::Socket, ""),
    ("/hub", UnknownId, WebSocket, 404, Headers::None, NO_CONNECTION),
    ("/hub", PublicId, WebSocket, 404, Headers::None, NO_CONNECTION),
    ("/hub", Deleted, WebSocket, 404, Headers::None, NO_CONNECTION),
    // A GET that accepts events, by name and without parameters.
    ("/hub", Negotiated, STREAM, 200, Headers::Events, OPENED),
    ("/hub", Version0, STREAM, 200, Headers::Events, OPENED),
    ("/hub", Negotiated, Accept("TEXT/event-Stream"), 200, Headers::Events, OPENED),
    ("/hub", Negotiated, Accept("text/html, text/event-stream"), 200, Headers::Events, OPENED),
    ("/hub", Negotiated, Accept("text/event-stream;q=0.5"), 200, Poll, ""),
    ("/hub", Negotiated, Accept("text/*"), 200, Poll, ""),
    ("/hub", NoId, STREAM, 400, Text, ID_REQUIRED),
    ("/hub", EmptyId, STREAM, 400, Text, ID_REQUIRED),
    ("/hub", UnknownId, STREAM, 404, Text, NO_CONNECTION),
    ("/hub", PublicId, STREAM, 404, Text, NO_CONNECTION),
    ("/hub", Deleted, STREAM, 404, Text, NO_CONNECTION),
    // Any other GET is a poll. The first is answered at once, each later one with what waits.
    ("/hub", Negotiated, GET, 200, Poll, ""),
    ("/hub", Version0, GET, 200, Poll, ""),
    ("/brief-polls", Polls, GET, 200, Poll, ""),
    ("/hub", Ending, GET, 204, PollText, ""),
    ("/hub", NoId, GET, 400, PollText, ID_REQUIRED),
    ("/hub", EmptyId, GET, 400, PollText, ID_REQUIRED),
    ("/hub", UnknownId, GET, 404, PollText, NO_CONNECTION),
    ("/hub", PublicId, GET, 404, PollText, NO_CONNECTION),
    ("/hub", Deleted, GET, 404, PollText, NO_CONNECTION),
    // A POST brings bytes, whichever transport takes them.
    ("/hub", Negotiated, POST, 200, Text, ""),
    ("/hub", Polled, POST, 200, Text, ""),
    ("/hub", Polls, Post("{\"type\":6}\u{1e}"), 200, Text, ""),
    ("/hub", Given::Events, Post("{\"type\":6}\u{1e}"), 200, Text, ""),
    ("/hub", Given::Socket, Post("{\"type\":6}\u{1e}"), 405, Text, NOT_BY_POST),
    ("/hub", NoId, POST, 400, Text, ID_REQUIRED),
    ("/hub", EmptyId, POST, 400, Text, ID_REQUIRED),
    ("/hub", UnknownId, POST, 404, Text, NO_CONNECTION),
    ("/hub", PublicId, POST, 404, Text, NO_CONNECTION),
    ("/hub", Deleted, POST, 404, Text, NO_CONNECTION),
    // A DELETE ends a connection by long polling and no other.
    ("/hub", Polled, DELETE, 202, Text, ""),
    ("/hub", Polls, DELETE, 202, Text, ""),
    ("/hub", Negotiated, DELETE, 400, Text, NOT_BY_DELETE),
    ("/hub", Given::Events, DELETE, 400, Text, NOT_BY_DELETE),
    ("/hub", Given::Socket, DELETE, 400, Text, NOT_BY_DELETE),
    ("/hub", NoId, DELETE, 400, Text, ID_REQUIRED),
    ("/hub", EmptyId, DELETE, 400, Text, ID_REQUIRED),
    ("/hub", UnknownId, DELETE, 404, Text, NO_CONNECTION),
    ("/hub", PublicId, DELETE, 404, Text, NO_CONNECTION),
    ("/hub", Deleted, DELETE, 404, Text, NO_CONNECTION),
    // Anything else.
    ("/hub", NoId, Method("PUT"), 405, Text, ""),
    ("/hub", NoId, Method("PATCH"), 405, Text, ""),
    ("/hub", NoId, Method("HEAD"), 405, Text, ""),
    ("/hub", NoId, Method("OPTIONS"), 405, Text, ""),
    ("/hub", UnknownId, Method("PUT"), 405, Text, ""),
    ("/hub", Polls, Method("PUT"), 405, Text, ""),
    // Transports that the hub does not offer.
    ("/events", NoId, WebSocket, 404, Text, NO_SOCKETS),
    ("/events", Negotiated, WebSocket, 404, Text, NO_SOCKETS),
    ("/events", Negotiated, GET, 404, PollText, NO_POLLS),
    ("/sockets", Negotiated, STREAM, 404, Text, NO_EVENTS),
    ("/polls", Negotiated, STREAM, 404, Text, NO_EVENTS),
    ("/sockets", Negotiated, GET, 404, PollText, NO_POLLS),
    // A connection stays with its transport.
    ("/hub", Given::Socket, GET, 400, PollText, OTHER_TRANSPORT),
    ("/hub", Given::Socket, STREAM, 400, Text, OTHER_TRANSPORT),
    ("/hub", Given::Events, GET, 400, PollText, OTHER_TRANSPORT),
    ("/hub", Given::Events, WebSocket, 400, Text, OTHER_TRANSPORT),
    ("/hub", Polled, STREAM, 400, Text, OTHER_TRANSPORT),
    ("/hub", Polled, WebSocket, 400, Text, OTHER_TRANSPORT),
    // And has one of it at a time, unless it may be taken up again.
    ("/hub", Given::Socket, WebSocket, 409, Text, ""),
    ("/hub", Given::Events, STREAM, 409, Text, ""),
    ("/stateful", Given::Socket, WebSocket, 409, Text, ""),
    ("/stateful", StatefulSocket, WebSocket, 101, Headers::Socket, ""),
    ("/stateful", StatefulSocket, GET, 400, PollText, OTHER_TRANSPORT),
    ("/stateful", Stateful, STREAM, 200, Headers::Events, OPENED),
];

#[tokio::test]
async fn every_negotiation_is_answered_as_the_table_says() {
    let (server, address) = start().await;
    let mut differences = Vec::new();
    for http2 in BOTH {
        let requests = Requests::negotiate_at(address, http2).await;
        for (method, target, status, headers, body) in NEGOTIATIONS {
            let got = requests.ask_at(method, target, &[], b"").await;
            let row = |difference| format!("{method} {target}: {difference}");
            differences.extend(difference(&got, *status, *headers, body, http2).map(row));
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
    server.stop().await;
}

#[tokio::test]
async fn every_request_is_answered_as_the_table_says() {
    let (server, address) = start().await;
    let mut differences = Vec::new();
    for http2 in BOTH {
        for (hub, given, ask, status, headers, body) in ROWS {
            let (connection, _held) = before(address, http2, hub, *given).await;
            let got = soon(answer(&connection, address, http2, *ask, *headers)).await;
            let row = |difference| format!("{hub} {given:?} {ask:?}: {difference}");
            differences.extend(difference(&got, *status, *headers, body, http2).map(row));
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
    server.stop().await;
}

/// A connection that has come so far, and what keeps it there.
async fn before(address: SocketAddr, http2: bool, hub: &str, given: Given) -> (Requests, Box<dyn Any>) {
    let mut connection = Requests::negotiate_at(address, http2).await;
    let query = match given {
        Version0 => "",
        Stateful | StatefulSocket => "?negotiateVersion=1&useStatefulReconnect=true",
        NoId
        | EmptyId
        | UnknownId
        | Negotiated
        | PublicId
        | Given::Socket
        | Given::Events
        | Polled
        | Polls
        | Ending
        | Deleted => "?negotiateVersion=1",
    };
    let negotiated = connection.ask_at("POST", &format!("{hub}/negotiate{query}"), &[], b"").await.json();
    let id = negotiated["connectionId"].as_str().unwrap();
    let token = negotiated["connectionToken"].as_str().unwrap_or(id);
    connection.target = match given {
        NoId => hub.to_owned(),
        EmptyId => format!("{hub}?id="),
        UnknownId => format!("{hub}?id={UNKNOWN}"),
        PublicId => format!("{hub}?id={id}"),
        Negotiated
        | Version0
        | Stateful
        | StatefulSocket
        | Given::Socket
        | Given::Events
        | Polled
        | Polls
        | Ending
        | Deleted => format!("{hub}?id={token}"),
    };
    let held: Box<dyn Any> = match given {
        NoId | EmptyId | UnknownId | PublicId | Negotiated | Version0 | Stateful => Box::new(()),
        Given::Socket | StatefulSocket => {
            let version = if matches!(given, StatefulSocket) { 2 } else { 1 };
            let mut socket = connection.websocket().await.unwrap();
            socket.send_text(&format!("{{\"protocol\":\"json\",\"version\":{version}}}\u{1e}")).await;
            assert_eq!(socket.next().await, "text {}\u{1e}");
            Box::new(socket)
        }
        Given::Events => {
            let mut events = connection.events().await;
            connection.post(json_handshake()).await;
            assert_eq!(events.next().await.as_deref(), Some(OPENED));
            assert_eq!(events.next().await.as_deref(), Some("data: {}\u{1e}\r\n\r\n"));
            Box::new(events)
        }
        Polled => Box::new(connection.poll().await),
        Polls => {
            connection.open_polls().await;
            Box::new(())
        }
        Ending => {
            connection.open_polls().await;
            connection.post("{\"type\":7}\u{1e}").await;
            assert_eq!(connection.poll().await.text(), "{\"type\":7}\u{1e}");
            Box::new(())
        }
        Deleted => {
            connection.open_polls().await;
            assert_eq!(connection.delete().await.status, 202);
            soon(async { while connection.delete().await.status != 404 {} }).await;
            Box::new(())
        }
    };
    (connection, held)
}

/// The response; of an event stream its head and what it begins with.
async fn answer(
    connection: &Requests,
    address: SocketAddr,
    http2: bool,
    ask: Ask,
    wanted: Headers,
) -> Response {
    match ask {
        Method(method) => connection.ask(method, &[], b"").await,
        Post(text) => connection.post(text).await,
        Accept(accept) if matches!(wanted, Headers::Events) => {
            let mut events = connection.events_accepting(accept).await;
            events.head.body = events.next().await.unwrap().into_bytes();
            events.head
        }
        Accept(accept) => connection.ask("GET", &[("Accept", accept)], b"").await,
        WebSocket if http2 => match connection.websocket().await {
            // The response of an extended CONNECT is 200 and says nothing more.
            Ok(_) => Response { status: 101, headers: http::HeaderMap::new(), body: Vec::new() },
            Err(refused) => refused,
        },
        WebSocket => {
            let (key, http1) = (client_key([7; 16]), Http1::connect(address).await);
            http1.upgrade_with(&connection.target, &Http1::upgrade_headers(&key)).await.0
        }
    }
}

/// What is not as it has to be.
fn difference(got: &Response, status: u16, headers: Headers, body: &str, http2: bool) -> Option<String> {
    let all = got.headers.iter().map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()));
    let mut found = all.filter(|line| !is_of_http(line)).collect::<Vec<_>>();
    found.sort();
    let length_is_right = match (got.header("content-length"), headers) {
        (Some(length), _) => length == got.body.len().to_string(),
        (None, Json | Poll) => false,
        (None, Headers::None | Text | PollText | Headers::Socket) => got.body.is_empty(),
        (None, Headers::Events) => true,
    };
    let found = (got.status, found, without_ids(got.text()));
    let is_right = length_is_right && found == (status, headers.lines(http2), body.to_owned());
    (!is_right).then(|| format!("got {found:?} of length {:?}", got.header("content-length")))
}

/// Headers that are HTTP's own business.
fn is_of_http(line: &str) -> bool {
    ["date: ", "content-length: ", "transfer-encoding: "].iter().any(|name| line.starts_with(name))
}

impl Headers {
    /// In the order of their names.
    fn lines(self, http2: bool) -> Vec<String> {
        const UNCACHED: [&str; 3] = [
            "cache-control: no-cache, no-store",
            "expires: Thu, 01 Jan 1970 00:00:00 GMT",
            "pragma: no-cache",
        ];
        let content = |kind: &str| format!("content-type: {kind}");
        let uncached = |kind| [content(kind)].into_iter().chain(UNCACHED.map(str::to_owned)).collect();
        let mut lines: Vec<String> = match self {
            Self::None => Vec::new(),
            Self::Text => vec![content("text/plain")],
            Self::Json => vec![content("application/json")],
            Self::Poll => uncached("application/octet-stream"),
            Self::PollText => uncached("text/plain"),
            Self::Events => {
                let others =
                    ["cache-control: no-cache,no-store", "content-encoding: identity", "pragma: no-cache"];
                [content("text/event-stream")].into_iter().chain(others.map(str::to_owned)).collect()
            }
            Self::Socket if http2 => Vec::new(),
            Self::Socket => {
                let key = hubcast_websocket::accept_key(&client_key([7; 16]));
                vec![
                    "connection: Upgrade".into(),
                    "upgrade: websocket".into(),
                    format!("sec-websocket-accept: {key}"),
                ]
            }
        };
        lines.sort();
        lines
    }
}

/// The body of a negotiation with its random parts named; they are 22 letters long and differ.
fn without_ids(body: &str) -> String {
    let Ok(json) = serde_json::from_str::<serde_json::Value>(body) else { return body.to_owned() };
    let mut named = body.to_owned();
    for (property, name) in [("connectionId", "ID"), ("connectionToken", "TOKEN")] {
        if let Some(id) = json[property].as_str() {
            assert_eq!(id.len(), 22, "{body}");
            named = named.replacen(&format!("\"{id}\""), &format!("\"{name}\""), 1);
        }
    }
    named
}
