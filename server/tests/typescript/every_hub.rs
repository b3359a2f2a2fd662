//! A hub with one of everything that a contract may have. It is described and never served.
//!
//! What it gives is a file of the JavaScript client's tests, `client-js/src/testing/every-hub.ts`, which compile it.

use std::collections::{BTreeMap, HashMap};
use std::io;

use hubcast::{ConnectionId, Context, HubError, Stream, Upload};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What the hub calls on its clients.
#[hubcast::client(typescript)]
pub(crate) trait EveryClient {
    /// Takes a message.
    ///
    /// It may come twice; `number` says so.
    async fn receive(&self, room: String, message: Message);
    #[hubcast(name = "people-changed")]
    async fn people_changed(&self, people: HashMap<String, Vec<ConnectionId>>);
    /// Asks whether something is to be done.
    async fn confirm(&self, question: String) -> bool;
    async fn choose(&self, among: Vec<Shape>) -> Option<Shape>;
}

/// A hub with one of everything.
#[hubcast::hub(client = EveryClient, typescript)]
pub(crate) trait EveryHub {
    /// Says something in a room.
    async fn say(
        &self,
        cx: &Context<dyn EveryClient>,
        room: String,
        text: String,
        answer_to: Option<u64>,
    ) -> Result<(), HubError>;
    async fn ping(&self);
    #[authorize]
    async fn history(&self, page: Page<Message>) -> io::Result<Vec<Page<Message>>>;
    #[deprecated = "call `History`"]
    async fn last(&self) -> Option<Message>;
    #[deprecated(since = "0.1.0", note = "see `Ping`")]
    #[hubcast(name = "old_ping")]
    async fn old_ping(&self, r#in: f64, default: (u8, String));
    #[cfg(any())]
    async fn elsewhere(&self) -> Vec<io::Error>;
    /// Counts down to 0.
    fn count_down(&self, from: u32) -> impl Stream<Item = u32>;
    async fn shapes(
        &self,
        cx: &Context<dyn EveryClient>,
    ) -> Result<impl Stream<Item = io::Result<Shape>>, HubError>;
    /// Adds lines to a room. Ends with how many there were.
    async fn import(&self, room: String, lines: Upload<Line>, cx: Upload<bool>) -> Result<i64, HubError>;
    fn merge(&self, left: Upload<u8>, right: Upload<u8>) -> impl Stream<Item = Option<u8>>;
}

/// Something that was said.
#[derive(Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Message {
    /// Counts the messages of a room, from 1.
    number: u64,
    /// Milliseconds since 1970.
    sent_at: u64,
    by: ConnectionId,
    #[serde(rename = "content-type")]
    content_type: String,
    #[serde(flatten)]
    line: Line,
    reactions: BTreeMap<String, usize>,
}

/// A line of text.
#[derive(Serialize, Deserialize, TS)]
pub(crate) struct Line {
    text: String,
    #[ts(optional)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    colour: Option<Colour>,
}

#[derive(Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Colour {
    Red,
    Green,
}

/// What can be drawn.
#[derive(Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub(crate) enum Shape {
    /// At the origin.
    Circle {
        /// In pixels.
        radius: f32,
    },
    Rectangle {
        width: f32,
        height: f32,
    },
    Nothing,
}

/// A part of a list.
#[derive(Serialize, Deserialize, TS)]
pub(crate) struct Page<T> {
    items: Vec<T>,
    next: Option<Box<Self>>,
}
