//! A hub connection from the client's side, in either protocol, over any WebSocket.

use std::collections::VecDeque;

use hubcast::HubProtocol;
use hubcast_protocol::{CompletionOutcome, HubMessage, InvocationHead};
use serde_json::Value;

use super::bound::soon;
use super::fixture::Fixture;
use super::http1::Http1;
use super::http2::Http2;
use super::websocket::WebSocket;

/// A connection whose handshake is done.
pub(crate) struct HubClient {
    pub(crate) socket: WebSocket,
    protocol: HubProtocol,
    messages: VecDeque<String>,
}

/// The handshake of a client that speaks JSON.
pub(crate) fn json_handshake() -> &'static str {
    "{\"protocol\":\"json\",\"version\":1}\x1e"
}

/// An invocation in JSON.
pub(crate) fn call(id: &str, target: &str, arguments: &Value) -> String {
    format!("{{\"type\":1,\"invocationId\":\"{id}\",\"target\":\"{target}\",\"arguments\":{arguments}}}\x1e")
}

impl HubClient {
    /// Connects over HTTP/1.1, without negotiation, in JSON.
    pub(crate) async fn connect(server: &Fixture) -> Self {
        Self::connect_as(server, HubProtocol::Json, "/hub").await
    }

    /// Connects over HTTP/1.1 to a target of the hub.
    pub(crate) async fn connect_as(server: &Fixture, protocol: HubProtocol, target: &str) -> Self {
        let socket = Http1::connect(server.address()).await.upgrade(target, &[]).await.unwrap();
        Self::open(socket, protocol).await
    }

    /// Connects as a stream of an HTTP/2 connection, in JSON.
    pub(crate) async fn connect_http2(connection: &mut Http2) -> Self {
        let socket = connection.websocket("/hub", &[]).await.unwrap();
        Self::open(socket, HubProtocol::Json).await
    }

    /// Does the hub handshake.
    pub(crate) async fn open(mut socket: WebSocket, protocol: HubProtocol) -> Self {
        let handshake = format!("{{\"protocol\":\"{}\",\"version\":1}}\x1e", protocol.name());
        socket.send_text(&handshake).await;
        Self::opened(socket, protocol).await
    }

    /// Takes a socket on which a handshake has been sent.
    pub(crate) async fn opened(socket: WebSocket, protocol: HubProtocol) -> Self {
        let mut client = Self { socket, protocol, messages: VecDeque::new() };
        let answer = client.frame().await;
        let rest = match protocol {
            HubProtocol::Json => answer.strip_prefix("text {}\x1e").map(|rest| rest.as_bytes().to_vec()),
            HubProtocol::MessagePack => answer.strip_prefix("binary 7b7d1e").map(unhex),
        };
        client.split(&rest.expect("the handshake is accepted"));
        client
    }

    /// Calls a method and waits for its completion, which has to be the next message: what stands in `result`, or else
    /// the error.
    pub(crate) async fn invoke(&mut self, target: &str, arguments: Value) -> Result<Value, String> {
        self.start("1", target, arguments).await;
        let message = self.message().await;
        let completion =
            serde_json::from_str::<Value>(&message).unwrap_or_else(|_| panic!("an answer: {message}"));
        assert_eq!((&completion["type"], &completion["invocationId"]), (&3.into(), &"1".into()), "{message}");
        match completion.get("error") {
            Some(error) => Err(error.as_str().unwrap().to_owned()),
            None => Ok(completion["result"].clone()),
        }
    }

    /// Calls a method; its completion comes in [`message`](Self::message).
    pub(crate) async fn start(&mut self, id: &str, target: &str, arguments: Value) {
        self.write(Some(id), target, &arguments).await;
    }

    /// Calls a method and wants no answer.
    pub(crate) async fn send(&mut self, target: &str, arguments: Value) {
        self.write(None, target, &arguments).await;
    }

    async fn write(&mut self, id: Option<&str>, target: &str, arguments: &Value) {
        let mut out = Vec::new();
        let head = InvocationHead { invocation_id: id, ..InvocationHead::to(target) };
        self.protocol.write_invocation(&mut out, &head, arguments).unwrap();
        self.send_bytes(&out).await;
    }

    pub(crate) async fn ping(&mut self) {
        let mut out = Vec::new();
        self.protocol.write_ping(&mut out);
        self.send_bytes(&out).await;
    }

    /// Answers a question of the server's.
    pub(crate) async fn answer(&mut self, id: &str, answer: &Value) {
        let mut out = Vec::new();
        self.protocol.write_result(&mut out, id, answer).unwrap();
        self.send_bytes(&out).await;
    }

    /// Answers a question of the server's with nothing.
    pub(crate) async fn answer_nothing(&mut self, id: &str) {
        let mut out = Vec::new();
        self.protocol.write_void(&mut out, id);
        self.send_bytes(&out).await;
    }

    /// Fails a question of the server's.
    pub(crate) async fn answer_error(&mut self, id: &str, text: &str) {
        let mut out = Vec::new();
        self.protocol.write_error(&mut out, id, text);
        self.send_bytes(&out).await;
    }

    /// The next message, which has to be a question: its id.
    pub(crate) async fn question(&mut self, target: &str, arguments: Value) -> String {
        let message = self.message().await;
        let asked =
            serde_json::from_str::<Value>(&message).unwrap_or_else(|_| panic!("a question: {message}"));
        assert_eq!((&asked["target"], &asked["arguments"]), (&target.into(), &arguments), "{message}");
        asked["invocationId"].as_str().unwrap_or_else(|| panic!("a question: {message}")).to_owned()
    }

    /// Sends a Close message.
    pub(crate) async fn close(&mut self) {
        let mut out = Vec::new();
        self.protocol.write_close(&mut out, None, false);
        self.send_bytes(&out).await;
    }

    /// Sends whole messages.
    pub(crate) async fn send_bytes(&mut self, bytes: &[u8]) {
        match self.protocol {
            HubProtocol::Json => self.socket.send_text(std::str::from_utf8(bytes).unwrap()).await,
            HubProtocol::MessagePack => self.socket.send_binary(bytes).await,
        }
    }

    /// The caller's own connection id.
    pub(crate) async fn id(&mut self) -> String {
        self.invoke("Id", Value::Array(Vec::new())).await.unwrap().as_str().unwrap().to_owned()
    }

    /// The next hub message but for pings, in JSON whatever the protocol, without its separator; or, when the socket
    /// closes, what [`WebSocket::next`] says.
    pub(crate) async fn message(&mut self) -> String {
        soon(async {
            loop {
                let message = self.message_or_ping().await;
                if message != "{\"type\":6}" {
                    return message;
                }
            }
        })
        .await
    }

    /// As [`message`](Self::message), pings too.
    pub(crate) async fn message_or_ping(&mut self) -> String {
        loop {
            if let Some(message) = self.messages.pop_front() {
                return message;
            }
            let frame = self.frame().await;
            let bytes = match (frame.strip_prefix("text "), frame.strip_prefix("binary ")) {
                (Some(text), _) => text.as_bytes().to_vec(),
                (_, Some(bytes)) => unhex(bytes),
                _ => return frame,
            };
            self.split(&bytes);
        }
    }

    async fn frame(&mut self) -> String {
        self.socket.next().await
    }

    fn split(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let split = self.protocol.split(bytes, None).unwrap().expect("a frame holds whole messages");
            self.messages.push_back(as_json(self.protocol, split.payload));
            bytes = &bytes[split.consumed..];
        }
    }

    /// Everything that arrives until the answer to a call made now, without that answer: what had been sent before.
    pub(crate) async fn received(&mut self) -> Vec<String> {
        self.start("mark", "Echo", serde_json::json!([null])).await;
        let mut received = Vec::new();
        loop {
            let message = self.message().await;
            if message == r#"{"type":3,"invocationId":"mark","result":null}"# {
                return received;
            }
            let invocation = serde_json::from_str::<Value>(&message).unwrap_or_else(|_| panic!("{message}"));
            received.push(invocation["arguments"][0].as_str().unwrap().to_owned());
        }
    }
}

/// A message of either protocol as the JSON text that says the same.
fn as_json(protocol: HubProtocol, payload: &[u8]) -> String {
    if protocol == HubProtocol::Json {
        return String::from_utf8(payload.to_vec()).unwrap();
    }
    let json = HubProtocol::Json;
    let mut out = Vec::new();
    match protocol.decode(payload).unwrap().expect("a known message") {
        HubMessage::Invocation(call) => {
            let arguments = call.arguments.decode::<Vec<Value>>(call.arguments.count()).unwrap();
            let head = InvocationHead {
                invocation_id: call.invocation_id.as_deref(),
                ..InvocationHead::to(&call.target)
            };
            json.write_invocation(&mut out, &head, &arguments).unwrap();
        }
        HubMessage::Completion(completion) => match completion.outcome {
            CompletionOutcome::Void => json.write_void(&mut out, &completion.invocation_id),
            CompletionOutcome::Error(text) => json.write_error(&mut out, &completion.invocation_id, &text),
            CompletionOutcome::Result(value) => {
                json.write_result(&mut out, &completion.invocation_id, &value.decode::<Value>().unwrap())
                    .unwrap();
            }
        },
        HubMessage::StreamItem(item) => {
            let value = item.item.decode::<Value>().unwrap();
            json.write_stream_item(&mut out, &item.invocation_id, &value).unwrap();
        }
        HubMessage::Ping => json.write_ping(&mut out),
        HubMessage::Close(close) => json.write_close(&mut out, close.error.as_deref(), close.allow_reconnect),
        HubMessage::StreamInvocation(_)
        | HubMessage::CancelInvocation(_)
        | HubMessage::Ack(_)
        | HubMessage::Sequence(_) => panic!("a server does not send this: {payload:?}"),
    }
    out.pop();
    String::from_utf8(out).unwrap()
}

/// The bytes of hexadecimal text.
pub(super) fn unhex(text: &str) -> Vec<u8> {
    let digits = text.as_bytes().chunks(2);
    digits.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}
