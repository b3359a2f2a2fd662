//! The rows of the hub protocol: for each handshake, call and close, over both versions of HTTP, the exact answer.
//!
//! In JSON; that MessagePack says the same is tested in `calls`. Of the error texts in the table one cannot come about: a
//! stream that is null (`… is not a ChannelReader<> or IAsyncEnumerable<>.`) is no value in Rust.

use std::net::SocketAddr;

use hubcast::HubProtocol;

use super::hub::start;
use crate::support::{BOTH, Http1, Http2, HubClient, Requests, WebSocket, json_handshake, soon};

type Handshake = (&'static str, &'static str, &'static [&'static str]);
type Failure = (&'static str, &'static str, &'static str);
type Conversation = (&'static str, &'static [&'static str], &'static [&'static str]);
type Close = (&'static str, &'static str, &'static str);

const REFUSED: &str = r#"{"error":"An unexpected error occurred during connection handshake."}"#;

/// The hub, what the client sends first, and the answers. One that is refused is closed behind its answer.
const HANDSHAKES: &[Handshake] = &[
    ("/hub", r#"{"protocol":"json","version":1}"#, &["{}"]),
    ("/hub", r#"{"protocol":"json","version":2}"#, &["{}"]),
    ("/hub", r#"{"protocol":"json","version":0}"#, &["{}"]),
    ("/hub", r#"{"protocol":"JSON","version":1}"#, &["{}"]),
    ("/hub", r#"{"version":1,"other":[{}],"protocol":"json"}"#, &["{}"]),
    (
        "/hub",
        "{\"protocol\":\"json\",\"version\":1}\u{1e}{\"type\":1,\"invocationId\":\"1\",\"target\":\"Add\",\"arguments\":[1,2]}",
        &["{}", r#"{"type":3,"invocationId":"1","result":3}"#],
    ),
    (
        "/hub",
        r#"{"protocol":"x","version":1}"#,
        &[r#"{"error":"The protocol 'x' is not supported."}"#, "close 1000"],
    ),
    (
        "/hub",
        r#"{"protocol":"json","version":3}"#,
        &[r#"{"error":"The server does not support version 3 of the 'json' protocol."}"#, "close 1000"],
    ),
    (
        "/hub",
        r#"{"protocol":"messagepack","version":3}"#,
        &[
            r#"{"error":"The server does not support version 3 of the 'messagepack' protocol."}"#,
            "close 1000",
        ],
    ),
    ("/in-json", r#"{"protocol":"json","version":1}"#, &["{}"]),
    (
        "/in-json",
        r#"{"protocol":"messagepack","version":1}"#,
        &[r#"{"error":"The protocol 'messagepack' is not supported."}"#, "close 1000"],
    ),
    ("/hub", r#"{"version":1}"#, &[REFUSED, "close 1000"]),
    ("/hub", r#"{"protocol":"json"}"#, &[REFUSED, "close 1000"]),
    ("/hub", r#"{"protocol":"json","version":"1"}"#, &[REFUSED, "close 1000"]),
    ("/hub", r#"{"protocol":1,"version":1}"#, &[REFUSED, "close 1000"]),
    ("/hub", r#"{"type":6}"#, &[REFUSED, "close 1000"]),
    ("/hub", "[]", &[REFUSED, "close 1000"]),
    ("/hub", "nonsense", &[REFUSED, "close 1000"]),
    ("/hub", "", &[REFUSED, "close 1000"]),
    (
        "/detailed",
        r#"{"version":1}"#,
        &[
            r#"{"error":"An unexpected error occurred during connection handshake. InvalidDataException: Missing required property 'protocol'. Message content: {\"version\":1}"}"#,
            "close 1000",
        ],
    ),
    (
        "/small",
        r#"{"protocol":"json","version":1,"other":"0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"}"#,
        &[r#"{"error":"Handshake was canceled."}"#, "close 1000"],
    ),
];

/// The hub, a call with the id "1", and the error in its completion.
const FAILURES: &[Failure] = &[
    // A method that is not there, detailed errors or not.
    (
        "/hub",
        r#"{"type":1,"invocationId":"1","target":"Absent","arguments":[]}"#,
        "Failed to invoke 'Absent' due to an error on the server. HubException: Method does not exist.",
    ),
    (
        "/detailed",
        r#"{"type":4,"invocationId":"1","target":"absent","arguments":[1]}"#,
        "Failed to invoke 'absent' due to an error on the server. HubException: Method does not exist.",
    ),
    // Arguments that do not fit. The name is the registered one.
    (
        "/hub",
        r#"{"type":1,"invocationId":"1","target":"ADD","arguments":[1]}"#,
        "Failed to invoke 'Add' due to an error on the server.",
    ),
    (
        "/detailed",
        r#"{"type":1,"invocationId":"1","target":"add","arguments":[1]}"#,
        "Failed to invoke 'Add' due to an error on the server. InvalidDataException: Invocation provides 1 argument(s) but target expects 2.",
    ),
    (
        "/hub",
        r#"{"type":1,"invocationId":"1","target":"Add","arguments":[1,"2"]}"#,
        "Failed to invoke 'Add' due to an error on the server.",
    ),
    (
        "/detailed",
        r#"{"type":1,"invocationId":"1","target":"Add","arguments":[1,"2"]}"#,
        "Failed to invoke 'Add' due to an error on the server. InvalidDataException: Error binding arguments. Make sure that the types of the provided values match the types of the hub method being invoked.",
    ),
    (
        "/hub",
        r#"{"type":4,"invocationId":"1","target":"Count","arguments":["many"]}"#,
        "Failed to invoke 'Count' due to an error on the server.",
    ),
    // A method that fails: with a text for its caller, or in secret.
    (
        "/hub",
        r#"{"type":1,"invocationId":"1","target":"Fail","arguments":["no way"]}"#,
        "An unexpected error occurred invoking 'Fail' on the server. HubException: no way",
    ),
    (
        "/hub",
        r#"{"type":1,"invocationId":"1","target":"Fail","arguments":[null]}"#,
        "An unexpected error occurred invoking 'Fail' on the server.",
    ),
    (
        "/detailed",
        r#"{"type":1,"invocationId":"1","target":"Fail","arguments":[null]}"#,
        "An unexpected error occurred invoking 'Fail' on the server. Exception: the secret cause",
    ),
    (
        "/hub",
        r#"{"type":1,"invocationId":"1","target":"Crash","arguments":[]}"#,
        "An unexpected error occurred invoking 'Crash' on the server.",
    ),
    (
        "/detailed",
        r#"{"type":1,"invocationId":"1","target":"Crash","arguments":[]}"#,
        "An unexpected error occurred invoking 'Crash' on the server.",
    ),
    (
        "/hub",
        r#"{"type":4,"invocationId":"1","target":"FailFirst","arguments":[]}"#,
        "An unexpected error occurred invoking 'FailFirst' on the server. HubException: no way",
    ),
    // The wrong kind of call.
    (
        "/hub",
        r#"{"type":1,"invocationId":"1","target":"count","arguments":[3]}"#,
        "The client attempted to invoke the streaming 'Count' method with a non-streaming invocation.",
    ),
    (
        "/hub",
        r#"{"type":4,"invocationId":"1","target":"echo","arguments":["x"]}"#,
        "The client attempted to invoke the non-streaming 'Echo' method with a streaming invocation.",
    ),
    // More or fewer uploads than the method takes, and uploads that end badly.
    (
        "/hub",
        r#"{"type":1,"invocationId":"1","target":"Sum","arguments":[]}"#,
        "An unexpected error occurred invoking 'Sum' on the server. HubException: Client sent 0 stream(s), Hub method expects 1.",
    ),
    (
        "/hub",
        r#"{"type":1,"invocationId":"1","target":"Sum","arguments":[],"streamIds":["a","b"]}"#,
        "An unexpected error occurred invoking 'Sum' on the server. HubException: Client sent 2 stream(s), Hub method expects 1.",
    ),
    (
        "/hub",
        "{\"type\":1,\"invocationId\":\"1\",\"target\":\"Sum\",\"arguments\":[],\"streamIds\":[\"a\"]}\u{1e}{\"type\":2,\"invocationId\":\"a\",\"item\":\"one\"}",
        "An unexpected error occurred invoking 'Sum' on the server. HubException: Failed to bind Stream message.",
    ),
    (
        "/hub",
        "{\"type\":1,\"invocationId\":\"1\",\"target\":\"Sum\",\"arguments\":[],\"streamIds\":[\"a\"]}\u{1e}{\"type\":3,\"invocationId\":\"a\",\"error\":\"gave up\"}",
        "An unexpected error occurred invoking 'Sum' on the server. HubException: gave up",
    ),
    // A caller who may not, whatever the arguments.
    (
        "/hub",
        r#"{"type":1,"invocationId":"1","target":"guarded","arguments":["x"]}"#,
        "Failed to invoke 'Guarded' because user is unauthorized",
    ),
    // A plain call that its client cancels.
    (
        "/hub",
        "{\"type\":1,\"invocationId\":\"1\",\"target\":\"Wait\",\"arguments\":[]}\u{1e}{\"type\":5,\"invocationId\":\"1\"}",
        "An unexpected error occurred invoking 'Wait' on the server.",
    ),
    (
        "/detailed",
        "{\"type\":1,\"invocationId\":\"1\",\"target\":\"Wait\",\"arguments\":[]}\u{1e}{\"type\":5,\"invocationId\":\"1\"}",
        "An unexpected error occurred invoking 'Wait' on the server. OperationCanceledException: The operation was canceled.",
    ),
    // A question to a client who is not there.
    (
        "/hub",
        r#"{"type":1,"invocationId":"1","target":"AskNobody","arguments":[]}"#,
        "An unexpected error occurred invoking 'AskNobody' on the server.",
    ),
    (
        "/detailed",
        r#"{"type":1,"invocationId":"1","target":"AskNobody","arguments":[]}"#,
        "An unexpected error occurred invoking 'AskNobody' on the server. Exception: Connection 'AAAAAAAAAAAAAAAAAAAAAA' does not exist.",
    ),
];

const ASKS: &str = r#"{"type":1,"invocationId":"ASKED","target":"Ask","arguments":["How many?"]}"#;
const ASK_ME: &str = r#"{"type":1,"invocationId":"1","target":"ask_me","arguments":[]}"#;

/// The hub, what the client says, and all that it hears.
const CONVERSATIONS: &[Conversation] = &[
    (
        "/hub",
        &[r#"{"type":1,"invocationId":"1","target":"Nothing","arguments":[]}"#],
        &[r#"{"type":3,"invocationId":"1","result":null}"#],
    ),
    // Without an id there is no completion, whatever comes of the call.
    ("/hub", &[r#"{"type":1,"target":"Echo","arguments":["x"]}"#], &[]),
    ("/hub", &[r#"{"type":1,"target":"Absent","arguments":[]}"#], &[]),
    ("/hub", &[r#"{"type":1,"target":"Add","arguments":[]}"#], &[]),
    ("/hub", &[r#"{"type":1,"target":"Fail","arguments":["x"]}"#], &[]),
    ("/hub", &[r#"{"type":1,"target":"Guarded","arguments":[1]}"#], &[]),
    ("/hub", &[r#"{"type":1,"target":"Count","arguments":[1]}"#], &[]),
    // Streams, and how they end.
    (
        "/hub",
        &[r#"{"type":4,"invocationId":"1","target":"Count","arguments":[2]}"#],
        &[
            r#"{"type":2,"invocationId":"1","item":0}"#,
            r#"{"type":2,"invocationId":"1","item":1}"#,
            r#"{"type":3,"invocationId":"1"}"#,
        ],
    ),
    (
        "/hub",
        &[r#"{"type":4,"invocationId":"1","target":"FailMidway","arguments":["no way"]}"#],
        &[
            r#"{"type":2,"invocationId":"1","item":0}"#,
            r#"{"type":3,"invocationId":"1","error":"An error occurred on the server while streaming results. HubException: no way"}"#,
        ],
    ),
    (
        "/hub",
        &[r#"{"type":4,"invocationId":"1","target":"FailMidway","arguments":[null]}"#],
        &[
            r#"{"type":2,"invocationId":"1","item":0}"#,
            r#"{"type":3,"invocationId":"1","error":"An error occurred on the server while streaming results."}"#,
        ],
    ),
    (
        "/detailed",
        &[r#"{"type":4,"invocationId":"1","target":"FailMidway","arguments":[null]}"#],
        &[
            r#"{"type":2,"invocationId":"1","item":0}"#,
            r#"{"type":3,"invocationId":"1","error":"An error occurred on the server while streaming results. Exception: the secret cause"}"#,
        ],
    ),
    (
        "/detailed",
        &[r#"{"type":4,"invocationId":"1","target":"CrashMidway","arguments":[]}"#],
        &[
            r#"{"type":2,"invocationId":"1","item":0}"#,
            r#"{"type":3,"invocationId":"1","error":"An error occurred on the server while streaming results."}"#,
        ],
    ),
    (
        "/hub",
        &[
            r#"{"type":4,"invocationId":"1","target":"Endless","arguments":[]}"#,
            r#"{"type":4,"invocationId":"1","target":"Count","arguments":[3]}"#,
            r#"{"type":5,"invocationId":"1"}"#,
        ],
        &[
            r#"{"type":2,"invocationId":"1","item":0}"#,
            r#"{"type":3,"invocationId":"1","error":"Invocation ID '1' is already in use."}"#,
            r#"{"type":3,"invocationId":"1"}"#,
        ],
    ),
    (
        "/hub",
        &[
            r#"{"type":1,"invocationId":"1","target":"Sum","arguments":[],"streamIds":["a"]}"#,
            r#"{"type":2,"invocationId":"a","item":1}"#,
            r#"{"type":2,"invocationId":"a","item":2}"#,
            r#"{"type":3,"invocationId":"a"}"#,
        ],
        &[r#"{"type":3,"invocationId":"1","result":3}"#],
    ),
    // What the client answers when it is asked.
    (
        "/hub",
        &[ASK_ME, r#"{"type":3,"invocationId":"ASKED","result":7}"#],
        &[ASKS, r#"{"type":3,"invocationId":"1","result":7}"#],
    ),
    (
        "/hub",
        &[ASK_ME, r#"{"type":3,"invocationId":"ASKED","error":"no idea"}"#],
        &[
            ASKS,
            r#"{"type":3,"invocationId":"1","error":"An unexpected error occurred invoking 'ask_me' on the server. HubException: no idea"}"#,
        ],
    ),
    (
        "/hub",
        &[ASK_ME, r#"{"type":3,"invocationId":"ASKED"}"#],
        &[
            ASKS,
            r#"{"type":3,"invocationId":"1","error":"An unexpected error occurred invoking 'ask_me' on the server. HubException: Exception of type 'Microsoft.AspNetCore.SignalR.HubException' was thrown."}"#,
        ],
    ),
    (
        "/hub",
        &[ASK_ME, r#"{"type":3,"invocationId":"ASKED","result":"many"}"#],
        &[
            ASKS,
            r#"{"type":3,"invocationId":"1","error":"An unexpected error occurred invoking 'ask_me' on the server. HubException: Error trying to deserialize result to i64."}"#,
        ],
    ),
    // What is for nobody.
    ("/hub", &[r#"{"type":2,"invocationId":"x","item":1}"#], &[]),
    ("/hub", &[r#"{"type":3,"invocationId":"x","result":1}"#], &[]),
    ("/hub", &[r#"{"type":5,"invocationId":"x"}"#], &[]),
    ("/hub", &[r#"{"type":6}"#], &[]),
    ("/hub", &[r#"{"type":8,"sequenceId":1}"#, r#"{"type":9,"sequenceId":1}"#], &[]),
    ("/hub", &[r#"{"type":99}"#], &[]),
];

const CLOSED: &str = r#"{"type":7,"error":"Connection closed with an error.","allowReconnect":true}"#;

/// The hub, what the client says, and the Close message, behind which the socket closes with 1000.
const CLOSES: &[Close] = &[
    ("/hub", r#"{"type":7}"#, r#"{"type":7}"#),
    ("/hub", r#"{"type":1,"target":"Abort","arguments":[]}"#, r#"{"type":7}"#),
    // The client breaks the protocol.
    ("/hub", "nonsense", CLOSED),
    ("/hub", "[]", CLOSED),
    ("/hub", "{}", CLOSED),
    ("/hub", r#"{"type":1,"arguments":[]}"#, CLOSED),
    ("/hub", r#"{"type":1,"target":"Echo"}"#, CLOSED),
    ("/hub", r#"{"type":2,"invocationId":"1"}"#, CLOSED),
    ("/hub", r#"{"type":3,"invocationId":"1","result":1,"error":"both"}"#, CLOSED),
    ("/hub", r#"{"type":4,"target":"Count","arguments":[3]}"#, CLOSED),
    ("/hub", r#"{"type":5}"#, CLOSED),
    ("/hub", r#"{"type":1,"target":"Echo","arguments":["x"],"headers":{"a":1}}"#, CLOSED),
    (
        "/detailed",
        r#"{"type":1,"arguments":[]}"#,
        r#"{"type":7,"error":"Connection closed with an error. InvalidDataException: Missing required property 'target'.","allowReconnect":true}"#,
    ),
    // A message that is too large.
    (
        "/small",
        r#"{"type":6,"x":"0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"}"#,
        CLOSED,
    ),
    (
        "/small-detailed",
        r#"{"type":6,"x":"0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"}"#,
        r#"{"type":7,"error":"Connection closed with an error. InvalidDataException: The maximum message size of 200B was exceeded. The message size can be configured with maximum_receive_message_size.","allowReconnect":true}"#,
    ),
    // The connected hook fails: the one end after which nobody should try again at once.
    ("/refusing", "", r#"{"type":7,"error":"Connection closed with an error. HubException: Not today."}"#),
    ("/refusing-in-secret", "", r#"{"type":7,"error":"Connection closed with an error."}"#),
    (
        "/refusing-detailed",
        "",
        r#"{"type":7,"error":"Connection closed with an error. Exception: the secret cause"}"#,
    ),
    (
        "/asking-detailed",
        "",
        r#"{"type":7,"error":"Connection closed with an error. Exception: Client results inside OnConnectedAsync Hub methods are not allowed."}"#,
    ),
    // Time is up.
    ("/silence", r#"{"type":6}"#, CLOSED),
    (
        "/silence-detailed",
        r#"{"type":6}"#,
        r#"{"type":7,"error":"Connection closed with an error. OperationCanceledException: Client hasn't sent a message/ping within the configured ClientTimeoutInterval.","allowReconnect":true}"#,
    ),
    ("/expiring", "", r#"{"type":7,"allowReconnect":true}"#),
];

#[tokio::test]
async fn every_handshake_is_answered_as_the_table_says() {
    let (server, address) = start().await;
    for http2 in BOTH {
        for (hub, sent, answers) in HANDSHAKES {
            let mut socket = open(address, http2, hub).await;
            socket.send_text(&format!("{sent}\u{1e}")).await;
            let mut heard = Vec::new();
            while heard.len() < answers.len() {
                heard.extend(messages(&socket.next().await));
            }
            assert_eq!(&heard, answers, "{hub} {sent}");
        }
        let mut silent = open(address, http2, "/hasty").await;
        assert_eq!(silent.next().await, "text {\"error\":\"Handshake was canceled.\"}\u{1e}");
        assert_eq!(silent.next().await, "close 1000");
    }
    server.stop().await;
}

#[tokio::test]
async fn a_binary_protocol_is_refused_where_only_text_goes() {
    let (server, address) = start().await;
    for http2 in BOTH {
        let connection = Requests::negotiate_at(address, http2).await;
        let mut events = connection.events().await;
        connection.post("{\"protocol\":\"messagepack\",\"version\":1}\u{1e}").await;
        assert_eq!(events.next().await.as_deref(), Some(":\r\n"));
        let refused = "Cannot use the 'messagepack' protocol on the current transport. The transport does not support \
                       'Binary' transfer format.";
        let event = format!("data: {{\"error\":\"{refused}\"}}\u{1e}\r\n\r\n");
        assert_eq!(events.next().await, Some(event));
        assert!(events.has_ended().await);
    }
    server.stop().await;
}

#[tokio::test]
async fn every_failed_call_is_answered_as_the_table_says() {
    let (server, address) = start().await;
    for http2 in BOTH {
        for (hub, call, text) in FAILURES {
            let mut client = connect(address, http2, hub).await;
            client.socket.send_text(&format!("{call}\u{1e}")).await;
            let completion = format!(r#"{{"type":3,"invocationId":"1","error":"{text}"}}"#);
            assert_eq!(client.message().await, completion, "{hub} {call}");
            says_nothing_more(&mut client, call).await;
        }
    }
    server.stop().await;
}

#[tokio::test]
async fn every_conversation_goes_as_the_table_says() {
    let (server, address) = start().await;
    for http2 in BOTH {
        for (hub, said, answers) in CONVERSATIONS {
            let mut client = connect(address, http2, hub).await;
            // What answers the server's question is said once it has asked, by the id that it asked with.
            let asks = answers.first() == Some(&ASKS);
            let mut said = said.iter().map(|message| format!("{message}\u{1e}"));
            let first = if asks { said.next().unwrap() } else { said.by_ref().collect() };
            client.socket.send_text(&first).await;
            for answer in *answers {
                let heard = client.message().await;
                let asked = id_of_question(&heard);
                let heard = asked.iter().fold(heard, |heard, id| heard.replacen(id.as_str(), "ASKED", 1));
                assert_eq!(heard, *answer, "{hub} {first}");
                if let (Some(id), Some(next)) = (asked, said.next()) {
                    client.socket.send_text(&next.replace("ASKED", &id)).await;
                }
            }
            says_nothing_more(&mut client, &first).await;
        }
    }
    server.stop().await;
}

#[tokio::test]
async fn every_close_is_said_as_the_table_says() {
    let (server, address) = start().await;
    for http2 in BOTH {
        let rows = CLOSES.iter().map(|(hub, said, close)| async move {
            let mut client = connect(address, http2, hub).await;
            if !said.is_empty() {
                client.socket.send_text(&format!("{said}\u{1e}")).await;
            }
            assert_eq!(client.message().await, *close, "{hub} {said}");
            assert_eq!(client.message().await, "close 1000", "{hub} {said}");
        });
        futures_util::future::join_all(rows).await;
    }
    let mut last = [connect(address, false, "/hub").await, connect(address, true, "/hub").await];
    let ends = last.iter_mut().map(|client| async {
        assert_eq!(client.message().await, r#"{"type":7,"allowReconnect":true}"#);
        assert_eq!(client.message().await, "close 1000");
        client.socket.send_close(1000).await;
    });
    tokio::join!(server.stop(), futures_util::future::join_all(ends));
}

/// The next message of the client has to be the answer to its next call.
async fn says_nothing_more(client: &mut HubClient, row: &str) {
    let alive = client.invoke("Echo", serde_json::json!(["alive"])).await;
    assert_eq!(alive, Ok("alive".into()), "{row}");
}

async fn connect(address: SocketAddr, http2: bool, hub: &str) -> HubClient {
    let mut socket = open(address, http2, hub).await;
    socket.send_text(json_handshake()).await;
    soon(HubClient::opened(socket, HubProtocol::Json)).await
}

async fn open(address: SocketAddr, http2: bool, hub: &str) -> WebSocket {
    if http2 {
        return Http2::connect(address).await.websocket(hub, &[]).await.unwrap();
    }
    Http1::connect(address).await.upgrade(hub, &[]).await.unwrap()
}

/// The id of an invocation that wants an answer: `s` and a number.
fn id_of_question(message: &str) -> Option<String> {
    let message = serde_json::from_str::<serde_json::Value>(message).unwrap();
    let id = message["invocationId"].as_str().filter(|_| message["type"] == 1)?;
    assert!(id.strip_prefix('s').is_some_and(|number| number.parse::<u64>().is_ok()), "{id}");
    Some(id.to_owned())
}

/// The messages of a frame, or what else arrived.
fn messages(arrived: &str) -> Vec<String> {
    match arrived.strip_prefix("text ") {
        Some(text) => text.split_terminator('\u{1e}').map(str::to_owned).collect(),
        None => vec![arrived.to_owned()],
    }
}
