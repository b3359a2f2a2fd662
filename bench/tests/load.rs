//! Every kind of load on the floor, as people run both: two processes, and a line of JSON.
//!
//! The numbers are tiny: what is checked is that the two understand each other and that the sample says what was run.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;

const PROGRAM: &str = env!("CARGO_BIN_EXE_hub-bench");

/// A floor that ends with its test.
struct Floor {
    process: Child,
    url: String,
}

impl Floor {
    fn start() -> Self {
        let mut process = Command::new(PROGRAM)
            .args(["floor", "0"])
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program was built for this test");
        let mut line = String::new();
        let output = process.stdout.take().expect("its output is piped");
        BufReader::new(output).read_line(&mut line).expect("the floor says where it listens");
        let url =
            line.trim().strip_prefix("listening on ").expect("the floor says where it listens").to_owned();
        Self { process, url }
    }

    fn load(&self, options: &[&str]) -> Value {
        let pid = self.process.id().to_string();
        let output = load(
            &[&[self.url.as_str(), "--pid", &pid, "--seconds", "0.2", "--warm-up", "0.1"], options].concat(),
        );
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{errors}");
        let lines = String::from_utf8(output.stdout).expect("a sample is text");
        assert_eq!(lines.lines().count(), 1, "{lines}");
        serde_json::from_str(&lines).expect("a sample is JSON")
    }
}

impl Drop for Floor {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn load(arguments: &[&str]) -> Output {
    Command::new(PROGRAM).arg("load").args(arguments).output().expect("the program was built for this test")
}

fn refusal(arguments: &[&str]) -> String {
    let output = load(arguments);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0));
    String::from_utf8(output.stderr).expect("an error is text")
}

#[test]
fn echoes_are_counted_and_timed() {
    let floor = Floor::start();
    for protocol in ["json", "messagepack"] {
        let sample = floor.load(&["--protocol", protocol, "-c", "5", "echo", "--depth", "40"]);
        assert_eq!((&sample["load"], &sample["protocol"]), (&"echo".into(), &protocol.into()));
        assert_eq!((&sample["http"], &sample["tls"]), (&"h1".into(), &false.into()));
        assert_eq!((&sample["connections"], &sample["streams"]), (&5.into(), &1.into()));
        assert!(sample["count"].as_u64() > Some(200), "{sample}");
        assert!(
            sample["server_user_us"].as_f64() > Some(0.0) || sample["server_system_us"].as_f64() > Some(0.0)
        );
        let latency = |name: &str| sample["latency"][name].as_f64().expect("a latency");
        assert!(0.0 < latency("p50") && latency("p50") <= latency("p99") && latency("p99") <= latency("max"));
    }
}

#[test]
fn a_broadcast_reaches_every_connection() {
    let floor = Floor::start();
    for protocol in ["json", "messagepack"] {
        for options in [&["--window", "4"][..], &["--groups", "3", "--window", "2"]] {
            let sample = floor.load(&[&["--protocol", protocol, "-c", "12", "broadcast"], options].concat());
            let members = if options.contains(&"--groups") { 4 } else { 12 };
            let count = sample["count"].as_u64().expect("a count");
            assert!(count > 0 && count.is_multiple_of(members), "{sample}");
            assert_eq!(sample["load"], "broadcast");
        }
    }
}

#[test]
fn streams_come_in_order() {
    let floor = Floor::start();
    for protocol in ["json", "messagepack"] {
        let sample = floor.load(&["--protocol", protocol, "-c", "2", "stream", "--items", "300"]);
        assert!(sample["count"].as_u64() >= Some(300), "{sample}");
        assert_eq!((&sample["load"], sample.get("latency")), (&"stream".into(), None));
    }
}

#[test]
fn a_storm_counts_its_connections() {
    let sample = Floor::start().load(&["-c", "40", "storm", "--concurrency", "4"]);
    assert_eq!((&sample["load"], &sample["count"]), (&"storm".into(), &40.into()));
}

#[test]
fn idle_connections_have_a_size() {
    let sample = Floor::start().load(&["-c", "30", "idle", "--hold", "0.1"]);
    assert_eq!((&sample["load"], &sample["count"]), (&"idle".into(), &30.into()));
    assert!(sample["bytes_per_connection"].is_f64() && sample["hold_percent"].is_f64(), "{sample}");
}

#[test]
fn an_echo_is_timed_beside_broadcasts() {
    let sample = Floor::start().load(&["-c", "10", "beside"]);
    assert_eq!(sample["load"], "beside");
    assert!(sample["count"].as_u64() > Some(0) && sample["latency"]["p99"].is_f64(), "{sample}");
}

#[test]
fn connections_must_go_into_groups_evenly() {
    let floor = Floor::start();
    let error = refusal(&[&floor.url, "-c", "10", "broadcast", "--groups", "3"]);
    assert_eq!(error, "hub-bench: 10 connections do not go into 3 groups evenly\n");
}

#[test]
fn a_server_without_http2_is_named_as_the_cause() {
    let floor = Floor::start();
    let error = refusal(&[&floor.url, "--http", "h2", "echo"]);
    assert!(error.starts_with("hub-bench: 0 connections are open: "), "{error}");
}

#[test]
fn a_host_beyond_this_machine_is_refused() {
    let output = load(&["ws://192.0.2.1/bench", "echo"]);
    assert!(!output.status.success());
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(error.contains("192.0.2.1 is not on loopback"), "{error}");
}
