//! Streams in every form in which a hub may return and take them.

#![deny(warnings, refining_impl_trait)]

use std::sync::Mutex;

use futures_core::Stream;
use futures_core::stream::BoxStream;
use futures_util::{StreamExt, stream};
use hubcast_protocol::contract::{Context, HubError, Upload, UploadError};

#[hubcast_macros::client]
pub trait NumbersClient {
    async fn counted(&self, number: u32);
    /// Asks somebody.
    async fn confirm(&self, question: String) -> bool;
    async fn wait(&self) -> ();
}

#[hubcast_macros::hub(client = NumbersClient)]
pub trait Numbers {
    fn count_down(&self, from: u32) -> impl Stream<Item = u32>;
    fn count_up(&self, cx: &Context<dyn NumbersClient>, to: u32) -> impl Stream<Item = u32>;
    fn sendable(&self) -> impl Stream<Item = String> + Send;
    async fn later(&self, cx: &Context<dyn NumbersClient>, to: u32) -> impl Stream<Item = u32>;
    fn checked(&self, from: u32) -> Result<impl Stream<Item = u32>, HubError>;
    async fn checked_later(&self, from: u32) -> std::io::Result<impl Stream<Item = u32>>;
    fn fallible(&self) -> impl Stream<Item = Result<u32, HubError>>;
    fn fallible_by_alias(&self) -> impl Stream<Item = std::io::Result<u32>>;
    async fn both(&self) -> Result<impl Stream<Item = Result<&'static str, HubError>>, HubError>;
    fn boxed(&self, cx: &Context<dyn NumbersClient>) -> BoxStream<'_, u32>;
    async fn boxed_later(&self, cx: &Context<dyn NumbersClient>) -> Result<BoxStream<'_, u32>, HubError>;
    fn pinned(&self) -> std::pin::Pin<Box<dyn Stream<Item = u32> + Send + '_>>;
    async fn sum(&self, numbers: Upload<i64>) -> i64;
    async fn join(&self, cx: &Context<dyn NumbersClient>, left: Upload<String>, by: String, right: Upload<String>) -> Result<String, UploadError>;
    fn double(&self, numbers: Upload<i64>, by: i64) -> impl Stream<Item = Result<i64, UploadError>>;
}

struct Counter {
    known: Mutex<Vec<u32>>,
}

impl Numbers for Counter {
    fn count_down(&self, from: u32) -> impl Stream<Item = u32> {
        stream::iter((0..from).rev())
    }

    fn count_up(&self, cx: &Context<dyn NumbersClient>, to: u32) -> impl Stream<Item = u32> {
        async_stream::stream! {
            for number in 0..to {
                self.known.lock().unwrap().push(number);
                let _gone = cx.caller().counted(number).await;
                yield number;
            }
        }
    }

    fn sendable(&self) -> impl Stream<Item = String> {
        stream::empty()
    }

    async fn later(&self, cx: &Context<dyn NumbersClient>, to: u32) -> impl Stream<Item = u32> {
        let _sent = cx.caller().counted(to).await;
        stream::iter(self.known.lock().unwrap().clone())
    }

    fn checked(&self, from: u32) -> Result<impl Stream<Item = u32>, HubError> {
        if from > 10 {
            return Err(HubError::new("Too many."));
        }
        Ok(stream::iter(0..from))
    }

    async fn checked_later(&self, from: u32) -> std::io::Result<impl Stream<Item = u32>> {
        Ok(stream::iter(0..from))
    }

    fn fallible(&self) -> impl Stream<Item = Result<u32, HubError>> {
        async_stream::try_stream! {
            yield 1;
            Err(HubError::new("Enough."))?;
        }
    }

    fn fallible_by_alias(&self) -> impl Stream<Item = std::io::Result<u32>> {
        stream::iter([Ok(1)])
    }

    async fn both(&self) -> Result<impl Stream<Item = Result<&'static str, HubError>>, HubError> {
        Ok(stream::iter([Ok("a")]))
    }

    fn boxed(&self, _cx: &Context<dyn NumbersClient>) -> BoxStream<'_, u32> {
        stream::iter(self.known.lock().unwrap().clone()).boxed()
    }

    async fn boxed_later(&self, _cx: &Context<dyn NumbersClient>) -> Result<BoxStream<'_, u32>, HubError> {
        Ok(stream::iter(self.known.lock().unwrap().clone()).boxed())
    }

    fn pinned(&self) -> std::pin::Pin<Box<dyn Stream<Item = u32> + Send + '_>> {
        Box::pin(stream::empty())
    }

    async fn sum(&self, mut numbers: Upload<i64>) -> i64 {
        let mut sum = 0;
        while let Some(Ok(number)) = numbers.next().await {
            sum += number;
        }
        sum
    }

    async fn join(
        &self,
        cx: &Context<dyn NumbersClient>,
        left: Upload<String>,
        by: String,
        right: Upload<String>,
    ) -> Result<String, UploadError> {
        if !cx.caller().confirm("Join?".into()).await.unwrap_or(false) {
            return Ok(String::new());
        }
        let both: Vec<_> = left.chain(right).collect().await;
        let both: Result<Vec<_>, _> = both.into_iter().collect();
        Ok(both?.join(&by))
    }

    fn double(&self, numbers: Upload<i64>, by: i64) -> impl Stream<Item = Result<i64, UploadError>> {
        numbers.map(move |number| number.map(|number| number * by))
    }
}

fn main() {
    let definition = Counter { known: Mutex::default() }.into_hub();
    let kinds: Vec<_> =
        definition.methods().iter().map(|method| (method.name(), method.is_stream(), method.uploads())).collect();
    assert_eq!(
        kinds,
        [
            ("CountDown", true, 0),
            ("CountUp", true, 0),
            ("Sendable", true, 0),
            ("Later", true, 0),
            ("Checked", true, 0),
            ("CheckedLater", true, 0),
            ("Fallible", true, 0),
            ("FallibleByAlias", true, 0),
            ("Both", true, 0),
            ("Boxed", true, 0),
            ("BoxedLater", true, 0),
            ("Pinned", true, 0),
            ("Sum", false, 1),
            ("Join", false, 2),
            ("Double", true, 1),
        ]
    );
}
