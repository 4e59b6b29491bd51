//! A value behind the name of its type.

use crate::item::{Item, Values};
use serde::de::value::{MapAccessDeserializer, SeqDeserializer, StrDeserializer};
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, forward_to_deserialize_any};
use std::fmt;

/// DynamoDB's types.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
enum Type {
    #[serde(alias = "B")]
    S,
    N,
    #[serde(rename = "BOOL")]
    Bool,
    #[serde(rename = "NULL")]
    Null,
    M,
    L,
    #[serde(rename = "SS", alias = "NS", alias = "BS")]
    Texts,
    /// One that there is not yet.
    #[serde(other)]
    Unknown,
}

fn type_of<'de, A: MapAccess<'de>>(map: &mut A) -> Result<Type, A::Error> {
    let name = map.next_key()?;
    name.ok_or_else(|| A::Error::custom("the value of an attribute has no type"))
}

fn end<'de, A: MapAccess<'de>>(mut map: A) -> Result<(), A::Error> {
    match map.next_key::<IgnoredAny>()? {
        None => Ok(()),
        Some(_) => Err(A::Error::custom("the value of an attribute has more than one type")),
    }
}

/// What a visitor takes.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Takes {
    /// What comes.
    Any,
    /// A map: serde's structs would take a list for one.
    Map,
    /// The variant of an enum.
    Variant,
}

/// Hands a visitor the value that it finds, as what the type says that it is.
pub(crate) struct TaggedValue<V> {
    pub(crate) visitor: V,
    pub(crate) takes: Takes,
}

impl<'de, V: Visitor<'de>> Visitor<'de> for TaggedValue<V> {
    type Value = V::Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.visitor.expecting(formatter)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<V::Value, A::Error> {
        let tagged = Tagged { of: type_of(&mut map)?, map: &mut map };
        let value = match self.takes {
            Takes::Any => tagged.deserialize_any(self.visitor)?,
            Takes::Map => tagged.deserialize_map(self.visitor)?,
            Takes::Variant => tagged.deserialize_enum("", &[], self.visitor)?,
        };
        end(map)?;
        Ok(value)
    }
}

/// Hands a visitor nothing for `NULL`, and else the value.
pub(crate) struct TaggedOption<V>(pub V);

impl<'de, V: Visitor<'de>> Visitor<'de> for TaggedOption<V> {
    type Value = V::Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.expecting(formatter)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<V::Value, A::Error> {
        let value = match type_of(&mut map)? {
            Type::Null => {
                map.next_value::<bool>()?;
                self.0.visit_none()?
            }
            of => self.0.visit_some(Tagged { of, map: &mut map })?,
        };
        end(map)?;
        Ok(value)
    }
}

/// A value whose type has been read.
struct Tagged<'a, A> {
    of: Type,
    map: &'a mut A,
}

impl<'de, A: MapAccess<'de>> Deserializer<'de> for Tagged<'_, A> {
    type Error = A::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, A::Error> {
        self.map.next_value_seed(ValueOf { of: self.of, visitor })
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, A::Error> {
        match self.of {
            Type::S | Type::M => self.map.next_value_seed(Variant(visitor)),
            of => {
                Err(A::Error::custom(format_args!("a variant is a text or a map, and not {of:?}")))
            }
        }
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, A::Error> {
        match self.of {
            Type::M => self.deserialize_any(visitor),
            of => Err(A::Error::custom(format_args!("a map is wanted, and not {of:?}"))),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, A::Error> {
        self.deserialize_map(visitor)
    }

    // NULL has been looked at by whoever made this.
    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, A::Error> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, A::Error> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        seq tuple tuple_struct identifier ignored_any
    }
}

/// A value without the name of its type, which is this.
struct ValueOf<V> {
    of: Type,
    visitor: V,
}

impl<'de, V: Visitor<'de>> DeserializeSeed<'de> for ValueOf<V> {
    type Value = V::Value;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<V::Value, D::Error> {
        match self.of {
            Type::S => json.deserialize_str(self.visitor),
            Type::N => json.deserialize_str(Number(self.visitor)),
            Type::Bool => json.deserialize_bool(self.visitor),
            Type::Null => {
                bool::deserialize(json)?;
                self.visitor.visit_unit()
            }
            Type::M => Item(json).deserialize_any(self.visitor),
            Type::L => json.deserialize_seq(List(self.visitor)),
            Type::Texts => {
                let texts = Vec::<String>::deserialize(json)?;
                self.visitor.visit_seq(SeqDeserializer::new(texts.into_iter()))
            }
            Type::Unknown => {
                IgnoredAny::deserialize(json)?;
                self.visitor.visit_unit()
            }
        }
    }
}

/// The variant of an enum: by its name alone, or as a map of its name and what it has.
struct Variant<V>(V);

impl<'de, V: Visitor<'de>> DeserializeSeed<'de> for Variant<V> {
    type Value = V::Value;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<V::Value, D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Variant<V> {
    type Value = V::Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.expecting(formatter)
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<V::Value, E> {
        self.0.visit_enum(StrDeserializer::new(name))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<V::Value, A::Error> {
        self.0.visit_enum(MapAccessDeserializer::new(Values(map)))
    }
}

/// Hands a visitor the elements of a list.
struct List<V>(V);

impl<'de, V: Visitor<'de>> Visitor<'de> for List<V> {
    type Value = V::Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.expecting(formatter)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<V::Value, A::Error> {
        self.0.visit_seq(Values(list))
    }
}

/// Hands a visitor a number, which DynamoDB writes as a text.
struct Number<V>(V);

impl<'de, V: Visitor<'de>> Visitor<'de> for Number<V> {
    type Value = V::Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.expecting(formatter)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<V::Value, E> {
        if let Ok(number) = text.parse() {
            return self.0.visit_i64(number);
        }
        if let Ok(number) = text.parse() {
            return self.0.visit_u64(number);
        }
        match text.parse() {
            Ok(number) => self.0.visit_f64(number),
            Err(_) => Err(E::custom("the value of a number is none")),
        }
    }
}
