//! Requirements of hubs and of methods, checked at every call.

use hubcast::contract::{Method, Requirement, run};
use serde_json::json;

use crate::support::{HubClient, Setup};

const REFUSED: &str = "because user is unauthorized";

#[tokio::test]
async fn a_method_that_asks_for_more_is_refused_before_its_arguments_are_read() {
    let server = Setup::new()
        .define(|hub, _| {
            hub.method(
                Method::new("Clear", |call| {
                    call.arguments::<(i64,)>(1)?;
                    Ok(run(async { "cleared" }))
                })
                .require(Requirement::authenticated()),
            )
        })
        .start()
        .await;
    let mut client = HubClient::connect(&server).await;
    for arguments in [json!([1]), json!(["x"]), json!([])] {
        let refused = client.invoke("clear", arguments).await;
        assert_eq!(refused, Err(format!("Failed to invoke 'Clear' {REFUSED}")));
    }
    assert_eq!(client.invoke("Add", json!([1, 2])).await, Ok(json!(3)));
}

#[tokio::test]
async fn what_a_hub_asks_it_asks_at_every_call() {
    let server = Setup::new().define(|hub, _| hub.require(Requirement::authenticated())).start().await;
    let mut client = HubClient::connect(&server).await;
    assert_eq!(client.invoke("Add", json!([1, 2])).await, Err(format!("Failed to invoke 'Add' {REFUSED}")));
    let unknown =
        "Failed to invoke 'Nothing' due to an error on the server. HubException: Method does not exist.";
    assert_eq!(client.invoke("Nothing", json!([])).await, Err(unknown.to_owned()));
}
