//! Who the user is: what a function of the connection's own request says.

use hubcast::{HubProtocol, query_value};
use serde_json::{Value, json};

use crate::support::{Fixture, Http1, Http2, HubClient, Setup};

#[tokio::test]
async fn nobody_is_the_default() {
    let server = Fixture::start().await;
    let mut client = HubClient::connect_as(&server, HubProtocol::Json, "/hub?user=ada").await;
    assert_eq!(client.invoke("WhoAmI", json!([])).await, Ok(Value::Null));
}

#[tokio::test]
async fn a_function_of_the_request_says_who_it_is() {
    let server = Setup::new()
        .options(|options| {
            options.user(|request| {
                let header = request.headers.get("x-user").and_then(|user| user.to_str().ok());
                header.map(str::to_owned).or_else(|| query_value(&request.uri, "user").map(String::from))
            })
        })
        .start()
        .await;
    let mut connection = Http2::connect(server.address()).await;
    let sockets = [
        (Http1::connect(server.address()).await.upgrade("/hub", &[("X-User", "ada")]).await, json!("ada")),
        (Http1::connect(server.address()).await.upgrade("/hub?User=b%20b", &[]).await, json!("b b")),
        (connection.websocket("/hub", &[("x-user", "cid")]).await, json!("cid")),
        (connection.websocket("/hub?user=dan", &[]).await, json!("dan")),
        (connection.websocket("/hub", &[]).await, Value::Null),
    ];
    for (socket, user) in sockets {
        let mut client = HubClient::open(socket.unwrap(), HubProtocol::Json).await;
        assert_eq!(client.invoke("WhoAmI", json!([])).await, Ok(user));
    }
}

#[tokio::test]
async fn the_request_of_the_negotiation_does_not_count() {
    let server = Setup::new()
        .options(|options| options.user(|r| query_value(&r.uri, "user").map(String::from)))
        .start()
        .await;
    let mut connection = Http1::connect(server.address()).await;
    let answer = connection.ask("POST", "/hub/negotiate?negotiateVersion=1&user=ada", &[]).await.json();
    let target = format!("/hub?id={}", answer["connectionToken"].as_str().unwrap());
    let mut client = HubClient::connect_as(&server, HubProtocol::Json, &target).await;
    assert_eq!(client.invoke("WhoAmI", json!([])).await, Ok(Value::Null));
}
