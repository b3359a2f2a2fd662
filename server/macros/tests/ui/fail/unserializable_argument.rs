#[derive(Clone)]
pub struct Message {
    pub text: String,
}

#[hubcast_macros::hub]
pub trait Chat {
    async fn send(&self, room: String, message: Message);
}

fn main() {}
