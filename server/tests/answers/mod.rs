//! The answers recorded from ASP.NET Core (`tests/vectors/answers.json`), asked of our server over both HTTP versions.
//!
//! Every recorded case is asked or listed in `exceptions` with its reason; a case that nobody asks fails the test.

mod acts;
mod edge;
mod exceptions;
mod transports;

use serde_json::Value;

use crate::support::{Fixture, Setup};
use edge::Edge;
use exceptions::{Exception, exception};

#[tokio::test]
async fn every_recorded_case_is_answered_alike_over_http1() {
    check(Edge::http1).await;
}

#[tokio::test]
async fn every_recorded_case_is_answered_alike_over_http2() {
    check(Edge::http2).await;
}

#[tokio::test]
async fn the_same_answers_come_over_tls() {
    check(Edge::http2_tls).await;
    check(Edge::http1_tls).await;
}

async fn check(edge: impl Fn(&Fixture) -> Edge) {
    let recorded = include_str!("../../../tests/vectors/answers.json");
    let recorded = serde_json::from_str::<serde_json::Map<String, Value>>(recorded).unwrap();
    let server = Setup::new()
        .tls()
        .expects_errors()
        .options(|options| options.maximum_receive_message_size(1 << 20).allow_stateful_reconnects(true))
        .start()
        .await;
    let mut differences = Vec::new();
    for (name, wanted) in &recorded {
        let mut edge = edge(&server);
        let exception = exception(name, edge.is_http2());
        if let Some(Exception::Elsewhere(_)) = exception {
            continue;
        }
        let got = edge.ask(name).await.unwrap_or_else(|| panic!("nobody asks the case {name}"));
        let alike = match exception {
            Some(Exception::Better(passes)) => passes(&got),
            _ => canonical(got.clone()) == canonical(edge.expected(wanted)),
        };
        if !alike {
            differences.push(format!("{name}\n  wanted {wanted}\n  got    {got}"));
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

/// JSON in texts as values, and nothing said about how a socket ends after its close frame.
fn canonical(seen: Value) -> Value {
    match seen {
        Value::Object(object) => object.into_iter().map(|(name, value)| (name, canonical(value))).collect(),
        Value::Array(all) => {
            let close =
                all.iter().position(|seen| seen.as_str().is_some_and(|seen| seen.starts_with("close ")));
            let kept = close.map_or(all.len(), |close| close + 1);
            all.into_iter().take(kept).map(canonical).collect()
        }
        Value::String(text) if ["reset", "end of stream"].contains(&text.as_str()) => "ended".into(),
        Value::String(text) => {
            let parts = text.strip_prefix("text ").unwrap_or(&text).split('\u{1e}');
            parts.map(|part| serde_json::from_str::<Value>(part).unwrap_or_else(|_| part.into())).collect()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => seen,
    }
}
