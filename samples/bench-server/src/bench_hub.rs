//! The bench hub: what load generators and conformance checks call.

use hubcast::{Context, HubError, SendError};

/// What the hub calls on its clients.
#[hubcast::client]
pub(crate) trait BenchClient {
    /// Takes a text that was broadcast or sent to a group or a user.
    #[hubcast(name = "receive")]
    async fn receive(&self, text: Option<String>);
}

/// What clients call on the hub. Texts may be null.
#[hubcast::hub(client = BenchClient)]
pub(crate) trait BenchHub {
    /// Returns its argument.
    async fn echo(&self, text: Option<String>) -> Option<String>;

    /// Calls `receive` on every connection.
    async fn broadcast(&self, cx: &Context<dyn BenchClient>, text: Option<String>) -> Result<(), SendError>;

    /// Puts the caller into a group.
    async fn join_group(&self, cx: &Context<dyn BenchClient>, name: Option<String>);

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

    /// Says who the caller is: `user` in the query of the connection's request.
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

    async fn join_group(&self, cx: &Context<dyn BenchClient>, name: Option<String>) {
        cx.join(&name.unwrap_or_default()).await;
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
