//! The span of a call, and where it stands in a trace that began at the client.
//!
//! Headers are read only when somebody listens. What is no trace context by W3C Trace Context level 1 is ignored, as
//! the recommendation asks.

use hubcast_protocol::{ConnectionId, Headers};
use tracing::Span;
use tracing::field::Empty;

use super::failure::Failed;

/// The span of one call, disabled if nobody wants it.
pub(super) fn call_span(
    hub: &'static str,
    method: &str,
    connection: ConnectionId,
    headers: &Headers<'_>,
) -> Span {
    let span = tracing::info_span!(
        target: "hubcast::call",
        "hubcast.call",
        "otel.kind" = "server",
        "otel.name" = Empty,
        "rpc.system" = "signalr",
        "rpc.service" = hub,
        "rpc.method" = method,
        connection = %connection,
        trace_id = Empty,
        parent_span_id = Empty,
        tracestate = Empty,
        "error.type" = Empty,
    );
    if !span.is_disabled() {
        span.record("otel.name", format_args!("{hub}/{method}"));
        record_parent(&span, headers);
    }
    span
}

/// The span of a connected or disconnected hook.
pub(super) fn hook_span(hub: &'static str, hook: &'static str, connection: ConnectionId) -> Span {
    tracing::info_span!(
        target: "hubcast::call",
        "hubcast.hook",
        "otel.kind" = "internal",
        "rpc.system" = "signalr",
        "rpc.service" = hub,
        "rpc.method" = hook,
        connection = %connection,
        "error.type" = Empty,
    )
}

/// Notes how a call failed.
pub(super) fn record_failure(span: &Span, failed: &Failed) {
    if !span.is_disabled() {
        span.record("error.type", failed.error_type());
    }
}

fn record_parent(span: &Span, headers: &Headers<'_>) {
    let Some(header) = headers.get("traceparent") else { return };
    let Some(parent) = TraceParent::read(&header) else { return };
    span.record("trace_id", parent.trace_id);
    span.record("parent_span_id", parent.span_id);
    // A state counts only beside a valid parent.
    if let Some(state) = headers.get("tracestate").filter(|state| is_trace_state(state)) {
        span.record("tracestate", &*state);
    }
}

/// The header `traceparent`: which span of which trace made the call.
#[derive(Debug, PartialEq, Eq)]
struct TraceParent<'a> {
    trace_id: &'a str,
    span_id: &'a str,
}

impl<'a> TraceParent<'a> {
    fn read(header: &'a str) -> Option<Self> {
        let mut parts = header.splitn(5, '-');
        let (version, trace_id, span_id, flags) =
            (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        // Later versions may add parts, which are not read.
        let is_known = version == "00" && parts.next().is_none();
        let is_later = version != "00" && version != "ff" && is_hex(version, 2);
        let is_valid = is_id(trace_id, 32) && is_id(span_id, 16) && is_hex(flags, 2);
        ((is_known || is_later) && is_valid).then_some(Self { trace_id, span_id })
    }
}

fn is_hex(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

fn is_id(text: &str, length: usize) -> bool {
    is_hex(text, length) && text.bytes().any(|byte| byte != b'0')
}

/// Whether it is a list of 1 to 32 `key=value`, as the header `tracestate` has them.
fn is_trace_state(header: &str) -> bool {
    let mut members = header.split(',').map(|member| member.trim_matches([' ', '\t']));
    let is_member = |member: &str| {
        member.is_empty() || member.split_once('=').is_some_and(|(key, value)| is_key(key) && is_value(value))
    };
    let count = members.clone().filter(|member| !member.is_empty()).count();
    (1..=32).contains(&count) && members.all(is_member)
}

fn is_key(key: &str) -> bool {
    let is_letter = |byte: u8| {
        byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'-' | b'*' | b'/')
    };
    let is_part = |part: &str, longest: usize, digit_first: bool| {
        let first = part.bytes().next();
        (1..=longest).contains(&part.len())
            && first.is_some_and(|byte| byte.is_ascii_lowercase() || digit_first && byte.is_ascii_digit())
            && part.bytes().all(is_letter)
    };
    match key.split_once('@') {
        Some((tenant, system)) => is_part(tenant, 241, true) && is_part(system, 14, false),
        None => is_part(key, 256, false),
    }
}

fn is_value(value: &str) -> bool {
    (1..=256).contains(&value.len())
        && value.bytes().all(|byte| matches!(byte, b' '..=b'~') && byte != b',' && byte != b'=')
        && !value.ends_with(' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trace_parent_names_trace_and_span() {
        let parent =
            TraceParent { trace_id: "4bf92f3577b34da6a3ce929d0e0e4736", span_id: "00f067aa0ba902b7" };
        for header in [
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-what-the-future-holds",
        ] {
            assert_eq!(TraceParent::read(header).as_ref(), Some(&parent), "{header}");
        }
    }

    #[test]
    fn what_is_no_trace_parent_is_ignored() {
        for header in [
            "",
            "00",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "0-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-1",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-zz",
        ] {
            assert_eq!(TraceParent::read(header), None, "{header}");
        }
    }

    #[test]
    fn a_trace_state_is_a_list_of_keys_and_values() {
        for header in ["rojo=00f067aa0ba902b7,congo=t61rcWkgMzE", "1a@b=x y , ,c=d", "a/b*c-d_e=!"] {
            assert!(is_trace_state(header), "{header}");
        }
        let many = vec!["a=b"; 33].join(",");
        for header in ["", " ", "a", "A=b", "a=", "=b", "a=b=c", "1a=b", "a@1=b", "@a=b", "a=\u{e9}", &many] {
            assert!(!is_trace_state(header), "{header}");
        }
    }
}
