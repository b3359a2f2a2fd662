//! One recorded question at a time, put to our server, and the answer in the form of the recording.

use serde_json::{Map, Value, json};

use super::acts::{self, Act};
use super::transports;
use crate::support::{Fixture, Http1, Requests, Response, Way, WebSocket, json_handshake};

/// The edge of a server for one question.
pub(super) struct Edge(Way);

/// The headers that are recorded.
const KEPT: [&str; 10] = [
    "content-type",
    "cache-control",
    "pragma",
    "expires",
    "content-encoding",
    "location",
    "www-authenticate",
    "sec-websocket-accept",
    "sec-websocket-protocol",
    "sec-websocket-extensions",
];

/// The key of the recorded upgrades, that of RFC 6455.
const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";

impl Edge {
    pub(super) fn http1(server: &Fixture) -> Self {
        Self(Way::clear_text(server.address(), false))
    }

    pub(super) fn http2(server: &Fixture) -> Self {
        Self(Way::clear_text(server.address(), true))
    }

    pub(super) fn http1_tls(server: &Fixture) -> Self {
        Self(Way::tls(server.tls_address(), false))
    }

    pub(super) fn http2_tls(server: &Fixture) -> Self {
        Self(Way::tls(server.tls_address(), true))
    }

    pub(super) fn is_http2(&self) -> bool {
        self.0.http2
    }

    /// What is to be expected of what was recorded: HTTP/2 accepts with 200.
    pub(super) fn expected(&self, recorded: &Value) -> Value {
        let mut expected = recorded.clone();
        if expected["status"] == 101 {
            expected["headers"].as_object_mut().unwrap().remove("upgrade");
            if self.0.http2 {
                expected = json!({"status": 200, "headers": {}});
            }
        }
        expected
    }

    /// Puts the question; `None` if there is none of that name.
    pub(super) async fn ask(&mut self, name: &str) -> Option<Value> {
        let (area, what) = name.split_once(": ")?;
        Some(match area {
            "negotiate" => self.negotiate(what).await?,
            "connect" => self.connect(what).await?,
            "upgrade" => self.upgrade(what).await?,
            "handshake" => {
                let target =
                    if what == "without negotiation" { "/hub".to_owned() } else { self.target().await };
                let socket = self.websocket(&target).await.ok()?;
                frames(socket, acts::handshake(what)?).await
            }
            "call" | "frames" => {
                let target = self.target().await;
                let mut socket = self.websocket(&target).await.ok()?;
                socket.send_text(json_handshake()).await;
                assert_eq!(socket.next().await, "text {}\u{1e}");
                let acts = if area == "call" { acts::call(what)? } else { acts::frames(what)? };
                frames(socket, acts).await
            }
            _ => transports::conversation(self, area, what).await?,
        })
    }

    /// A negotiated connection, by requests alone.
    pub(super) async fn requests(&self, version: &str) -> Requests {
        Requests::negotiate_over(self.0, version, &[]).await
    }

    async fn negotiate(&self, what: &str) -> Option<Value> {
        let (method, target, body) = match what {
            "POST without a query" => ("POST", "/hub/negotiate".to_owned(), 0),
            "path in other letters" => ("POST", "/HUB/NEGOTIATE?negotiateVersion=1".to_owned(), 0),
            "with a body" => ("POST", "/hub/negotiate?negotiateVersion=1".to_owned(), 5000),
            _ => match what.split_once(' ') {
                Some(("POST", query)) => ("POST", format!("/hub/negotiate{query}"), 0),
                None => (what, "/hub/negotiate?negotiateVersion=1".to_owned(), 0),
                Some(_) => return None,
            },
        };
        let mut answer = recorded(&self.0.ask(method, &target, &[], &vec![b'x'; body]).await);
        if body > 0 {
            return Some(json!({"status": answer["status"]}));
        }
        hide_ids(&mut answer);
        Some(answer)
    }

    async fn connect(&self, what: &str) -> Option<Value> {
        let (how, id) = what.split_once(" with ")?;
        let target = match id {
            "no id" => "/hub",
            "an empty id" => "/hub?id=",
            "an unknown id" => "/hub?id=AAAAAAAAAAAAAAAAAAAAAA",
            _ => return None,
        };
        if how == "WebSocket" {
            return Some(match self.websocket(target).await {
                Ok(_) if self.0.http2 => json!({"status": 200, "headers": {}}),
                Ok(_) => {
                    json!({"status": 101, "headers": {"sec-websocket-accept": "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="}})
                }
                Err(response) => recorded(&response),
            });
        }
        let events = [("Accept", "text/event-stream")];
        let (method, headers) = if how == "event stream" { ("GET", &events[..]) } else { (how, &[][..]) };
        Some(recorded(&self.0.ask(method, target, headers, b"").await))
    }

    async fn upgrade(&self, what: &str) -> Option<Value> {
        let target = self.target().await;
        let headers = acts::upgrade(what, KEY)?;
        if what == "with POST" {
            return Some(recorded(&self.0.ask("POST", &target, &headers, b"").await));
        }
        let (response, _) = self.0.open_http1().await.upgrade_with(&target, &headers).await;
        Some(recorded(&response))
    }

    /// The hub's path with the token of a negotiated connection.
    async fn target(&self) -> String {
        let answer = self.0.ask("POST", "/hub/negotiate?negotiateVersion=1", &[], b"").await.json();
        format!("/hub?id={}", answer["connectionToken"].as_str().unwrap())
    }

    async fn websocket(&self, target: &str) -> Result<WebSocket, Response> {
        if self.0.http2 {
            return self.0.open_http2().await.websocket(target, &[]).await;
        }
        let (response, socket) =
            self.0.open_http1().await.upgrade_with(target, &Http1::upgrade_headers(KEY)).await;
        socket.ok_or(response)
    }
}

/// Sends what a case sends, and says what arrives until two pings sent last are answered, one after the other: a pong
/// may overtake an answer that waits, but not one that was sent before its ping was read.
async fn frames(mut socket: WebSocket, acts: Vec<Act>) -> Value {
    for act in acts {
        match act {
            Act::Frame(fin, opcode, payload) => socket.send_frame(fin, opcode, &payload).await,
            Act::Raw(bytes) => socket.send_raw(&bytes).await,
            Act::End => socket.finish().await,
        }
    }
    socket.send_ping(b"1").await;
    let mut seen = Vec::new();
    loop {
        match socket.next().await.as_str() {
            "pong 31" => {
                socket.send_ping(b"2").await;
                continue;
            }
            "pong 32" => {
                seen.push("open".into());
                return seen.into();
            }
            "end" => seen.push("end of stream".into()),
            "reset" => seen.push("reset".into()),
            text if text.starts_with("text ") => {
                let messages = text["text ".len()..].split_inclusive('\u{1e}');
                seen.extend(messages.map(|message| Value::from(format!("text {message}"))));
                continue;
            }
            close if close.starts_with("close ") => seen.push(close.into()),
            other => {
                seen.push(other.into());
                continue;
            }
        }
        return seen.into();
    }
}

pub(super) fn recorded(response: &Response) -> Value {
    let headers = KEPT.iter().filter_map(|name| Some(((*name).to_owned(), response.header(name)?.into())));
    let mut answer = json!({"status": response.status, "headers": headers.collect::<Map<_, _>>()});
    if response.status != 101 {
        answer["body"] = response.text().into();
    }
    answer
}

/// Ids and tokens as the recording writes them; they differ from each other and are 22 letters long.
fn hide_ids(answer: &mut Value) {
    let Ok(body) = serde_json::from_str::<Value>(answer["body"].as_str().unwrap()) else { return };
    let mut text = answer["body"].as_str().unwrap().to_owned();
    for (name, hidden) in [("connectionId", "ID1"), ("connectionToken", "ID2")] {
        if let Some(id) = body[name].as_str() {
            assert_eq!(id.len(), 22, "{id}");
            text = text.replacen(&format!("\"{id}\""), &format!("\"{hidden}\""), 1);
        }
    }
    answer["body"] = text.into();
}
