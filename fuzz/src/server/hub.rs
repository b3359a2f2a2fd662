//! A hub with each kind of method.

use hubcast::{Context, GroupError, HubError, SendError, Stream, Upload};

#[hubcast::client]
pub(super) trait FuzzedClient {
    async fn receive(&self, text: String);
    async fn answer(&self, question: String) -> String;
}

#[hubcast::hub(client = FuzzedClient)]
pub(super) trait FuzzedHub {
    async fn echo(&self, text: String) -> String;
    async fn broadcast(&self, cx: &Context<dyn FuzzedClient>, text: String) -> Result<(), SendError>;
    async fn join(&self, cx: &Context<dyn FuzzedClient>, group: String) -> Result<(), GroupError>;
    fn counter(&self, n: u16) -> impl Stream<Item = u16>;
    async fn upload(&self, numbers: Upload<i64>) -> Result<i64, HubError>;
    async fn ask(&self, cx: &Context<dyn FuzzedClient>, question: String) -> Result<String, HubError>;
}

pub(super) struct Fuzzed;

impl FuzzedHub for Fuzzed {
    async fn echo(&self, text: String) -> String {
        text
    }

    async fn broadcast(&self, cx: &Context<dyn FuzzedClient>, text: String) -> Result<(), SendError> {
        cx.clients().all().receive(text).await
    }

    async fn join(&self, cx: &Context<dyn FuzzedClient>, group: String) -> Result<(), GroupError> {
        cx.join(&group).await
    }

    fn counter(&self, n: u16) -> impl Stream<Item = u16> {
        futures_util::stream::iter(0..n)
    }

    async fn upload(&self, mut numbers: Upload<i64>) -> Result<i64, HubError> {
        let mut sum = 0_i64;
        while let Some(number) = numbers.next().await {
            sum = sum.wrapping_add(number?);
        }
        Ok(sum)
    }

    async fn ask(&self, cx: &Context<dyn FuzzedClient>, question: String) -> Result<String, HubError> {
        Ok(cx.caller().answer(question).await?)
    }
}
