//! Which requests become WebSockets, and what is agreed on.

use hubcast::websocket::{Compression, WebSocketOptions};

use super::{Site, echo};
use crate::support::{Http1, Http2, Setup};

#[tokio::test]
async fn the_first_of_our_subprotocols_that_the_client_offers_is_spoken() {
    let options = WebSocketOptions::new().subprotocols(["chat.v2", "chat.v1"]);
    let mut site = Site::start(options, |socket, says| async move {
        says.say(format!("{:?}", socket.protocol()));
        Ok(())
    })
    .await;
    let mut http2 = Http2::connect(site.server.address()).await;
    for (offered, spoken) in [
        (Some("chat.v1, chat.v2"), Some("chat.v2")),
        (Some("other ,chat.v1"), Some("chat.v1")),
        (Some("CHAT.V1"), None),
        (None, None),
    ] {
        let headers = offered.map(|offer| ("sec-websocket-protocol", offer));
        let headers = headers.as_slice();
        let mut all = Http1::upgrade_headers("dGhlIHNhbXBsZSBub25jZQ==").to_vec();
        all.extend_from_slice(headers);
        let http1 = Http1::connect(site.server.address()).await.upgrade_with("/ws", &all).await;
        for (response, socket) in [http1, http2.websocket_with("/ws", headers).await] {
            assert!(socket.is_some());
            assert_eq!(response.header("sec-websocket-protocol"), spoken);
            assert_eq!(site.said().await, format!("{spoken:?}"));
        }
    }
}

#[tokio::test]
async fn compression_is_agreed_on_only_where_both_want_it() {
    let plain = Site::echo(WebSocketOptions::new()).await;
    let willing =
        Site::echo(WebSocketOptions::new().compression(Compression::new().client_window_bits(10))).await;
    let takeovers = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";
    let asked = format!("{takeovers}; client_max_window_bits=10");
    let no_window = format!("{takeovers}; server_max_window_bits=12");
    for (site, offer, answer) in [
        (&plain, "permessage-deflate; client_max_window_bits", None),
        (&willing, "permessage-deflate; client_max_window_bits", Some(&*asked)),
        (&willing, "permessage-deflate; server_max_window_bits=12", Some(&*no_window)),
        (&willing, "permessage-deflate; server_max_window_bits=8", None),
        (&willing, "permessage-deflate; unknown=1, permessage-deflate", Some(takeovers)),
        (&willing, "permessage-deflate; server_no_context_takeover=1", None),
        (&willing, "permessage-deflate =", None),
        (&willing, "bbf-usp-protocol", None),
    ] {
        let mut http2 = Http2::connect(site.server.address()).await;
        let (response, socket) = http2.websocket_with("/ws", &[("sec-websocket-extensions", offer)]).await;
        assert_eq!(response.header("sec-websocket-extensions"), answer, "{offer}");
        let mut socket = socket.unwrap();
        socket.send_text("uncompressed").await;
        assert_eq!(socket.next().await, "text uncompressed", "no message has to be compressed");
    }
}

#[tokio::test]
async fn pages_of_other_origins_are_refused_unless_they_are_allowed() {
    let setup = Setup::new().server(|server| {
        server
            .websocket("/own", WebSocketOptions::new(), echo)
            .websocket("/listed", WebSocketOptions::new().allowed_origins(["https://app.example"]), echo)
            .websocket("/any", WebSocketOptions::new().allow_any_origin(), echo)
    });
    let server = setup.start().await;
    for (path, origin, status) in [
        ("/own", "http://localhost", 101),
        ("/own", "https://app.example", 403),
        ("/own", "null", 403),
        ("/listed", "https://app.example", 101),
        ("/listed", "https://evil.example", 403),
        ("/any", "https://evil.example", 101),
    ] {
        let answer = Http1::connect(server.address()).await.upgrade(path, &[("Origin", origin)]).await;
        assert_eq!(answer.map_or_else(|refused| refused.status, |_| 101), status, "{path} {origin}");
    }
}

#[tokio::test]
async fn what_is_no_websocket_request_is_told_what_is_served() {
    let site = Site::echo(WebSocketOptions::new()).await;
    let mut http1 = Http1::connect(site.server.address()).await;
    let refused = http1.ask("GET", "/ws", &[]).await;
    assert_eq!((refused.status, refused.header("upgrade")), (426, Some("websocket")));
    let mut headers = Http1::upgrade_headers("dGhlIHNhbXBsZSBub25jZQ==");
    headers[2].1 = "12";
    let refused = http1.ask("GET", "/ws", &headers).await;
    assert_eq!((refused.status, refused.header("sec-websocket-version")), (426, Some("13")));
    assert_eq!(http1.ask("GET", "/ws", &Http1::upgrade_headers("short")).await.status, 400);
    let mut http2 = Http2::connect(site.server.address()).await;
    assert_eq!(http2.ask("GET", "/ws").await.status, 400);
    let other = http2.extended_connect("webtransport", "http://localhost/ws", &[]).await.err().unwrap();
    assert_eq!(other.status, 400);
}

#[tokio::test]
async fn the_handler_knows_the_request() {
    let mut site = Site::start(WebSocketOptions::new(), |socket, says| async move {
        let room = socket.query("Room").unwrap();
        let known = socket.remote_address().unwrap().ip().is_loopback();
        says.say(format!(
            "{:?} {} {room} {:?} {known}",
            socket.http_version(),
            socket.path(),
            socket.header("x-who")
        ));
        Ok(())
    })
    .await;
    let target = "/ws?room=a%20b";
    let headers = [("x-who", "ada")];
    let _http1 = Http1::connect(site.server.address()).await.upgrade(target, &headers).await.unwrap();
    assert_eq!(site.said().await, "HTTP/1.1 /ws a b Some(\"ada\") true");
    let mut http2 = Http2::connect(site.server.address()).await;
    let _socket = http2.websocket(target, &headers).await.unwrap();
    assert_eq!(site.said().await, "HTTP/2.0 /ws a b Some(\"ada\") true");
}

#[tokio::test]
async fn frames_sent_together_with_the_request_are_not_lost() {
    let site = Site::echo(WebSocketOptions::new()).await;
    let mut head = String::from("GET /ws HTTP/1.1\r\nHost: localhost\r\n");
    for (name, value) in Http1::upgrade_headers("dGhlIHNhbXBsZSBub25jZQ==") {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    let mut bytes = (head + "\r\n").into_bytes();
    hubcast_websocket::write_frame(&mut bytes, true, hubcast_websocket::Opcode::Text, b"early", Some([9; 4]));
    let mut wire = crate::support::Wire::connect(site.server.address()).await;
    wire.write(&bytes).await;
    let mut received = Vec::new();
    while !received.ends_with(b"\x81\x05early") {
        let more = wire.read().await.unwrap();
        assert!(!more.is_empty());
        received.extend_from_slice(&more);
    }
}
