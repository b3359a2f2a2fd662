//! Every way in which a WebSocket ends, and what each side sees of it.

use std::time::Duration;

use hubcast::websocket::{CloseCode, WebSocketError, WebSocketOptions, WebSocketService};

use super::{Site, echo};
use crate::support::{Http1, Http2, Setup, soon};

#[tokio::test]
async fn the_clients_code_comes_back_and_the_application_reads_it_with_its_reason() {
    let mut site = Site::echo(WebSocketOptions::new()).await;
    let (clients, _http2) = site.clients().await;
    for mut client in clients {
        client.send_frame(true, hubcast_websocket::Opcode::Close, b"\x0f\xa0see you").await;
        assert_eq!(client.next().await, "close 4000");
        assert_eq!(client.next().await, "end");
        assert_eq!(site.said().await, "closed 4000 see you");
    }
}

#[tokio::test]
async fn a_close_without_a_code_is_answered_without_one() {
    let mut site = Site::echo(WebSocketOptions::new()).await;
    let mut client = site.client().await;
    client.send_frame(true, hubcast_websocket::Opcode::Close, b"").await;
    assert_eq!(client.next().await, "close");
    assert_eq!(client.next().await, "end");
    assert_eq!(site.said().await, "closed 1005");
}

#[tokio::test]
async fn every_code_that_may_be_sent_arrives_and_the_others_send_none() {
    for (code, seen) in [
        (1000, "close 1000 why"),
        (1001, "close 1001 why"),
        (1003, "close 1003 why"),
        (1012, "close 1012 why"),
        (3000, "close 3000 why"),
        (4999, "close 4999 why"),
        (1005, "close"),
        (1006, "close"),
        (1015, "close"),
        (5000, "close"),
    ] {
        let mut site = Site::start(WebSocketOptions::new(), move |mut socket, says| async move {
            let closed = socket.close(CloseCode::new(code), "why").await;
            says.say(format!("{closed:?} {}", socket.received_close().unwrap()));
            assert!(matches!(socket.send("late").await, Err(WebSocketError::Closed)));
            assert!(socket.receive().await?.is_none());
            Ok(())
        })
        .await;
        let mut client = site.client().await;
        assert_eq!(client.next().await, seen);
        client.send_text("ignored").await;
        client.send_close(1000).await;
        assert_eq!(client.next().await, "end");
        drop(client);
        assert_eq!(site.said().await, "Ok(()) 1000");
    }
}

#[tokio::test]
async fn a_handler_that_returns_closes_with_1000() {
    let site =
        Site::start(WebSocketOptions::new(), |mut socket, _| async move { socket.send("bye").await }).await;
    let (clients, _http2) = site.clients().await;
    for mut client in clients {
        assert_eq!(client.next().await, "text bye");
        assert_eq!(client.next().await, "close 1000");
        client.send_close(1000).await;
        assert_eq!(client.next().await, "end");
    }
}

#[tokio::test]
async fn a_handler_that_panics_or_fails_closes_with_1011() {
    let setup = Setup::new().expects_errors().server(|server| {
        server
            .websocket("/panics", WebSocketOptions::new(), async |mut socket| {
                socket.receive().await?;
                panic!("secret");
                #[expect(unreachable_code, reason = "it says of which type the error is")]
                Ok::<_, WebSocketError>(())
            })
            .websocket("/fails", WebSocketOptions::new(), async |_| Err::<(), _>("secret"))
    });
    let server = setup.start().await;
    for path in ["/panics", "/fails"] {
        let mut client = Http1::connect(server.address()).await.upgrade(path, &[]).await.unwrap();
        client.send_text("x").await;
        assert_eq!(client.next().await, "close 1011");
        client.send_close(1011).await;
        assert_eq!(client.next().await, "end");
    }
}

#[tokio::test]
async fn our_side_may_be_closed_while_the_clients_goes_on() {
    let mut site = Site::start(WebSocketOptions::new(), |mut socket, says| async move {
        socket.close_output(CloseCode::new(4001), "enough").await?;
        assert!(matches!(socket.send("late").await, Err(WebSocketError::Closed)));
        assert_eq!(socket.sent_close().unwrap().to_string(), "4001 enough");
        while let Some(message) = socket.receive().await? {
            says.say(message.as_text().unwrap());
        }
        says.say(socket.received_close().unwrap().to_string());
        Ok(())
    })
    .await;
    let (clients, _http2) = site.clients().await;
    for mut client in clients {
        assert_eq!(client.next().await, "close 4001 enough");
        client.send_text("one more").await;
        assert_eq!(site.said().await, "one more");
        client.send_close(4002).await;
        assert_eq!(client.next().await, "end");
        assert_eq!(site.said().await, "4002");
    }
}

#[tokio::test]
async fn our_side_may_stay_open_after_the_clients_close() {
    let site = Site::start(WebSocketOptions::new().keep_output_open(true), |mut socket, _| async move {
        assert!(socket.receive().await?.is_none());
        socket.send("the rest").await?;
        socket.close(CloseCode::new(4003), "done").await
    })
    .await;
    let (clients, _http2) = site.clients().await;
    for mut client in clients {
        client.send_close(1000).await;
        assert_eq!(client.next().await, "text the rest");
        assert_eq!(client.next().await, "close 4003 done");
        assert_eq!(client.next().await, "end");
    }
}

#[tokio::test]
async fn an_end_without_a_close_frame_is_told_as_one() {
    let mut site = Site::echo(WebSocketOptions::new()).await;
    let (clients, http2) = site.clients().await;
    for mut client in clients {
        client.send_text("x").await;
        assert_eq!(client.next().await, "text x");
        client.finish().await;
        assert_eq!(site.said().await, "Cut");
        assert_eq!(client.next().await, "end");
    }
    let mut reset = { http2 }.websocket("/ws", &[]).await.unwrap();
    reset.send_text("x").await;
    assert_eq!(reset.next().await, "text x");
    drop(reset);
    let said = site.said().await;
    assert!(said.starts_with("Io("), "{said}");
}

#[tokio::test]
async fn a_client_that_does_not_close_is_cut_in_time() {
    let options = WebSocketOptions::new().close_timeout(Duration::from_millis(50));
    let mut site = Site::start(options, |mut socket, says| async move {
        let closed = socket.close(CloseCode::NORMAL_CLOSURE, "").await;
        says.say(format!("{closed:?}"));
        Ok(())
    })
    .await;
    let (clients, _http2) = site.clients().await;
    for mut client in clients {
        assert_eq!(client.next().await, "close 1000");
        assert_eq!(site.said().await, "Err(CloseTimedOut)");
        assert_ne!(client.into_wire().until_end().await, "");
    }
}

#[tokio::test]
async fn a_stop_of_the_server_closes_with_1001_even_where_nobody_receives() {
    let mut site = Site::start(WebSocketOptions::new(), |mut socket, says| async move {
        if socket.query("busy").is_some() {
            says.say("busy");
            return std::future::pending().await;
        }
        says.say("receives");
        let end = socket.receive().await;
        says.say(format!("{end:?} {:?}", socket.received_close().map(|close| close.code.as_u16())));
        Ok(())
    })
    .await;
    let (clients, http2) = site.clients().await;
    for _ in &clients {
        assert_eq!(site.said().await, "receives");
    }
    let mut busy = Http1::connect(site.server.address()).await.upgrade("/ws?busy=1", &[]).await.unwrap();
    assert_eq!(site.said().await, "busy");
    let leaving = clients.map(|mut client| {
        tokio::spawn(async move {
            assert_eq!(client.next().await, "close 1001");
            client.send_close(1001).await;
            assert_eq!(client.next().await, "end");
        })
    });
    let leaving_busy = tokio::spawn(async move { busy.next().await });
    site.server.stop().await;
    for left in leaving {
        soon(left).await.unwrap();
    }
    assert_eq!(soon(leaving_busy).await.unwrap(), "close 1001");
    for _ in 0..2 {
        assert_eq!(site.said().await, "Ok(None) Some(1001)");
    }
    soon({ http2 }.ended()).await.unwrap();
}

#[tokio::test]
async fn a_service_in_another_server_can_be_stopped() {
    let service = WebSocketService::new(WebSocketOptions::new(), echo);
    let router: axum::Router = axum::Router::new().route_service("/ws", service.clone());
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    let mut client = Http1::connect(address).await.upgrade("/ws", &[]).await.unwrap();
    client.send_text("x").await;
    assert_eq!(client.next().await, "text x");
    let stopping = tokio::spawn(async move { service.stop(Duration::from_secs(10)).await });
    assert_eq!(client.next().await, "close 1001");
    client.send_close(1001).await;
    assert_eq!(client.next().await, "end");
    drop(client);
    assert!(soon(stopping).await.unwrap());
    let refused = Http1::connect(address).await.upgrade("/ws", &[]).await.err().unwrap();
    assert_eq!(refused.status, 503);
}

#[tokio::test]
async fn a_closer_closes_from_another_task() {
    let site = Site::start(WebSocketOptions::new(), |mut socket, _| async move {
        let closer = socket.closer();
        tokio::spawn(async move { closer.close(CloseCode::new(4004), "from outside").await });
        assert!(socket.receive().await?.is_none());
        Ok(())
    })
    .await;
    let mut http2 = Http2::connect(site.server.address()).await;
    let mut client = http2.websocket("/ws", &[]).await.unwrap();
    assert_eq!(client.next().await, "close 4004 from outside");
    client.send_close(4004).await;
    assert_eq!(client.next().await, "end");
}
