#[hubcast_macros::hub]
pub trait Chat {
    async fn send_message(&self, text: String);
    async fn sendmessage(&self, text: String);
    async fn other(&self);
    #[hubcast(name = "OTHER")]
    async fn another(&self);
}

#[hubcast_macros::client]
pub trait ChatClient {
    async fn receive(&self);
    #[hubcast(name = "receive")]
    async fn got(&self);
}

fn main() {}
