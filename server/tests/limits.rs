//! The limits on what a client sends: the size of a message, and how many calls may wait.

use std::time::Duration;

use hubcast::HubProtocol;
use serde_json::json;
use tokio::io::{AsyncWriteExt as _, WriteHalf, split};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::support::{Fixture, Http1, HubClient, Setup, Wire, call, json_handshake, soon};

const CLOSED: &str = r#"{"type":7,"error":"Connection closed with an error.","allowReconnect":true}"#;

#[tokio::test]
async fn a_message_over_the_limit_closes_its_connection_and_no_other() {
    let mut server = Fixture::start().await;
    let mut other = HubClient::connect(&server).await;
    assert_eq!(server.event().await, "connected");
    for protocol in [HubProtocol::Json, HubProtocol::MessagePack] {
        let mut client = HubClient::connect_as(&server, protocol, "/hub").await;
        client.start("1", "Echo", json!(["x".repeat(33_000)])).await;
        assert_eq!(client.message().await, CLOSED);
        assert_eq!(client.message().await, "close 1000");
        assert_eq!(server.event().await, "connected");
        let reason = r#"disconnected: ProtocolError("The maximum message size of 32768B was exceeded.")"#;
        assert_eq!(server.event().await, reason);
        assert_eq!(other.invoke("Add", json!([1, 2])).await, Ok(json!(3)));
    }
}

#[tokio::test]
async fn detailed_errors_name_the_limit() {
    let server = Setup::new()
        .options(|options| options.enable_detailed_errors(true).maximum_receive_message_size(100))
        .start()
        .await;
    let mut client = HubClient::connect(&server).await;
    client.start("1", "Echo", json!(["x".repeat(100)])).await;
    let detailed = r#"{"type":7,"error":"Connection closed with an error. InvalidDataException: The maximum message size of 100B was exceeded. The message size can be configured with maximum_receive_message_size.","allowReconnect":true}"#;
    assert_eq!(client.message().await, detailed);
}

#[tokio::test]
async fn a_message_of_exactly_the_limit_passes_and_one_byte_more_does_not() {
    let limit = call("1", "Echo", &json!(["x"])).len();
    let server = Setup::new().options(|options| options.maximum_receive_message_size(limit)).start().await;
    let mut client = HubClient::connect(&server).await;
    client.socket.send_text(&call("1", "Echo", &json!(["x"]))).await;
    assert_eq!(client.message().await, r#"{"type":3,"invocationId":"1","result":"x"}"#);
    client.socket.send_text(&call("1", "Echo", &json!(["xx"]))).await;
    assert_eq!(client.message().await, CLOSED);
}

#[tokio::test]
async fn without_a_limit_any_message_passes() {
    let server = Setup::new().options(|options| options.maximum_receive_message_size(None)).start().await;
    let mut client = HubClient::connect(&server).await;
    let text = "x".repeat(500_000);
    assert_eq!(client.invoke("Echo", json!([text])).await, Ok(json!(text)));
}

#[tokio::test]
async fn a_message_over_the_limit_behind_a_running_call_closes_too() {
    let mut server = Fixture::start().await;
    let mut client = HubClient::connect(&server).await;
    client.start("1", "Wait", json!(["long"])).await;
    client.start("2", "Echo", json!(["x".repeat(33_000)])).await;
    assert_eq!(client.message().await, CLOSED);
    for event in ["connected", "waiting: long", "cancelled: long"] {
        assert_eq!(server.event().await, event);
    }
}

#[tokio::test]
async fn calls_over_the_limit_of_waiting_ones_stay_in_the_clients_socket_until_there_is_room() {
    let mut server = Setup::new().options(|options| options.waiting_calls_limit(10_000)).start().await;
    let mut other = HubClient::connect(&server).await;
    let socket = TcpStream::connect(server.address()).await.unwrap();
    let (mut client, filler) = flooder(socket, &server).await;
    for event in ["connected", "connected", "waiting: long"] {
        assert_eq!(server.event().await, event);
    }
    // More than all buffers between the two hold; while the call runs, not all of it is taken.
    let filling = tokio::spawn(filler);
    assert_eq!(other.invoke("Add", json!([1, 2])).await, Ok(json!(3)));
    let mut filling = Box::pin(filling);
    assert!(timeout(Duration::from_millis(500), &mut filling).await.is_err(), "all calls were taken");
    server.state.open();
    assert_eq!(client.message().await, r#"{"type":3,"invocationId":"wait","result":"long"}"#);
    for n in 0..CALLS {
        let answer = format!(r#"{{"type":3,"invocationId":"{n}","result":{n}}}"#);
        assert_eq!(client.message().await, answer);
    }
    let _half = soon(filling).await.unwrap();
}

const CALLS: usize = 8000;

/// A client whose call waits, and a future that sends many more: 8 MB of them.
async fn flooder(
    socket: TcpStream,
    server: &Fixture,
) -> (HubClient, impl Future<Output = WriteHalf<TcpStream>> + use<>) {
    assert!(server.address().ip().is_loopback());
    let (read, mut write) = split(socket);
    let wire = Wire::Socket(Box::new(tokio::io::join(read, tokio::io::sink())));
    let mut head = String::from("GET /hub HTTP/1.1\r\nHost: localhost\r\n");
    for (name, value) in Http1::upgrade_headers("dGhlIHNhbXBsZSBub25jZQ==") {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    write.write_all(format!("{head}\r\n").as_bytes()).await.unwrap();
    let mut connection = Http1::on(wire);
    let response = connection.response("GET").await;
    assert_eq!(response.status, 101);
    write.write_all(&frame(json_handshake())).await.unwrap();
    let client = HubClient::opened(connection.into_websocket(), HubProtocol::Json).await;
    write.write_all(&frame(&call("wait", "Wait", &json!(["long"])))).await.unwrap();
    let filler = async move {
        for n in 0..CALLS {
            // Blanks are no part of what JSON says.
            let call =
                call(&n.to_string(), "Add", &json!([n, 0])).replace('{', &format!("{{{}", " ".repeat(1000)));
            write.write_all(&frame(&call)).await.unwrap();
        }
        // Given back, as the connection ends with its halves.
        write
    };
    (client, filler)
}

fn frame(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    hubcast_websocket::write_frame(
        &mut out,
        true,
        hubcast_websocket::Opcode::Text,
        text.as_bytes(),
        Some([5; 4]),
    );
    out
}
