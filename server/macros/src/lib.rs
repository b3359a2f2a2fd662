//! The attributes `#[hub]` and `#[client]` of hubcast.
//!
//! A trait is the whole contract between a hub and its clients. [`macro@hub`] adds to the trait what turns its
//! implementor into a hub that a server can serve; [`macro@client`] makes a type with one method for each method of
//! the clients. What they write names a single module, `contract`, of whichever hubcast crate the user depends on;
//! nothing else of hubcast may appear in an expansion.
//!
//! A fault in a trait is told where it is, together with what to write; all faults of a trait are told at once.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "the enums of syn are open: what is not named is not ours"
)]

mod attribute;
mod authorize;
mod contract_path;
mod expand;
mod model;
mod parse;
mod wire_name;

use proc_macro::TokenStream;

/// Makes a hub of a trait: its methods are what clients may call.
///
/// Every method is `async`, takes `&self`, then the context if it wants it (`cx: &Context<dyn ChatClient>`), then up
/// to 16 owned arguments that serde can read, and returns what serde can write, plain or in a `Result`. Clients call
/// it by its name in Pascal case (`send_message` is `SendMessage`), whatever the case and the underscores in which they
/// write it; `#[hubcast(name = "...")]` on the method gives another name.
///
/// A method that returns `impl Stream<Item = T>`, or a `Result` of that, sends the items as its client takes them in;
/// `async` is then left to choice, and the stream may borrow from the hub and the context. If its items are
/// `Result<T, E>`, the first error ends it. `BoxStream<'_, T>` and `Pin<Box<dyn Stream<Item = T> + Send + '_>>` do as well.
///
/// Up to 16 parameters, anywhere after the context, may be an `Upload<T>`: a stream that the client sends. Clients pass
/// streams in the order of these parameters and arguments in the order of the others.
///
/// `#[authorize]` on the trait, below `#[hub]`, asks something of everyone who connects, and on a method of everyone
/// who calls it: by itself, that they are known; `#[authorize(role = "admin")]`, that they have a role;
/// `#[authorize(roles = ["admin", "owner"])]`, that they have one of several; `#[authorize(policy = function)]`, that a
/// function of `&Authorization<'_>` returns true. If there are several, all must hold.
///
/// `client = ChatClient` names the trait of the clients, one with `#[client]`. Without it the context is a plain
/// `Context`, whose clients are called by name.
///
/// `typescript`, beside it, describes the contract for TypeScript clients, with the crate's feature of that name: a type
/// `ChatHubSchema` then stands for the contract of `ChatHub`, to be written to a file by the functions of
/// `hubcast::typescript`. All types that travel need `ts_rs::TS`, and the client trait needs the same word:
/// `#[client(typescript)]`.
///
/// Three methods are added: `connected` and `disconnected`, which an implementor may write to learn of the coming and
/// going of connections, and `into_hub`, which makes the definition that a server serves.
///
/// ```
/// # fn main() {}
/// # mod hubcast {
/// #     pub use hubcast_macros::{client, hub};
/// #     pub use futures_core::Stream;
/// #     pub use hubcast_protocol::contract::{Context, HubError, Upload};
/// # }
/// # #[hubcast::client]
/// # pub trait ChatClient {}
/// use hubcast::{Context, HubError, Stream, Upload};
///
/// #[hubcast::hub(client = ChatClient)]
/// pub trait ChatHub {
///     async fn send_message(&self, cx: &Context<dyn ChatClient>, text: String) -> Result<(), HubError>;
///     async fn count(&self) -> u32;
///     fn history(&self, cx: &Context<dyn ChatClient>, room: String) -> impl Stream<Item = String>;
///     async fn import(&self, room: String, lines: Upload<String>) -> Result<u32, HubError>;
///     #[authorize(role = "admin")]
///     async fn clear(&self);
/// }
/// ```
#[proc_macro_attribute]
pub fn hub(options: TokenStream, item: TokenStream) -> TokenStream {
    expand::hub(options.into(), &item.into()).into()
}

/// Makes a client contract of a trait: its methods are what a hub may call on its clients.
///
/// Every method is `async`, takes `&self`, then up to 16 owned arguments that serde can write, and returns nothing, or
/// what the client answers: an owned value that serde can read, without `Result`. It goes out under its name in Pascal
/// case (`receive_message` is `ReceiveMessage`); `#[hubcast(name = "...")]` on the method gives another name.
///
/// The type `dyn ChatClient` stands for the contract: `Context<dyn ChatClient>`. What `caller()` and `clients().client(id)`
/// give is a `ChatClientSingle`, what gives several receivers a `ChatClientProxy`; both have the methods of the trait,
/// which send when they are called:
///
/// - one that returns nothing gives a `Sending`, to await until the receiver has room;
/// - one that answers gives on a single receiver a `ClientResult`, to await the answer (`Result<T, ClientResultError>`), and
///   on several `ClientResults`, a stream of the answers, each with its connection.
///
/// `#[client(typescript)]` describes the contract for TypeScript clients, as a part of that of the hub.
///
/// ```
/// # fn main() {}
/// # mod hubcast {
/// #     pub use hubcast_macros::client;
/// # }
/// #[hubcast::client]
/// pub trait ChatClient {
///     async fn receive_message(&self, user: String, text: String);
///     async fn confirm(&self, question: String) -> bool;
/// }
/// ```
#[proc_macro_attribute]
pub fn client(options: TokenStream, item: TokenStream) -> TokenStream {
    expand::client(options.into(), &item.into()).into()
}
