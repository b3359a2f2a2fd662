//! The hub as a guest in axum 0.8: mounted by route and by nesting, over both HTTP versions.

use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use futures_util::poll;
use hubcast::{HubHandle, HubProtocol, HubService};
use serde_json::json;
use tokio::net::TcpListener;
use tokio::sync::mpsc::UnboundedReceiver;

use crate::support::{
    BOTH, Http1, Http2, HubClient, Requests, Setup, TestClient, TestHubState, call, json_handshake, soon,
};

#[tokio::test]
async fn a_hub_mounts_by_route_and_by_nesting() {
    let (service, ..) = Setup::new().into_service();
    let by_route = Router::new()
        .route_service("/app/chat", service.clone())
        .route_service("/app/chat/negotiate", service.clone());
    let nested = Router::new().nest_service("/app/chat", service);
    for router in [by_route, nested] {
        let address = serve(router).await;
        let mut connection = Http1::connect(address).await;
        let answer = connection.ask("POST", "/app/chat/negotiate?negotiateVersion=1", &[]).await.json();
        assert_eq!(answer["availableTransports"][0]["transport"], "WebSockets");
        let target = format!("/app/chat?id={}", answer["connectionToken"].as_str().unwrap());
        let socket = Http1::connect(address).await.upgrade(&target, &[]).await.unwrap();
        let mut client = HubClient::open(socket, HubProtocol::Json).await;
        assert_eq!(client.id().await, answer["connectionId"].as_str().unwrap());
    }
}

#[tokio::test]
async fn events_and_polls_work_over_both_versions() {
    let guest = Guest::start().await;
    for http2 in BOTH {
        let client = Requests::negotiate_at(guest.address, http2).await;
        client.open_polls().await;
        client.post(&call("1", "Add", &json!([1, 2]))).await;
        assert_eq!(client.poll().await.text(), "{\"type\":3,\"invocationId\":\"1\",\"result\":3}\u{1e}");
        assert_eq!(client.delete().await.status, 202);
        let client = Requests::negotiate_at(guest.address, http2).await;
        let mut events = client.events().await;
        assert_eq!(events.next().await.as_deref(), Some(":\r\n"));
        client.post(json_handshake()).await;
        assert_eq!(events.next().await.as_deref(), Some("data: {}\u{1e}\r\n\r\n"));
    }
}

#[tokio::test]
async fn both_versions_and_both_protocols_work() {
    let mut guest = Guest::start().await;
    for protocol in [HubProtocol::Json, HubProtocol::MessagePack] {
        let mut connection = Http2::connect(guest.address).await;
        let sockets = [
            Http1::connect(guest.address).await.upgrade("/hub", &[]).await,
            connection.websocket("/hub", &[]).await,
        ];
        for (socket, version) in sockets.into_iter().zip(["HTTP/1.1", "HTTP/2.0"]) {
            let mut client = HubClient::open(socket.unwrap(), protocol).await;
            let described = format!("{protocol:?} over WebSockets on {version}");
            assert_eq!(client.invoke("Describe", json!([])).await, Ok(json!(described)));
            let text = "x".repeat(30_000);
            assert_eq!(client.invoke("Echo", json!([text])).await, Ok(json!(text)));
            guest.hub.clients().all().receive(Some("outside".into())).await.unwrap();
            assert_eq!(client.received().await, ["outside"]);
            client.close().await;
            assert_eq!(client.message().await, r#"{"type":7}"#);
            assert_eq!(client.message().await, "close 1000");
            client.socket.send_close(1000).await;
            assert_eq!(client.message().await, "end");
            assert_eq!(guest.event().await, "connected");
            assert_eq!(guest.event().await, "disconnected: ClosedByClient");
        }
    }
}

#[tokio::test]
async fn refusals_are_the_same() {
    let guest = Guest::start().await;
    let mut connection = Http2::connect(guest.address).await;
    let evil = [("origin", "https://evil.example")];
    assert_eq!(Http1::connect(guest.address).await.upgrade("/hub", &evil).await.err().unwrap().status, 403);
    assert_eq!(connection.websocket("/hub", &evil).await.err().unwrap().status, 403);
    let unknown = "/hub?id=AAAAAAAAAAAAAAAAAAAAAA";
    assert_eq!(Http1::connect(guest.address).await.upgrade(unknown, &[]).await.err().unwrap().status, 404);
    assert_eq!(connection.websocket(unknown, &[]).await.err().unwrap().status, 404);
    assert_eq!(connection.ask("GET", "/page").await.text(), "a page");
}

#[tokio::test]
async fn a_running_call_ends_with_its_stream_or_socket() {
    let mut guest = Guest::start().await;
    let mut connection = Http2::connect(guest.address).await;
    let sockets = [
        Http1::connect(guest.address).await.upgrade("/hub", &[]).await.unwrap(),
        connection.websocket("/hub", &[]).await.unwrap(),
    ];
    for socket in sockets {
        let mut client = HubClient::open(socket, HubProtocol::Json).await;
        client.start("1", "Wait", json!(["long"])).await;
        assert_eq!(guest.event().await, "connected");
        assert_eq!(guest.event().await, "waiting: long");
        drop(client);
        assert_eq!(guest.event().await, "cancelled: long");
        assert_eq!(guest.event().await, "disconnected: TransportFailed");
    }
    assert_eq!(connection.ask("GET", "/page").await.text(), "a page");
}

/// A hub in axum, at `/hub`, beside a page.
#[tokio::test]
async fn a_guest_asks_its_clients_to_reconnect_one_after_the_other() {
    let guest = Guest::start().await;
    let mut clients = [guest.client().await, guest.client().await];
    let mut drain = pin!(guest.hub.drain(1, Duration::from_secs(60)));
    assert!(poll!(&mut drain).is_pending());
    let mut said = Vec::new();
    for client in &mut clients {
        client.start("1", "Add", json!([1, 2])).await;
        said.push(client.message().await);
    }
    let asked = said.iter().position(|said| said == GOODBYE).unwrap();
    // The other one is still served, while nobody is taken any more.
    assert_eq!(said[1 - asked], r#"{"type":3,"invocationId":"1","result":3}"#);
    let negotiation = Http1::connect(guest.address).await.ask("POST", "/hub/negotiate", &[]).await;
    assert_eq!(negotiation.status, 503);
    soon(drain).await;
    assert_eq!(clients[1 - asked].message().await, GOODBYE);
    for mut client in clients {
        assert_eq!(client.message().await, "close 1000");
        client.socket.send_close(1000).await;
        client.socket.finish().await;
    }
    assert!(guest.hub.stop(Duration::from_secs(60)).await);
}

const GOODBYE: &str = r#"{"type":7,"allowReconnect":true}"#;

struct Guest {
    address: SocketAddr,
    hub: HubHandle<dyn TestClient>,
    events: UnboundedReceiver<String>,
    _state: Arc<TestHubState>,
}

impl Guest {
    async fn start() -> Self {
        let (service, state, events): (HubService<dyn TestClient>, _, _) = Setup::new().into_service();
        let hub = service.handle();
        let router = Router::new()
            .route("/page", get(async || "a page"))
            .route_service("/hub", service.clone())
            .route_service("/hub/negotiate", service);
        Self { address: serve(router).await, hub, events, _state: state }
    }

    async fn client(&self) -> HubClient {
        let socket = Http1::connect(self.address).await.upgrade("/hub", &[]).await.unwrap();
        HubClient::open(socket, HubProtocol::Json).await
    }

    async fn event(&mut self) -> String {
        soon(self.events.recv()).await.unwrap()
    }
}

async fn serve(router: Router) -> SocketAddr {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}
