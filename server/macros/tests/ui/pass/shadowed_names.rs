//! The user's own `Result`, `Send`, `Arc` and `Future` do not get in the way.

#![allow(dead_code)]

use futures_core::Stream;
use hubcast_protocol::contract::{Context, HubError, Upload};

pub struct Arc;
pub struct Future;
pub struct Send;
pub struct Ok;
type Result<T> = std::result::Result<T, HubError>;

#[hubcast_macros::client]
pub trait Client {
    async fn proxy(&self, encodable: u8, arguments: u8);
    async fn r#await(&self, proxy: u8, ask: u8) -> u8;
}

#[hubcast_macros::hub(client = self::Client)]
pub trait Hub {
    async fn clone(&self, cx: &Context<dyn Client>, hub: u8, cx2: u8, arguments: u8) -> Result<u8>;
    async fn methods(&self, a0: u8, definition: u8) -> u8;
    fn run_stream(&self, items: Upload<u8>, stream: u8, error: u8) -> Result<impl Stream<Item = Result<u8>>>;
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

    fn run_stream(&self, _items: Upload<u8>, stream: u8, error: u8) -> Result<impl Stream<Item = Result<u8>>> {
        Result::Ok(futures_util::stream::iter([Result::Ok(stream), Result::Ok(error)]))
    }
}

fn main() {
    assert_eq!(Sum.into_hub().methods().len(), 3);
}
