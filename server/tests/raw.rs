//! Connections without a hub: bytes to a function of the application and back.

use std::future::poll_fn;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use http::Version;
use hubcast::{HubError, HubOptions, RawConnection, RawService, TransferFormat};
use hubcast_websocket::{Opcode, write_frame};
use tokio::sync::Semaphore;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tracing::Level;

use crate::support::{
    BOTH, Fixture, Http1, Http2, HubClient, Requests, Setup, WebSocket, Wire, eventually, soon,
};

#[tokio::test]
async fn bytes_are_echoed_as_text_and_as_binary_over_both_http_versions() {
    let server = serve(RawService::new("echo", |connection| async move {
        if connection.query("binary").is_some() {
            connection.set_transfer_format(TransferFormat::Binary);
        }
        while let Some(bytes) = connection.receive().await {
            connection.send(bytes).await;
        }
        Ok::<_, HubError>(())
    }))
    .await;
    let mut http2 = Http2::connect(server.address()).await;
    for version in [Version::HTTP_11, Version::HTTP_2] {
        let mut text = open(&server, &mut http2, version, "/raw").await;
        text.send_text("hallo").await;
        assert_eq!(text.next().await, "text hallo");
        let mut binary = open(&server, &mut http2, version, "/raw?binary=1").await;
        binary.send_binary(&[0, 255, 10]).await;
        assert_eq!(binary.next().await, "binary 00ff0a");
        // The kind of a frame that arrives does not matter.
        binary.send_text("x").await;
        assert_eq!(binary.next().await, "binary 78");
        for mut socket in [text, binary] {
            socket.send_close(1000).await;
            assert_eq!(socket.next().await, "close 1000");
        }
    }
}

#[tokio::test]
async fn bytes_are_echoed_by_event_streams_and_posts() {
    for http2 in BOTH {
        let (service, mut seen) = reporting();
        let server = serve(service).await;
        let client = negotiate(&server, http2).await;
        let mut events = client.events().await;
        assert_eq!(events.next().await.as_deref(), Some(":\r\n"));
        for text in ["hallo", "two\nlines"] {
            assert_eq!(client.post(text).await.status, 200);
            assert_eq!(soon(seen.recv()).await.unwrap(), text);
        }
        assert_eq!(events.next().await.as_deref(), Some("data: hallo\r\n\r\n"));
        assert_eq!(events.next().await.as_deref(), Some("data: two\r\ndata: lines\r\n\r\n"));
        drop(events);
        assert_eq!(soon(seen.recv()).await.unwrap(), "end");
        soon(async { while client.post("late").await.status != 404 {} }).await;
    }
}

#[tokio::test]
async fn bytes_are_echoed_by_polls_and_posts_and_a_delete_is_the_end() {
    for http2 in BOTH {
        let (service, mut seen) = reporting();
        let server = serve(service).await;
        let client = negotiate(&server, http2).await;
        assert_eq!((client.poll().await.status, seen.try_recv().is_err()), (200, true));
        for bytes in [&b"hallo"[..], &[0xff, 0, 0x1e]] {
            assert_eq!(client.ask("POST", &[], bytes).await.status, 200);
            assert_eq!(client.poll().await.body, bytes);
            assert_eq!(soon(seen.recv()).await.unwrap(), String::from_utf8_lossy(bytes));
        }
        assert_eq!(client.delete().await.status, 202);
        assert_eq!(soon(seen.recv()).await.unwrap(), "end");
        soon(async { while client.poll().await.status != 404 {} }).await;
    }
}

#[tokio::test]
async fn polls_tell_how_a_function_has_ended() {
    for http2 in BOTH {
        for (wish, status) in [("return", 204), ("fail", 500)] {
            let server = serve(RawService::new("ends", |connection| async move {
                let wish = connection.receive().await.unwrap_or_default();
                if wish == "fail" { Err(HubError::new("no")) } else { Ok(()) }
            }))
            .await;
            let client = negotiate(&server, http2).await;
            assert_eq!(client.poll().await.status, 200);
            let polling = client.polling();
            assert_eq!(client.post(wish).await.status, 200);
            assert_eq!(soon(polling).await.unwrap().status, status);
        }
    }
}

#[tokio::test]
async fn every_byte_comes_back_in_order_however_much_it_is() {
    const PARTS: usize = 200;
    let server = serve(RawService::new("echo", echo)).await;
    let mut http2 = Http2::connect(server.address()).await;
    for version in [Version::HTTP_11, Version::HTTP_2] {
        let mut socket = open(&server, &mut http2, version, "/raw").await;
        let mut sent = String::new();
        for n in 0..PARTS {
            let part = format!("{n}:{};", "x".repeat(n * 7));
            socket.send_text(&part).await;
            sent.push_str(&part);
        }
        let mut received = String::new();
        while received.len() < sent.len() {
            let frame = socket.next().await;
            received.push_str(frame.strip_prefix("text ").unwrap_or_else(|| panic!("{frame}")));
        }
        assert_eq!(received, sent);
    }
}

#[tokio::test]
async fn a_function_that_returns_closes_and_one_that_fails_says_so() {
    let server = serve(RawService::new("ends", |connection| async move {
        let wish = connection.receive().await.unwrap_or_default();
        connection.send("last").await;
        if wish == "fail" { Err(HubError::new("no")) } else { Ok(()) }
    }))
    .await;
    let mut http2 = Http2::connect(server.address()).await;
    for version in [Version::HTTP_11, Version::HTTP_2] {
        for (wish, close) in [("return", "close 1000"), ("fail", "close 1011")] {
            let mut socket = open(&server, &mut http2, version, "/raw").await;
            socket.send_text(wish).await;
            assert_eq!(socket.next().await, "text last");
            assert_eq!(socket.next().await, close);
        }
    }
}

#[tokio::test]
async fn a_panic_closes_its_connection_and_no_other() {
    let service = RawService::new("panics", |connection: RawConnection| {
        assert!(connection.query("at-once").is_none(), "the secret cause");
        async move {
            let bytes = connection.receive().await.unwrap_or_default();
            assert!(bytes != "panic", "the secret cause");
            connection.send(bytes).await;
            connection.receive().await;
            Ok::<_, HubError>(())
        }
    });
    let server = Setup::new().server(|server| server.hub("/raw", service)).expects_errors().start().await;
    let mut http2 = Http2::connect(server.address()).await;
    for version in [Version::HTTP_11, Version::HTTP_2] {
        let mut other = open(&server, &mut http2, version, "/raw").await;
        let mut at_once = open(&server, &mut http2, version, "/raw?at-once=1").await;
        assert_eq!(at_once.next().await, "close 1011");
        let mut later = open(&server, &mut http2, version, "/raw").await;
        later.send_text("panic").await;
        assert_eq!(later.next().await, "close 1011");
        other.send_text("still here").await;
        assert_eq!(other.next().await, "text still here");
    }
    assert_eq!(server.log.lines(Level::ERROR).len(), 4);
}

#[tokio::test]
async fn the_end_of_the_client_is_seen_behind_what_it_sent() {
    let (service, mut seen) = reporting();
    let server = serve(service).await;
    let mut http2 = Http2::connect(server.address()).await;
    for version in [Version::HTTP_11, Version::HTTP_2] {
        let mut closing = open(&server, &mut http2, version, "/raw").await;
        closing.send_text("a").await;
        assert_eq!(closing.next().await, "text a");
        closing.send_close(1000).await;
        assert_eq!(soon(seen.recv()).await.unwrap(), "a");
        assert_eq!(soon(seen.recv()).await.unwrap(), "end");
        assert_eq!(closing.next().await, "close 1000");
        let mut vanishing = open(&server, &mut http2, version, "/raw").await;
        vanishing.send_text("b").await;
        assert_eq!(soon(seen.recv()).await.unwrap(), "b");
        drop(vanishing);
        assert_eq!(soon(seen.recv()).await.unwrap(), "end");
    }
}

#[tokio::test]
async fn a_slow_function_slows_its_client_and_loses_nothing() {
    const LIMIT: usize = 32 * 1024;
    const ALL: usize = 4 * 1024 * 1024;
    let gate = Arc::new(Semaphore::new(0));
    let taken = Arc::new(AtomicUsize::new(0));
    let service = {
        let (gate, taken) = (Arc::clone(&gate), Arc::clone(&taken));
        let options = HubOptions::new().application_max_buffer_size(LIMIT);
        let handler = move |connection: RawConnection| {
            let (gate, taken) = (Arc::clone(&gate), Arc::clone(&taken));
            async move {
                gate.acquire().await.unwrap().forget();
                while let Some(bytes) = connection.receive().await {
                    taken.fetch_add(bytes.len(), Ordering::Relaxed);
                }
                Ok::<_, HubError>(())
            }
        };
        RawService::with_options("slow", handler, options)
    };
    let server = serve(service).await;
    let mut http2 = Http2::connect(server.address()).await;
    let socket = open(&server, &mut http2, Version::HTTP_2, "/raw").await;
    let Wire::Stream(mut send, _receive) = socket.into_wire() else { panic!("it is a stream") };
    let mut frame = Vec::new();
    write_frame(&mut frame, true, Opcode::Binary, &[7; 1024], Some([1, 2, 3, 4]));
    let frame = Bytes::from(frame);
    let sent = Arc::new(AtomicUsize::new(0));
    let sender = tokio::spawn({
        let sent = Arc::clone(&sent);
        async move {
            for _ in 0..ALL / 1024 {
                send.reserve_capacity(frame.len());
                while send.capacity() < frame.len() {
                    poll_fn(|cx| send.poll_capacity(cx)).await.unwrap().unwrap();
                }
                send.send_data(frame.clone(), false).unwrap();
                sent.fetch_add(1024, Ordering::Relaxed);
            }
            send
        }
    });
    eventually(|| sent.load(Ordering::Relaxed) >= LIMIT).await;
    let mut other = HubClient::connect(&server).await;
    for _ in 0..50 {
        other.id().await;
    }
    let unread = sent.load(Ordering::Relaxed);
    // What waits for the function, one read over that, the stream's window, and what h2 keeps to send.
    assert!(
        unread <= LIMIT + 4 * 64 * 1024,
        "{unread} bytes were taken from a client whose function takes none"
    );
    assert_eq!(taken.load(Ordering::Relaxed), 0);
    gate.add_permits(1);
    let _open = soon(sender).await.unwrap();
    eventually(|| taken.load(Ordering::Relaxed) == ALL).await;
}

#[tokio::test]
async fn a_function_that_sends_to_a_client_that_does_not_read_waits() {
    const LIMIT: usize = 10_000;
    let sent = Arc::new(AtomicUsize::new(0));
    let service = {
        let sent = Arc::clone(&sent);
        let handler = move |connection: RawConnection| {
            let sent = Arc::clone(&sent);
            async move {
                for n in 0..1000 {
                    connection.send(format!("{n:1000}")).await;
                    sent.fetch_add(1, Ordering::Relaxed);
                }
                Ok::<_, HubError>(())
            }
        };
        RawService::with_options("floods", handler, HubOptions::new().send_buffer_soft_limit(LIMIT))
    };
    let server = serve(service).await;
    let mut http2 = Http2::connect(server.address()).await;
    let mut slow = open(&server, &mut http2, Version::HTTP_2, "/raw").await;
    eventually(|| sent.load(Ordering::Relaxed) > 0).await;
    let mut other = HubClient::connect(&server).await;
    for _ in 0..20 {
        other.id().await;
    }
    let waiting = sent.load(Ordering::Relaxed);
    // The client's window, what h2 keeps for the stream, the limit, and one over it.
    assert!(waiting <= 64 + 64 + 10 + 1, "{waiting} were sent to a client that reads nothing");
    for n in 0..1000 {
        assert_eq!(slow.next().await, format!("text {n:1000}"));
    }
    assert_eq!(slow.next().await, "close 1000");
}

#[tokio::test]
async fn a_function_that_only_sends_learns_of_the_end_and_one_that_does_not_look_blocks_nobody() {
    let (report, mut seen) = unbounded_channel();
    let service = RawService::new("sends", move |connection: RawConnection| {
        let report = report.clone();
        async move {
            let looks = connection.query("looks").is_some();
            while connection.send("x").await || !looks {}
            let _ = report.send("over".to_owned());
            Ok::<_, HubError>(())
        }
    });
    let server = serve(service).await;
    for target in ["/raw?looks=1", "/raw"] {
        let mut socket = Http1::connect(server.address()).await.upgrade(target, &[]).await.unwrap();
        assert_eq!(socket.next().await, "text x");
        drop(socket);
        if target == "/raw?looks=1" {
            assert_eq!(soon(seen.recv()).await.unwrap(), "over");
        }
    }
    let mut other = HubClient::connect(&server).await;
    other.id().await;
    drop(other);
    server.stop().await;
    assert!(seen.try_recv().is_err());
}

#[tokio::test]
async fn without_a_limit_of_what_waits_everything_is_read() {
    let service = RawService::with_options("echo", echo, HubOptions::new().application_max_buffer_size(0));
    let server = serve(service).await;
    let mut socket = Http1::connect(server.address()).await.upgrade("/raw", &[]).await.unwrap();
    for text in ["a", "b"] {
        socket.send_text(text).await;
        assert_eq!(socket.next().await, format!("text {text}"));
    }
}

#[tokio::test]
async fn what_is_left_with_a_connection_is_its_own() {
    let server = serve(RawService::new("items", |connection| async move {
        while let Some(bytes) = connection.receive().await {
            let before = connection.items().insert(bytes.len());
            connection.send(format!("{before:?}")).await;
        }
        Ok::<_, HubError>(())
    }))
    .await;
    let mut http2 = Http2::connect(server.address()).await;
    let mut first = open(&server, &mut http2, Version::HTTP_11, "/raw").await;
    let mut second = open(&server, &mut http2, Version::HTTP_2, "/raw").await;
    for (sent, answer) in [("abc", "text None"), ("a", "text Some(3)"), ("", "text Some(1)")] {
        for socket in [&mut first, &mut second] {
            if sent.is_empty() {
                socket.send_text("?").await;
            } else {
                socket.send_text(sent).await;
            }
            assert_eq!(socket.next().await, answer);
        }
    }
}

#[tokio::test]
async fn an_abort_closes_after_what_was_sent() {
    let server = serve(RawService::new("aborts", |connection| async move {
        connection.send("last words").await;
        connection.abort();
        while connection.receive().await.is_some() {}
        Ok::<_, HubError>(())
    }))
    .await;
    let mut http2 = Http2::connect(server.address()).await;
    for version in [Version::HTTP_11, Version::HTTP_2] {
        let mut socket = open(&server, &mut http2, version, "/raw").await;
        assert_eq!(socket.next().await, "text last words");
        assert_eq!(socket.next().await, "close 1000");
    }
}

#[tokio::test]
async fn a_stop_of_the_server_is_the_end_of_its_connections() {
    let (service, mut seen) = reporting();
    let server = serve(service).await;
    let mut socket = Http1::connect(server.address()).await.upgrade("/raw", &[]).await.unwrap();
    socket.send_text("a").await;
    assert_eq!(soon(seen.recv()).await.unwrap(), "a");
    assert_eq!(socket.next().await, "text a");
    let (last, ()) = tokio::join!(socket.next(), server.stop());
    assert_eq!(last, "close 1000");
    assert_eq!(soon(seen.recv()).await.unwrap(), "end");
}

async fn echo(connection: RawConnection) -> Result<(), HubError> {
    while let Some(bytes) = connection.receive().await {
        connection.send(bytes).await;
    }
    Ok(())
}

/// A function that tells what it receives, sends it back, and tells the end.
fn reporting() -> (RawService, UnboundedReceiver<String>) {
    let (report, seen) = unbounded_channel();
    let service = RawService::new("reports", move |connection| tell(connection, report.clone()));
    (service, seen)
}

async fn tell(connection: RawConnection, report: UnboundedSender<String>) -> Result<(), HubError> {
    while let Some(bytes) = connection.receive().await {
        let _ = report.send(String::from_utf8_lossy(&bytes).into_owned());
        connection.send(bytes).await;
    }
    let _ = report.send("end".to_owned());
    Ok(())
}

/// A server with connections without a hub at `/raw`, beside the test hub.
async fn serve(service: RawService) -> Fixture {
    Setup::new().server(|server| server.hub("/raw", service)).start().await
}

/// A connection at `/raw` whose transport is to come.
async fn negotiate(server: &Fixture, http2: bool) -> Requests {
    let mut requests = Requests::negotiate(server, http2).await;
    let answer = requests.ask_at("POST", "/raw/negotiate?negotiateVersion=1", &[], b"").await.json();
    requests.target = format!("/raw?id={}", answer["connectionToken"].as_str().unwrap());
    requests
}

async fn open(server: &Fixture, http2: &mut Http2, version: Version, target: &str) -> WebSocket {
    match version {
        Version::HTTP_2 => http2.websocket(target, &[]).await.unwrap(),
        _ => Http1::connect(server.address()).await.upgrade(target, &[]).await.unwrap(),
    }
}
