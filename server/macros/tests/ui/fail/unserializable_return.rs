use hubcast_protocol::contract::HubError;

pub struct Message {
    pub text: String,
}

#[hubcast_macros::hub]
pub trait Chat {
    async fn last(&self) -> Message;
    async fn first(&self) -> Result<Message, HubError>;
}

fn main() {}
