use hubcast_protocol::contract::{Context, HubError};

#[hubcast_macros::hub]
pub trait Chat {
    async fn connected(&self, cx: &Context) -> Result<(), HubError>;
    async fn into_hub(&self);
}

struct Server;

impl Chat for Server {
    async fn connected(&self, _cx: &Context) -> Result<(), HubError> {
        Ok(())
    }
    async fn into_hub(&self) {}
}

fn main() {}
