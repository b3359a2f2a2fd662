use std::borrow::Cow;

#[hubcast_macros::hub]
pub trait Chat {
    async fn text(&self, text: &str);
    async fn bytes(&self, bytes: &[u8], more: Option<&'static [Vec<u8>]>);
    async fn cow(&self, text: Cow<'_, str>);
    async fn answer(&self) -> &str;
    async fn named<'a>(&self, text: &'a str);
}

#[hubcast_macros::client]
pub trait ChatClient {
    async fn receive(&self, text: &str);
}

fn main() {}
