//! The hub at work: the rooms behind a lock, a group of the hub for each room.
//!
//! Rule: the lock is held for one call of `Rooms` and never over an await. So what two connections do at once may
//! reach the others in either order; the numbers in messages and lists of people put it right.

use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use hubcast::{Context, DisconnectReason, HubError, HubHandle, HubService};

use crate::chat_hub::{ChatClient, ChatHub, Person, RoomSummary, RoomView, Status};
use crate::limits;
use crate::rooms::{Rooms, no_room};

/// The chat.
pub(crate) struct Chat {
    rooms: Mutex<Rooms>,
    /// The hub that serves this object: it counts the connections. Set before the first one comes.
    hub: Arc<OnceLock<HubHandle<dyn ChatClient>>>,
}

impl Chat {
    /// A chat without rooms, ready to be served.
    pub(crate) fn service() -> HubService<dyn ChatClient> {
        let hub = Arc::new(OnceLock::new());
        let chat = Self { rooms: Mutex::default(), hub: Arc::clone(&hub) };
        let service = HubService::new(chat.into_hub());
        hub.get_or_init(|| service.handle());
        service
    }

    /// A panic while the lock was held has left the rooms usable: each change of them is complete by itself.
    fn state(&self) -> MutexGuard<'_, Rooms> {
        self.rooms.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells those in a room, but not the caller, who is in it.
    async fn tell_people(&self, cx: &Context<dyn ChatClient>, room: &str) -> Result<(), HubError> {
        let people = self.state().people(room);
        if let Some(people) = people {
            cx.others_in_group(room).people(room.to_owned(), people).await?;
        }
        Ok(())
    }
}

impl ChatHub for Chat {
    async fn join(
        &self,
        cx: &Context<dyn ChatClient>,
        name: String,
        room: String,
    ) -> Result<RoomView, HubError> {
        let (name, room) = (limits::name(&name)?, limits::room_name(&room)?);
        let person = Person { id: cx.connection_id(), name };
        let left = self.state().enter(person, &room)?;
        if let Some(left) = left {
            cx.leave(&left).await;
            self.tell_people(cx, &left).await?;
        }
        // The view is taken when the group is joined: what is said in between comes twice, but never gets lost.
        cx.join(&room).await?;
        self.tell_people(cx, &room).await?;
        self.state().view(&room).ok_or_else(no_room)
    }

    async fn say(&self, cx: &Context<dyn ChatClient>, text: String) -> Result<(), HubError> {
        let text = limits::text(&text)?;
        let said = self.state().say(cx.connection_id(), text, milliseconds_since_1970());
        let (room, message) = said?;
        cx.clients().group(room.as_str()).receive(room.clone(), message).await?;
        Ok(())
    }

    async fn typing(&self, cx: &Context<dyn ChatClient>, is_typing: bool) -> Result<(), HubError> {
        let (room, person) = self.state().person(cx.connection_id()).ok_or_else(no_room)?;
        cx.others_in_group(&room).typing(room.clone(), person, is_typing).await?;
        Ok(())
    }

    async fn rooms(&self) -> Vec<RoomSummary> {
        self.state().list()
    }

    async fn status(&self, cx: &Context<dyn ChatClient>) -> Status {
        let counts =
            self.hub.get().expect("`service` sets it before anybody can connect").connection_counts();
        Status {
            hub_protocol: cx.protocol().name(),
            transport: cx.transport().name(),
            http_version: http_version(cx),
            http1: counts.http1,
            http2: counts.http2,
        }
    }

    async fn disconnected(
        &self,
        cx: &Context<dyn ChatClient>,
        _reason: DisconnectReason,
    ) -> Result<(), HubError> {
        let left = self.state().leave(cx.connection_id());
        if let Some(left) = left {
            self.tell_people(cx, &left).await?;
        }
        Ok(())
    }
}

/// `HTTP/1.1` or `HTTP/2`, which has no minor version (RFC 9113).
fn http_version(cx: &Context<dyn ChatClient>) -> String {
    format!("{:?}", cx.http_version()).trim_end_matches(".0").to_owned()
}

fn milliseconds_since_1970() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}
