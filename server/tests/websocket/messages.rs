//! Messages whole and in parts, both ways, over both HTTP versions.

use hubcast::websocket::{MessageKind, SendFlags, WebSocketError, WebSocketOptions};
use hubcast_websocket::Opcode;

use super::Site;

#[tokio::test]
async fn text_and_binary_of_any_size_come_back_over_both_versions() {
    let mut site = Site::echo(WebSocketOptions::new()).await;
    let (clients, _http2) = site.clients().await;
    for mut client in clients {
        for text in ["", "hällo", &"ü".repeat(60_000)] {
            client.send_text(text).await;
            assert_eq!(client.next().await, format!("text {text}"));
        }
        client.send_binary(&[0, 255]).await;
        assert_eq!(client.next().await, "binary 00ff");
        client.send_close(1000).await;
        assert_eq!(client.next().await, "close 1000");
        assert_eq!(client.next().await, "end");
        assert_eq!(site.said().await, "closed 1000");
    }
}

#[tokio::test]
async fn a_large_message_comes_back_whole() {
    let site = Site::echo(WebSocketOptions::new().maximum_message_size(4 << 20)).await;
    let mut client = site.client().await;
    let large = "x".repeat(4 << 20);
    let (sent, received) = {
        let text = large.clone();
        client.send_text(&text).await;
        (large, client.next().await)
    };
    assert!(received.strip_prefix("text ") == Some(&sent));
}

#[tokio::test]
async fn many_messages_sent_at_once_are_told_one_by_one() {
    let site = Site::echo(WebSocketOptions::new()).await;
    let mut client = site.client().await;
    let mut bytes = Vec::new();
    for number in 0..1_000 {
        hubcast_websocket::write_frame(
            &mut bytes,
            true,
            Opcode::Text,
            number.to_string().as_bytes(),
            Some([9, 8, 7, 6]),
        );
    }
    client.send_raw(&bytes).await;
    for number in 0..1_000 {
        assert_eq!(client.next().await, format!("text {number}"));
    }
}

#[tokio::test]
async fn parts_are_told_as_they_arrive() {
    let mut site =
        Site::start(WebSocketOptions::new().maximum_message_size(None), |mut socket, says| async move {
            while let Some(part) = socket.receive_part().await? {
                let text = String::from_utf8_lossy(&part.payload).into_owned();
                says.say(format!("{:?} {text} {}", part.kind, part.end_of_message));
            }
            Ok(())
        })
        .await;
    let (clients, _http2) = site.clients().await;
    for mut client in clients {
        client.send_frame(false, Opcode::Text, b"first").await;
        assert_eq!(site.said().await, "Text first false");
        client.send_ping(b"between").await;
        assert_eq!(client.next().await, "pong 6265747765656e");
        client.send_frame(false, Opcode::Continuation, b"second").await;
        assert_eq!(site.said().await, "Text second false");
        client.send_frame(true, Opcode::Continuation, b"").await;
        assert_eq!(site.said().await, "Text  true");
        client.send_binary(b"whole").await;
        assert_eq!(site.said().await, "Binary whole true");
        client.send_close(1000).await;
        assert_eq!(client.next().await, "close 1000");
    }
}

#[tokio::test]
async fn what_a_dropped_receive_has_gathered_is_not_lost() {
    let mut site = Site::start(WebSocketOptions::new(), |mut socket, says| async move {
        tokio::select! {
            biased;
            _ = socket.receive() => says.say("too early"),
            () = says.told() => {}
        }
        let part = socket.receive_part().await?.unwrap();
        says.say(format!("{} {}", String::from_utf8_lossy(&part.payload), part.end_of_message));
        let next = socket.receive().await?.unwrap();
        says.say(next.as_text().unwrap());
        Ok(())
    })
    .await;
    let mut client = site.client().await;
    client.send_frame(false, Opcode::Text, b"one ").await;
    // Its pong says that what was before it has been read.
    client.send_ping(b"").await;
    assert_eq!(client.next().await, "pong ");
    site.tell();
    client.send_frame(true, Opcode::Continuation, b"message").await;
    assert_eq!(site.said().await, "one message true");
    client.send_text("another").await;
    assert_eq!(site.said().await, "another");
}

#[tokio::test]
async fn messages_may_be_sent_in_parts() {
    let site = Site::start(WebSocketOptions::new(), |mut socket, _| async move {
        let euro = "€".as_bytes();
        socket.send_part(MessageKind::Text, euro[..1].to_vec(), SendFlags::NONE).await?;
        assert!(matches!(socket.send("inside").await, Err(WebSocketError::InsideMessage)));
        let other = socket.send_part(MessageKind::Binary, "x", SendFlags::NONE).await;
        assert!(matches!(other, Err(WebSocketError::InsideMessage)));
        let latin = socket.send_part(MessageKind::Text, vec![0xff], SendFlags::NONE).await;
        assert!(matches!(latin, Err(WebSocketError::NotText)));
        let early = socket.send_part(MessageKind::Text, "", SendFlags::END_OF_MESSAGE).await;
        assert!(matches!(early, Err(WebSocketError::NotText)));
        socket.send_part(MessageKind::Text, euro[1..].to_vec(), SendFlags::END_OF_MESSAGE).await?;
        socket.send_part(MessageKind::Binary, vec![1], SendFlags::NONE).await?;
        socket.send_part(MessageKind::Binary, vec![2], SendFlags::NONE).await?;
        socket.send_part(MessageKind::Binary, vec![], SendFlags::END_OF_MESSAGE).await?;
        socket.send("whole").await
    })
    .await;
    let (clients, _http2) = site.clients().await;
    for mut client in clients {
        assert_eq!(client.next().await, "text €");
        assert_eq!(client.next().await, "binary 0102");
        assert_eq!(client.next().await, "text whole");
        assert_eq!(client.next().await, "close 1000");
    }
}
