//! A value into JSON: serde_json does it, but for a value that is one text.
//!
//! serde_json looks at each byte of a text by itself. That a text needs no escapes is seen in blocks, and then it is
//! copied whole: nearly all results and stream items that are texts. Texts inside of other values are serde_json's.

use std::fmt;

use serde::ser::{Serialize, Serializer};
use serde_json::{Error, Result};

use super::encode;

type Json<'out> = serde_json::Serializer<&'out mut Vec<u8>>;

/// Appends one value.
pub(super) fn to_json<T: Serialize + ?Sized>(out: &mut Vec<u8>, value: &T) -> Result<()> {
    value.serialize(ValueSerializer { out, json: &mut None })
}

struct ValueSerializer<'a, 'out> {
    out: &'out mut Vec<u8>,
    /// The place for the serializer of all that is no text.
    json: &'a mut Option<Json<'out>>,
}

impl<'a, 'out> ValueSerializer<'a, 'out> {
    fn json(self) -> &'a mut Json<'out> {
        self.json.insert(serde_json::Serializer::new(self.out))
    }
}

macro_rules! by_serde_json {
    ($($method:ident($($argument:ident: $type:ty),*) -> $made:ident;)*) => {
        $(fn $method(self, $($argument: $type),*) -> Result<Self::$made> {
            self.json().$method($($argument),*)
        })*
    };
}

impl<'a, 'out> Serializer for ValueSerializer<'a, 'out> {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = <&'a mut Json<'out> as Serializer>::SerializeSeq;
    type SerializeTuple = <&'a mut Json<'out> as Serializer>::SerializeTuple;
    type SerializeTupleStruct = <&'a mut Json<'out> as Serializer>::SerializeTupleStruct;
    type SerializeTupleVariant = <&'a mut Json<'out> as Serializer>::SerializeTupleVariant;
    type SerializeMap = <&'a mut Json<'out> as Serializer>::SerializeMap;
    type SerializeStruct = <&'a mut Json<'out> as Serializer>::SerializeStruct;
    type SerializeStructVariant = <&'a mut Json<'out> as Serializer>::SerializeStructVariant;

    fn serialize_str(self, text: &str) -> Result<()> {
        encode::text(self.out, text);
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<()> {
        value.serialize(self)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _name: &'static str, value: &T) -> Result<()> {
        value.serialize(self)
    }

    by_serde_json! {
        serialize_bool(value: bool) -> Ok;
        serialize_i8(value: i8) -> Ok;
        serialize_i16(value: i16) -> Ok;
        serialize_i32(value: i32) -> Ok;
        serialize_i64(value: i64) -> Ok;
        serialize_i128(value: i128) -> Ok;
        serialize_u8(value: u8) -> Ok;
        serialize_u16(value: u16) -> Ok;
        serialize_u32(value: u32) -> Ok;
        serialize_u64(value: u64) -> Ok;
        serialize_u128(value: u128) -> Ok;
        serialize_f32(value: f32) -> Ok;
        serialize_f64(value: f64) -> Ok;
        serialize_char(value: char) -> Ok;
        serialize_bytes(value: &[u8]) -> Ok;
        serialize_none() -> Ok;
        serialize_unit() -> Ok;
        serialize_unit_struct(name: &'static str) -> Ok;
        serialize_unit_variant(name: &'static str, index: u32, variant: &'static str) -> Ok;
        serialize_seq(length: Option<usize>) -> SerializeSeq;
        serialize_tuple(length: usize) -> SerializeTuple;
        serialize_tuple_struct(name: &'static str, length: usize) -> SerializeTupleStruct;
        serialize_tuple_variant(name: &'static str, index: u32, variant: &'static str, length: usize)
            -> SerializeTupleVariant;
        serialize_map(length: Option<usize>) -> SerializeMap;
        serialize_struct(name: &'static str, length: usize) -> SerializeStruct;
        serialize_struct_variant(name: &'static str, index: u32, variant: &'static str, length: usize)
            -> SerializeStructVariant;
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<()> {
        self.json().serialize_newtype_variant(name, index, variant, value)
    }

    fn collect_str<T: fmt::Display + ?Sized>(self, value: &T) -> Result<()> {
        self.json().collect_str(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_written_as_serde_json_writes_them() {
        let texts =
            ["", "plain", "\"", "a\\b", "line\nend", "\u{7f}\u{80}\u{2028}😀", "\0", &"long ".repeat(50)];
        for text in texts {
            assert_eq!(written(text), serde_json::to_string(text).expect("a text"));
            assert_eq!(written(&Some(text)), serde_json::to_string(text).expect("a text"));
        }
        assert_eq!(written(&None::<&str>), "null");
        assert_eq!(written(&("a", Some(1), [0.5])), r#"["a",1,[0.5]]"#);
    }

    fn written<T: Serialize + ?Sized>(value: &T) -> String {
        let mut out = Vec::new();
        to_json(&mut out, value).expect("it can be written");
        String::from_utf8(out).expect("JSON is UTF-8")
    }
}
