//! One room: who is in it, and what was said last.
//!
//! Messages are numbered from 1 and the list of people by revisions, because both may overtake each other on their way.

use std::collections::VecDeque;

use hubcast::{ConnectionId, HubError};

use crate::chat_hub::{Message, People, Person};
use crate::limits;

/// A room; its name is what `Rooms` finds it by.
#[derive(Default)]
pub(crate) struct Room {
    people: Vec<Person>,
    revision: u64,
    history: VecDeque<Message>,
    messages: u64,
}

impl Room {
    /// Lets somebody in, or gives them another name if they are in.
    pub(crate) fn enter(&mut self, person: Person) -> Result<(), HubError> {
        if let Some(known) = self.people.iter_mut().find(|known| known.id == person.id) {
            *known = person;
        } else if self.people.len() < limits::PEOPLE_IN_A_ROOM {
            self.people.push(person);
        } else {
            let limit = limits::PEOPLE_IN_A_ROOM;
            return Err(HubError::new(format!(
                "The room is full: {limit} people are in it. Choose another one."
            )));
        }
        self.revision += 1;
        Ok(())
    }

    /// Takes somebody out.
    pub(crate) fn leave(&mut self, id: ConnectionId) {
        self.people.retain(|person| person.id != id);
        self.revision += 1;
    }

    /// Adds a message of a person who is in the room; `None` if they are not.
    pub(crate) fn say(&mut self, id: ConnectionId, text: String, sent_at: u64) -> Option<Message> {
        let from = self.person(id)?.name.clone();
        self.messages += 1;
        let message = Message { number: self.messages, from, text, sent_at };
        if self.history.len() == limits::HISTORY {
            self.history.pop_front();
        }
        self.history.push_back(message.clone());
        Some(message)
    }

    pub(crate) fn person(&self, id: ConnectionId) -> Option<&Person> {
        self.people.iter().find(|person| person.id == id)
    }

    pub(crate) fn people(&self) -> People {
        People { revision: self.revision, list: self.people.clone() }
    }

    pub(crate) fn count(&self) -> usize {
        self.people.len()
    }

    /// The last messages, oldest first.
    pub(crate) fn history(&self) -> Vec<Message> {
        self.history.iter().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_history_keeps_the_last_100_messages() {
        let mut room = Room::default();
        room.enter(person(1)).expect("the room is empty");
        for number in 1..=limits::HISTORY as u64 + 1 {
            let message = room.say(person(1).id, format!("message {number}"), 0);
            assert_eq!(message.map(|message| message.number), Some(number));
        }
        let history = room.history();
        assert_eq!(history.len(), limits::HISTORY);
        assert_eq!(history[0].text, "message 2");
        assert_eq!(history[99].text, "message 101");
    }

    #[test]
    fn who_comes_when_50_are_in_is_refused() {
        let mut room = Room::default();
        for number in 0..50 {
            room.enter(person(number)).expect("there is room for 50");
        }
        let refusal = room.enter(person(50)).expect_err("the room is full");
        let expected = "The room is full: 50 people are in it. Choose another one.";
        assert_eq!(refusal.message(), Some(expected));
        assert_eq!(room.count(), 50);
        room.enter(person(0)).expect("who is in may come again");
    }

    #[test]
    fn another_name_takes_the_place_of_the_first() {
        let mut room = Room::default();
        room.enter(person(1)).expect("the room is empty");
        room.enter(person(2)).expect("there is room for 50");
        let renamed = Person { name: "Ada".to_owned(), ..person(1) };
        room.enter(renamed.clone()).expect("who is in may come again");
        let expected = People { revision: 3, list: vec![renamed, person(2)] };
        assert_eq!(room.people(), expected);
    }

    #[test]
    fn who_is_not_in_the_room_says_nothing() {
        let mut room = Room::default();
        assert_eq!(room.say(person(1).id, "hello".to_owned(), 0), None);
        assert_eq!(room.history(), []);
    }

    fn person(number: u8) -> Person {
        Person { id: ConnectionId::from_random([number; 16]), name: format!("person {number}") }
    }
}
