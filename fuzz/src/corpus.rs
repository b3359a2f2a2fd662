//! What fuzzing starts from: recorded vectors, the bytes of real clients in `recordings/`, and what it has found before, in
//! `findings/` by target.
//!
//! Each recording is what one client sent on one TCP connection. Its requests, frames and hub messages are seeds of the
//! targets that read such.

use std::fs;
use std::path::Path;

use hubcast_protocol::HubProtocol;
use hubcast_websocket::{Decoder, Deflater, Event, Opcode, Role, write_frame};
use serde::Deserialize;
use serde_json::Value;

/// The targets and what each checks.
pub const TARGETS: [(&str, fn(&[u8])); 7] = [
    ("json", crate::json),
    ("messagepack", crate::messagepack),
    ("websocket", crate::websocket),
    ("deflate", crate::deflate),
    ("negotiate", crate::negotiate),
    ("connection", crate::connection),
    ("server", crate::server),
];

/// The first inputs of a target; none for a target that is not there.
///
/// # Panics
/// If a vector or a recording cannot be read.
#[must_use]
pub fn seeds(target: &str) -> Vec<Vec<u8>> {
    let corpus = Corpus::read();
    let mut seeds = match target {
        "json" => corpus.hub_messages(HubProtocol::Json),
        "messagepack" => corpus.hub_messages(HubProtocol::MessagePack),
        "websocket" => corpus.frames(),
        "deflate" => corpus.compressed(),
        "negotiate" => corpus.negotiations(),
        "connection" => corpus.connections(),
        "server" => corpus.clients(),
        _ => Vec::new(),
    };
    let findings = Path::new(env!("CARGO_MANIFEST_DIR")).join("findings").join(target);
    if findings.exists() {
        seeds.extend(files(&findings));
    }
    seeds
}

/// What the files of a folder hold, by name.
fn files(folder: &Path) -> Vec<Vec<u8>> {
    let entries = fs::read_dir(folder).expect("the folder is in the repository");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("the folder can be listed").path()).collect();
    paths.sort();
    paths.iter().map(|path| fs::read(path).expect("a file can be read")).collect()
}

struct Corpus {
    written: Written,
    readings: Readings,
    answers: Value,
    recordings: Vec<Vec<u8>>,
}

#[derive(Deserialize)]
struct Written {
    messages: Vec<WrittenMessage>,
}

#[derive(Deserialize)]
struct WrittenMessage {
    json: String,
    messagepack: String,
}

#[derive(Deserialize)]
struct Readings {
    handshakes: Vec<Reading>,
    json: Vec<Reading>,
    json_bytes: Vec<Reading>,
    messagepack: Vec<Reading>,
}

#[derive(Deserialize)]
struct Reading {
    text: Option<String>,
    hex: Option<String>,
}

impl Reading {
    fn bytes(&self) -> Vec<u8> {
        match (&self.text, &self.hex) {
            (Some(text), _) => format!("{text}\u{1e}").into_bytes(),
            (None, Some(hex)) => unhex(hex),
            (None, None) => Vec::new(),
        }
    }
}

impl Corpus {
    fn read() -> Self {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let vector = |name: &str| {
            fs::read(here.join("../tests/vectors").join(name)).expect("the vectors are in the repository")
        };
        Self {
            written: serde_json::from_slice(&vector("hub-messages.json")).expect("it is as described"),
            readings: serde_json::from_slice(&vector("reading.json")).expect("it is as described"),
            answers: serde_json::from_slice(&vector("answers.json")).expect("it is as described"),
            recordings: files(&here.join("recordings")),
        }
    }

    /// Messages in one piece, in pieces of 5 bytes, and with a limit.
    fn hub_messages(&self, protocol: HubProtocol) -> Vec<Vec<u8>> {
        let messages = self.messages(protocol);
        messages.iter().flat_map(|message| [0x7f, 5, 0xff].map(|first| with_first(first, message))).collect()
    }

    fn messages(&self, protocol: HubProtocol) -> Vec<Vec<u8>> {
        let written = self.written.messages.iter();
        let readings = &self.readings;
        let kind = match protocol {
            HubProtocol::Json => Opcode::Text,
            HubProtocol::MessagePack => Opcode::Binary,
        };
        let mut messages: Vec<Vec<u8>> = match protocol {
            HubProtocol::Json => {
                let texts = written.map(|message| message.json.clone().into_bytes());
                texts.chain(readings.json.iter().chain(&readings.json_bytes).map(Reading::bytes)).collect()
            }
            HubProtocol::MessagePack => {
                let bytes = written.map(|message| unhex(&message.messagepack));
                bytes.chain(readings.messagepack.iter().map(Reading::bytes)).collect()
            }
        };
        let payloads = self.sockets().flat_map(payloads);
        messages.extend(payloads.filter(|(opcode, _)| *opcode == kind).map(|(_, payload)| payload));
        messages
    }

    /// Whole conversations of clients, and single messages as frames of either side.
    fn frames(&self) -> Vec<Vec<u8>> {
        let conversations = self.sockets().flat_map(|bytes| [0xfe, 6].map(|first| with_first(first, bytes)));
        let messages = self.messages(HubProtocol::MessagePack);
        let frames = messages.iter().flat_map(|message| {
            let mut masked = vec![0xfe];
            write_frame(&mut masked, true, Opcode::Binary, message, Some([1, 2, 3, 4]));
            let mut bare = vec![0xff];
            write_frame(&mut bare, true, Opcode::Binary, message, None);
            [masked, bare]
        });
        conversations.chain(frames).collect()
    }

    /// Messages compressed and to be compressed, what the RFC has as examples, and the offers of browsers.
    fn compressed(&self) -> Vec<Vec<u8>> {
        let messages = self.messages(HubProtocol::Json).into_iter().filter(|message| message.len() < 200);
        let seeds = messages.flat_map(|message| {
            let mut compressed = Vec::new();
            Deflater::new(15, true, 6).deflate(&message, true, &mut compressed);
            let length = u8::try_from(compressed.len()).unwrap_or(u8::MAX);
            let inflate = [&[0, 15, 5, 100, length][..], &compressed, &compressed].concat();
            let length = u8::try_from(message.len()).unwrap_or_default();
            let part = [&[length][..], &message].concat();
            let round_trip = [&[2, 15, 0x61, 0x11][..], &part, &part, &[7, 4], &part].concat();
            [inflate, round_trip]
        });
        let examples: [&[u8]; 5] = [
            &[0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00],
            &[0xf2, 0x00, 0x11, 0x00, 0x00],
            &[0x00, 0x05, 0x00, 0xfa, 0xff, 0x48, 0x65, 0x6c, 0x6c, 0x6f, 0x00],
            &[0xf3, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00, 0x00],
            &[0xf2, 0x48, 0x05, 0x00, 0x00, 0x00, 0xff, 0xff, 0xca, 0xc9, 0xc9, 0x07, 0x00],
        ];
        let examples = examples.map(|example| [&[0, 15, 1, 1, 0][..], example].concat());
        let offers = [
            "permessage-deflate; client_max_window_bits",
            "permessage-deflate; client_no_context_takeover; server_max_window_bits=\"10\"",
            "permessage-deflate; server_max_window_bits=8, permessage-deflate\nx-webkit-deflate-frame",
        ];
        let offers = offers.map(|offer| [&[3, 0xff][..], offer.as_bytes()].concat());
        seeds.chain(examples).chain(offers).collect()
    }

    fn negotiations(&self) -> Vec<Vec<u8>> {
        let targets = self.recordings.iter().filter_map(|bytes| request_target(bytes));
        let queries = targets.filter_map(|target| target.split_once('?').map(|(_, query)| query));
        let queries = queries.map(|query| with_first(0, query.as_bytes()));
        let handshakes = self.readings.handshakes.iter();
        let handshakes =
            handshakes.flat_map(|reading| [1, 2].map(|first| with_first(first, &reading.bytes())));
        let refused = br#"{"error":"The protocol 'x' is not supported."}"#;
        let refused = with_first(2, &[refused.as_slice(), b"\x1e"].concat());
        let answers = self.answers.as_object().into_iter().flat_map(|answers| answers.values());
        let bodies = answers.filter_map(|answer| answer["body"].as_str());
        let bodies = bodies.filter(|body| body.starts_with('{')).map(|body| with_first(3, body.as_bytes()));
        let id = with_first(4, b"AAECAwQFBgcICQoLDA0ODw");
        queries.chain(handshakes).chain([refused, id]).chain(bodies).collect()
    }

    /// Ten messages with an acknowledgement after each, in either protocol.
    fn connections(&self) -> Vec<Vec<u8>> {
        let rows = HubProtocol::ALL.into_iter().flat_map(|protocol| {
            let messages: Vec<_> =
                self.messages(protocol).into_iter().filter(|message| message.len() < 256).collect();
            let switch = if protocol == HubProtocol::Json { 3 } else { 4 };
            let row = move |messages: &[Vec<u8>]| {
                let steps = messages.iter().flat_map(|message| {
                    let length = u8::try_from(message.len()).unwrap_or_default();
                    [&[0, length][..], message, &[6]].concat()
                });
                [switch].into_iter().chain(steps).chain([5, 7]).chain(0..12).collect::<Vec<u8>>()
            };
            messages.chunks(10).map(row).collect::<Vec<_>>()
        });
        rows.collect()
    }

    /// Recordings as they are, and the messages of clients as steps of WebSockets over HTTP/1.1 and HTTP/2.
    fn clients(&self) -> Vec<Vec<u8>> {
        let raw = self.recordings.iter().map(|bytes| with_first(0, bytes));
        let messages = self.messages(HubProtocol::Json).into_iter().filter(|message| message.len() < 256);
        let scripts = messages.flat_map(|message| {
            let length = u8::try_from(message.len()).unwrap_or_default();
            let over_http1 = [&[1, 0, 0, 2, length][..], &message, &[5]].concat();
            let over_http2 = [&[2, 0, 0, 3, 0, 0, 0, 3, 0, 2, length][..], &message, &[7, 0]].concat();
            [over_http1, over_http2]
        });
        raw.chain(scripts).collect()
    }

    /// What clients sent on WebSockets over HTTP/1.1.
    fn sockets(&self) -> impl Iterator<Item = &[u8]> {
        self.recordings.iter().filter_map(|bytes| {
            let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
            let head = String::from_utf8_lossy(&bytes[..end]).to_ascii_lowercase();
            head.contains("upgrade: websocket").then(|| &bytes[end + 4..])
        })
    }
}

fn payloads(socket: &[u8]) -> Vec<(Opcode, Vec<u8>)> {
    let mut bytes = socket.to_vec();
    let mut input = bytes.as_mut_slice();
    let mut decoder = Decoder::new(Role::Server);
    let mut found = Vec::new();
    while let Ok(Some(event)) = decoder.decode(&mut input) {
        if let Event::Data { kind, payload, .. } = event {
            let is_text = kind == hubcast_websocket::DataKind::Text;
            found.push((if is_text { Opcode::Text } else { Opcode::Binary }, payload.to_vec()));
        }
    }
    found
}

fn request_target(bytes: &[u8]) -> Option<&str> {
    let line = bytes.split(|&byte| byte == b'\r').next()?;
    std::str::from_utf8(line).ok()?.split(' ').nth(1)
}

fn with_first(first: u8, bytes: &[u8]) -> Vec<u8> {
    [&[first], bytes].concat()
}

fn unhex(hex: &str) -> Vec<u8> {
    let digits = hex.as_bytes().chunks(2).filter_map(|digits| std::str::from_utf8(digits).ok());
    digits.map(|digits| u8::from_str_radix(digits, 16).expect("the vectors are hex")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_target_takes_its_seeds() {
        for (name, check) in TARGETS {
            let seeds = seeds(name);
            assert!(seeds.len() >= 20, "{name} has {} seeds", seeds.len());
            for seed in seeds {
                check(&seed);
            }
        }
    }
}
