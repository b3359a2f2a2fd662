//! What the application asks about connections and does to them from outside hub methods.

use hubcast::{Context, HubError, HubHandle, HubProtocol, HubService, Server, Transport, query_value};
use serde_json::json;

use crate::support::{Fixture, Http1, Http2, HubClient, Setup, eventually, measured, soon};

#[tokio::test]
async fn a_connection_is_listed_with_all_that_is_known_of_it() {
    let server = with_users().await;
    let mut http2 = Http2::connect(server.address()).await;
    let mut ada = HubClient::connect_as(&server, HubProtocol::MessagePack, "/hub?user=ada").await;
    let mut nobody = HubClient::connect_http2(&mut http2).await;
    ada.invoke("JoinGroup", json!(["readers"])).await.unwrap();
    ada.invoke("JoinGroup", json!(["writers"])).await.unwrap();
    let id = ada.id().await.parse().unwrap();
    let known = server.hub.connection(id).unwrap();
    assert_eq!(known.id, id);
    assert_eq!(known.user.as_deref(), Some("ada"));
    assert!(known.principal.is_none());
    assert_eq!(known.transport, Transport::WebSockets);
    assert_eq!(known.http_version, http::Version::HTTP_11);
    assert_eq!(known.protocol, HubProtocol::MessagePack);
    assert!(known.age.as_secs() < 20, "{:?}", known.age);
    assert_eq!(sorted(known.groups), ["readers", "writers"]);

    let other = nobody.id().await.parse().unwrap();
    let all = server.hub.connections();
    let of_other = all.iter().find(|known| known.id == other).unwrap();
    assert_eq!(all.len(), 2);
    assert_eq!(of_other.user, None);
    assert_eq!(of_other.http_version, http::Version::HTTP_2);
    assert_eq!(of_other.protocol, HubProtocol::Json);
    assert_eq!(of_other.groups, Vec::<String>::new());
    let counts = server.hub.connection_counts();
    assert_eq!((counts.http1, counts.http2, counts.open()), (1, 1, 2));
}

#[tokio::test]
async fn a_connection_that_has_ended_is_not_known() {
    let server = Fixture::start().await;
    let mut client = HubClient::connect(&server).await;
    let id = client.id().await.parse().unwrap();
    client.invoke("JoinGroup", json!(["readers"])).await.unwrap();
    client.socket.send_close(1000).await;
    eventually(|| server.hub.connection(id).is_none()).await;
    assert!(server.hub.connections().is_empty());
    assert!(server.hub.group_members("readers").is_empty());
    assert_eq!(server.hub.group_sizes(), []);
    assert!(!server.hub.close(id, "too late"));
}

#[tokio::test]
async fn a_user_is_online_while_one_connection_is_open() {
    let server = with_users().await;
    assert!(!server.hub.is_online("ada"));
    let mut first = user(&server, "ada").await;
    let mut second = user(&server, "ada").await;
    let mut other = user(&server, "bob").await;
    let ids = [id(&mut first).await, id(&mut second).await];
    let listed = server.hub.user_connections("ada").into_iter().map(|known| known.id.to_string());
    assert_eq!(sorted(listed.collect()), sorted(ids.to_vec()));
    assert!(server.hub.is_online("ada") && server.hub.is_online("bob"));
    assert_eq!(sorted(server.hub.online_users()), ["ada", "bob"]);

    first.socket.send_close(1000).await;
    eventually(|| server.hub.user_connections("ada").len() == 1).await;
    assert!(server.hub.is_online("ada"));
    second.socket.send_close(1000).await;
    eventually(|| !server.hub.is_online("ada")).await;
    assert_eq!(server.hub.online_users(), ["bob"]);
    assert!(server.hub.user_connections("ada").is_empty());
    other.id().await;
}

#[tokio::test]
async fn all_connections_of_a_user_are_put_into_a_group_and_taken_out() {
    let server = with_users().await;
    let mut clients = [user(&server, "ada").await, user(&server, "ada").await, user(&server, "bob").await];
    let mut ids = Vec::new();
    for client in &mut clients {
        ids.push(id(client).await);
    }
    assert_eq!(server.hub.add_user_to_group("ada", "readers"), 2);
    assert_eq!(server.hub.add_user_to_group("ada", "readers"), 2);
    assert_eq!(server.hub.add_user_to_group("nobody", "readers"), 0);
    assert_eq!(members(&server, "readers"), sorted(ids[..2].to_vec()));
    clients[2].invoke("JoinGroup", json!(["writers"])).await.unwrap();
    let mut sizes = server.hub.group_sizes();
    sizes.sort();
    assert_eq!(sizes, [("readers".to_owned(), 2), ("writers".to_owned(), 1)]);

    server.hub.clients().group("readers").receive(Some("hello".to_owned())).await.unwrap();
    let expected = [vec!["hello"], vec!["hello"], vec![]];
    for (client, expected) in clients.iter_mut().zip(expected) {
        assert_eq!(client.received().await, expected);
    }
    assert_eq!(server.hub.remove_user_from_group("ada", "readers"), 2);
    assert_eq!(server.hub.remove_user_from_group("nobody", "readers"), 0);
    assert!(server.hub.group_members("readers").is_empty());
    assert_eq!(server.hub.group_sizes(), [("writers".to_owned(), 1)]);
    server.hub.clients().group("readers").receive(Some("gone".to_owned())).await.unwrap();
    assert_eq!(clients[0].received().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_closed_client_is_told_the_reason_and_not_to_come_back() {
    for protocol in [HubProtocol::Json, HubProtocol::MessagePack] {
        let mut server = Fixture::start().await;
        let mut client = HubClient::connect_as(&server, protocol, "/hub").await;
        let mut other = HubClient::connect(&server).await;
        let closed = client.id().await.parse().unwrap();
        other.id().await;
        assert!(server.hub.close(closed, "Go \"away\"."));
        assert_eq!(client.message().await, r#"{"type":7,"error":"Go \"away\"."}"#);
        assert_eq!(client.message().await, "close 1000");
        for event in ["connected", "connected", r#"disconnected: ClosedByServer("Go \"away\".")"#] {
            assert_eq!(server.event().await, event);
        }
        eventually(|| server.hub.connection(closed).is_none()).await;
        assert_eq!(other.invoke("Add", json!([1, 2])).await, Ok(json!(3)));
    }
}

#[tokio::test]
async fn what_was_sent_before_a_close_arrives_before_it() {
    let server = Fixture::start().await;
    let mut client = HubClient::connect(&server).await;
    let id = client.id().await.parse().unwrap();
    for n in 0..100 {
        server.hub.clients().client(id).receive(Some(n.to_string())).await.unwrap();
    }
    assert!(server.hub.close(id, "first"));
    // The first reason counts.
    server.hub.close(id, "second");
    for n in 0..100 {
        let expected = format!(r#"{{"type":1,"target":"receive","arguments":["{n}"]}}"#);
        assert_eq!(client.message().await, expected);
    }
    assert_eq!(client.message().await, r#"{"type":7,"error":"first"}"#);
}

#[tokio::test]
async fn a_close_cancels_the_call_that_runs() {
    let mut server = Fixture::start().await;
    let mut client = HubClient::connect(&server).await;
    let id = client.id().await.parse().unwrap();
    client.start("1", "Wait", json!(["call"])).await;
    assert_eq!(server.event().await, "connected");
    assert_eq!(server.event().await, "waiting: call");
    assert!(server.hub.close(id, "enough"));
    assert_eq!(client.message().await, r#"{"type":7,"error":"enough"}"#);
    assert_eq!(server.event().await, "cancelled: call");
    assert_eq!(server.event().await, r#"disconnected: ClosedByServer("enough")"#);
}

#[tokio::test]
async fn closing_a_user_closes_all_connections_of_that_user_alone() {
    let server = with_users().await;
    let mut clients = [user(&server, "ada").await, user(&server, "ada").await];
    let mut other = user(&server, "bob").await;
    for client in &mut clients {
        client.id().await;
    }
    other.id().await;
    assert_eq!(server.hub.close_user("nobody", "why"), 0);
    assert_eq!(server.hub.close_user("ada", "Logged out."), 2);
    for client in &mut clients {
        assert_eq!(client.message().await, r#"{"type":7,"error":"Logged out."}"#);
    }
    eventually(|| !server.hub.is_online("ada")).await;
    assert_eq!(other.invoke("Add", json!([1, 2])).await, Ok(json!(3)));
}

/// What clients are told by the hub that controls itself.
#[hubcast::client]
trait Nothing {}

/// A hub whose methods ask about its connections.
#[hubcast::hub(client = Nothing)]
trait Doorkeeper {
    async fn count(&self, cx: &Context<dyn Nothing>) -> usize;
    async fn close_others(&self, cx: &Context<dyn Nothing>, reason: String) -> Result<usize, HubError>;
}

struct Door;

impl Doorkeeper for Door {
    async fn count(&self, cx: &Context<dyn Nothing>) -> usize {
        HubHandle::of(cx).map_or(0, |hub| hub.connection_counts().open())
    }

    async fn close_others(&self, cx: &Context<dyn Nothing>, reason: String) -> Result<usize, HubError> {
        let hub = HubHandle::of(cx).ok_or_else(|| HubError::new("No hub."))?;
        let others = hub.connections().into_iter().filter(|known| known.id != cx.connection_id());
        Ok(others.filter(|known| hub.close(known.id, &reason)).count())
    }
}

#[tokio::test]
async fn a_method_has_the_handle_of_its_own_hub() {
    let service = HubService::new(Door.into_hub());
    let server = Server::new().listen(([127, 0, 0, 1], 0)).hub("/door", service).start().await.unwrap();
    let address = server.addresses()[0].socket;
    let mut clients = Vec::new();
    for _ in 0..3 {
        let socket = Http1::connect(address).await.upgrade("/door", &[]).await.unwrap();
        let mut client = HubClient::open(socket, HubProtocol::Json).await;
        // An answer means that its connection is open.
        assert_eq!(client.invoke("Count", json!([])).await, Ok(json!(clients.len() + 1)));
        clients.push(client);
    }
    assert_eq!(clients[1].invoke("CloseOthers", json!(["Only one."])).await, Ok(json!(2)));
    for closed in [0, 2] {
        assert_eq!(clients[closed].message().await, r#"{"type":7,"error":"Only one."}"#);
        assert_eq!(clients[closed].message().await, "close 1000");
    }
    soon(async { while clients[1].invoke("Count", json!([])).await != Ok(json!(1)) {} }).await;
    soon(server.stop()).await;
}

/// A server whose users say themselves who they are.
async fn with_users() -> Fixture {
    users().start().await
}

fn users() -> Setup {
    Setup::new()
        .options(|options| options.user(|request| query_value(&request.uri, "user").map(String::from)))
}

async fn user(server: &Fixture, name: &str) -> HubClient {
    let mut client = HubClient::connect_as(server, HubProtocol::Json, &format!("/hub?user={name}")).await;
    assert_eq!(client.invoke("WhoAmI", json!([])).await, Ok(json!(name)));
    client
}

#[tokio::test]
async fn a_connection_is_in_no_more_groups_than_it_may_be() {
    let (server, meters) =
        measured(users().options(|options| options.maximum_groups_per_connection(2))).await;
    let mut ada = user(&server, "ada").await;
    let mut bob = user(&server, "bob").await;
    let too_many = "A connection may be in no more than 2 groups.";
    let refused = Err(format!(
        "An unexpected error occurred invoking 'JoinGroup' on the server. HubException: {too_many}"
    ));
    for group in ["a", "b", "a"] {
        ada.invoke("JoinGroup", json!([group])).await.unwrap();
    }
    assert_eq!(ada.invoke("JoinGroup", json!(["c"])).await, refused);
    bob.invoke("JoinGroup", json!(["c"])).await.unwrap();
    let id = id(&mut ada).await.parse().unwrap();
    assert_eq!(server.hub.groups().add(id, "c").await.unwrap_err().to_string(), too_many);
    assert_eq!(server.hub.add_user_to_group("ada", "c"), 0);
    assert_eq!(server.hub.add_user_to_group("ada", "b"), 1, "a member already");
    assert_eq!(meters.read("hubcast_refused_groups_total"), 3.0);

    ada.invoke("LeaveGroup", json!(["a"])).await.unwrap();
    ada.invoke("JoinGroup", json!(["c"])).await.unwrap();
    assert_eq!(server.hub.group_members("c").len(), 2);
    assert!(server.hub.group_members("a").is_empty());
}

async fn id(client: &mut HubClient) -> String {
    client.id().await
}

fn members(server: &Fixture, group: &str) -> Vec<String> {
    sorted(server.hub.group_members(group).iter().map(ToString::to_string).collect())
}

fn sorted(mut names: Vec<String>) -> Vec<String> {
    names.sort();
    names
}
