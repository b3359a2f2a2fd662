pub struct Message {
    pub text: String,
}

#[hubcast_macros::client]
pub trait ChatClient {
    async fn receive(&self, user: String, message: Message);
}

fn main() {}
