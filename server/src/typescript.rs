//! Types for the TypeScript clients of a hub, written from its traits.
//!
//! With `typescript` in the parentheses of its attribute, a trait is described as TypeScript: methods with their
//! documentation, streams in both directions, what the hub calls, and every type that travels. [`write()`] makes one
//! file of that, [`check`] tells whether it is what the traits say, and [`assert_fresh`] does either in a test.
//!
//! ```toml
//! [dependencies]
//! hubcast = { version = "0.1", features = ["typescript"] }
//! ts-rs = "12"
//! ```
//!
//! ```
//! use hubcast::{Context, HubError, Stream};
//! use serde::Serialize;
//! use ts_rs::TS;
//!
//! /// Something that was said.
//! #[derive(Serialize, TS)]
//! struct Message {
//!     user: String,
//!     text: String,
//! }
//!
//! /// What the hub calls on a page.
//! #[hubcast::client(typescript)]
//! trait ChatClient {
//!     /// Takes a message.
//!     async fn receive(&self, message: Message);
//! }
//!
//! /// What a page calls on the hub.
//! #[hubcast::hub(client = ChatClient, typescript)]
//! trait ChatHub {
//!     /// Says something to all.
//!     async fn say(&self, cx: &Context<dyn ChatClient>, text: String) -> Result<(), HubError>;
//!     fn count_down(&self, from: u32) -> impl Stream<Item = u32>;
//! }
//!
//! let text = hubcast::typescript::text::<ChatHubSchema>().expect("no two types have the same name");
//! assert!(text.contains("
//! /** What a page calls on the hub. */
//! export interface ChatHub {
//!   /** Says something to all. */
//!   Say(text: string): Promise<void>;
//!
//!   CountDown(from: number): AsyncIterable<number>;
//! }
//!
//! /** What the hub calls on a page. */
//! export interface ChatClient {
//!   /** Takes a message. */
//!   Receive(message: Message): void;
//! }
//!
//! /** Something that was said. */
//! export type Message = { user: string; text: string };
//! "));
//! ```
//!
//! In the crate of the traits a test keeps the file:
//!
//! ```no_run
//! # use hubcast::contract::typescript::{Description, Interface, Schema};
//! # struct ChatHubSchema;
//! # impl Schema for ChatHubSchema {
//! #     fn describe() -> Description { Description::new(Interface::new("ChatHub", &[])) }
//! # }
//! #[test]
//! fn the_page_has_the_types_of_the_hub() {
//!     hubcast::typescript::assert_fresh::<ChatHubSchema>("web/chat-hub.ts");
//! }
//! ```
//!
//! A page imports it. A wrong name or type is then an error in the editor, and the client warns when the server's
//! contract is another than the one it was built with:
//!
//! ```ts
//! import { HubConnectionBuilder } from "hubcast";
//! import { chatHub } from "./chat-hub.js";
//!
//! const connection = new HubConnectionBuilder().withUrl("/chat").build(chatHub);
//! connection.on("Receive", ({ user, text }) => console.log(`${user}: ${text}`));
//! await connection.start();
//! await connection.invoke("Say", "hello");
//! ```
//!
//! # Types
//!
//! Those of the [ts-rs](https://docs.rs/ts-rs) crate, whose `TS` can be derived; it reads serde's attributes. A type of
//! another crate has one if a feature of ts-rs is on that is named after that crate (`chrono-impl`, `uuid-impl`, ..).
//!
//! | Rust | TypeScript |
//! | --- | --- |
//! | `Option<T>` | `T \| null`: an argument that is left out is none |
//! | `Vec<T>`, `HashMap<String, T>`, `(A, B)` | `Array<T>`, `{ [key in string]: T }`, `[A, B]` |
//! | all numbers | `number`. JSON carries `u64` and `i64` whole, but JavaScript rounds beyond 2⁵³: send such as a `String` |
//! | what a method returns: `T`, `Result<T, E>`, nothing or `()` | `Promise<T>`, `Promise<T>`, `Promise<void>` |
//! | `impl Stream<Item = T>`, `Upload<T>` | `AsyncIterable<T>` |
//! | what a client answers: `T` | `T \| Promise<T>` |
//!
//! A type is the same in both directions: what serde reads and writes differently has to be two types. Names are those
//! that serde writes; a hub with [`PayloadNames::DotNet`](crate::PayloadNames) needs types with
//! `#[serde(rename_all = "camelCase")]`.
//!
//! # The schema
//!
//! Names and types have a hash, which is in the file. A client that was built with the file asks for the hub's own when
//! it negotiates, by `hubSchema=HASH` in the query, and warns if the answer's `hubSchema` is another. Clients that do not
//! ask get the same answer as ever. Documentation, names of parameters and the order of methods do not count.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

pub use hubcast_protocol::contract::typescript::{NameClash, Schema, TS};

/// The environment variable that makes [`assert_fresh`] write, if it is `write`.
const VARIABLE: &str = "HUBCAST_TYPESCRIPT";

/// Why a file of TypeScript is not what it should be.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TypeScriptError {
    /// Two types of the contract have the same name.
    #[error(transparent)]
    NameClash(#[from] NameClash),
    /// There is no file.
    #[error("{} is not there", .0.display())]
    Missing(PathBuf),
    /// The file is not what the traits say.
    #[error("{} is not what the traits say; the first difference is line {line}, where they say\n\n    {wanted}\n", path.display())]
    Stale {
        /// Where it is.
        path: PathBuf,
        /// The number of the first line that differs, from 1.
        line: usize,
        /// What that line should be.
        wanted: String,
    },
    /// The file cannot be read or written.
    #[error("{} cannot be read or written: {source}", path.display())]
    File {
        /// Where it is.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// The contract as a TypeScript module.
///
/// # Errors
///
/// If two types of it have the same name.
pub fn text<S: Schema>() -> Result<String, TypeScriptError> {
    Ok(S::describe().text()?)
}

/// Writes the contract to a file, for a build step. A file that is fresh stays untouched.
///
/// Gives whether the file has changed. The folder has to be there; a relative path begins in the current folder.
///
/// # Errors
///
/// If two types have the same name, or the file cannot be written.
pub fn write<S: Schema>(path: impl AsRef<Path>) -> Result<bool, TypeScriptError> {
    write_text(path.as_ref(), &text::<S>()?)
}

/// Checks that a file is what the contract says.
///
/// # Errors
///
/// If it is not, cannot be read, or two types have the same name.
pub fn check<S: Schema>(path: impl AsRef<Path>) -> Result<(), TypeScriptError> {
    let path = path.as_ref();
    let fresh = text::<S>()?;
    let Some(kept) = read(path)? else { return Err(TypeScriptError::Missing(path.to_owned())) };
    match first_difference(&kept, &fresh) {
        None => Ok(()),
        Some((line, wanted)) => {
            Err(TypeScriptError::Stale { path: path.to_owned(), line, wanted: wanted.to_owned() })
        }
    }
}

/// [`check`] for a test, which with `HUBCAST_TYPESCRIPT=write` in the environment writes the file instead.
///
/// A relative path begins in the folder of the crate, where `cargo test` runs tests.
///
/// # Panics
///
/// If the file is not fresh: with the first line that differs, and the command that writes it.
#[track_caller]
pub fn assert_fresh<S: Schema>(path: impl AsRef<Path>) {
    let is_written = env::var_os(VARIABLE).is_some_and(|value| value == "write");
    let outcome = if is_written { write::<S>(path).map(|_| ()) } else { check::<S>(path) };
    let Err(error) = outcome else { return };
    let advice = match &error {
        TypeScriptError::Missing(_) | TypeScriptError::Stale { .. } => {
            let package = env::var("CARGO_PKG_NAME").map(|name| format!(" -p {name}")).unwrap_or_default();
            format!("\nWrite it and see what changed:\n\n    {VARIABLE}=write cargo test{package}\n")
        }
        TypeScriptError::NameClash(_) | TypeScriptError::File { .. } => String::new(),
    };
    panic!("{error}{advice}");
}

fn write_text(path: &Path, fresh: &str) -> Result<bool, TypeScriptError> {
    if read(path)?.is_some_and(|kept| first_difference(&kept, fresh).is_none()) {
        return Ok(false);
    }
    fs::write(path, fresh).map_err(|source| TypeScriptError::File { path: path.to_owned(), source })?;
    Ok(true)
}

/// The file, if it is there.
fn read(path: &Path) -> Result<Option<String>, TypeScriptError> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(TypeScriptError::File { path: path.to_owned(), source }),
    }
}

/// The number of the first line that differs, and what it should be. How lines end does not matter: git may have
/// changed that.
fn first_difference<'a>(kept: &str, fresh: &'a str) -> Option<(usize, &'a str)> {
    let (mut kept, mut fresh) = (kept.lines(), fresh.lines());
    let difference = (1..).find_map(|number| match (kept.next(), fresh.next()) {
        (None, None) => Some(None),
        (Some(kept), Some(fresh)) if kept == fresh => None,
        (_, Some(fresh)) => Some(Some((number, fresh))),
        (Some(_), None) => Some(Some((number, "nothing more"))),
    });
    difference.flatten()
}
