use serde::Serialize;

#[derive(Serialize)]
pub struct Place {
    pub x: i32,
}

#[hubcast_macros::client]
pub trait ChatClient {
    async fn place(&self, of: String) -> Place;
}

fn main() {}
