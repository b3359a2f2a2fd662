//! Names of fields as .NET spells them, and whether two spellings mean the same field.
//!
//! serde takes field names only as `&'static str`, so a converted name is leaked, once: a program has no more of them
//! than its types have fields, and [`CAPACITY`] holds code to that which makes names up. Each thread finds the names it
//! used last without the lock: a struct of four fields is written in a third of the time so (JSON 60 ns).

use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::{PoisonError, RwLock};

use crate::HubProtocol;

/// The name of a field in `protocol`; `None` when there are [`CAPACITY`] others.
///
/// A member of a .NET class is PascalCase: that is its name in MessagePack. JSON has what `JsonNamingPolicy.CamelCase`
/// makes of it.
pub(super) fn of_field(name: &'static str, protocol: HubProtocol) -> Option<&'static str> {
    RECENT.with(|recent| {
        let slot = &recent[slot_of(name, protocol)];
        match slot.get() {
            Some(recent) if recent.is(name, protocol) => Some(recent.converted),
            Some(_) | None => {
                let converted = interned(name, protocol)?;
                slot.set(Some(Recent { name, protocol, converted }));
                Some(converted)
            }
        }
    })
}

/// Whether two spellings differ in nothing but case and underscores.
pub(super) fn same(one: &str, other: &str) -> bool {
    if one.is_ascii() && other.is_ascii() {
        return folded_ascii(one).eq(folded_ascii(other));
    }
    folded(one).eq(folded(other))
}

/// [`folded`] for nearly all names, in a third of the time.
fn folded_ascii(name: &str) -> impl Iterator<Item = u8> + '_ {
    name.bytes().filter(|byte| *byte != b'_').map(|byte| byte.to_ascii_lowercase())
}

fn folded(name: &str) -> impl Iterator<Item = char> + '_ {
    name.chars().filter(|c| *c != '_').flat_map(char::to_lowercase)
}

/// How many names of all types in a process are converted; a name is some 20 bytes.
pub(super) const CAPACITY: usize = 65_536;

static INTERNED: RwLock<BTreeMap<(&str, bool), &str>> = RwLock::new(BTreeMap::new());

fn interned(name: &'static str, protocol: HubProtocol) -> Option<&'static str> {
    let key = (name, protocol == HubProtocol::Json);
    // The map is whole between any two of its own calls, so a panic elsewhere does not matter to it.
    if let Some(converted) = INTERNED.read().unwrap_or_else(PoisonError::into_inner).get(&key) {
        return Some(converted);
    }
    let converted = match protocol {
        HubProtocol::Json => camel_case(&pascal_case(name)),
        HubProtocol::MessagePack => pascal_case(name),
    };
    if converted == name {
        return Some(name);
    }
    let mut interned = INTERNED.write().unwrap_or_else(PoisonError::into_inner);
    if interned.len() >= CAPACITY {
        return None;
    }
    Some(interned.entry(key).or_insert_with(|| converted.leak()))
}

/// A conversion that this thread asked for. The address tells the name: what is `'static` never changes.
#[derive(Clone, Copy)]
struct Recent {
    name: &'static str,
    protocol: HubProtocol,
    converted: &'static str,
}

impl Recent {
    fn is(self, name: &str, protocol: HubProtocol) -> bool {
        std::ptr::eq(self.name, name) && self.protocol == protocol
    }
}

const SLOT_BITS: u32 = 8;

thread_local! {
    static RECENT: [Cell<Option<Recent>>; 1 << SLOT_BITS] = const { [const { Cell::new(None) }; 1 << SLOT_BITS] };
}

fn slot_of(name: &str, protocol: HubProtocol) -> usize {
    /// 2^64 divided by the golden ratio: neighbouring addresses get slots far apart.
    const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;
    let address = name.as_ptr().addr() as u64 ^ ((protocol == HubProtocol::Json) as u64) << 63;
    (address.wrapping_mul(SPREAD) >> (u64::BITS - SLOT_BITS)) as usize
}

/// `user_name` and `userName` as `UserName`. A name of underscores alone stays what it is.
fn pascal_case(name: &str) -> String {
    let mut pascal = String::with_capacity(name.len());
    let mut starts_word = true;
    for c in name.chars() {
        match c {
            '_' => starts_word = true,
            _ if starts_word => {
                pascal.push(single(c, c.to_uppercase()));
                starts_word = false;
            }
            _ => pascal.push(c),
        }
    }
    if pascal.is_empty() { name.to_owned() } else { pascal }
}

/// `UserName` as `userName`, `URLValue` as `urlValue`, `ID` as `id`: leading capitals become small ones up to the last
/// before a small letter, which begins a word.
fn camel_case(name: &str) -> String {
    let capitals = name.chars().take_while(|c| c.is_uppercase()).count();
    let all_capitals = name.chars().nth(capitals).is_none_or(|next| next == ' ');
    let lowered = if all_capitals { capitals } else { capitals.saturating_sub(1).max(capitals.min(1)) };
    let lower =
        |(position, c): (usize, char)| if position < lowered { single(c, c.to_lowercase()) } else { c };
    name.chars().enumerate().map(lower).collect()
}

/// A letter in its other case, if that is one letter, as .NET's invariant culture has it.
fn single(letter: char, mut other_case: impl Iterator<Item = char>) -> char {
    match (other_case.next(), other_case.next()) {
        (Some(other), None) => other,
        (Some(_) | None, _) => letter,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_names_are_those_of_the_camel_case_policy() {
        for (name, camel) in [
            ("user_name", "userName"),
            ("userName", "userName"),
            ("UserName", "userName"),
            ("URLValue", "urlValue"),
            ("url_value", "urlValue"),
            ("URL", "url"),
            ("ID", "id"),
            ("UserID", "userID"),
            ("IPhone", "iPhone"),
            ("AB1", "aB1"),
            ("A1", "a1"),
            ("IO stream", "io stream"),
            ("a_b", "ab"),
            ("x", "x"),
            ("type_", "type"),
            ("line_2", "line2"),
            ("$type", "$type"),
            ("user-name", "user-name"),
            ("élan_vital", "élanVital"),
            ("__", "__"),
            ("", ""),
        ] {
            assert_eq!(of_field(name, HubProtocol::Json), Some(camel), "{name}");
        }
    }

    #[test]
    fn messagepack_names_are_those_of_members() {
        for (name, pascal) in [
            ("user_name", "UserName"),
            ("userName", "UserName"),
            ("UserName", "UserName"),
            ("URLValue", "URLValue"),
            ("x", "X"),
            ("_id", "Id"),
            ("line_2_x", "Line2X"),
            ("$type", "$type"),
            ("élan_vital", "ÉlanVital"),
            ("ßtraße", "ßtraße"),
            ("__", "__"),
        ] {
            assert_eq!(of_field(name, HubProtocol::MessagePack), Some(pascal), "{name}");
        }
    }

    #[test]
    fn a_name_is_converted_once() {
        let first = of_field("converted_once", HubProtocol::Json).expect("there is room");
        let name: &'static str = "converted_once ".trim_end();
        let again = of_field(name, HubProtocol::Json).expect("there is room");
        assert!(std::ptr::eq(first, again));
    }

    #[test]
    fn case_and_underscores_do_not_count() {
        assert!(same("user_name", "UserName"));
        assert!(same("USER_NAME", "userName"));
        assert!(same("Élan", "éLAN"));
        assert!(!same("user_name", "user_names"));
        assert!(!same("user_name", "user-name"));
    }
}
