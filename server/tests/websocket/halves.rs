//! The two halves in two tasks, and the streams and sinks that they are.

use futures_util::{SinkExt, StreamExt as _};
use hubcast::websocket::{CloseCode, Message, WebSocketOptions};

use super::Site;

#[tokio::test]
async fn one_task_receives_while_another_sends() {
    let site = Site::start(WebSocketOptions::new(), |socket, _| async move {
        let (mut sender, mut receiver) = socket.split();
        let sending = tokio::spawn(async move {
            for number in 0..1_000 {
                sender.send(format!("{number} {}", "x".repeat(1_000))).await?;
            }
            sender.close_output(CloseCode::NORMAL_CLOSURE, "").await
        });
        let mut received = 0;
        while let Some(message) = receiver.receive().await? {
            assert_eq!(message.as_text().unwrap(), received.to_string());
            received += 1;
        }
        assert_eq!(received, 1_000);
        sending.await.unwrap()
    })
    .await;
    let (clients, _http2) = site.clients().await;
    for mut client in clients {
        for number in 0..1_000 {
            client.send_text(&number.to_string()).await;
            if number % 100 == 0 {
                client.send_ping(&[1]).await;
            }
        }
        let (mut texts, mut pongs) = (0, 0);
        loop {
            match client.next().await {
                pong if pong == "pong 01" => pongs += 1,
                close if close == "close 1000" => break,
                text => {
                    assert_eq!(text, format!("text {texts} {}", "x".repeat(1_000)));
                    texts += 1;
                }
            }
        }
        assert_eq!(texts, 1_000);
        assert!(pongs <= 10, "{pongs}");
        client.send_close(1000).await;
        assert_eq!(client.next().await, "end");
    }
}

#[tokio::test]
async fn a_websocket_is_a_stream_and_a_sink() {
    let site = Site::start(WebSocketOptions::new(), |mut socket, _| async move {
        for text in ["a", "b"] {
            socket.feed(Message::from(text)).await?;
        }
        let next = socket.next().await.unwrap()?;
        SinkExt::send(&mut socket, next).await?;
        SinkExt::close(&mut socket).await?;
        assert!(socket.next().await.is_none());
        Ok(())
    })
    .await;
    let mut client = site.client().await;
    client.send_text("c").await;
    for text in ["text a", "text b", "text c", "close 1000"] {
        assert_eq!(client.next().await, text);
    }
    client.send_close(1000).await;
    assert_eq!(client.next().await, "end");
}
