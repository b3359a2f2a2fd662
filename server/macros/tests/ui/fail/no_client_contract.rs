use hubcast_protocol::contract::Context;

pub trait ChatClient {}

#[hubcast_macros::hub(client = ChatClient)]
pub trait Chat {
    async fn send(&self, cx: &Context<dyn ChatClient>);
}

fn main() {}
