//! A number that stands for all names and types of a contract.

use std::fmt;

/// Stands for the names and types of a hub's contract: two sides with the same hash speak of the same methods.
///
/// It does not depend on documentation, on the names of parameters, or on the order of methods and types. It notices
/// mistakes, not malice: FNV-1a with 64 bits, written as 16 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct SchemaHash(u64);

impl SchemaHash {
    /// The hash of a text.
    pub fn of(text: &str) -> Self {
        let mix = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        Self(text.as_bytes().iter().fold(0xcbf2_9ce4_8422_2325, mix))
    }

    /// Reads 16 hexadecimal digits.
    pub fn parse(digits: &str) -> Option<Self> {
        let is_hash = digits.len() == 16 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        if is_hash { u64::from_str_radix(digits, 16).ok().map(Self) } else { None }
    }
}

impl fmt::Display for SchemaHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_fnv_1a() {
        assert_eq!(SchemaHash::of("").to_string(), "cbf29ce484222325");
        assert_eq!(SchemaHash::of("a").to_string(), "af63dc4c8601ec8c");
        assert_eq!(SchemaHash::of("foobar").to_string(), "85944171f73967e8");
    }

    #[test]
    fn what_is_written_is_read_and_nothing_else() {
        for hash in [SchemaHash::of("foobar"), SchemaHash(0), SchemaHash(u64::MAX)] {
            assert_eq!(SchemaHash::parse(&hash.to_string()), Some(hash));
        }
        for text in [
            "",
            "1",
            "+5944171f73967e8",
            "85944171f73967e",
            "85944171f73967e80",
            "85944171f73967eg",
            "8594417ü73967e8",
        ] {
            assert_eq!(SchemaHash::parse(text), None, "{text}");
        }
    }
}
