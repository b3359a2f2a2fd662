//! DELETE: the end of a connection by long polling.

use crate::support::{BOTH, Fixture, Requests, soon};

#[tokio::test]
async fn a_connection_ends_as_its_client_wishes_and_is_gone() {
    for http2 in BOTH {
        let mut server = Fixture::start().await;
        let client = Requests::long_polling(&server, http2).await;
        let deleted = client.delete().await;
        assert_eq!((deleted.status, deleted.header("content-type")), (202, Some("text/plain")));
        assert_eq!(server.event().await, "connected");
        assert_eq!(server.event().await, "disconnected: ClosedByClient");
        soon(async { while client.delete().await.status != 404 {} }).await;
        let poll = client.poll().await;
        assert_eq!((poll.status, poll.text()), (404, "No Connection with that ID"));
        assert_eq!(client.post("x").await.status, 404);
    }
}

#[tokio::test]
async fn a_connection_without_polls_cannot_be_deleted() {
    for http2 in BOTH {
        let server = Fixture::start().await;
        let text = "Cannot terminate this connection using the DELETE endpoint.";
        let pending = Requests::negotiate(&server, http2).await;
        let refused = pending.delete().await;
        assert_eq!((refused.status, refused.text()), (400, text));
        let events = pending.events().await;
        let refused = pending.delete().await;
        assert_eq!((refused.status, refused.text()), (400, text));
        drop(events);
    }
}
