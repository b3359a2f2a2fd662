#[hubcast_macros::hub]
pub trait Chat {
    fn send(&self, text: String) -> u32;
}

struct Server;

impl Chat for Server {
    fn send(&self, _text: String) -> u32 {
        7
    }
}

fn main() {
    Server.into_hub();
}
