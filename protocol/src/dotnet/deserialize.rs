//! Reading: fields match in any case and whatever their underscores.
//!
//! A struct tells serde the names of its fields, and its keys are compared with those: first exactly, then folded. A
//! key that matches none goes on as it came, so that serde ignores or refuses it as ever. Enums are `variant`'s.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, EnumAccess, Error, MapAccess, SeqAccess, Visitor};

use super::names;
use super::variant::VariantVisitor;

/// A deserializer, an access to the parts of a value, a visitor or a seed, under which names match as in .NET.
///
/// All of these are the same wrapper, since each gives out nothing but wrapped ones.
pub(super) struct Matching<T> {
    pub(super) inner: T,
    /// What a key, or the name of a variant, may be.
    known: &'static [&'static str],
}

impl<T> Matching<T> {
    /// Whatever is no key of a struct.
    pub(super) fn any(inner: T) -> Self {
        Self::one_of(&[], inner)
    }

    /// A key that should be one of `known`, or what gives out such keys.
    pub(super) fn one_of(known: &'static [&'static str], inner: T) -> Self {
        Self { inner, known }
    }
}

macro_rules! plain {
    ($($method:ident($($argument:ident: $type:ty),*);)*) => {
        $(fn $method<V: Visitor<'de>>(self, $($argument: $type,)* visitor: V) -> Result<V::Value, D::Error> {
            self.inner.$method($($argument,)* visitor)
        })*
    };
}

macro_rules! compound {
    ($($method:ident($($argument:ident: $type:ty),*);)*) => {
        $(fn $method<V: Visitor<'de>>(self, $($argument: $type,)* visitor: V) -> Result<V::Value, D::Error> {
            self.inner.$method($($argument,)* Matching::any(visitor))
        })*
    };
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Matching<D> {
    type Error = D::Error;

    plain! {
        deserialize_bool();
        deserialize_i8();
        deserialize_i16();
        deserialize_i32();
        deserialize_i64();
        deserialize_i128();
        deserialize_u8();
        deserialize_u16();
        deserialize_u32();
        deserialize_u64();
        deserialize_u128();
        deserialize_f32();
        deserialize_f64();
        deserialize_char();
        deserialize_str();
        deserialize_string();
        deserialize_bytes();
        deserialize_byte_buf();
        deserialize_unit();
        deserialize_unit_struct(name: &'static str);
        deserialize_ignored_any();
    }

    compound! {
        deserialize_any();
        deserialize_option();
        deserialize_newtype_struct(name: &'static str);
        deserialize_seq();
        deserialize_tuple(length: usize);
        deserialize_tuple_struct(name: &'static str, length: usize);
        deserialize_map();
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.inner.deserialize_struct(name, fields, Matching::one_of(fields, visitor))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.inner.deserialize_any(VariantVisitor::new(name, variants, visitor))
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        if self.known.is_empty() {
            return self.inner.deserialize_identifier(visitor);
        }
        self.inner.deserialize_identifier(NameVisitor { known: self.known, inner: visitor })
    }

    fn is_human_readable(&self) -> bool {
        self.inner.is_human_readable()
    }
}

macro_rules! visit {
    ($($method:ident($type:ty);)*) => {
        $(fn $method<E: Error>(self, value: $type) -> Result<V::Value, E> {
            self.inner.$method(value)
        })*
    };
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Matching<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.expecting(f)
    }

    visit! {
        visit_bool(bool);
        visit_i8(i8);
        visit_i16(i16);
        visit_i32(i32);
        visit_i64(i64);
        visit_i128(i128);
        visit_u8(u8);
        visit_u16(u16);
        visit_u32(u32);
        visit_u64(u64);
        visit_u128(u128);
        visit_f32(f32);
        visit_f64(f64);
        visit_char(char);
        visit_str(&str);
        visit_borrowed_str(&'de str);
        visit_string(String);
        visit_bytes(&[u8]);
        visit_borrowed_bytes(&'de [u8]);
        visit_byte_buf(Vec<u8>);
    }

    fn visit_none<E: Error>(self) -> Result<V::Value, E> {
        self.inner.visit_none()
    }

    fn visit_unit<E: Error>(self) -> Result<V::Value, E> {
        self.inner.visit_unit()
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<V::Value, D::Error> {
        self.inner.visit_some(Matching::any(deserializer))
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<V::Value, D::Error> {
        self.inner.visit_newtype_struct(Matching::any(deserializer))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, elements: A) -> Result<V::Value, A::Error> {
        self.inner.visit_seq(Matching::any(elements))
    }

    fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<V::Value, A::Error> {
        self.inner.visit_map(Matching::one_of(self.known, entries))
    }

    /// Neither encoding offers an enum unasked, and an enum that is asked for is read by [`VariantVisitor`].
    fn visit_enum<A: EnumAccess<'de>>(self, variant: A) -> Result<V::Value, A::Error> {
        self.inner.visit_enum(variant)
    }
}

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for Matching<S> {
    type Value = S::Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<S::Value, D::Error> {
        self.inner.deserialize(Matching::one_of(self.known, deserializer))
    }
}

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for Matching<A> {
    type Error = A::Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, A::Error> {
        self.inner.next_element_seed(Matching::any(seed))
    }

    fn size_hint(&self) -> Option<usize> {
        self.inner.size_hint()
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Matching<A> {
    type Error = A::Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, A::Error> {
        self.inner.next_key_seed(Matching::one_of(self.known, seed))
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        self.inner.next_value_seed(Matching::any(seed))
    }

    fn size_hint(&self) -> Option<usize> {
        self.inner.size_hint()
    }
}

/// A visitor of names that is told the known spelling.
struct NameVisitor<V> {
    known: &'static [&'static str],
    inner: V,
}

impl<V> NameVisitor<V> {
    /// The known name that `sent` means, if it is spelled otherwise.
    fn respelled(&self, sent: &str) -> Option<&'static str> {
        if self.known.contains(&sent) {
            return None;
        }
        self.known.iter().copied().find(|known| names::same(known, sent))
    }
}

impl<'de, V: Visitor<'de>> Visitor<'de> for NameVisitor<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.expecting(f)
    }

    visit! {
        visit_u64(u64);
        visit_i64(i64);
        visit_bytes(&[u8]);
        visit_borrowed_bytes(&'de [u8]);
        visit_byte_buf(Vec<u8>);
    }

    fn visit_str<E: Error>(self, sent: &str) -> Result<V::Value, E> {
        match self.respelled(sent) {
            Some(known) => self.inner.visit_borrowed_str(known),
            None => self.inner.visit_str(sent),
        }
    }

    fn visit_borrowed_str<E: Error>(self, sent: &'de str) -> Result<V::Value, E> {
        let name = self.respelled(sent).unwrap_or(sent);
        self.inner.visit_borrowed_str(name)
    }

    fn visit_string<E: Error>(self, sent: String) -> Result<V::Value, E> {
        match self.respelled(&sent) {
            Some(known) => self.inner.visit_borrowed_str(known),
            None => self.inner.visit_string(sent),
        }
    }
}
