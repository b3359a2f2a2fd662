//! The bench hub: what load generators and conformance checks call.

use futures_util::stream;
use hubcast::{Context, GroupError, HubError, SendError, Stream, Upload};

/// What the hub calls on its clients.
#[hubcast::client]
pub(crate) trait BenchClient {
    /// Takes a text that was broadcast or sent to a group or a user.
    #[hubcast(name = "receive")]
    async fn receive(&self, text: Option<String>);

    /// Answers a question.
    #[hubcast(name = "answer")]
    async fn answer(&self, question: Option<String>) -> Option<String>;
}

/// What clients call on the hub. Texts may be null.
#[hubcast::hub(client = BenchClient)]
pub(crate) trait BenchHub {
    /// Returns its argument.
    async fn echo(&self, text: Option<String>) -> Option<String>;

    /// Calls `receive` on every connection.
    async fn broadcast(&self, cx: &Context<dyn BenchClient>, text: Option<String>) -> Result<(), SendError>;

    /// Puts the caller into a group.
    async fn join_group(&self, cx: &Context<dyn BenchClient>, name: Option<String>)
    -> Result<(), GroupError>;

    /// Takes the caller out of a group.
    async fn leave_group(&self, cx: &Context<dyn BenchClient>, name: Option<String>);

    /// Calls `receive` on the members of a group.
    async fn send_to_group(
        &self,
        cx: &Context<dyn BenchClient>,
        name: Option<String>,
        text: Option<String>,
    ) -> Result<(), SendError>;

    /// Calls `receive` on the connections of a user.
    async fn send_to_user(
        &self,
        cx: &Context<dyn BenchClient>,
        user: Option<String>,
        text: Option<String>,
    ) -> Result<(), SendError>;

    /// Counts from 0 to below `n`.
    fn counter(&self, n: u32) -> impl Stream<Item = u32>;

    /// Adds up what the client streams.
    async fn upload(&self, numbers: Upload<i64>) -> Result<i64, HubError>;

    /// Asks the caller and returns what it answers.
    async fn ask_caller(
        &self,
        cx: &Context<dyn BenchClient>,
        question: Option<String>,
    ) -> Result<Option<String>, HubError>;

    /// Says who the caller is: `user` in the query of the connection's request, or with a token its subject.
    #[hubcast(name = "WhoAmI")]
    async fn who_am_i(&self, cx: &Context<dyn BenchClient>) -> Option<String>;

    /// Fails with a text for the caller.
    async fn fail(&self, why: Option<String>) -> Result<(), HubError>;

    /// Panics with a text that must not reach the caller.
    async fn crash(&self);
}

/// The hub without any state.
pub(crate) struct Bench;

impl BenchHub for Bench {
    async fn echo(&self, text: Option<String>) -> Option<String> {
        text
    }

    async fn broadcast(&self, cx: &Context<dyn BenchClient>, text: Option<String>) -> Result<(), SendError> {
        cx.clients().all().receive(text).await
    }

    async fn join_group(
        &self,
        cx: &Context<dyn BenchClient>,
        name: Option<String>,
    ) -> Result<(), GroupError> {
        cx.join(&name.unwrap_or_default()).await
    }

    async fn leave_group(&self, cx: &Context<dyn BenchClient>, name: Option<String>) {
        cx.leave(&name.unwrap_or_default()).await;
    }

    async fn send_to_group(
        &self,
        cx: &Context<dyn BenchClient>,
        name: Option<String>,
        text: Option<String>,
    ) -> Result<(), SendError> {
        cx.clients().group(name.unwrap_or_default()).receive(text).await
    }

    async fn send_to_user(
        &self,
        cx: &Context<dyn BenchClient>,
        user: Option<String>,
        text: Option<String>,
    ) -> Result<(), SendError> {
        cx.clients().user(user.unwrap_or_default()).receive(text).await
    }

    fn counter(&self, n: u32) -> impl Stream<Item = u32> {
        stream::iter(0..n)
    }

    async fn upload(&self, mut numbers: Upload<i64>) -> Result<i64, HubError> {
        let mut sum = 0_i64;
        while let Some(number) = numbers.next().await {
            sum = sum.wrapping_add(number?);
        }
        Ok(sum)
    }

    async fn ask_caller(
        &self,
        cx: &Context<dyn BenchClient>,
        question: Option<String>,
    ) -> Result<Option<String>, HubError> {
        Ok(cx.caller().answer(question).await?)
    }

    async fn who_am_i(&self, cx: &Context<dyn BenchClient>) -> Option<String> {
        cx.user().map(str::to_owned)
    }

    async fn fail(&self, why: Option<String>) -> Result<(), HubError> {
        Err(HubError::new(why.unwrap_or_default()))
    }

    async fn crash(&self) {
        panic!("secret detail");
    }
}
