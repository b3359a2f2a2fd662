//! Clients that break the protocol, flood, or read nothing: each ends within a bound, and the server serves as before.

use std::time::Duration;

use hubcast::websocket::{WebSocketError, WebSocketOptions};
use hubcast_websocket::write_ping;
use tokio::time::timeout;

use super::Site;
use crate::support::{Http2, Wire};

#[tokio::test]
async fn whoever_breaks_the_protocol_is_told_how() {
    let options = WebSocketOptions::new().maximum_message_size(1_000).maximum_frames_per_message(3);
    let mut site = Site::echo(options).await;
    let mut http2 = Http2::connect(site.server.address()).await;
    let frames: [(&[u8], &str); 12] = [
        (b"\x81\x01x", "close 1002 a frame from a client must be masked"),
        (b"\x83\x80\0\0\0\0", "close 1002 opcode 3 is reserved"),
        (b"\xc1\x80\0\0\0\0", "close 1002 a reserved bit is set"),
        (b"\xa1\x80\0\0\0\0", "close 1002 a reserved bit is set"),
        (b"\x09\x80\0\0\0\0", "close 1002 a control frame must not be fragmented"),
        (b"\x89\xfe\0\x7e\0\0\0\0", "close 1002 a control frame must not be longer than 125 bytes"),
        (b"\x80\x80\0\0\0\0", "close 1002 a continuation frame without a message to continue"),
        (b"\x01\x80\0\0\0\0\x81\x80\0\0\0\0", "close 1002 a message began inside another message"),
        (b"\x88\x82\0\0\0\0\x03\xed", "close 1002 close code 1005 must not be sent"),
        (b"\x81\x81\0\0\0\0\xff", "close 1007 the text is not UTF-8"),
        (b"\x82\xfe\x03\xe9\0\0\0\0", "close 1009 the message is longer than 1000 bytes"),
        (
            b"\x02\x80\0\0\0\0\0\x80\0\0\0\0\0\x80\0\0\0\0\0\x80\0\0\0\0",
            "close 1008 the message has more than 3 frames",
        ),
    ];
    for (bytes, told) in frames {
        let over_http2 = http2.websocket("/ws", &[]).await.unwrap();
        for mut client in [site.client().await, over_http2] {
            client.send_raw(bytes).await;
            assert_eq!(client.next().await, told);
            assert_eq!(client.next().await, "end");
            let said = site.said().await;
            assert!(said.starts_with("Protocol("), "{said}");
        }
    }
    let mut client = site.client().await;
    client.send_text("as before").await;
    assert_eq!(client.next().await, "text as before");
}

#[tokio::test]
async fn whoever_is_told_still_hears_it_when_more_was_on_its_way() {
    let site = Site::echo(WebSocketOptions::new()).await;
    let mut client = site.client().await;
    client.send_raw(&[&b"\x83\x80\0\0\0\0"[..], &vec![0; 1 << 20]].concat()).await;
    assert_eq!(client.next().await, "close 1002 opcode 3 is reserved");
    assert_eq!(client.next().await, "end");
}

#[tokio::test]
async fn whoever_pings_and_does_not_read_is_not_read_from_and_given_up() {
    let options = WebSocketOptions::new().write_timeout(Duration::from_millis(300));
    let mut site = Site::echo(options).await;
    let client = site.client().await;
    let mut wire = client.into_wire();
    let mut pings = Vec::new();
    for _ in 0..1_000 {
        write_ping(&mut pings, &[1; 125], Some([0; 4]));
    }
    let sent =
        timeout(Duration::from_secs(20), flood(&mut wire, &pings)).await.expect("it is given up in time");
    assert_eq!(site.said().await, "WriteTimedOut");
    // What the two systems buffer, and 16 KiB of ours.
    assert!(sent < 64 << 20, "{sent}");
    let mut client = site.client().await;
    client.send_text("as before").await;
    assert_eq!(client.next().await, "text as before");
}

/// Writes until the peer is gone; how many bytes it was.
async fn flood(wire: &mut Wire, bytes: &[u8]) -> usize {
    let Wire::Socket(socket) = wire else { unreachable!("it is HTTP/1.1") };
    let mut sent = 0;
    while let Ok(written) = tokio::io::AsyncWriteExt::write(socket, &bytes[sent % bytes.len()..]).await {
        sent += written;
    }
    sent
}

#[tokio::test]
async fn whoever_reads_nothing_is_given_up_by_the_sender() {
    let options = WebSocketOptions::new().write_timeout(Duration::from_millis(100));
    let mut site = Site::start(options, |mut socket, says| async move {
        loop {
            if let Err(error) = socket.send(vec![0; 1 << 20]).await {
                says.say(format!("{error:?}"));
                assert!(matches!(socket.send("late").await, Err(WebSocketError::WriteTimedOut)));
                return Err(error);
            }
        }
    })
    .await;
    let (clients, _http2) = site.clients().await;
    for client in clients {
        assert_eq!(site.said().await, "WriteTimedOut");
        drop(client);
    }
}

#[tokio::test]
async fn a_client_that_only_sends_waits_for_an_application_that_does_not_receive() {
    let site = Site::start(WebSocketOptions::new(), |socket, says| async move {
        says.told().await;
        drop(socket);
        Ok(())
    })
    .await;
    let mut wire = site.client().await.into_wire();
    let frame = [&b"\x82\xfe\xff\xff\0\0\0\0"[..], &[0; 65_535]].concat();
    let sent = {
        let Wire::Socket(socket) = &mut wire else { unreachable!("it is HTTP/1.1") };
        let mut sent = 0;
        // A second without room is what waiting looks like from here.
        while let Ok(written) =
            timeout(Duration::from_secs(1), tokio::io::AsyncWriteExt::write(socket, &frame)).await
        {
            sent += written.unwrap();
            assert!(sent < 256 << 20, "somebody reads on and on");
        }
        sent
    };
    assert!(sent > 0);
    site.tell();
}
