//! Somebody who is connected before an attack, and finds out whether the server serves as before.

use hubcast::HubProtocol;
use serde_json::json;

use super::fixture::Fixture;
use super::http1::Http1;
use super::hub_client::HubClient;

/// A client that does nothing wrong.
pub(crate) struct Witness(HubClient);

impl Witness {
    /// Connects.
    pub(crate) async fn of(server: &Fixture) -> Self {
        Self(HubClient::connect(server).await)
    }

    /// Its calls are answered.
    pub(crate) async fn is_answered(&mut self) {
        for number in 0..5 {
            assert_eq!(self.0.invoke("Add", json!([number, 1])).await, Ok(json!(number + 1)));
        }
    }

    /// Its calls are answered, and so are those of whoever comes after the attack, with and without negotiation.
    pub(crate) async fn finds_all_as_before(&mut self, server: &Fixture) {
        self.is_answered().await;
        let mut negotiation = Http1::connect(server.address()).await;
        let answer = negotiation.ask("POST", "/hub/negotiate?negotiateVersion=1", &[]).await.json();
        let target = format!("/hub?id={}", answer["connectionToken"].as_str().unwrap());
        // On the same socket, as there may be room for one newcomer only.
        let socket = negotiation.upgrade(&target, &[]).await.unwrap();
        Self(HubClient::open(socket, HubProtocol::Json).await).is_answered().await;
    }
}
