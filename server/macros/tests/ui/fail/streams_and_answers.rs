pub trait Stream {
    type Item;
}
pub struct Upload<T>(T);

#[hubcast_macros::hub]
pub trait Numbers {
    fn count_down(&self, from: u32) -> impl Stream<Item = u32>;
    async fn sum(&self, numbers: Upload<i64>) -> i64;
}

#[hubcast_macros::client]
pub trait NumbersClient {
    async fn confirm(&self, question: String) -> bool;
}

fn main() {}
