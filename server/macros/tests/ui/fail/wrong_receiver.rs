use std::sync::Arc;

#[hubcast_macros::hub]
pub trait Chat {
    async fn by_mutable_reference(&mut self);
    async fn by_value(self);
    async fn by_arc(self: Arc<Self>);
    async fn without(text: String);
}

#[hubcast_macros::client]
pub trait ChatClient {
    async fn receive(&mut self);
}

fn main() {}
