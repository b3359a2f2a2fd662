//! A hub's contract as TypeScript: what `#[hub(.., typescript)]` and `#[client(typescript)]` write is described here,
//! and the description becomes a file.
//!
//! Types of arguments and results are those of the ts-rs crate, written as JSON carries them: 64-bit integers are
//! `number`. Not here: files on disk, which are the server crate's.

mod comment;
mod declarations;
mod description;
mod file;
mod interface;
mod layout;

pub use ts_rs::TS;

pub use declarations::NameClash;
pub use description::Description;
pub use interface::{Interface, Method};

/// The contract of a hub, as a type: `#[hub(.., typescript)]` on the trait `ChatHub` makes a `ChatHubSchema`.
pub trait Schema {
    /// Describes the hub and its clients.
    fn describe() -> Description;
}

/// The client side of a contract: `#[client(typescript)]` implements it for `dyn ChatClient`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no TypeScript",
    note = "write `#[hubcast::client(typescript)]` on the trait of the clients"
)]
pub trait ClientSchema {
    /// Describes what the hub calls.
    fn describe() -> Interface;
}

/// What may travel between a hub and its TypeScript clients: all that has [`TS`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no TypeScript",
    label = "this travels between the hub and its TypeScript clients",
    note = "add `#[derive(ts_rs::TS)]` to `{Self}`; for a type of another crate, turn on the feature of ts-rs that is \
            named after it"
)]
pub trait Typed: TS + 'static {}

impl<T: TS + ?Sized + 'static> Typed for T {}

/// A `Result` under whatever name, for what it gives when all goes well: errors have no type on the other side.
pub trait Outcome {
    /// What it gives.
    type Value;
}

impl<T, E> Outcome for Result<T, E> {
    type Value = T;
}

/// Types as JSON carries them: JavaScript reads its numbers, however large, as `number`.
fn config() -> ts_rs::Config {
    ts_rs::Config::new().with_large_int("number")
}

#[cfg(test)]
mod tests;
