use futures_core::Stream;
use hubcast_protocol::contract::HubError;

pub enum ReadError {
    Gone,
}

#[hubcast_macros::hub]
pub trait Chat {
    fn history(&self) -> impl Stream<Item = Result<String, ReadError>>;
    fn checked_history(&self) -> Result<impl Stream<Item = String>, ReadError>;
    async fn good(&self) -> Result<impl Stream<Item = String>, HubError>;
}

fn main() {}
