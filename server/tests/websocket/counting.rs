//! What is counted of WebSockets without a hub.

use std::time::Duration;

use hubcast::websocket::WebSocketOptions;
use hubcast_websocket::{Opcode, write_frame};

use super::echo;
use crate::support::{Http1, Http2, Setup, eventually, measured_from};

const SHORT: Duration = Duration::from_millis(100);

#[tokio::test]
async fn open_websockets_are_counted_by_http_version_and_their_ends_by_whose_fault_they_are() {
    let (server, meters) = measured_from(|| {
        let silent = WebSocketOptions::new().keep_alive_interval(SHORT).keep_alive_timeout(SHORT);
        Setup::new().server(|server| {
            server.websocket("/ws", WebSocketOptions::new(), echo).websocket("/silent", silent, echo)
        })
    })
    .await;
    let mut connection = Http2::connect(server.address()).await;
    let mut closes = connection.websocket("/ws", &[]).await.unwrap();
    let mut breaks = Http1::connect(server.address()).await.upgrade("/ws", &[]).await.unwrap();
    let mut silent = Http1::connect(server.address()).await.upgrade("/silent", &[]).await.unwrap();
    for client in [&mut closes, &mut breaks] {
        client.send_text("x").await;
        assert_eq!(client.next().await, "text x");
    }
    assert_eq!(silent.next().await, "ping ");
    assert_eq!(meters.read("hubcast_active_websockets 1.1"), 2.0);
    assert_eq!(meters.read("hubcast_active_websockets 2"), 1.0);

    closes.send_close(1000).await;
    assert_eq!(closes.next().await, "close 1000");
    let mut unmasked = Vec::new();
    write_frame(&mut unmasked, true, Opcode::Text, b"x", None);
    breaks.send_raw(&unmasked).await;
    assert!(breaks.next().await.starts_with("close 1002"));
    drop(breaks);
    silent.next().await;
    for version in ["1.1", "2"] {
        eventually(|| meters.read(&format!("hubcast_active_websockets {version}")) == 0.0).await;
    }
    assert_eq!(meters.read("hubcast_websockets_total"), 3.0);
    assert_eq!(meters.read("hubcast_websocket_duration_seconds"), 3.0);
    assert_eq!(meters.read("hubcast_websocket_protocol_errors_total"), 1.0);
    assert_eq!(meters.read("hubcast_timed_out_websockets_total"), 1.0);
}
