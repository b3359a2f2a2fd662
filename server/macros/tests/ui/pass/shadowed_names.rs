//! The user's own `Result`, `Send`, `Arc` and `Future` do not get in the way.

#![allow(dead_code)]

use hubcast_protocol::contract::{Context, HubError};

pub struct Arc;
pub struct Future;
pub struct Send;
pub struct Ok;
type Result<T> = std::result::Result<T, HubError>;

#[hubcast_macros::client]
pub trait Client {
    async fn proxy(&self, encodable: u8, arguments: u8);
}

#[hubcast_macros::hub(client = self::Client)]
pub trait Hub {
    async fn clone(&self, cx: &Context<dyn Client>, hub: u8, cx2: u8, arguments: u8) -> Result<u8>;
    async fn methods(&self, a0: u8, definition: u8) -> u8;
}

struct Sum;

impl Hub for Sum {
    async fn clone(&self, cx: &Context<dyn Client>, hub: u8, cx2: u8, arguments: u8) -> Result<u8> {
        cx.others().proxy(hub, cx2).await?;
        Result::Ok(hub + cx2 + arguments)
    }

    async fn methods(&self, a0: u8, definition: u8) -> u8 {
        a0 + definition
    }
}

fn main() {
    assert_eq!(Sum.into_hub().methods().len(), 2);
}
