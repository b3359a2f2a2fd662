//! The spans of calls and hooks, and where they stand in a client's trace.

use serde_json::json;
use tracing::Level;

use crate::support::{HubClient, Setup, call};

#[tokio::test]
async fn what_a_call_logs_stands_in_a_span_that_belongs_to_the_clients_trace() {
    let server = Setup::new().expects_errors().log(Level::INFO).start().await;
    let mut client = HubClient::connect(&server).await;
    let id = client.id().await;
    let trace = "\"headers\":{\"traceparent\":\"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\",\
                 \"tracestate\":\"congo=t61rcWkgMzE\"},\"invocationId\"";
    let traced = call("1", "crash_later", &json!([])).replace("\"invocationId\"", trace);
    client.socket.send_text(&traced).await;
    client.message().await;
    let lines = server.log.lines(Level::ERROR);
    assert_eq!(lines.len(), 1, "{lines:?}");
    let untraced = call("1", "Crash", &json!([]))
        .replace("\"invocationId\"", "\"headers\":{\"traceparent\":\"00-1-2-3\"},\"invocationId\"");
    client.socket.send_text(&untraced).await;
    client.message().await;
    let lines = server.log.lines(Level::ERROR);
    let span = format!(
        "hubcast.call{{otel.kind=\"server\" rpc.system=\"signalr\" rpc.service=\"TestHub\" rpc.method=\"CrashLater\" connection={id} \
         otel.name=TestHub/CrashLater trace_id=\"4bf92f3577b34da6a3ce929d0e0e4736\" parent_span_id=\"00f067aa0ba902b7\" \
         tracestate=\"congo=t61rcWkgMzE\"}}"
    );
    assert!(lines[0].contains(&span), "{}", lines[0]);
    assert!(!lines[1].contains("trace_id"), "{}", lines[1]);
    assert!(lines[1].contains("rpc.method=\"Crash\""), "{}", lines[1]);
}
