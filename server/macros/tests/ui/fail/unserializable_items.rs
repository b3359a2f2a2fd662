use futures_core::Stream;
use hubcast_protocol::contract::{HubError, Upload};

pub struct Message {
    pub text: String,
}

#[hubcast_macros::hub]
pub trait Chat {
    fn history(&self) -> impl Stream<Item = Message>;
    fn checked_history(&self) -> impl Stream<Item = Result<Message, HubError>>;
    async fn send(&self, room: String, messages: Upload<Message>);
}

fn main() {}
