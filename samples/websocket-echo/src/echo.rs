//! The handler: what comes in goes out again, until one side closes.

use hubcast::websocket::{
    CloseCode, CloseStatus, Compression, Message, WebSocket, WebSocketError, WebSocketOptions,
};

/// The subprotocol in which the server says first what was agreed on.
const DESCRIBED: &str = "echo.described";

pub(crate) fn options() -> WebSocketOptions {
    WebSocketOptions::new().subprotocols([DESCRIBED]).compression(Compression::new().threshold(64))
}

pub(crate) async fn echo(mut socket: WebSocket) -> Result<(), WebSocketError> {
    if socket.protocol() == Some(DESCRIBED) {
        let compression = if socket.is_compressing() { "compressed" } else { "not compressed" };
        socket.send(format!("{:?}, {compression}", socket.http_version())).await?;
    }
    while let Some(message) = socket.receive().await? {
        if let Some(status) = wished_close(&message) {
            return socket.close(status.code, &status.reason).await;
        }
        socket.send(message).await?;
    }
    Ok(())
}

/// `/close 4000 a reason` asks the server to close.
fn wished_close(message: &Message) -> Option<CloseStatus> {
    let wish = message.as_text()?.strip_prefix("/close ")?;
    let (code, reason) = wish.split_once(' ').unwrap_or((wish, ""));
    let code = code.parse().map(CloseCode::new).ok().filter(|code| code.is_allowed_on_wire())?;
    Some(CloseStatus::new(code, reason))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_close_is_wished_by_a_code_that_may_be_sent_and_a_reason() {
        let wished = |text: &str| wished_close(&text.into());
        assert_eq!(wished("/close 4000 a reason"), Some(CloseStatus::new(CloseCode::new(4000), "a reason")));
        assert_eq!(wished("/close 1001"), Some(CloseStatus::new(CloseCode::GOING_AWAY, "")));
        for text in ["hello", "/close", "/close now", "/close 1006", "/close 70000"] {
            assert_eq!(wished(text), None, "{text}");
        }
        assert_eq!(wished_close(&Message::binary("/close 4000")), None);
    }
}
