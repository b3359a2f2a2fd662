#[hubcast_macros::client]
pub trait ChatClient {}

#[hubcast_macros::hub(client = dyn ChatClient)]
pub trait WithDyn {}

#[hubcast_macros::hub(clients = ChatClient)]
pub trait Misspelled {}

#[hubcast_macros::hub(ChatClient)]
pub trait Bare {}

#[hubcast_macros::client(name = "chat")]
pub trait WithOptions {}

#[hubcast_macros::hub]
pub trait Methods {
    #[hubcast(rename = "x")]
    async fn unknown(&self);
    #[hubcast(name = "a", name = "b")]
    async fn twice(&self);
    #[hubcast(name = "")]
    async fn empty(&self);
    #[hubcast]
    async fn bare(&self);
    #[hubcast(name = send)]
    async fn unquoted(&self);
}

fn main() {}
