//! POSTs: in order, whole, waiting for room, and what becomes of one that breaks off.

use std::time::Duration;

use bytes::Bytes;
use http::Request;
use serde_json::json;

use crate::support::{
    BOTH, Fixture, Http1, Http2, Requests, Setup, Way, Wire, call, json_handshake, measured, soon,
};

#[tokio::test]
async fn many_at_once_are_all_taken_in_whole() {
    for http2 in BOTH {
        let server = Fixture::start().await;
        let client = Requests::long_polling(&server, http2).await;
        let text = "x".repeat(20_000);
        let posts = (0..20).map(|n| {
            let (client, message) = (client.clone(), call(&n.to_string(), "Echo", &json!([text])));
            tokio::spawn(async move { client.post(&message).await.status })
        });
        let posts = posts.collect::<Vec<_>>();
        let mut answered = Vec::new();
        while answered.len() < 20 {
            let body = client.poll().await;
            for message in body.text().split_terminator('\u{1e}') {
                let message = serde_json::from_str::<serde_json::Value>(message).unwrap();
                assert_eq!(message["result"], text);
                answered.push(message["invocationId"].as_str().unwrap().parse::<u32>().unwrap());
            }
        }
        answered.sort_unstable();
        assert_eq!(answered, (0..20).collect::<Vec<_>>());
        for post in posts {
            assert_eq!(post.await.unwrap(), 200);
        }
    }
}

#[tokio::test]
async fn one_larger_than_the_buffer_waits_for_room() {
    for http2 in BOTH {
        let server = Setup::new().options(|options| options.application_max_buffer_size(100)).start().await;
        let client = Requests::long_polling(&server, http2).await;
        let posted = client.post(&call("1", "Echo", &json!(["x".repeat(10_000)]))).await;
        assert_eq!(posted.status, 200);
        assert_eq!(client.poll().await.text().len(), 10_000 + 42);
    }
}

#[tokio::test]
async fn one_that_waits_for_a_connection_that_becomes_a_websocket_is_told() {
    for http2 in BOTH {
        let server = Setup::new().options(|options| options.allow_stateful_reconnects(true)).start().await;
        for query in ["?negotiateVersion=1", "?negotiateVersion=1&useStatefulReconnect=true"] {
            let client = Requests::negotiate_over(Way::clear_text(server.address(), http2), query, &[]).await;
            assert_eq!(client.post(json_handshake()).await.status, 200);
            let large = "x".repeat(10_000);
            let waits = async {
                let posted = client.post(&large).await;
                // The WebSocket may have been quicker.
                assert!([404, 405].contains(&posted.status), "{}", posted.status);
            };
            let opens = async {
                let mut socket = client.websocket().await.unwrap();
                socket.send_text(json_handshake()).await;
                assert_eq!(socket.next().await, "text {}\u{1e}");
                socket
            };
            tokio::join!(waits, opens);
        }
    }
}

#[tokio::test]
async fn one_before_the_transport_is_kept_and_a_larger_one_waits_for_it() {
    for http2 in BOTH {
        let server = Fixture::start().await;
        let client = Requests::negotiate(&server, http2).await;
        assert_eq!(client.post(json_handshake()).await.status, 200);
        let large = tokio::spawn({
            let (client, message) = (client.clone(), call("1", "Echo", &json!(["x".repeat(10_000)])));
            async move { client.post(&message).await.status }
        });
        assert_eq!(client.poll().await.text(), "");
        let mut all = String::new();
        while !all.contains("\"type\":3") {
            all.push_str(client.poll().await.text());
        }
        assert!(all.starts_with("{}\u{1e}"), "{all}");
        assert_eq!(large.await.unwrap(), 200);
    }
}

#[tokio::test]
async fn one_that_breaks_off_leaves_the_connection_as_it_is() {
    let server = Fixture::start().await;
    let client = Requests::long_polling(&server, true).await;
    let mut connection = Http2::connect(server.address()).await;
    let request = Request::post(format!("http://localhost{}", client.target)).body(()).unwrap();
    let message = call("1", "Add", &json!([1, 2]));
    let (head, tail) = message.split_at(10);
    let (_response, mut body) = connection.start(request, false).await.unwrap();
    body.send_data(Bytes::copy_from_slice(head.as_bytes()), false).unwrap();
    body.send_reset(h2::Reason::CANCEL);
    // The next POST has its turn when the first has broken off; what came of that is not taken back.
    let rest = client.post(tail).await;
    assert_eq!(rest.status, 200);
}

#[tokio::test]
async fn one_whose_body_trickles_is_given_up_and_the_next_has_its_turn() {
    let setup = Setup::new().options(|options| options.post_body_timeout(Duration::from_millis(300)));
    let (server, meters) = measured(setup).await;
    for (count, http2) in BOTH.into_iter().enumerate() {
        let client = Requests::long_polling(&server, http2).await;
        let message = call("1", "Add", &json!([1, 2]));
        let (head, tail) = message.split_at(10);
        let status = if http2 {
            let mut connection = Http2::connect(server.address()).await;
            let request = Request::post(format!("http://localhost{}", client.target)).body(()).unwrap();
            let (response, mut body) = connection.start(request, false).await.unwrap();
            body.send_data(Bytes::copy_from_slice(head.as_bytes()), false).unwrap();
            soon(response).await.unwrap().status().as_u16()
        } else {
            let mut wire = Wire::connect(server.address()).await;
            let length = message.len();
            let request = format!(
                "POST {} HTTP/1.1\r\nHost: a\r\nContent-Length: {length}\r\n\r\n{head}",
                client.target
            );
            wire.write(request.as_bytes()).await;
            Http1::on(wire).response("POST").await.status
        };
        assert_eq!(status, 408);
        assert_eq!(meters.read("hubcast_timed_out_posts_total"), 1.0 + count as f64);
        assert_eq!(client.post(tail).await.status, 200);
        assert!(client.poll().await.text().contains(r#""result":3"#));
    }
}

#[tokio::test]
async fn an_event_streams_bytes_come_by_post_too() {
    for http2 in BOTH {
        let server = Fixture::start().await;
        let client = Requests::negotiate(&server, http2).await;
        let mut events = client.events().await;
        let handshake = json_handshake();
        let both = format!("{handshake}{}", call("1", "Add", &json!([1, 2])));
        for part in both.as_bytes().chunks(7) {
            assert_eq!(client.ask("POST", &[], part).await.status, 200);
        }
        assert_eq!(events.next().await.as_deref(), Some(":\r\n"));
        assert_eq!(events.next().await.as_deref(), Some("data: {}\u{1e}\r\n\r\n"));
        let answer = "data: {\"type\":3,\"invocationId\":\"1\",\"result\":3}\u{1e}\r\n\r\n";
        assert_eq!(events.next().await.as_deref(), Some(answer));
    }
}

#[tokio::test]
async fn one_that_ends_its_connection_is_taken_in_whole_and_the_end_is_told_by_the_transport() {
    for http2 in BOTH {
        let server = Setup::new()
            .options(|options| options.maximum_receive_message_size(1000).application_max_buffer_size(100))
            .start()
            .await;
        let close =
            "{\"type\":7,\"error\":\"Connection closed with an error.\",\"allowReconnect\":true}\u{1e}";
        let large = call("1", "Echo", &json!(["x".repeat(200_000)]));
        let client = Requests::long_polling(&server, http2).await;
        let posted = client.post(&large).await;
        assert_eq!((posted.status, posted.text()), (200, ""));
        assert_eq!(client.poll().await.text(), close);
        assert_eq!(client.post(&large).await.status, 200);
        assert_eq!(client.poll().await.status, 204);

        let client = Requests::negotiate(&server, http2).await;
        let mut events = client.events().await;
        client.post(json_handshake()).await;
        assert_eq!(client.post(&large).await.status, 200);
        for event in
            [":\r\n".to_owned(), "data: {}\u{1e}\r\n\r\n".to_owned(), format!("data: {close}\r\n\r\n")]
        {
            assert_eq!(events.next().await, Some(event));
        }
        assert!(events.has_ended().await);
    }
}
