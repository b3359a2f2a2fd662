use futures_core::Stream;
use futures_core::stream::BoxStream;
use hubcast_protocol::contract::Upload;

#[hubcast_macros::hub]
pub trait Numbers {
    async fn in_an_option(&self, numbers: Option<Upload<i64>>);
    async fn by_reference(&self, numbers: &mut Upload<i64>);
    async fn several(&self, numbers: Vec<Upload<i64>>);
    async fn of_uploads(&self, numbers: Upload<Upload<i64>>);
    async fn of_borrowed_items(&self, words: Upload<&str>);
    async fn opaque(&self, numbers: impl Stream<Item = i64>);
    async fn boxed(&self, numbers: BoxStream<'static, i64>);
    async fn too_many(
        &self, word: String,
        a: Upload<u8>, b: Upload<u8>, c: Upload<u8>, d: Upload<u8>, e: Upload<u8>, f: Upload<u8>, g: Upload<u8>,
        h: Upload<u8>, i: Upload<u8>, j: Upload<u8>, k: Upload<u8>, l: Upload<u8>, m: Upload<u8>, n: Upload<u8>,
        o: Upload<u8>, p: Upload<u8>, q: Upload<u8>,
    );
}

#[hubcast_macros::client]
pub trait NumbersClient {
    async fn sum(&self, numbers: Upload<i64>);
    async fn count(&self, numbers: impl Stream<Item = i64>);
}

fn main() {}
