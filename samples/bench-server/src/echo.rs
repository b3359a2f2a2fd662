//! A WebSocket without a hub that sends back what it gets: what suites for RFC 6455 and RFC 7692 are put on.

use hubcast::websocket::{Compression, WebSocket, WebSocketError, WebSocketOptions};

/// Bytes of the largest message that comes back: what the suites send.
const LARGEST_MESSAGE: u64 = 16 * 1024 * 1024;

/// Frames of one message: the suites send 4 MiB in frames of 64 bytes.
const MOST_FRAMES: u32 = 128 * 1024;

/// Compresses whatever a client offers, with everything that RFC 7692 lets it ask for.
pub(crate) fn options() -> WebSocketOptions {
    WebSocketOptions::new()
        .maximum_message_size(LARGEST_MESSAGE)
        .maximum_frames_per_message(MOST_FRAMES)
        .compression(
            Compression::new()
                .server_context_takeover(true)
                .client_context_takeover(true)
                .level(1)
                .threshold(0),
        )
}

/// Sends back each message as it came, text as text.
pub(crate) async fn echo(mut socket: WebSocket) -> Result<(), WebSocketError> {
    while let Some(message) = socket.receive().await? {
        socket.send(message).await?;
    }
    Ok(())
}
