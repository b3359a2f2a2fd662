//! All rooms, and which of them each connection is in.
//!
//! Invariant: a connection is in one room at most, and the seats say the same as the rooms.
//! A room that everybody has left stays with its history until its place is needed.

use std::collections::HashMap;

use hubcast::{ConnectionId, HubError};

use crate::chat_hub::{Message, People, Person, RoomSummary, RoomView};
use crate::limits;
use crate::room::Room;

/// The state of the chat.
#[derive(Default)]
pub(crate) struct Rooms {
    rooms: HashMap<String, Place>,
    seats: HashMap<ConnectionId, String>,
    departures: u64,
}

/// A room among the others.
#[derive(Default)]
struct Place {
    room: Room,
    /// How many had left any room when the last one left this one: the lowest has been empty longest.
    left_at: u64,
}

impl Rooms {
    /// Moves somebody into a room and gives the name of another room that they were in.
    ///
    /// If they cannot enter, they stay where they are.
    pub(crate) fn enter(&mut self, person: Person, room: &str) -> Result<Option<String>, HubError> {
        let id = person.id;
        if !self.rooms.contains_key(room) {
            self.make_place()?;
        }
        let place = self.rooms.entry(room.to_owned()).or_default();
        place.room.enter(person)?;
        if self.seats.get(&id).is_some_and(|seat| seat == room) {
            return Ok(None);
        }
        let left = self.leave(id);
        self.seats.insert(id, room.to_owned());
        Ok(left)
    }

    /// Takes somebody out of their room and gives its name.
    pub(crate) fn leave(&mut self, id: ConnectionId) -> Option<String> {
        let name = self.seats.remove(&id)?;
        if let Some(place) = self.rooms.get_mut(&name) {
            place.room.leave(id);
            self.departures += 1;
            place.left_at = self.departures;
        }
        Some(name)
    }

    /// Adds a message to the room of who says it, and gives the room's name with it.
    pub(crate) fn say(
        &mut self,
        id: ConnectionId,
        text: String,
        sent_at: u64,
    ) -> Result<(String, Message), HubError> {
        let name = self.seats.get(&id).ok_or_else(no_room)?;
        let place = self.rooms.get_mut(name).ok_or_else(no_room)?;
        let message = place.room.say(id, text, sent_at).ok_or_else(no_room)?;
        Ok((name.clone(), message))
    }

    /// Somebody who is in a room, and its name.
    pub(crate) fn person(&self, id: ConnectionId) -> Option<(String, Person)> {
        let name = self.seats.get(&id)?;
        let person = self.rooms.get(name)?.room.person(id)?;
        Some((name.clone(), person.clone()))
    }

    /// Who is in a room; `None` if there is no such room.
    pub(crate) fn people(&self, room: &str) -> Option<People> {
        Some(self.rooms.get(room)?.room.people())
    }

    /// All that one sees on entering a room.
    pub(crate) fn view(&self, name: &str) -> Option<RoomView> {
        let room = &self.rooms.get(name)?.room;
        Some(RoomView { name: name.to_owned(), people: room.people(), history: room.history() })
    }

    /// The rooms by name.
    pub(crate) fn list(&self) -> Vec<RoomSummary> {
        let rooms = self
            .rooms
            .iter()
            .map(|(name, place)| RoomSummary { name: name.clone(), people: place.room.count() });
        let mut list = rooms.collect::<Vec<_>>();
        list.sort_by(|a, b| a.name.cmp(&b.name));
        list
    }

    fn make_place(&mut self) -> Result<(), HubError> {
        if self.rooms.len() < limits::ROOMS {
            return Ok(());
        }
        let empty = self.rooms.iter().filter(|(_, place)| place.room.count() == 0);
        let Some((name, _)) = empty.min_by_key(|(_, place)| place.left_at) else {
            let limit = limits::ROOMS;
            return Err(HubError::new(format!(
                "There are {limit} rooms and all are in use. Choose one of them."
            )));
        };
        let name = name.clone();
        self.rooms.remove(&name);
        Ok(())
    }
}

/// What somebody is told who speaks before they have entered a room.
pub(crate) fn no_room() -> HubError {
    HubError::new("Enter a room first.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_enters_another_room_leaves_the_first() {
        let mut rooms = Rooms::default();
        assert_eq!(entered(&mut rooms, 1, "lobby"), None);
        assert_eq!(entered(&mut rooms, 1, "lobby"), None);
        assert_eq!(entered(&mut rooms, 1, "garden"), Some("lobby".to_owned()));
        assert_eq!(rooms.list(), [summary("garden", 1), summary("lobby", 0)]);
        assert_eq!(rooms.leave(person(1).id), Some("garden".to_owned()));
        assert_eq!(rooms.leave(person(1).id), None);
    }

    #[test]
    fn a_message_is_in_the_room_of_who_said_it_when_others_come_later() {
        let mut rooms = Rooms::default();
        entered(&mut rooms, 1, "lobby");
        let said = rooms.say(person(1).id, "hello".to_owned(), 7);
        let message =
            Message { number: 1, from: "person 1".to_owned(), text: "hello".to_owned(), sent_at: 7 };
        assert_eq!(said.expect("person 1 is in a room"), ("lobby".to_owned(), message.clone()));
        rooms.leave(person(1).id);
        entered(&mut rooms, 2, "lobby");
        let expected = RoomView {
            name: "lobby".to_owned(),
            people: People { revision: 3, list: vec![person(2)] },
            history: vec![message],
        };
        assert_eq!(rooms.view("lobby"), Some(expected));
    }

    #[test]
    fn who_is_in_no_room_is_told_to_enter_one() {
        let mut rooms = Rooms::default();
        let refusal = rooms.say(person(1).id, "hello".to_owned(), 0).expect_err("person 1 is in no room");
        assert_eq!(refusal.message(), Some("Enter a room first."));
    }

    #[test]
    fn the_room_that_is_empty_longest_gives_way_to_a_101st() {
        let mut rooms = Rooms::default();
        for number in 0..100 {
            entered(&mut rooms, number, &format!("room {number}"));
        }
        rooms.leave(person(7).id);
        rooms.leave(person(3).id);
        entered(&mut rooms, 100, "one more");
        assert_eq!(rooms.list().len(), 100);
        assert_eq!(rooms.view("room 7"), None);
        assert_eq!(rooms.people("room 3").map(|people| people.list), Some(vec![]));
    }

    #[test]
    fn a_101st_room_is_refused_when_all_are_in_use() {
        let mut rooms = Rooms::default();
        for number in 0..100 {
            entered(&mut rooms, number, &format!("room {number}"));
        }
        let refusal = rooms.enter(person(0), "one more").expect_err("no room is empty");
        let expected = "There are 100 rooms and all are in use. Choose one of them.";
        assert_eq!(refusal.message(), Some(expected));
        assert_eq!(rooms.person(person(0).id), Some(("room 0".to_owned(), person(0))));
    }

    fn entered(rooms: &mut Rooms, number: u8, room: &str) -> Option<String> {
        rooms.enter(person(number), room).expect("there is a place in the room")
    }

    fn person(number: u8) -> Person {
        Person { id: ConnectionId::from_random([number; 16]), name: format!("person {number}") }
    }

    fn summary(name: &str, people: usize) -> RoomSummary {
        RoomSummary { name: name.to_owned(), people }
    }
}
