//! Which folder of `server` may name what: status codes, sockets, hub messages.

use crate::breach::Breach;
use crate::rust_code::{lines_naming, without_text, without_unit_tests};

/// A word that only some folders may use.
struct Layer {
    words: &'static [&'static str],
    /// Where the rule holds.
    within: &'static [&'static str],
    /// Folders or files below those where the words are at home, each with the reason.
    at_home: &'static [(&'static str, &'static str)],
    advice: &'static str,
}

const LAYERS: [Layer; 3] = [
    Layer {
        words: &["StatusCode"],
        within: &["server/src/", "protocol/"],
        at_home: &[
            ("server/src/http/", "answers requests"),
            ("server/src/listener/", "answers the requests that no service takes"),
        ],
        advice: "Return an error that `http/` turns into a status.",
    },
    Layer {
        words: &["TcpStream", "TcpListener", "UnixStream", "UnixListener", "UdpSocket"],
        within: &["server/src/"],
        at_home: &[
            ("server/src/transport/", "moves the bytes of one connection"),
            ("server/src/listener/", "accepts connections"),
        ],
        advice: "Take anything that reads and writes, or move the code to `transport/` or `listener/`.",
    },
    Layer {
        words: &["HubMessage"],
        within: &["server/src/http/", "server/src/transport/", "server/src/listener/"],
        at_home: &[],
        advice: "These folders move bytes; give them to `connection/`, which knows messages.",
    },
];

/// Each word stays in the folders that own it. Unit tests may use any.
pub fn layers_keep_their_words(path: &str, text: &str) -> Vec<Breach> {
    let under = |folder: &str| path.starts_with(folder);
    if !path.ends_with(".rs") || !path.contains("src/") {
        return Vec::new();
    }
    let code = without_text(text);
    let code = without_unit_tests(&code);
    let mut breaches = Vec::new();
    for layer in &LAYERS {
        let is_bound = layer.within.iter().any(|folder| under(folder));
        if !is_bound || layer.at_home.iter().any(|(folder, _reason)| under(folder)) {
            continue;
        }
        for word in layer.words {
            for line in lines_naming(code, word) {
                breaches.push(Breach::at_line(path, line, format!("`{word}` is out of place"), layer.advice));
            }
        }
    }
    breaches
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(path: &str, text: &str) -> Vec<String> {
        layers_keep_their_words(path, text).into_iter().map(|breach| breach.place).collect()
    }

    #[test]
    fn a_status_code_outside_http_is_found() {
        let text = "//! Header.\nreturn StatusCode::NOT_FOUND;\n";
        assert_eq!(places("server/src/dispatch/invoke.rs", text), ["server/src/dispatch/invoke.rs:2"]);
        assert_eq!(places("protocol/src/negotiate.rs", text), ["protocol/src/negotiate.rs:2"]);
        assert_eq!(places("server/src/http/negotiate.rs", text), [""; 0]);
    }

    #[test]
    fn a_socket_outside_transport_and_listener_is_found() {
        let text = "use tokio::net::{TcpListener, TcpStream};";
        assert_eq!(places("server/src/connection/mod.rs", text).len(), 2);
        assert_eq!(places("server/src/transport/websocket.rs", text), [""; 0]);
        assert_eq!(places("server/src/listener/mod.rs", text), [""; 0]);
    }

    #[test]
    fn a_hub_message_below_connection_is_found() {
        let text = "fn send(message: &HubMessage<'_>) {}";
        for folder in ["http", "transport", "listener"] {
            assert_eq!(places(&format!("server/src/{folder}/mod.rs"), text).len(), 1, "{folder}");
        }
        assert_eq!(places("server/src/connection/mod.rs", text), [""; 0]);
    }

    #[test]
    fn documentation_and_unit_tests_may_name_anything() {
        let text = "//! A `HubMessage` is unknown here.\n#[cfg(test)]\nmod tests { use a::HubMessage; }";
        assert_eq!(places("server/src/http/mod.rs", text), [""; 0]);
    }
}
