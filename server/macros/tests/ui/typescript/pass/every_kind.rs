//! Each kind of method has TypeScript, and so has a trait whose name is a word of Rust.

use std::io;

use futures_core::Stream;
use hubcast_protocol::contract::typescript::{Description, Schema};
use hubcast_protocol::contract::{Context, HubError, Upload};

mod own {
    pub type Result<T> = std::result::Result<T, super::HubError>;
}

mod clients {
    #[hubcast_macros::client(typescript)]
    pub trait ChatClient {
        async fn receive(&self, text: String);
        async fn confirm(&self, question: String) -> bool;
    }
}

#[hubcast_macros::hub(client = clients::ChatClient, typescript)]
pub trait ChatHub {
    /// Says.
    #[doc = concat!("To ", "all.")]
    async fn say(&self, cx: &Context<dyn clients::ChatClient>, text: String) -> io::Result<()>;
    async fn name(&self) -> &'static str;
    async fn alias(&self) -> own::Result<u8>;
    async fn import(&self, lines: Upload<String>) -> own::Result<u64>;
    fn count(&self, r#type: u32) -> impl Stream<Item = u32>;
    async fn lines(&self) -> own::Result<impl Stream<Item = own::Result<String>>>;
    #[deprecated]
    async fn old(&self);
    #[cfg(any())]
    async fn nowhere(&self, missing: Missing);
}

#[hubcast_macros::hub(typescript)]
trait r#Loop {}

mod inside {
    #[hubcast_macros::hub(typescript)]
    pub(super) trait Inner {
        async fn ping(&self);
    }
}

fn text<S: Schema>() -> String {
    let description: Description = S::describe();
    description.text().expect("each name is there once")
}

fn main() {
    let chat = text::<ChatHubSchema>();
    let methods = [
        "  /**\n   * Says.\n   * To all.\n   */\n  Say(text: string): Promise<void>;\n",
        "  Name(): Promise<string>;\n",
        "  Alias(): Promise<number>;\n",
        "  Import(lines: AsyncIterable<string>): Promise<number>;\n",
        "  Count(type: number): AsyncIterable<number>;\n",
        "  Lines(): AsyncIterable<string>;\n",
        "  /** @deprecated */\n  Old(): Promise<void>;\n}\n",
        "  Receive(text: string): void;\n",
        "  Confirm(question: string): boolean | Promise<boolean>;\n",
    ];
    for method in methods {
        assert!(chat.contains(method), "{chat}");
    }
    assert!(text::<LoopSchema>().contains("export const loop: "));
    assert!(text::<inside::InnerSchema>().contains("  Ping(): Promise<void>;\n"));
}
