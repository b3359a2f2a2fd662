//! The contract of the chat: what the page calls on the hub, what the hub calls on the page, and what travels.
//!
//! It is the page's contract, too: `web/src/chat-hub.ts` is written from it, and the page is compiled with that.
//!
//! Messages and lists of people come on their own and may overtake each other, so each is numbered within its room.
//! Not here: what the methods do (`chat`), how much of everything there may be (`limits`).

use hubcast::{ConnectionId, Context, HubError};
use serde::Serialize;
use ts_rs::TS;

/// What the hub calls on a page.
#[hubcast::client(typescript)]
pub(crate) trait ChatClient {
    /// Takes a message that somebody in the room, perhaps this page, has said.
    async fn receive(&self, room: String, message: Message);

    /// Takes the people of the room, whenever one comes or goes. A list with a lower revision than the last is stale.
    async fn people(&self, room: String, people: People);

    /// Learns that somebody else in the room has begun or ceased to type.
    async fn typing(&self, room: String, person: Person, is_typing: bool);
}

/// What a page calls on the hub.
#[hubcast::hub(client = ChatClient, typescript)]
pub(crate) trait ChatHub {
    /// Moves the caller into a room, under a name. The room is made if it is not there.
    async fn join(
        &self,
        cx: &Context<dyn ChatClient>,
        name: String,
        room: String,
    ) -> Result<RoomView, HubError>;

    /// Says something in the caller's room.
    async fn say(&self, cx: &Context<dyn ChatClient>, text: String) -> Result<(), HubError>;

    /// Tells the caller's room that the caller has begun or ceased to type.
    async fn typing(&self, cx: &Context<dyn ChatClient>, is_typing: bool) -> Result<(), HubError>;

    /// Lists the rooms, by name.
    async fn rooms(&self) -> Vec<RoomSummary>;

    /// Says how the caller is connected, and how everybody is.
    async fn status(&self, cx: &Context<dyn ChatClient>) -> Status;
}

/// Something that was said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Message {
    /// Counts the messages of the room, from 1.
    pub(crate) number: u64,
    /// The name of who said it.
    pub(crate) from: String,
    /// What was said, as it was typed: never markup.
    pub(crate) text: String,
    /// Milliseconds since 1970.
    pub(crate) sent_at: u64,
}

/// Somebody in a room. Names may repeat, ids do not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub(crate) struct Person {
    pub(crate) id: ConnectionId,
    pub(crate) name: String,
}

/// Who is in a room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub(crate) struct People {
    /// Grows by one with each change.
    pub(crate) revision: u64,
    /// In the order in which they came.
    pub(crate) list: Vec<Person>,
}

/// A room as one finds it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub(crate) struct RoomView {
    /// Its name as the hub writes it.
    pub(crate) name: String,
    pub(crate) people: People,
    /// The last messages, oldest first.
    pub(crate) history: Vec<Message>,
}

/// A room in the list of rooms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub(crate) struct RoomSummary {
    pub(crate) name: String,
    /// How many people are in it.
    pub(crate) people: usize,
}

/// How a page is connected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Status {
    /// The format of the hub's messages.
    pub(crate) hub_protocol: &'static str,
    /// What carries them.
    pub(crate) transport: &'static str,
    /// The HTTP version that carries the transport.
    pub(crate) http_version: String,
    /// How many connections of the whole hub came by HTTP/1.1.
    pub(crate) http1: usize,
    /// How many connections of the whole hub came by HTTP/2.
    pub(crate) http2: usize,
}

#[cfg(test)]
mod tests {
    use super::ChatHubSchema;

    #[test]
    fn the_page_has_the_types_of_the_hub() {
        hubcast::typescript::assert_fresh::<ChatHubSchema>("web/src/chat-hub.ts");
    }
}
