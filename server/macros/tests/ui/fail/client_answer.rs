use hubcast_protocol::contract::HubError;

#[hubcast_macros::client]
pub trait ChatClient {
    async fn confirm(&self, question: String) -> Result<bool, HubError>;
    async fn load(&self) -> std::io::Result<()>;
    async fn name(&self) -> &'static str;
    fn plain(&self) -> bool;
}

fn main() {}
