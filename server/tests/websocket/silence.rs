//! Pings to silent clients, and who is given up.

use std::time::Duration;

use hubcast::websocket::WebSocketOptions;

use super::Site;

#[tokio::test]
async fn a_silent_client_is_pinged_and_given_up_if_it_does_not_answer() {
    let options = WebSocketOptions::new()
        .keep_alive_interval(Duration::from_millis(30))
        .keep_alive_timeout(Duration::from_millis(60));
    let mut site = Site::echo(options).await;
    let (clients, _http2) = site.clients().await;
    for mut client in clients {
        assert_eq!(client.next().await, "ping ");
        assert_eq!(site.said().await, "Silent");
        assert_ne!(client.into_wire().until_end().await, "");
    }
}

#[tokio::test]
async fn a_client_that_answers_stays() {
    let options = WebSocketOptions::new()
        .keep_alive_interval(Duration::from_millis(10))
        .keep_alive_timeout(Duration::from_secs(20));
    let site = Site::echo(options).await;
    let mut client = site.client().await;
    for _ in 0..5 {
        assert_eq!(client.next().await, "ping ");
        client.send_frame(true, hubcast_websocket::Opcode::Pong, b"").await;
    }
    client.send_text("still here").await;
    loop {
        match &*client.next().await {
            "ping " => {}
            answer => break assert_eq!(answer, "text still here"),
        }
    }
}

#[tokio::test]
async fn without_an_interval_nobody_is_pinged() {
    let site = Site::echo(WebSocketOptions::new().keep_alive_interval(None)).await;
    let mut client = site.client().await;
    client.send_text("x").await;
    assert_eq!(client.next().await, "text x");
}
