use hubcast_protocol::contract::Context;

#[hubcast_macros::hub]
pub trait Chat {
    async fn last(&self, text: String, cx: &Context);
    async fn owned(&self, cx: Context);
    async fn mutable(&self, cx: &mut Context);
}

#[hubcast_macros::client]
pub trait ChatClient {
    async fn receive(&self, cx: &Context);
}

fn main() {}
