//! `protocol` and its WebSocket codec take time, bytes and ids as arguments: no runtime, clock, socket, chance.

use crate::breach::Breach;
use crate::crates::Crate;
use crate::rust_code::{lines_naming, without_text, without_unit_tests};

const CRATES: [&str; 2] = ["hubcast-protocol", "hubcast-websocket"];
const SOURCES: [&str; 2] = ["protocol/src/", "protocol/websocket/src/"];

/// A name in the code and what the code should do without it.
const FORBIDDEN_NAMES: [(&str, &str); 24] = [
    ("tokio", RUNTIME),
    ("async_std", RUNTIME),
    ("smol", RUNTIME),
    ("mio", RUNTIME),
    ("std::net", SOCKET),
    ("TcpStream", SOCKET),
    ("TcpListener", SOCKET),
    ("UdpSocket", SOCKET),
    ("UnixStream", SOCKET),
    ("UnixListener", SOCKET),
    ("AsyncRead", SOCKET),
    ("AsyncWrite", SOCKET),
    ("std::fs", FILES),
    ("std::env", FILES),
    ("Instant::now", CLOCK),
    ("SystemTime::now", CLOCK),
    ("Utc::now", CLOCK),
    ("thread::sleep", CLOCK),
    ("thread::spawn", RUNTIME),
    ("rand", CHANCE),
    ("getrandom", CHANCE),
    ("fastrand", CHANCE),
    ("Uuid::new_v4", CHANCE),
    ("RandomState", CHANCE),
];
const RUNTIME: &str = "Leave waiting to the caller: `server` has the runtime.";
const SOCKET: &str = "Take and return bytes; `server/src/transport/` has the sockets.";
const FILES: &str = "Take what is needed as an argument.";
const CLOCK: &str = "Take the time as an argument (`now: Instant`).";
const CHANCE: &str = "Take the random bytes as an argument.";

const FORBIDDEN_DEPENDENCIES: [&str; 14] = [
    "tokio",
    "tokio-util",
    "tokio-stream",
    "async-std",
    "smol",
    "mio",
    "socket2",
    "hyper",
    "hyper-util",
    "h2",
    "rand",
    "rand_core",
    "getrandom",
    "fastrand",
];

const BANNED_METHODS: [&str; 3] =
    ["std::time::Instant::now", "std::time::SystemTime::now", "std::thread::sleep"];

/// The sources name no runtime, clock, socket or source of randomness. Unit tests may.
pub fn protocol_crates_do_no_io(path: &str, text: &str) -> Vec<Breach> {
    if !path.ends_with(".rs") || !SOURCES.iter().any(|folder| path.starts_with(folder)) {
        return Vec::new();
    }
    let code = without_text(text);
    let code = without_unit_tests(&code);
    let breaches = FORBIDDEN_NAMES.iter().flat_map(|(name, advice)| {
        let at = move |line| Breach::at_line(path, line, format!("`{name}` in a crate without I/O"), *advice);
        lines_naming(code, name).into_iter().map(at)
    });
    breaches.collect()
}

/// The manifests name no runtime, sockets or randomness either, not even for tests.
pub fn protocol_crates_have_no_runtime(crates: &[Crate]) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for name in CRATES {
        let Some(protocol) = crates.iter().find(|found| found.name == name) else {
            let advice = "If it was renamed, rename it in tests/tidy too.";
            breaches.push(Breach::in_file("Cargo.toml", format!("there is no crate {name}"), advice));
            continue;
        };
        let found = protocol.dependencies.iter().map(|dependency| dependency.name.as_str());
        breaches.extend(found.filter(|dependency| FORBIDDEN_DEPENDENCIES.contains(dependency)).map(
            |dependency| {
                let manifest = format!("{}Cargo.toml", protocol.folder);
                Breach::in_file(
                    &manifest,
                    format!("{name} depends on {dependency}"),
                    "Do that work in `server`.",
                )
            },
        ));
    }
    breaches
}

/// A `clippy.toml` bans the methods that ask for the time or wait.
pub fn protocol_crates_ban_the_clock(path: &str, text: &str) -> Vec<Breach> {
    if !["protocol/clippy.toml", "protocol/websocket/clippy.toml"].contains(&path) {
        return Vec::new();
    }
    let is_banned =
        |method: &str| text.contains("disallowed-methods") && text.contains(&format!("\"{method}\""));
    BANNED_METHODS
        .iter()
        .filter(|method| !is_banned(method))
        .map(|method| {
            Breach::in_file(path, format!("{method} is not banned"), "List it in `disallowed-methods`.")
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crates::{Dependency, DependencyKind};

    #[test]
    fn each_forbidden_name_is_found_in_both_crates() {
        for folder in SOURCES {
            for (name, _) in FORBIDDEN_NAMES {
                let source = format!("//! Header.\nuse a::{{b, {name}}};\n");
                let found = protocol_crates_do_no_io(&format!("{folder}json/decode.rs"), &source);
                assert_eq!(found.len(), 1, "{name}");
                assert_eq!(found[0].place, format!("{folder}json/decode.rs:2"));
            }
        }
    }

    #[test]
    fn comments_strings_unit_tests_and_other_crates_may_name_them() {
        let source = "//! Not on tokio.\nconst A: &str = \"rand\";\n#[cfg(test)]\nmod tests { fn f() { Instant::now(); } }\n";
        assert_eq!(protocol_crates_do_no_io("protocol/src/lib.rs", source), []);
        assert_eq!(protocol_crates_do_no_io("server/src/lib.rs", "use tokio;"), []);
    }

    #[test]
    fn a_runtime_in_a_manifest_is_found() {
        let with = |name: &str, dependency: &str| Crate {
            name: name.to_owned(),
            folder: "protocol/".to_owned(),
            dependencies: vec![Dependency { name: dependency.to_owned(), kind: DependencyKind::Development }],
        };
        let found = protocol_crates_have_no_runtime(&[with(CRATES[0], "tokio"), with(CRATES[1], "bytes")]);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].what, "hubcast-protocol depends on tokio");
    }

    #[test]
    fn a_crate_that_is_gone_is_found() {
        assert_eq!(protocol_crates_have_no_runtime(&[]).len(), 2);
    }

    #[test]
    fn a_method_that_is_not_banned_is_found() {
        let text = "disallowed-methods = [\"std::time::Instant::now\", \"std::thread::sleep\"]";
        let found = protocol_crates_ban_the_clock("protocol/clippy.toml", text);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].what, "std::time::SystemTime::now is not banned");
    }
}
