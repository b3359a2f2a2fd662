//! A connection without a hub: bytes come in over whatever transport the client has chosen, and go back.

use hubcast::{HubError, RawConnection, RawService, TransferFormat};

pub(crate) fn service() -> RawService {
    RawService::new("echo", echo)
}

/// Sends WebSocket messages as text unless the query of the connection's request says `format=binary`.
async fn echo(connection: RawConnection) -> Result<(), HubError> {
    if connection.query("format").as_deref() == Some("binary") {
        connection.set_transfer_format(TransferFormat::Binary);
    }
    while let Some(bytes) = connection.receive().await {
        connection.send(bytes).await;
    }
    Ok(())
}
