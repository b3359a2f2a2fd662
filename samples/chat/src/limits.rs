//! How much of everything there may be, and the checks of what people type.
//!
//! Lengths count characters, not bytes. With all limits reached, the histories take some 80 MB.

use hubcast::HubError;

/// Characters of a message. A longer one is refused.
pub(crate) const TEXT_LENGTH: usize = 2_000;
/// Characters of a person's name. A longer one is refused.
pub(crate) const NAME_LENGTH: usize = 30;
/// Characters of a room's name. A longer one is refused.
pub(crate) const ROOM_NAME_LENGTH: usize = 30;
/// Rooms at once. One more replaces the room that has been empty longest; it is refused if none is empty.
pub(crate) const ROOMS: usize = 100;
/// People in a room. One more is refused.
pub(crate) const PEOPLE_IN_A_ROOM: usize = 50;
/// Messages that a room remembers. One more replaces the oldest.
pub(crate) const HISTORY: usize = 100;

/// A message as it may be said.
pub(crate) fn text(typed: &str) -> Result<String, HubError> {
    let text = typed.trim();
    if text.is_empty() {
        return Err(HubError::new("Write something first."));
    }
    at_most(TEXT_LENGTH, text, "message")?;
    Ok(text.to_owned())
}

/// A person's name as it may be shown.
pub(crate) fn name(typed: &str) -> Result<String, HubError> {
    let name = on_one_line(typed);
    if name.is_empty() {
        return Err(HubError::new("Choose a name first."));
    }
    at_most(NAME_LENGTH, &name, "name")?;
    Ok(name)
}

/// A room's name: in small letters, so that a phone that begins words with a capital finds the same room.
pub(crate) fn room_name(typed: &str) -> Result<String, HubError> {
    let name = on_one_line(&typed.to_lowercase());
    if name.is_empty() {
        return Err(HubError::new("Choose a room first."));
    }
    at_most(ROOM_NAME_LENGTH, &name, "name of the room")?;
    Ok(name)
}

fn on_one_line(typed: &str) -> String {
    let words = typed.split(|c: char| c.is_whitespace() || c.is_control());
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

fn at_most(limit: usize, text: &str, what: &str) -> Result<(), HubError> {
    let length = text.chars().count();
    if length <= limit {
        return Ok(());
    }
    let (length, limit) = (grouped(length), grouped(limit));
    Err(HubError::new(format!("The {what} has {length} characters; at most {limit} are allowed.")))
}

/// A number with a comma between thousands.
fn grouped(number: usize) -> String {
    if number < 1_000 {
        return number.to_string();
    }
    format!("{},{:03}", grouped(number / 1_000), number % 1_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_may_have_2000_characters_and_no_more() {
        let longest = "ü".repeat(TEXT_LENGTH);
        assert_eq!(accepted(text(&longest)), longest);
        let refusal = "The message has 2,001 characters; at most 2,000 are allowed.";
        assert_eq!(refused(text(&(longest + "u"))), refusal);
    }

    #[test]
    fn a_text_keeps_its_lines_and_loses_the_space_around_them() {
        assert_eq!(accepted(text(" \n one\n\n  two \n")), "one\n\n  two");
    }

    #[test]
    fn what_is_empty_is_refused() {
        assert_eq!(refused(text(" \n")), "Write something first.");
        assert_eq!(refused(name("\t")), "Choose a name first.");
        assert_eq!(refused(room_name("\u{0}")), "Choose a room first.");
    }

    #[test]
    fn names_are_on_one_line_and_limited() {
        assert_eq!(accepted(name(" Ada \r\n King\u{7}")), "Ada King");
        let refusal = "The name has 31 characters; at most 30 are allowed.";
        assert_eq!(refused(name(&"a".repeat(NAME_LENGTH + 1))), refusal);
        let refusal = "The name of the room has 31 characters; at most 30 are allowed.";
        assert_eq!(refused(room_name(&"a".repeat(ROOM_NAME_LENGTH + 1))), refusal);
    }

    #[test]
    fn a_room_is_the_same_in_capitals() {
        assert_eq!(accepted(room_name("Lobby")), "lobby");
    }

    fn accepted(outcome: Result<String, HubError>) -> String {
        outcome.expect("this is within the limits")
    }

    fn refused(outcome: Result<String, HubError>) -> String {
        let refusal = outcome.expect_err("this is outside the limits");
        refusal.message().expect("the caller may know why").to_owned()
    }
}
