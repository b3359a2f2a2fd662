//! Reading the variants of enums, by number and by name in any case.
//!
//! Deserializers know enums in their own spelling only, so the adapter asks for anything and tells the forms apart: a
//! number or a text is a unit variant, a map of one entry a variant with content.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error, IgnoredAny, IntoDeserializer, MapAccess, Unexpected,
    VariantAccess, Visitor,
};

use super::deserialize::Matching;

/// Makes what the deserializer finds into a variant for `inner`.
pub(super) struct VariantVisitor<V> {
    name: &'static str,
    variants: &'static [&'static str],
    inner: V,
}

impl<V> VariantVisitor<V> {
    pub(super) fn new(name: &'static str, variants: &'static [&'static str], inner: V) -> Self {
        Self { name, variants, inner }
    }
}

impl<'de, V: Visitor<'de>> Visitor<'de> for VariantVisitor<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a variant of {}", self.name)
    }

    fn visit_u64<E: Error>(self, index: u64) -> Result<V::Value, E> {
        self.inner.visit_enum(Alone { variants: self.variants, sent: index, error: PhantomData })
    }

    fn visit_i64<E: Error>(self, index: i64) -> Result<V::Value, E> {
        match u64::try_from(index) {
            Ok(index) => self.visit_u64(index),
            Err(_) => Err(E::invalid_value(Unexpected::Signed(index), &"the index of a variant")),
        }
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<V::Value, E> {
        self.inner.visit_enum(Alone { variants: self.variants, sent: name, error: PhantomData })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<V::Value, A::Error> {
        let value = self.inner.visit_enum(Entry { variants: self.variants, entries: &mut entries })?;
        match entries.next_key::<IgnoredAny>()? {
            None => Ok(value),
            Some(_) => Err(A::Error::invalid_value(Unexpected::Map, &"a map with the one variant")),
        }
    }
}

/// A number or a name without content.
struct Alone<N, E> {
    variants: &'static [&'static str],
    sent: N,
    error: PhantomData<E>,
}

impl<'de, N: IntoDeserializer<'de, E>, E: Error> EnumAccess<'de> for Alone<N, E> {
    type Error = E;
    type Variant = NoContent<E>;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, NoContent<E>), E> {
        let variant = Matching::one_of(self.variants, seed).deserialize(self.sent.into_deserializer())?;
        Ok((variant, NoContent(PhantomData)))
    }
}

struct NoContent<E>(PhantomData<E>);

impl<'de, E: Error> VariantAccess<'de> for NoContent<E> {
    type Error = E;

    fn unit_variant(self) -> Result<(), E> {
        Ok(())
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, _seed: S) -> Result<S::Value, E> {
        Err(E::invalid_type(Unexpected::UnitVariant, &"a variant with a value"))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _length: usize, _visitor: V) -> Result<V::Value, E> {
        Err(E::invalid_type(Unexpected::UnitVariant, &"a variant with values"))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _fields: &'static [&'static str],
        _visitor: V,
    ) -> Result<V::Value, E> {
        Err(E::invalid_type(Unexpected::UnitVariant, &"a variant with fields"))
    }
}

/// The one entry of a map: the variant and its content.
struct Entry<'m, A> {
    variants: &'static [&'static str],
    entries: &'m mut A,
}

impl<'de, A: MapAccess<'de>> EnumAccess<'de> for Entry<'_, A> {
    type Error = A::Error;
    type Variant = Self;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Self), A::Error> {
        match self.entries.next_key_seed(Matching::one_of(self.variants, seed))? {
            Some(variant) => Ok((variant, self)),
            None => Err(A::Error::invalid_value(Unexpected::Map, &"a map with the one variant")),
        }
    }
}

impl<'de, A: MapAccess<'de>> VariantAccess<'de> for Entry<'_, A> {
    type Error = A::Error;

    fn unit_variant(self) -> Result<(), A::Error> {
        self.entries.next_value()
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, A::Error> {
        self.entries.next_value_seed(Matching::any(seed))
    }

    fn tuple_variant<V: Visitor<'de>>(self, length: usize, visitor: V) -> Result<V::Value, A::Error> {
        self.entries.next_value_seed(Values { length, visitor })
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, A::Error> {
        self.entries.next_value_seed(Fields { fields, visitor })
    }
}

/// The content of a tuple variant.
struct Values<V> {
    length: usize,
    visitor: V,
}

impl<'de, V: Visitor<'de>> DeserializeSeed<'de> for Values<V> {
    type Value = V::Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<V::Value, D::Error> {
        Matching::any(deserializer).deserialize_tuple(self.length, self.visitor)
    }
}

/// The content of a struct variant.
struct Fields<V> {
    fields: &'static [&'static str],
    visitor: V,
}

impl<'de, V: Visitor<'de>> DeserializeSeed<'de> for Fields<V> {
    type Value = V::Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<V::Value, D::Error> {
        Matching::any(deserializer).deserialize_struct("", self.fields, self.visitor)
    }
}
