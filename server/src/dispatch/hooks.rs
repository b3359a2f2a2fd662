//! The hooks of a hub, with their filters and spans. A panic in one is an error.

use std::future::ready;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use hubcast_protocol::contract::{BoxFuture, CallError, Connection, DisconnectReason, in_connected_hook};
use tracing::Span;

use super::failure::error_type_of;
use super::{caught, trace};
use crate::connection::Live;
use crate::hub_filter::filter_hook;

type Hook = BoxFuture<Result<(), CallError>>;

/// What runs once a connection's handshake is done.
pub(crate) fn connected(live: &Arc<Live>) -> Hook {
    let dispatch = live.core().dispatch();
    let span = trace::hook_span(dispatch.hub_name(), "OnConnected", live.id());
    let start = || with_filters(live, None, dispatch.connected(connection(live)));
    spanned(start, span, true)
}

/// What runs after a connection has ended.
pub(crate) fn disconnected(live: &Arc<Live>, reason: DisconnectReason) -> Hook {
    let dispatch = live.core().dispatch();
    let span = trace::hook_span(dispatch.hub_name(), "OnDisconnected", live.id());
    let start = || {
        let hook = dispatch.disconnected(connection(live), reason.clone());
        with_filters(live, Some(reason), hook)
    };
    spanned(start, span, false)
}

/// What runs when a client has renewed its credentials.
pub(crate) fn authentication_refreshed(live: &Arc<Live>) -> Hook {
    let dispatch = live.core().dispatch();
    let span = trace::hook_span(dispatch.hub_name(), "OnAuthenticationRefreshed", live.id());
    spanned(|| dispatch.authentication_refreshed(connection(live)), span, false)
}

fn connection(live: &Arc<Live>) -> Arc<dyn Connection> {
    Arc::<Live>::clone(live)
}

fn with_filters(live: &Arc<Live>, reason: Option<DisconnectReason>, hook: Hook) -> Hook {
    let filters = &live.core().options().filters;
    if filters.is_empty() { hook } else { filter_hook(filters.clone(), connection(live), reason, hook) }
}

/// The disconnected hook behind one that may still run.
pub(crate) fn disconnected_after(hook: Option<Hook>, live: &Arc<Live>, reason: DisconnectReason) -> Hook {
    let Some(hook) = hook else { return disconnected(live, reason) };
    let live = Arc::clone(live);
    Box::pin(async move {
        note_refreshed(&live, hook.await);
        disconnected(&live, reason).await
    })
}

/// Logs how the hook of renewed credentials has failed, if it has.
pub(crate) fn note_refreshed(live: &Live, outcome: Result<(), CallError>) {
    if let Err(error) = outcome {
        tracing::warn!(connection = %live.id(), ?error, "the hook of renewed credentials failed");
    }
}

fn spanned(start: impl FnOnce() -> Hook, span: Span, is_connected_hook: bool) -> Hook {
    match caught(A_HOOK, || span.in_scope(start)) {
        Ok(hook) => Box::pin(Spanned { hook, span, is_connected_hook }),
        Err(error) => Box::pin(ready(Err(error))),
    }
}

/// What a log says that panicked.
const A_HOOK: &str = "a hook of a hub";

struct Spanned {
    hook: Hook,
    span: Span,
    /// In which the client itself cannot be asked: it answers once the hook is done.
    is_connected_hook: bool,
}

impl Future for Spanned {
    type Output = Result<(), CallError>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let Self { hook, span, is_connected_hook } = self.get_mut();
        let _entered = span.enter();
        let mut poll = || caught(A_HOOK, || hook.as_mut().poll(cx));
        let polled = if *is_connected_hook { in_connected_hook(poll) } else { poll() };
        let polled = polled.unwrap_or_else(|error| Poll::Ready(Err(error)));
        if let Poll::Ready(Err(error)) = &polled {
            span.record("error.type", error_type_of(error));
        }
        polled
    }
}
