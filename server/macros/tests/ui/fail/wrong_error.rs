pub enum JoinError {
    Full,
}

type Joined = Result<u32, JoinError>;
type AliasResult<T> = Result<T, JoinError>;

mod alias {
    pub type Result<T> = super::AliasResult<T>;
}

#[hubcast_macros::hub]
pub trait Chat {
    async fn join(&self, room: String) -> Result<(), JoinError>;
    async fn by_alias(&self, room: String) -> alias::Result<()>;
}

fn main() {
    let _: Joined;
}
