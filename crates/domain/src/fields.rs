//! Reading the fields of a JSON object, with a sentence for each that is not as it must be.

mod json;

use crate::ids::InvalidId;
use crate::inbound::Rejection;
use jiff::Timestamp;
pub(crate) use json::Json;
use serde_json::Value;
use std::ops::RangeInclusive;

/// A JSON object and where it stands in its record.
pub(crate) struct Fields<'a, J = Value> {
    object: &'a J,
    path: String,
}

impl<'a> Fields<'a> {
    /// All of its fields, by name.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (&'a String, &'a Value)> + use<'a> {
        self.object.as_object().into_iter().flatten()
    }
}

impl<'a, J: Json> Fields<'a, J> {
    pub(crate) fn of(object: &'a J, path: impl Into<String>) -> Result<Self, Rejection> {
        let path = path.into();
        if object.is_object() {
            return Ok(Self { object, path });
        }
        Err(Rejection::Invalid {
            field: if path.is_empty() { "the value".to_owned() } else { path },
            allowed: "a JSON object".to_owned(),
            got: shown(object),
        })
    }

    // JSON's null and a field left out say the same: nothing.
    pub(crate) fn get(&self, name: &str) -> Option<&'a J> {
        self.object.field(name).filter(|value| !value.is_null())
    }

    /// The path of one of its fields, for a sentence.
    pub(crate) fn field(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }

    /// Where it stands; nothing for the whole record.
    pub(crate) fn place(&self) -> &str {
        &self.path
    }

    pub(crate) fn need<T>(
        &self,
        found: Option<T>,
        name: &str,
        allowed: &str,
    ) -> Result<T, Rejection> {
        found.ok_or_else(|| self.missing(name, allowed))
    }

    // Asked for a sentence only where there is to be one: most fields are as they must be.
    fn missing(&self, name: &str, allowed: impl Into<String>) -> Rejection {
        Rejection::Missing { field: self.field(name), allowed: allowed.into() }
    }

    pub(crate) fn invalid(&self, name: &str, allowed: impl Into<String>) -> Rejection {
        let got = self.object.field(name).map_or_else(|| "nothing".to_owned(), shown);
        Rejection::Invalid { field: self.field(name), allowed: allowed.into(), got }
    }

    pub(crate) fn object(&self, name: &str) -> Result<Self, Rejection> {
        Self::of(self.need(self.get(name), name, "a JSON object")?, self.field(name))
    }

    pub(crate) fn optional_object(&self, name: &str) -> Result<Option<Self>, Rejection> {
        self.get(name).map(|value| Self::of(value, self.field(name))).transpose()
    }

    /// The objects of a list; none of them when there is no list.
    pub(crate) fn objects(&self, name: &str) -> Result<Vec<Self>, Rejection> {
        let Some(value) = self.get(name) else {
            return Ok(Vec::new());
        };
        let list = value.list().ok_or_else(|| self.invalid(name, "a list of JSON objects"))?;
        let place = |at: usize| format!("{}[{at}]", self.field(name));
        list.iter().enumerate().map(|(at, value)| Self::of(value, place(at))).collect()
    }

    pub(crate) fn id<T>(
        &self,
        name: &str,
        read: impl FnOnce(String) -> Result<T, InvalidId>,
    ) -> Result<T, Rejection> {
        const ALLOWED: &str = "text of A-Z a-z 0-9 . _ : -";
        let value = self.need(self.get(name), name, ALLOWED)?;
        let text = value.text().ok_or_else(|| self.invalid(name, ALLOWED))?;
        read(text.to_owned()).map_err(|error| {
            self.invalid(name, format!("1 to {} characters of A-Z a-z 0-9 . _ : -", error.max))
        })
    }

    pub(crate) fn text(&self, name: &str, max: usize) -> Result<String, Rejection> {
        self.optional_text(name, max)?.ok_or_else(|| self.missing(name, text_of(max)))
    }

    pub(crate) fn optional_text(
        &self,
        name: &str,
        max: usize,
    ) -> Result<Option<String>, Rejection> {
        let Some(value) = self.get(name) else {
            return Ok(None);
        };
        // Characters that are none, and most control characters, are refused by what the text
        // passes through later (a queue takes no U+FFFF).
        let is_text =
            |c: char| matches!(c, '\n' | '\r' | '\t') || !c.is_control() && !is_noncharacter(c);
        let fits = |text: &&str| {
            !text.trim().is_empty() && text.chars().count() <= max && text.chars().all(is_text)
        };
        match value.text() {
            // An empty text says as little as a missing one.
            Some("") => Ok(None),
            text => text
                .filter(fits)
                .map(|text| Some(text.to_owned()))
                .ok_or_else(|| self.invalid(name, text_of(max))),
        }
    }

    /// A text of a form; an empty one says as little as a missing one.
    pub(crate) fn optional_form(
        &self,
        name: &str,
        form: &str,
        fits: impl Fn(&str) -> bool,
    ) -> Result<Option<String>, Rejection> {
        match self.get(name).map(|value| value.text()) {
            None | Some(Some("")) => Ok(None),
            Some(Some(text)) if fits(text) => Ok(Some(text.to_owned())),
            Some(_) => Err(self.invalid(name, form)),
        }
    }

    pub(crate) fn form(
        &self,
        name: &str,
        form: &str,
        fits: impl Fn(&str) -> bool,
    ) -> Result<String, Rejection> {
        let found = self.optional_form(name, form, fits)?;
        self.need(found, name, form)
    }

    pub(crate) fn one_of(
        &self,
        name: &str,
        allowed: &[&'static str],
    ) -> Result<&'static str, Rejection> {
        self.optional_one_of(name, allowed)?.ok_or_else(|| self.missing(name, choice(allowed)))
    }

    pub(crate) fn optional_one_of(
        &self,
        name: &str,
        allowed: &[&'static str],
    ) -> Result<Option<&'static str>, Rejection> {
        let Some(value) = self.get(name) else {
            return Ok(None);
        };
        let text = value.text();
        let found = allowed.iter().find(|name| Some(**name) == text);
        found.copied().map(Some).ok_or_else(|| self.invalid(name, choice(allowed)))
    }

    pub(crate) fn whole_number(&self, name: &str, max: u32) -> Result<u32, Rejection> {
        let allowed = || format!("a whole number from 0 to {max}");
        let value = self.get(name).ok_or_else(|| self.missing(name, allowed()))?;
        let number = value.number().and_then(|number| u32::try_from(number).ok());
        number.filter(|number| *number <= max).ok_or_else(|| self.invalid(name, allowed()))
    }

    pub(crate) fn optional_whole_number(
        &self,
        name: &str,
        allowed: RangeInclusive<u32>,
    ) -> Result<Option<u32>, Rejection> {
        let Some(value) = self.get(name) else {
            return Ok(None);
        };
        let number = value.number().and_then(|number| u32::try_from(number).ok());
        number.filter(|number| allowed.contains(number)).map(Some).ok_or_else(|| {
            let (least, most) = (allowed.start(), allowed.end());
            self.invalid(name, format!("a whole number from {least} to {most}"))
        })
    }

    pub(crate) fn timestamp(&self, name: &str) -> Result<Timestamp, Rejection> {
        let found = self.optional_timestamp(name)?;
        self.need(found, name, TIMESTAMP)
    }

    pub(crate) fn optional_timestamp(&self, name: &str) -> Result<Option<Timestamp>, Rejection> {
        let Some(value) = self.get(name) else {
            return Ok(None);
        };
        let time = value.text().and_then(|text| text.parse().ok());
        time.map(Some).ok_or_else(|| self.invalid(name, TIMESTAMP))
    }

    pub(crate) fn optional_flag(&self, name: &str) -> Result<Option<bool>, Rejection> {
        let Some(value) = self.get(name) else {
            return Ok(None);
        };
        value.flag().map(Some).ok_or_else(|| self.invalid(name, "true or false"))
    }
}

// The code points that Unicode never assigns.
fn is_noncharacter(c: char) -> bool {
    matches!(c, '\u{fdd0}'..='\u{fdef}') || u32::from(c) & 0xfffe == 0xfffe
}

const TIMESTAMP: &str = "a time with an offset, like 2026-11-21T10:00:00Z";

fn text_of(max: usize) -> String {
    format!("text of 1 to {max} characters")
}

fn choice(allowed: &[&str]) -> String {
    format!("one of {}", allowed.join(", "))
}

// Enough to recognise the value by; never all of it, since a dead letter's reason is also logged.
fn shown(value: &impl Json) -> String {
    let text: String = value.value().to_string().chars().filter(|c| !is_noncharacter(*c)).collect();
    if text.chars().count() <= 60 {
        return text;
    }
    let head: String = text.chars().take(57).collect();
    format!("{head}...")
}
