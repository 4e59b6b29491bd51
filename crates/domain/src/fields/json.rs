//! What is asked of a JSON value whose fields are read.

use serde_json::Value;
use serde_json_borrow::Value as Borrowed;
use std::borrow::Cow;

/// A JSON value: `serde_json`'s, or one that borrows from its text, which is made without a copy of each name and text.
pub(crate) trait Json: Sized {
    /// Whether it has fields.
    fn is_object(&self) -> bool;
    /// A field of it, the last where it is there twice.
    fn field(&self, name: &str) -> Option<&Self>;
    fn is_null(&self) -> bool;
    fn text(&self) -> Option<&str>;
    fn number(&self) -> Option<u64>;
    fn flag(&self) -> Option<bool>;
    fn list(&self) -> Option<&[Self]>;
    /// The same as `serde_json` has it.
    fn value(&self) -> Cow<'_, Value>;
}

impl Json for Value {
    fn is_object(&self) -> bool {
        self.is_object()
    }
    fn field(&self, name: &str) -> Option<&Self> {
        self.as_object()?.get(name)
    }
    fn is_null(&self) -> bool {
        self.is_null()
    }
    fn text(&self) -> Option<&str> {
        self.as_str()
    }
    fn number(&self) -> Option<u64> {
        self.as_u64()
    }
    fn flag(&self) -> Option<bool> {
        self.as_bool()
    }
    fn list(&self) -> Option<&[Self]> {
        self.as_array().map(Vec::as_slice)
    }
    fn value(&self) -> Cow<'_, Value> {
        Cow::Borrowed(self)
    }
}

impl Json for Borrowed<'_> {
    fn is_object(&self) -> bool {
        self.is_object()
    }
    fn field(&self, name: &str) -> Option<&Self> {
        let fields = self.as_object()?.as_vec();
        fields.iter().rfind(|(field, _)| *field == name).map(|(_, value)| value)
    }
    fn is_null(&self) -> bool {
        self.is_null()
    }
    fn text(&self) -> Option<&str> {
        self.as_str()
    }
    fn number(&self) -> Option<u64> {
        self.as_u64()
    }
    fn flag(&self) -> Option<bool> {
        self.as_bool()
    }
    fn list(&self) -> Option<&[Self]> {
        self.as_array()
    }
    fn value(&self) -> Cow<'_, Value> {
        Cow::Owned(self.into())
    }
}
