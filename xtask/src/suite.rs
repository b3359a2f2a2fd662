//! The list of everything that must pass. A suite is added here and nowhere else.
//!
//! How its set-up is done is `needs`, how its output is counted is `counts`.

use crate::counts::Counts;
use crate::needs::Need;
use crate::step::Step;
use crate::workspace::Workspace;

/// Programs that are set up, run and counted together.
pub(crate) struct Suite {
    pub(crate) name: &'static str,
    /// What runs, for the closing line.
    pub(crate) what: &'static str,
    /// What must be there before the first step, in this order.
    pub(crate) needs: &'static [Need],
    /// In their arguments stand places such as `<port>` for what the needs provide.
    pub(crate) steps: fn(&Workspace) -> Vec<Step>,
}

impl Suite {
    /// Whether its programs look at the sources alone: it runs beside those that wait for clients and servers.
    pub(crate) fn only_compiles(&self) -> bool {
        ["docs", "features", "fuzz-seeds"].contains(&self.name)
    }
}

/// In the order in which they run, but for those that only compile: what fails fast comes first.
pub(crate) const SUITES: &[Suite] = &[
    Suite { name: "fmt", what: "cargo fmt --check", needs: &[], steps: fmt },
    Suite { name: "clippy", what: "lints of all crates and targets", needs: &[], steps: clippy },
    Suite { name: "docs", what: "documentation of all crates, warnings denied", needs: &[], steps: docs },
    Suite { name: "rust", what: "unit, integration and doc tests of all crates", needs: &[], steps: rust },
    Suite {
        name: "fuzz-seeds",
        what: "every fuzz target over its seeds, without the fuzzer",
        needs: &[],
        steps: fuzz_seeds,
    },
    Suite {
        name: "dependencies",
        what: "licences, sources, version floors and advisories of all dependencies",
        needs: &[Need::Python, Need::CargoDeny],
        steps: dependencies,
    },
    Suite { name: "features", what: "each crate alone with each feature", needs: &[], steps: features },
    Suite {
        name: "client-js",
        what: "lint, tests, freshness of dist/, package and sizes of the JavaScript client",
        needs: &[Need::NpmPackages("client-js")],
        steps: client_js,
    },
    Suite {
        name: "chat-page",
        what: "types and freshness of the chat's page, against the contract written from Rust",
        needs: &[Need::NpmPackages("samples/chat/web")],
        steps: |workspace| vec![Step::new(workspace, "samples/chat/web", "npm run check", Counts::Once)],
    },
    Suite {
        name: "client-js-e2e",
        what: "the JavaScript client against the bench server",
        needs: &[Need::NpmPackages("client-js"), Need::Samples, Need::BenchServer],
        steps: |workspace| {
            vec![Step::new(workspace, "client-js", "npm run test:e2e -- <hub>", Counts::NpmTest)]
        },
    },
    Suite {
        name: "bench",
        what: "every row and series of the benchmark at toy size",
        needs: &[Need::Samples],
        steps: |workspace| vec![Step::new(workspace, "", "<release>/hub-bench check", Counts::ClosingLine)],
    },
    Suite {
        name: "conformance-node",
        what: "the official JavaScript client in Node",
        needs: &[Need::NpmPackages("tests/conformance/node"), Need::Samples, Need::Ports],
        steps: |workspace| conformance(workspace, "node", "node node.js"),
    },
    Suite {
        name: "corners",
        what: "the sample of the less usual parts of the API, by the official JavaScript client in Node",
        needs: &[Need::NpmPackages("tests/conformance/node"), Need::Samples, Need::Ports],
        steps: corners,
    },
    Suite {
        name: "conformance-browser",
        what: "the official JavaScript client in Chromium",
        needs: &[Need::NpmPackages("tests/conformance/node"), Need::Chromium, Need::Samples, Need::Ports],
        steps: |workspace| vec![in_browser(workspace, "chromium")],
    },
    Suite {
        name: "conformance-hubcast-node",
        what: "the same cases and its own by the JavaScript client, in Node over HTTP/1.1 and HTTP/2",
        needs: &[Need::NpmPackages("tests/conformance/node"), Need::Samples, Need::Ports],
        steps: hubcast_in_node,
    },
    Suite {
        name: "conformance-hubcast-chromium",
        what: "the same by the JavaScript client in Chromium",
        needs: &[
            Need::NpmPackages("tests/conformance/node"),
            Need::NpmPackages("client-js"),
            Need::Chromium,
            Need::Samples,
            Need::Ports,
        ],
        steps: |workspace| vec![in_browser(workspace, "chromium").with_arguments(HUBCAST)],
    },
    Suite {
        name: "conformance-hubcast-firefox",
        what: "the same by the JavaScript client in Firefox",
        needs: &[
            Need::NpmPackages("tests/conformance/node"),
            Need::NpmPackages("client-js"),
            Need::Firefox,
            Need::Samples,
            Need::Ports,
        ],
        steps: |workspace| vec![in_browser(workspace, "firefox").with_arguments(HUBCAST)],
    },
    Suite {
        name: "conformance-python",
        what: "pysignalr and signalrcore",
        needs: &[Need::PythonPackages("tests/conformance/python"), Need::Samples, Need::Ports],
        steps: |workspace| conformance(workspace, "python", "<python> -B suite.py"),
    },
    Suite {
        name: "conformance-edge",
        what: "bad input at the edges of HTTP, WebSocket and the hub protocol",
        needs: &[Need::Python, Need::Samples, Need::BenchServer],
        steps: at_the_edge,
    },
    H2SPEC,
    Suite {
        name: "autobahn",
        what: "a part of Autobahn's cases, over HTTP/1.1 and HTTP/2",
        needs: AUTOBAHN_NEEDS,
        steps: |workspace| {
            let [http1, http2] = [autobahn(workspace), autobahn_http2(workspace)];
            vec![http1.with_arguments(&["--chosen"]), http2.with_arguments(&["--chosen"])]
        },
    },
    Suite {
        name: "chat",
        what: "two windows of the chat in Chromium, over HTTP/2 and HTTP/1.1",
        needs: &[Need::NpmPackages("tests/chat"), Need::Chromium, Need::Samples],
        steps: |workspace| {
            let step = Step::new(workspace, "tests/chat", "node run.js", Counts::ClosingLine);
            vec![step.with_arguments(&["--chat", "<release>/chat", "--chromium", "<chromium>"])]
        },
    },
    Suite {
        name: "websocket",
        what: "the WebSocket echo in Chromium, over HTTP/2 and HTTP/1.1, TLS 1.2 and 1.3",
        needs: &[Need::NpmPackages("tests/websocket"), Need::Chromium, Need::Samples],
        steps: |workspace| vec![websocket_echo(workspace, &["--chromium", "<chromium>"])],
    },
    Suite {
        name: "websocket-firefox",
        what: "the same in Firefox",
        needs: &[Need::NpmPackages("tests/websocket"), Need::Firefox, Need::Samples],
        steps: |workspace| vec![websocket_echo(workspace, &["--firefox", "<firefox>"])],
    },
];

/// What `cargo xtask conformance` runs: the suites that others wrote, with all their cases.
pub(crate) const CONFORMANCE: &[Suite] = &[
    H2SPEC,
    Suite {
        name: "autobahn",
        what: "all of Autobahn's cases over HTTP/1.1",
        needs: AUTOBAHN_NEEDS,
        steps: |workspace| vec![autobahn(workspace)],
    },
    Suite {
        name: "autobahn-http2",
        what: "all of Autobahn's cases over HTTP/2",
        needs: AUTOBAHN_NEEDS,
        steps: |workspace| vec![autobahn_http2(workspace)],
    },
];

const H2SPEC: Suite = Suite {
    name: "h2spec",
    what: "h2spec's cases, in clear text and over TLS",
    needs: &[Need::Python, Need::H2spec, Need::Samples, Need::BenchServer],
    steps: |workspace| {
        let command =
            "<python> -B h2spec.py --h2spec <h2spec> --port <port> --tls-port <tls-port> --path /body";
        vec![Step::new(workspace, "tests/conformance/h2spec", command, Counts::ClosingLine)]
    },
};

const AUTOBAHN_NEEDS: &[Need] =
    &[Need::PythonPackages("tests/conformance/websocket"), Need::Samples, Need::BenchServer];

/// The names of suites, for the command line.
pub(crate) fn names(suites: &[Suite]) -> Vec<&'static str> {
    suites.iter().map(|suite| suite.name).collect()
}

fn fmt(workspace: &Workspace) -> Vec<Step> {
    vec![Step::cargo(workspace, "fmt --all --check -- --color never")]
}

fn clippy(workspace: &Workspace) -> Vec<Step> {
    vec![Step::cargo(workspace, "clippy --workspace --all-targets -- -D warnings")]
}

fn docs(workspace: &Workspace) -> Vec<Step> {
    let step = Step::cargo(workspace, "doc --workspace --no-deps");
    vec![step.with_environment("RUSTDOCFLAGS", "-D warnings")]
}

fn rust(workspace: &Workspace) -> Vec<Step> {
    vec![Step::new(workspace, "", "cargo test --workspace --no-fail-fast", Counts::CargoTest)]
}

/// With clippy, because a warning of `cargo check` would pass unseen.
fn features(workspace: &Workspace) -> Vec<Step> {
    let mut steps = Vec::new();
    for package in &workspace.packages {
        let alone = format!("clippy -p {} --no-default-features", package.name);
        steps.push(Step::cargo(workspace, &format!("{alone} -- -D warnings")));
        for feature in &package.features {
            steps.push(Step::cargo(workspace, &format!("{alone} --features {feature} -- -D warnings")));
        }
    }
    steps
}

/// A workspace of its own, in the same target folder.
fn fuzz_seeds(workspace: &Workspace) -> Vec<Step> {
    let command = "cargo test --locked --lib --manifest-path fuzz/Cargo.toml";
    let step = Step::new(workspace, "", command, Counts::CargoTest);
    vec![step.with_environment("CARGO_TARGET_DIR", &workspace.target)]
}

fn dependencies(workspace: &Workspace) -> Vec<Step> {
    let command = "<python> -B tests/dependencies/check.py --cargo-deny <cargo-deny>";
    vec![Step::new(workspace, "", command, Counts::ClosingLine)]
}

fn autobahn(workspace: &Workspace) -> Step {
    let command = "<python> -B autobahn.py --port <port>";
    Step::new(workspace, "tests/conformance/websocket", command, Counts::ClosingLine)
}

fn autobahn_http2(workspace: &Workspace) -> Step {
    autobahn(workspace).with_arguments(&["--adapter", "<release>/h2-adapter"])
}

fn client_js(workspace: &Workspace) -> Vec<Step> {
    vec![
        Step::new(workspace, "client-js", "npm run lint", Counts::Once),
        Step::new(workspace, "client-js", "npm test", Counts::NpmTest),
        Step::new(workspace, "client-js", "npm run check-dist", Counts::Once),
        Step::new(workspace, "client-js", "npm run check-pack", Counts::Once),
        Step::new(workspace, "client-js", "npm run size", Counts::Once),
    ]
}

/// The programs start the server themselves, because some of their cases start it again.
fn conformance(workspace: &Workspace, part: &str, command: &str) -> Vec<Step> {
    let step = Step::new(workspace, &format!("tests/conformance/{part}"), command, Counts::ClosingLine);
    vec![step.with_arguments(&["--server", "\"<release>/bench-server\" --port {port}", "--port", "<port>"])]
}

fn corners(workspace: &Workspace) -> Vec<Step> {
    let step = Step::new(workspace, "tests/conformance/node", "node corners.js", Counts::ClosingLine);
    vec![step.with_arguments(&["--server", "\"<release>/corners\" --port {port}", "--port", "<port>"])]
}

/// From the folder of the suites in Node: our package instead of the official one.
const HUBCAST: &[&str] = &["--hubcast", "../../../client-js"];

/// Over HTTP/2 the server lets a thousand connections share a socket.
fn hubcast_in_node(workspace: &Workspace) -> Vec<Step> {
    let step =
        Step::new(workspace, "tests/conformance/node", "node node.js --port <port>", Counts::ClosingLine);
    let step = step.with_arguments(HUBCAST);
    let server = "\"<release>/bench-server\" --port {port}";
    vec![
        step.clone().with_arguments(&["--server", server]),
        step.with_arguments(&["--http2", "--server", &format!("{server} --http2-streams 2000")]),
    ]
}

/// `browser` is the name of the program of the suite and of the option and the place for the browser's path.
fn in_browser(workspace: &Workspace, browser: &str) -> Step {
    let command = format!("node {browser}.js --port <port>");
    let step = Step::new(workspace, "tests/conformance/node", &command, Counts::ClosingLine);
    let server = "\"<release>/bench-server\" --port {port} --web \"{web}\"";
    step.with_arguments(&["--server", server, &format!("--{browser}"), &format!("<{browser}>")])
}

fn websocket_echo(workspace: &Workspace, browser: &[&str]) -> Step {
    let step = Step::new(workspace, "tests/websocket", "node run.js", Counts::ClosingLine);
    step.with_arguments(&["--echo", "<release>/websocket-echo"]).with_arguments(browser)
}

/// The bench hub takes messages of up to 1 MiB.
fn at_the_edge(workspace: &Workspace) -> Vec<Step> {
    let command = "<python> -B attacks.py --port <port> --tls-port <tls-port> --pid <pid> --limit 1048576 --patience 40";
    vec![Step::new(workspace, "tests/conformance/edge", command, Counts::ClosingLine)]
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::workspace::Package;

    #[test]
    fn no_two_suites_share_a_name() {
        for names in [names(SUITES), names(CONFORMANCE)] {
            assert_eq!(names.iter().collect::<HashSet<_>>().len(), names.len());
        }
    }

    #[test]
    fn each_feature_is_checked_without_the_others() {
        let workspace = Workspace {
            root: "root".into(),
            target: "target".into(),
            packages: vec![Package {
                name: "hubcast".to_owned(),
                features: vec!["aws".to_owned(), "redis".to_owned()],
            }],
            cargo: "cargo".into(),
            is_strict: false,
        };
        let commands: Vec<String> = features(&workspace).iter().map(Step::to_string).collect();
        assert_eq!(
            commands,
            [
                "cargo clippy -p hubcast --no-default-features -- -D warnings",
                "cargo clippy -p hubcast --no-default-features --features aws -- -D warnings",
                "cargo clippy -p hubcast --no-default-features --features redis -- -D warnings",
            ]
        );
    }
}
