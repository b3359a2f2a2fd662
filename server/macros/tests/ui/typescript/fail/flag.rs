#[hubcast_macros::client(typescript = true)]
pub trait ChatClient {}

#[hubcast_macros::hub(typescript = "chat-hub.ts")]
pub trait WithFile {}

#[hubcast_macros::hub(typescript, typescript)]
pub trait Twice {}

#[hubcast_macros::hub(typescript(camel))]
pub trait WithOptions {}

fn main() {}
