//! permessage-deflate, from both sides and from an enemy's.

use hubcast::websocket::{Compression, MessageKind, SendFlags, WebSocketOptions};
use hubcast_websocket::{Deflater, Opcode};

use super::Site;
use crate::support::{Http1, Http2};

#[tokio::test]
async fn messages_come_back_compressed_from_the_threshold_on() {
    let options = || WebSocketOptions::new().compression(Compression::new().threshold(10));
    let site = Site::echo(options()).await;
    let mut http2 = Http2::connect(site.server.address()).await;
    let offer = [("sec-websocket-extensions", "permessage-deflate")];
    let over_http2 = http2.websocket("/ws", &offer).await.unwrap().deflating(false);
    for mut client in [site.deflating(false).await, over_http2] {
        for _ in 0..3 {
            let text = "ü".repeat(5_000);
            client.send_deflated(Opcode::Text, text.as_bytes()).await;
            let answer = client.next().await;
            let (size, text_again) = answer.split_once(" text ").unwrap();
            assert_eq!(text_again, text);
            let size: usize = size.strip_prefix("deflated ").unwrap().parse().unwrap();
            assert!(size < 100, "{size}");
        }
        client.send_deflated(Opcode::Binary, b"123456789").await;
        assert_eq!(client.next().await, "binary 313233343536373839");
        client.send_deflated(Opcode::Text, b"").await;
        assert_eq!(client.next().await, "text ");
    }
}

#[tokio::test]
async fn what_is_taken_over_makes_the_second_message_smaller() {
    let compression = Compression::new().server_context_takeover(true).client_context_takeover(true);
    let site = Site::echo(WebSocketOptions::new().compression(compression.threshold(0))).await;
    let mut client = site.deflating(true).await;
    let text = (0..300).map(|number| number.to_string()).collect::<String>();
    let mut sizes = Vec::new();
    for _ in 0..2 {
        client.send_deflated(Opcode::Text, text.as_bytes()).await;
        let answer = client.next().await;
        let (size, text_again) = answer.split_once(" text ").unwrap();
        assert_eq!(text_again, text);
        sizes.push(size.strip_prefix("deflated ").unwrap().parse::<usize>().unwrap());
    }
    assert!(sizes[0] > 300 && sizes[1] < 30, "{sizes:?}");
}

#[tokio::test]
async fn a_message_may_be_kept_from_compression_and_its_parts_arrive_at_once() {
    let options = WebSocketOptions::new().compression(Compression::new());
    let site = Site::start(options, |mut socket, says| async move {
        assert!(socket.is_compressing());
        let secret = SendFlags::END_OF_MESSAGE | SendFlags::DO_NOT_COMPRESS;
        socket.send_part(MessageKind::Text, "s".repeat(1_000), secret).await?;
        socket.send_part(MessageKind::Text, "one ", SendFlags::NONE).await?;
        says.told().await;
        socket.send_part(MessageKind::Text, "message", SendFlags::END_OF_MESSAGE).await?;
        socket.send_part(MessageKind::Binary, vec![1; 300], SendFlags::NONE).await?;
        socket.send_part(MessageKind::Binary, vec![], SendFlags::END_OF_MESSAGE).await
    })
    .await;
    let mut client = site.deflating(false).await;
    assert_eq!(client.next().await, format!("text {}", "s".repeat(1_000)));
    client.send_ping(b"").await;
    site.tell();
    let answer = client.next().await;
    assert!(answer.starts_with("deflated ") && answer.ends_with(" text one message"), "{answer}");
    let answer = client.next().await;
    assert!(answer.ends_with(&format!(" binary {}", "01".repeat(300))), "{answer}");
    assert_eq!(client.next().await, "close 1000");
}

#[tokio::test]
async fn compressed_parts_are_told_in_bounded_pieces() {
    let options = WebSocketOptions::new().compression(Compression::new()).maximum_message_size(None);
    let mut site = Site::start(options, |mut socket, says| async move {
        let (mut total, mut largest) = (0, 0);
        while let Some(part) = socket.receive_part().await? {
            total += part.payload.len();
            largest = largest.max(part.payload.len());
            if part.end_of_message {
                says.say(format!("{total} {}", largest <= 32 * 1024));
            }
        }
        Ok(())
    })
    .await;
    let mut client = site.deflating(false).await;
    client.send_deflated(Opcode::Binary, &vec![7; 8 << 20]).await;
    assert_eq!(site.said().await, format!("{} true", 8 << 20));
}

#[tokio::test]
async fn a_bomb_is_refused_with_1009() {
    let mut site =
        Site::echo(WebSocketOptions::new().compression(Compression::new()).maximum_message_size(100_000))
            .await;
    let mut bomb = Vec::new();
    Deflater::new(15, false, 9).deflate(&vec![0; 64 << 20], true, &mut bomb);
    assert!(bomb.len() < 100_000);
    for _ in 0..2 {
        let mut client = site.deflating(false).await;
        client.send_rsv1(true, Opcode::Binary, &bomb).await;
        assert_eq!(client.next().await, "close 1009 the message is longer than 100000 bytes");
        assert_eq!(client.next().await, "end");
        assert_eq!(site.said().await, "Protocol(MessageTooBig { limit: 100000 })");
    }
}

#[tokio::test]
async fn what_cannot_be_decompressed_or_is_no_text_is_refused_with_1007() {
    let mut site = Site::echo(WebSocketOptions::new().compression(Compression::new())).await;
    let mut client = site.deflating(false).await;
    client.send_rsv1(true, Opcode::Binary, &[0xff; 10]).await;
    assert_eq!(client.next().await, "close 1007 the message cannot be decompressed");
    assert_eq!(site.said().await, "Protocol(InvalidDeflate)");
    for text in [&b"\xff"[..], b"\xe2\x82"] {
        let mut client = site.deflating(false).await;
        client.send_deflated(Opcode::Text, text).await;
        assert_eq!(client.next().await, "close 1007 the text is not UTF-8");
        assert_eq!(site.said().await, "Protocol(InvalidUtf8)");
    }
}

#[tokio::test]
async fn the_reserved_bit_stands_only_where_it_was_agreed_on() {
    let mut site = Site::echo(WebSocketOptions::new().compression(Compression::new())).await;
    for (is_agreed, first, opcode) in [
        (false, false, Opcode::Text),
        (true, true, Opcode::Continuation),
        (true, false, Opcode::Ping),
        (true, false, Opcode::Pong),
        (true, false, Opcode::Close),
    ] {
        let mut client = if is_agreed { site.deflating(false).await } else { site.client().await };
        if first {
            client.send_frame(false, Opcode::Text, b"x").await;
        }
        client.send_rsv1(true, opcode, b"").await;
        assert_eq!(client.next().await, "close 1002 a reserved bit is set", "{opcode:?}");
        assert_eq!(site.said().await, "Protocol(ReservedBit)");
    }
}

#[tokio::test]
async fn compressed_fragments_are_one_message() {
    let site = Site::echo(WebSocketOptions::new().compression(Compression::new())).await;
    let mut client = site.deflating(false).await;
    let mut compressed = Vec::new();
    Deflater::new(15, false, 6).deflate("größe".as_bytes(), true, &mut compressed);
    let (last, first) = compressed.split_last().unwrap();
    client.send_rsv1(false, Opcode::Text, &first[..1]).await;
    for byte in &first[1..] {
        client.send_frame(false, Opcode::Continuation, &[*byte]).await;
    }
    client.send_frame(true, Opcode::Continuation, &[*last]).await;
    assert_eq!(client.next().await, "text größe");
}

#[tokio::test]
async fn a_window_that_the_client_asks_for_is_kept() {
    let site = Site::echo(WebSocketOptions::new().compression(Compression::new().threshold(0))).await;
    let mut state = 1_u32;
    let noise = std::iter::repeat_with(|| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    });
    let noise = noise.take(2_000).collect::<Vec<_>>();
    let twice = [noise.clone(), noise].concat();
    // What is 2,000 bytes back is in a window of 32 KiB, and not in one of 512 bytes.
    for (window, sizes) in [(15, 1_900..2_300), (9, 3_900..4_300)] {
        let offer = format!("permessage-deflate; server_max_window_bits={window}");
        let client = Http1::connect(site.server.address()).await;
        let client = client.upgrade("/ws", &[("Sec-WebSocket-Extensions", &offer)]).await.unwrap();
        let mut client = client.deflating(false);
        client.send_deflated(Opcode::Binary, &twice).await;
        let answer = client.next().await;
        let size = answer.split(' ').nth(1).unwrap().parse::<usize>().unwrap();
        assert!(sizes.contains(&size), "{window}: {size}");
    }
}
