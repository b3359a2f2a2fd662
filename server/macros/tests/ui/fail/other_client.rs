use hubcast_protocol::contract::Context;

#[hubcast_macros::client]
pub trait ChatClient {}

#[hubcast_macros::client]
pub trait GameClient {}

mod other {
    #[hubcast_macros::client]
    pub trait ChatClient {}
}

#[hubcast_macros::hub(client = ChatClient)]
pub trait Chat {
    async fn of_another(&self, cx: &Context<dyn GameClient>);
    async fn of_none(&self, cx: &Context);
}

#[hubcast_macros::hub]
pub trait Clientless {
    async fn send(&self, cx: &Context<dyn ChatClient>);
}

#[hubcast_macros::hub(client = ChatClient)]
pub trait Namesake {
    async fn send(&self, cx: &Context<dyn other::ChatClient>);
}

fn main() {}
