//! The handler of one WebSocket, and the close that follows it.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use hubcast_websocket::CloseCode;

use super::closer::written;
use super::shared::Shared;
use super::socket::close;
use super::{WebSocket, WebSocketError, WebSocketReceiver};
use crate::dispatch::caught;
use crate::http::BoxError;

/// Runs `handler` and closes when it returns. When `stop` is ready, the client is told that the server goes away, and the
/// handler goes on to its own end.
pub(super) async fn run<H, F, E>(socket: WebSocket, handler: H, stop: impl Future<Output = ()>)
where
    H: FnOnce(WebSocket) -> F,
    F: Future<Output = Result<(), E>>,
    E: Into<BoxError>,
{
    let shared = Arc::clone(socket.shared());
    let code = {
        let Ok(handling) = caught(A_HANDLER, || handler(socket)) else {
            return finish(&shared, CloseCode::INTERNAL_ERROR).await;
        };
        let mut handling = pin!(handling);
        let mut stop = pin!(stop);
        let mut handling = pin!(poll_fn(|cx| {
            let polled = caught(A_HANDLER, || handling.as_mut().poll(cx));
            polled.map_or(Poll::Ready(CloseCode::INTERNAL_ERROR), |polled| polled.map(code_after))
        }));
        tokio::select! {
            biased;
            code = &mut handling => code,
            () = &mut stop => {
                shared.begin_close(CloseCode::GOING_AWAY, "");
                tokio::join!(written(&shared), handling).1
            }
        }
    };
    finish(&shared, code).await;
}

const A_HANDLER: &str = "the handler of a WebSocket";

fn code_after<E: Into<BoxError>>(handled: Result<(), E>) -> CloseCode {
    let Err(error) = handled else { return CloseCode::NORMAL_CLOSURE };
    let error = error.into();
    if error.is::<WebSocketError>() {
        tracing::debug!(error, "a WebSocket ended");
        return CloseCode::NORMAL_CLOSURE;
    }
    tracing::error!(error, "the handler of a WebSocket failed");
    CloseCode::INTERNAL_ERROR
}

async fn finish(shared: &Arc<Shared>, code: CloseCode) {
    shared.begin_close(code, "");
    // If a half of it lives on in another task, that has the rest of what is read: it is not waited for.
    let Some(reading) = shared.take_left() else {
        let written = written(shared).await;
        shared.abandon();
        if let Err(error) = written {
            tracing::debug!(%error, "a WebSocket ended without its close frame");
        }
        return;
    };
    let mut receiver = WebSocketReceiver::new(Arc::clone(shared), reading);
    if let Err(error) = close(shared, &mut receiver).await {
        tracing::debug!(%error, "a WebSocket ended without a close of its client");
    }
}
