//! JSON text into the objects that we know, in one pass that borrows from the text (safety S1).
//!
//! A key that stands twice in any object, known or not, refuses the text; unknown keys are counted
//! and passed over. Values come as `Value` whatever their type, because what an observation must
//! hold is known only with its `sig`. It does not know what any key means.

use std::borrow::Cow;
use std::cell::Cell;
use std::collections::BTreeSet;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use crate::domain::device::Reject;

/// What all objects of one text share: the count of unknown keys and the reason of a refusal.
pub(super) struct Context {
    unknown: Cell<u16>,
    /// The reason behind the error that serde is given.
    fault: Cell<Reject>,
}

/// An object with the keys that we know; `Default` is the object without any of them.
pub(super) trait Object<'de>: Default {
    type Key: Copy + 'static;
    /// At most 32 of them.
    const KEYS: &'static [(&'static str, Self::Key)];

    /// Reads the value of a key, which comes at most once.
    ///
    /// # Errors
    /// The reader's; `Context` makes it for a refusal.
    fn take<A: MapAccess<'de>>(
        &mut self,
        key: Self::Key,
        map: &mut A,
        context: &Context,
    ) -> Result<(), A::Error>;
}

/// A value of any type.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum Value<'de> {
    /// The key does not stand in the object.
    #[default]
    Absent,
    Null,
    Bool(bool),
    Whole(u64),
    /// With a sign, a point or an exponent.
    Decimal(f64),
    Text(Cow<'de, str>),
    /// An object or a list; its content has been checked and dropped.
    Compound,
}

impl Context {
    pub(super) fn new() -> Self {
        Self { unknown: Cell::new(0), fault: Cell::new(Reject::Schema) }
    }

    /// Reads one object and nothing after it.
    pub(super) fn read<'de, T: Object<'de>>(&self, text: &'de str) -> Result<T, Reject> {
        let mut reader = serde_json::Deserializer::from_str(text);
        let fault = |_| self.fault.get();
        let read = ReadObject::<T>::new(self).deserialize(&mut reader).map_err(fault)?;
        reader.end().map_err(fault)?;
        Ok(read)
    }

    /// The value of the key just read.
    pub(super) fn value<'de, A: MapAccess<'de>>(
        &self,
        map: &mut A,
    ) -> Result<Value<'de>, A::Error> {
        map.next_value_seed(ReadValue(self))
    }

    /// What `parse` makes of the value of the key just read.
    pub(super) fn parse<'de, T, A: MapAccess<'de>>(
        &self,
        map: &mut A,
        parse: impl FnOnce(&Value<'de>) -> Result<T, Reject>,
    ) -> Result<T, A::Error> {
        parse(&self.value(map)?).map_err(|reason| self.refuse(reason))
    }

    /// The object under the key just read.
    pub(super) fn object<'de, T: Object<'de>, A: MapAccess<'de>>(
        &self,
        map: &mut A,
    ) -> Result<T, A::Error> {
        map.next_value_seed(ReadObject::new(self))
    }

    /// Hands each object of the list under the key just read to `each`; null is an empty list.
    pub(super) fn each<'de, T: Object<'de>, A: MapAccess<'de>>(
        &self,
        map: &mut A,
        each: impl FnMut(T) -> Result<(), Reject>,
    ) -> Result<(), A::Error> {
        map.next_value_seed(ReadList { context: self, each, object: PhantomData })
    }

    fn refuse<E: Error>(&self, reason: Reject) -> E {
        self.fault.set(reason);
        E::custom(reason.name())
    }

    /// Counts a key, a signal or a code that we do not know.
    pub(super) fn count_unknown(&self) {
        self.unknown.set(self.unknown.get().saturating_add(1));
    }

    pub(super) const fn unknown(&self) -> u16 {
        self.unknown.get()
    }
}

impl Value<'_> {
    /// # Errors
    /// `Schema` when it is neither text nor null nor absent.
    pub(super) fn text(&self) -> Result<Option<&str>, Reject> {
        match self {
            Self::Text(text) => Ok(Some(text)),
            Self::Absent | Self::Null => Ok(None),
            Self::Bool(_) | Self::Whole(_) | Self::Decimal(_) | Self::Compound => {
                Err(Reject::Schema)
            }
        }
    }

    /// # Errors
    /// `Schema` when it is neither a number nor null nor absent; a number in quotes is none.
    pub(super) fn number(&self) -> Result<Option<f64>, Reject> {
        match self {
            #[expect(clippy::cast_precision_loss, reason = "no metric is near 2^53")]
            Self::Whole(number) => Ok(Some(*number as f64)),
            Self::Decimal(number) => Ok(Some(*number)),
            Self::Absent | Self::Null => Ok(None),
            Self::Bool(_) | Self::Text(_) | Self::Compound => Err(Reject::Schema),
        }
    }

    /// # Errors
    /// `Schema` when it is not true or false.
    pub(super) const fn flag(&self) -> Result<bool, Reject> {
        match self {
            Self::Bool(flag) => Ok(*flag),
            Self::Absent
            | Self::Null
            | Self::Whole(_)
            | Self::Decimal(_)
            | Self::Text(_)
            | Self::Compound => Err(Reject::Schema),
        }
    }
}

struct ReadObject<'c, T> {
    context: &'c Context,
    object: PhantomData<T>,
}

impl<'c, T> ReadObject<'c, T> {
    const fn new(context: &'c Context) -> Self {
        Self { context, object: PhantomData }
    }
}

impl<'de, T: Object<'de>> DeserializeSeed<'de> for ReadObject<'_, T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, T: Object<'de>> Visitor<'de> for ReadObject<'_, T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<T, A::Error> {
        let mut object = T::default();
        let mut seen: u32 = 0;
        let mut unknown = BTreeSet::new();
        while let Some(name) = map.next_key_seed(ReadKey)? {
            let place = T::KEYS.iter().position(|(known, _)| *known == name);
            let first = match place {
                Some(place) => seen & 1 << place == 0,
                None => unknown.insert(name),
            };
            if !first {
                return Err(self.context.refuse(Reject::DuplicateKey));
            }
            match place {
                Some(place) => {
                    seen |= 1 << place;
                    object.take(T::KEYS[place].1, &mut map, self.context)?;
                }
                None => {
                    self.context.count_unknown();
                    self.context.value(&mut map)?;
                }
            }
        }
        Ok(object)
    }
}

struct ReadList<'c, F, T> {
    context: &'c Context,
    each: F,
    object: PhantomData<T>,
}

impl<'de, T, F> DeserializeSeed<'de> for ReadList<'_, F, T>
where
    T: Object<'de>,
    F: FnMut(T) -> Result<(), Reject>,
{
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, T, F> Visitor<'de> for ReadList<'_, F, T>
where
    T: Object<'de>,
    F: FnMut(T) -> Result<(), Reject>,
{
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of objects")
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<(), A::Error> {
        while let Some(object) = list.next_element_seed(ReadObject::new(self.context))? {
            (self.each)(object).map_err(|reason| self.context.refuse::<A::Error>(reason))?;
        }
        Ok(())
    }
}

struct ReadKey;

impl<'de> DeserializeSeed<'de> for ReadKey {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for ReadKey {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_borrowed_str<E: Error>(self, name: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(name))
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(name.to_owned()))
    }
}

struct ReadValue<'c>(&'c Context);

impl<'de> DeserializeSeed<'de> for ReadValue<'_> {
    type Value = Value<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ReadValue<'_> {
    type Value = Value<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, flag: bool) -> Result<Self::Value, E> {
        Ok(Value::Bool(flag))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Value::Whole(number))
    }

    #[expect(clippy::cast_precision_loss, reason = "no metric is near 2^53")]
    fn visit_i64<E: Error>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Value::Decimal(number as f64))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Self::Value, E> {
        Ok(Value::Decimal(number))
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Value::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Value::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        while list.next_element_seed(ReadValue(self.0))?.is_some() {}
        Ok(Value::Compound)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut names = BTreeSet::new();
        while let Some(name) = map.next_key_seed(ReadKey)? {
            if !names.insert(name) {
                return Err(self.0.refuse(Reject::DuplicateKey));
            }
            self.0.value(&mut map)?;
        }
        Ok(Value::Compound)
    }
}
