//! Long polling beyond the recorded answers: time-outs, clients that stay away, how a connection ends.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::support::{BOTH, Fixture, Requests, Setup, call, soon};

#[tokio::test]
async fn a_call_is_answered_in_the_next_poll_and_the_end_with_204() {
    for http2 in BOTH {
        let mut server = Fixture::start().await;
        let client = Requests::long_polling(&server, http2).await;
        client.post(&call("1", "Describe", &json!([]))).await;
        let version = if http2 { "HTTP/2.0" } else { "HTTP/1.1" };
        let result = format!("Json over LongPolling on {version}");
        let answer = format!("{{\"type\":3,\"invocationId\":\"1\",\"result\":\"{result}\"}}\u{1e}");
        assert_eq!(client.poll().await.text(), answer);
        client.post("{\"type\":7}\u{1e}").await;
        let last = client.poll().await;
        assert_eq!((last.status, last.text()), (200, "{\"type\":7}\u{1e}"));
        let end = client.poll().await;
        assert_eq!((end.status, end.header("cache-control")), (204, Some("no-cache, no-store")));
        assert_eq!(server.event().await, "connected");
        assert_eq!(server.event().await, "disconnected: ClosedByClient");
        soon(async { while client.poll().await.status != 404 {} }).await;
    }
}

#[tokio::test]
async fn polls_carry_binary_messages() {
    let server = Fixture::start().await;
    let client = Requests::negotiate(&server, false).await;
    client.poll().await;
    client.post("{\"protocol\":\"messagepack\",\"version\":1}\u{1e}").await;
    assert_eq!(client.poll().await.text(), "{}\u{1e}");
    client.ask("POST", &[], b"\x0d\x96\x01\x80\xa11\xa3Add\x92\x01\x02\x90").await;
    let answer = client.poll().await;
    assert_eq!(answer.body, b"\x07\x95\x03\x80\xa11\x03\x03");
}

#[tokio::test]
async fn a_newer_poll_ends_the_older_with_204_and_takes_its_place() {
    for http2 in BOTH {
        let server = Fixture::start().await;
        let client = Requests::long_polling(&server, http2).await;
        let (older, newer) = client.two_polls().await;
        assert_eq!((older.status, older.text()), (204, ""));
        client.post(&call("1", "Add", &json!([1, 2]))).await;
        let answer = "{\"type\":3,\"invocationId\":\"1\",\"result\":3}\u{1e}";
        assert_eq!(soon(newer).await.unwrap().text(), answer);
    }
}

#[tokio::test]
async fn a_poll_without_messages_is_answered_with_nothing_after_its_time_out_and_no_ping_comes() {
    for http2 in BOTH {
        let second = Duration::from_secs(1);
        let server = Setup::new()
            .options(|options| {
                options
                    .keep_alive_interval(second)
                    .client_timeout_interval(second)
                    .long_polling_poll_timeout(Duration::from_millis(3500))
            })
            .start()
            .await;
        let client = Requests::long_polling(&server, http2).await;
        client.post("{\"type\":6}\u{1e}").await;
        let began = Instant::now();
        let answer = client.poll().await;
        assert_eq!((answer.status, answer.header("content-length"), answer.text()), (200, Some("0"), ""));
        assert!(began.elapsed() >= Duration::from_millis(3500), "{:?}", began.elapsed());
        client.post(&call("1", "Add", &json!([1, 2]))).await;
        assert_eq!(client.poll().await.text(), "{\"type\":3,\"invocationId\":\"1\",\"result\":3}\u{1e}");
    }
}

#[tokio::test]
async fn a_connection_that_nobody_polls_is_forgotten_after_the_disconnect_timeout() {
    let mut server =
        Setup::new().options(|options| options.disconnect_timeout(Duration::from_millis(1500))).start().await;
    let client = Requests::long_polling(&server, false).await;
    assert_eq!(server.event().await, "connected");
    let began = Instant::now();
    assert_eq!(server.event().await, "disconnected: TimedOut");
    assert!(began.elapsed() >= Duration::from_millis(1000), "{:?}", began.elapsed());
    soon(async { while client.poll().await.status != 404 {} }).await;
    assert_eq!(client.post("x").await.status, 404);
}

#[tokio::test]
async fn a_poll_whose_client_goes_away_counts_as_none() {
    for http2 in BOTH {
        let mut server = Setup::new()
            .options(|options| options.disconnect_timeout(Duration::from_millis(500)))
            .start()
            .await;
        let client = Requests::long_polling(&server, http2).await;
        let (_, waiting) = client.two_polls().await;
        assert_eq!(server.event().await, "connected");
        waiting.abort();
        assert_eq!(server.event().await, "disconnected: TimedOut");
    }
}

#[tokio::test]
async fn a_poll_that_waits_keeps_its_connection_longer_than_the_disconnect_timeout() {
    let server = Setup::new()
        .options(|options| {
            options
                .disconnect_timeout(Duration::from_millis(500))
                .long_polling_poll_timeout(Duration::from_millis(1500))
        })
        .start()
        .await;
    let client = Requests::long_polling(&server, false).await;
    for _ in 0..2 {
        let answer = client.poll().await;
        assert_eq!((answer.status, answer.text()), (200, ""));
    }
}

#[tokio::test]
async fn what_waits_beyond_the_hard_limit_closes_a_connection_that_does_not_poll() {
    let mut server = Setup::new().options(|options| options.send_buffer_hard_limit(20_000)).start().await;
    let client = Requests::long_polling(&server, false).await;
    assert_eq!(server.event().await, "connected");
    for _ in 0..30 {
        server.hub.clients().all().receive(Some("x".repeat(1000))).await.unwrap();
    }
    assert_eq!(server.event().await, "disconnected: SlowConsumer");
    let last = client.poll().await;
    let close = r#"{"type":7,"error":"Connection closed with an error. The client reads too slowly.","allowReconnect":true}"#;
    assert_eq!(last.text(), format!("{close}\u{1e}"));
    assert_eq!(client.poll().await.status, 204);
}

#[tokio::test]
async fn what_waits_is_divided_among_polls_between_messages() {
    let server = Setup::new().options(|options| options.transport_max_buffer_size(3000)).start().await;
    let client = Requests::long_polling(&server, false).await;
    let text = "x".repeat(1000);
    for _ in 0..10 {
        server.hub.clients().all().receive(Some(text.clone())).await.unwrap();
    }
    let mut messages = 0;
    while messages < 10 {
        let answer = client.poll().await;
        assert!(answer.body.len() <= 3000 && answer.body.ends_with(b"\x1e"), "{}", answer.body.len());
        messages += answer.text().matches('\u{1e}').count();
    }
}

#[tokio::test]
async fn a_stop_of_the_server_is_told_to_the_poll_that_waits() {
    for http2 in BOTH {
        let server = Fixture::start().await;
        let client = Requests::long_polling(&server, http2).await;
        let (_, waiting) = client.two_polls().await;
        let (_, last) = tokio::join!(server.stop(), soon(waiting));
        assert_eq!(last.unwrap().text(), "{\"type\":7,\"allowReconnect\":true}\u{1e}");
    }
}

#[tokio::test]
async fn transports_that_are_not_offered_are_not_there() {
    use hubcast::Transport::{LongPolling, ServerSentEvents, WebSockets};
    for http2 in BOTH {
        let server =
            Setup::new().options(|options| options.transports([LongPolling, WebSockets])).start().await;
        let client = Requests::negotiate(&server, http2).await;
        let answer = client.ask_at("POST", "/hub/negotiate?negotiateVersion=1", &[], b"").await.json();
        let names = answer["availableTransports"].as_array().unwrap().iter().map(|offer| &offer["transport"]);
        assert_eq!(names.collect::<Vec<_>>(), ["WebSockets", "LongPolling"]);
        let events = client.ask("GET", &[("Accept", "text/event-stream")], b"").await;
        let text = "ServerSentEvents transport not supported by this end point type";
        assert_eq!((events.status, events.text(), events.header("cache-control")), (404, text, None));
        let server = Setup::new().options(|options| options.transports([ServerSentEvents])).start().await;
        let client = Requests::negotiate(&server, http2).await;
        let poll = client.poll().await;
        let text = "LongPolling transport not supported by this end point type";
        assert_eq!((poll.status, poll.text()), (404, text));
        assert_eq!(poll.header("expires"), Some("Thu, 01 Jan 1970 00:00:00 GMT"));
    }
}
