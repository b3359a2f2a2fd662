#[hubcast_macros::client]
pub trait ChatClient {
    async fn receive(&self, text: String);
}

#[hubcast_macros::hub(client = ChatClient, typescript)]
pub trait ChatHub {
    async fn say(&self, text: String);
}

fn main() {}
