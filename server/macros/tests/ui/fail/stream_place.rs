use futures_core::Stream;
use futures_core::stream::{BoxStream, LocalBoxStream};
use hubcast_protocol::contract::{HubError, Upload};

#[hubcast_macros::hub]
pub trait Numbers {
    fn in_an_option(&self) -> Option<impl Stream<Item = u32>>;
    async fn in_a_tuple(&self) -> (u32, impl Stream<Item = u32>);
    async fn as_an_error(&self) -> Result<u32, BoxStream<'_, u32>>;
    fn in_a_box(&self) -> Box<dyn Stream<Item = u32> + Send>;
    fn of_streams(&self) -> impl Stream<Item = BoxStream<'static, u32>>;
    fn without_items(&self) -> impl Stream;
    fn of_borrowed_items(&self) -> Result<impl Stream<Item = Result<&str, HubError>>, HubError>;
    fn on_one_thread(&self) -> LocalBoxStream<'_, u32>;
    fn perhaps_on_one_thread(&self) -> std::pin::Pin<Box<dyn Stream<Item = u32> + '_>>;
    async fn uploaded(&self) -> Upload<u32>;
}

#[hubcast_macros::client]
pub trait NumbersClient {
    async fn count(&self) -> impl Stream<Item = u32>;
    async fn boxed(&self) -> Result<BoxStream<'static, u32>, HubError>;
}

fn main() {}
