use futures_core::Stream;
use futures_util::stream::{Empty, empty};

type Numbers = Empty<u32>;

#[hubcast_macros::hub]
pub trait Counter {
    async fn named(&self) -> Empty<u32>;
    fn plain(&self) -> Numbers;
    async fn other_trait(&self) -> impl Iterator<Item = u32>;
    fn good(&self) -> impl Stream<Item = u32>;
}

fn main() {
    let _: Numbers = empty();
}
