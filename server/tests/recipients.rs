//! Who receives: every audience, from inside a hub method and from outside, in both protocols.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use hubcast::{ConnectionId, HubOptions, HubProtocol, query_value};
use serde_json::{Value, json};

use crate::support::{Counted, Fixture, HubClient, Setup};

/// Four connections: ada twice, in JSON and in MessagePack; bob in MessagePack; somebody nobody knows, in JSON.
struct Room {
    server: Fixture,
    clients: Vec<HubClient>,
    ids: Vec<String>,
}

const ADA: usize = 0;
const ADA_TOO: usize = 1;
const BOB: usize = 2;
const NOBODY: usize = 3;

#[tokio::test]
async fn every_audience_is_who_it_says() {
    let mut room = Room::open().await;
    room.join(ADA, "red").await;
    room.join(BOB, "red").await;
    room.join(BOB, "blue").await;
    room.join(NOBODY, "blue").await;
    let id = |who: usize| room.ids[who].clone();
    let cases: [(&str, Value, Value, &[usize]); 19] = [
        ("all", json!([]), json!([]), &[ADA, ADA_TOO, BOB, NOBODY]),
        ("all_except", json!([]), json!([id(BOB), id(ADA)]), &[ADA_TOO, NOBODY]),
        ("caller", json!([]), json!([]), &[ADA]),
        ("others", json!([]), json!([]), &[ADA_TOO, BOB, NOBODY]),
        ("client", json!([]), json!([id(BOB)]), &[BOB]),
        ("client", json!([]), json!(["AAAAAAAAAAAAAAAAAAAAAA"]), &[]),
        (
            "clients",
            json!([]),
            json!([id(NOBODY), id(ADA_TOO), "AAAAAAAAAAAAAAAAAAAAAA"]),
            &[ADA_TOO, NOBODY],
        ),
        ("group", json!(["red"]), json!([]), &[ADA, BOB]),
        ("group", json!(["Red"]), json!([]), &[]),
        ("group_except", json!(["red"]), json!([id(BOB)]), &[ADA]),
        ("others_in_group", json!(["red"]), json!([]), &[BOB]),
        ("others_in_group", json!(["blue"]), json!([]), &[BOB, NOBODY]),
        ("groups", json!(["red", "none"]), json!([]), &[ADA, BOB]),
        ("groups_except", json!(["red", "blue"]), json!([id(BOB)]), &[ADA, NOBODY]),
        ("user", json!(["ada"]), json!([]), &[ADA, ADA_TOO]),
        ("user", json!(["Ada"]), json!([]), &[]),
        ("user_except", json!(["ada"]), json!([id(ADA)]), &[ADA_TOO]),
        ("users", json!(["bob", "ada"]), json!([]), &[ADA, ADA_TOO, BOB]),
        ("users", json!([]), json!([]), &[]),
    ];
    for (audience, names, except, receivers) in cases {
        let arguments = json!([audience, names, except, audience]);
        room.clients[ADA].start("1", "SendTo", arguments).await;
        if receivers.contains(&ADA) {
            let received = format!(r#"{{"type":1,"target":"receive","arguments":["{audience}"]}}"#);
            assert_eq!(room.clients[ADA].message().await, received);
        }
        assert_eq!(
            room.clients[ADA].message().await,
            r#"{"type":3,"invocationId":"1","result":null}"#,
            "{audience}"
        );
        for who in [ADA_TOO, BOB, NOBODY] {
            let wanted = if receivers.contains(&who) { vec![audience] } else { vec![] };
            assert_eq!(room.clients[who].received().await, wanted, "{audience} at {who}");
        }
    }
}

#[tokio::test]
async fn who_is_in_two_groups_receives_twice() {
    let mut room = Room::open().await;
    room.join(BOB, "red").await;
    room.join(BOB, "blue").await;
    room.server.hub.clients().groups(["red", "blue"]).receive(Some("twice".into())).await.unwrap();
    assert_eq!(room.clients[BOB].received().await, ["twice", "twice"]);
}

#[tokio::test]
async fn a_handle_sends_from_outside_and_moves_connections_between_groups() {
    let mut room = Room::open().await;
    let hub = room.server.hub.clone();
    let bob = room.ids[BOB].parse::<ConnectionId>().unwrap();
    hub.groups().add(bob, "red").await.unwrap();
    hub.groups().add(bob, "red").await.unwrap();
    hub.clients().group("red").receive(Some("in".into())).await.unwrap();
    hub.groups().remove(bob, "red").await;
    hub.clients().group("red").receive(Some("out".into())).await.unwrap();
    hub.clients().user("bob").receive(None).await.unwrap();
    hub.clients().all().receive(Some("all".into())).await.unwrap();
    room.clients[BOB].start("1", "Echo", json!(["x"])).await;
    let expected = [
        r#"{"type":1,"target":"receive","arguments":["in"]}"#,
        r#"{"type":1,"target":"receive","arguments":[null]}"#,
        r#"{"type":1,"target":"receive","arguments":["all"]}"#,
        r#"{"type":3,"invocationId":"1","result":"x"}"#,
    ];
    for message in expected {
        assert_eq!(room.clients[BOB].message().await, message);
    }
    assert_eq!(room.clients[ADA].received().await, ["all"]);
}

#[tokio::test]
async fn a_group_is_left_and_joined_again() {
    let mut room = Room::open().await;
    room.join(BOB, "red").await;
    room.clients[BOB].invoke("LeaveGroup", json!(["red"])).await.unwrap();
    room.clients[BOB].invoke("LeaveGroup", json!(["red"])).await.unwrap();
    room.clients[ADA].invoke("SendTo", json!(["group", ["red"], [], "missed"])).await.unwrap();
    room.join(BOB, "red").await;
    room.clients[ADA].invoke("SendTo", json!(["group", ["red"], [], "heard"])).await.unwrap();
    assert_eq!(room.clients[BOB].received().await, ["heard"]);
}

#[tokio::test]
async fn who_has_left_receives_nothing_and_that_is_no_error() {
    let mut room = Room::open().await;
    room.join(BOB, "red").await;
    let bob = room.ids[BOB].parse::<ConnectionId>().unwrap();
    room.clients.remove(BOB);
    room.server.has_open(3).await;
    let hub = room.server.hub.clone();
    let counter = Arc::new(AtomicUsize::new(0));
    let value = || Counted(Arc::clone(&counter));
    hub.groups().add(bob, "red").await.unwrap();
    hub.clients().group("red").counted(value()).await.unwrap();
    hub.clients().user("bob").counted(value()).await.unwrap();
    hub.clients().client(bob).counted(value()).await.unwrap();
    assert_eq!(counter.load(Ordering::Relaxed), 0, "nobody is left to encode it for");
}

#[tokio::test]
async fn a_broadcast_is_encoded_once_per_wire_format() {
    let mut room = Room::open().await;
    let counter = Arc::new(AtomicUsize::new(0));
    room.server.hub.clients().all().counted(Counted(Arc::clone(&counter))).await.unwrap();
    assert_eq!(counter.load(Ordering::Relaxed), 2, "one JSON, one MessagePack");
    for client in &mut room.clients {
        assert_eq!(client.received().await, ["counted"]);
    }
    room.server.hub.clients().user("bob").counted(Counted(Arc::clone(&counter))).await.unwrap();
    assert_eq!(counter.load(Ordering::Relaxed), 3, "only in the format that a receiver speaks");
}

#[tokio::test]
async fn an_empty_group_name_is_an_error() {
    let server = Fixture::start().await;
    let error = server.hub.clients().group("").receive(None).await.unwrap_err();
    assert_eq!(error.to_string(), "Cannot send to an empty group name.");
}

#[tokio::test]
async fn a_large_group_keeps_who_belongs_to_it() {
    let server = Fixture::start().await;
    let mut clients = Vec::new();
    for _ in 0..150 {
        let mut client = HubClient::connect(&server).await;
        client.invoke("JoinGroup", json!(["large"])).await.unwrap();
        clients.push(client);
    }
    for n in (0..100).rev() {
        clients[n].invoke("LeaveGroup", json!(["large"])).await.unwrap();
    }
    clients.truncate(130);
    server.has_open(130).await;
    server.hub.clients().group("large").receive(Some("members".into())).await.unwrap();
    for (n, client) in clients.iter_mut().enumerate() {
        let wanted = if n < 100 { vec![] } else { vec!["members"] };
        assert_eq!(client.received().await, wanted, "{n}");
    }
}

impl Room {
    async fn open() -> Self {
        let by_query =
            |options: HubOptions| options.user(|request| query_value(&request.uri, "user").map(String::from));
        let server = Setup::new().options(by_query).start().await;
        let (json, messagepack) = (HubProtocol::Json, HubProtocol::MessagePack);
        let who = [
            (json, "/hub?user=ada"),
            (messagepack, "/hub?user=ada"),
            (messagepack, "/hub?user=bob"),
            (json, "/hub"),
        ];
        let (mut clients, mut ids) = (Vec::new(), Vec::new());
        for (protocol, target) in who {
            let mut client = HubClient::connect_as(&server, protocol, target).await;
            ids.push(client.id().await);
            clients.push(client);
        }
        Self { server, clients, ids }
    }

    async fn join(&mut self, who: usize, group: &str) {
        self.clients[who].invoke("JoinGroup", json!([group])).await.unwrap();
    }
}
