use futures_core::Stream;
use hubcast_protocol::contract::{HubError, Upload};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
pub struct Untyped;

#[hubcast_macros::client(typescript)]
pub trait ChatClient {
    async fn receive(&self, message: Untyped);
    async fn confirm(&self) -> Option<Untyped>;
}

#[hubcast_macros::hub(typescript)]
pub trait ChatHub {
    async fn say(&self, text: String, message: Untyped);
    async fn last(&self) -> Untyped;
    async fn all(&self) -> Result<Vec<Untyped>, HubError>;
    async fn import(&self, messages: Upload<Untyped>);
    fn history(&self) -> impl Stream<Item = Untyped>;
}

fn main() {}
