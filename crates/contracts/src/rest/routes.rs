//! The list of routes.

mod operators;
pub mod parameters;
mod reads;
mod webhooks;

pub use operators::OPERATORS;
pub use reads::{READS, Read};
pub use webhooks::{MAX_BODY_BYTES, MAX_EVENTS, WEBHOOKS};

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// A method that a route takes. A route that takes GET takes HEAD too, unless it is an operators' or a
/// webhook's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// GET
    Get,
    /// POST
    Post,
}

/// The chapter of the documentation that a route is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chapter {
    /// Flights.
    Flights,
    /// Bookings and passengers.
    Bookings,
    /// What passengers were told.
    Notifications,
    /// What others send us.
    Webhooks,
    /// What operators do.
    Operators,
    /// The API itself.
    Api,
}

impl Chapter {
    /// All chapters, in the order of the documentation.
    pub const ALL: [Self; 6] = [
        Self::Flights,
        Self::Bookings,
        Self::Notifications,
        Self::Webhooks,
        Self::Operators,
        Self::Api,
    ];

    /// Its heading.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Flights => "Flights",
            Self::Bookings => "Bookings and passengers",
            Self::Notifications => "Notifications",
            Self::Webhooks => "Webhooks",
            Self::Operators => "Operators",
            Self::Api => "The API itself",
        }
    }

    /// What is in it.
    #[must_use]
    pub fn about(self) -> &'static str {
        match self {
            Self::Flights => "Flights as FlightPulse sees them now.",
            Self::Bookings => "Who flies, on which flight, and how they want to be told.",
            Self::Notifications => {
                "Was this passenger told, what, when, by which channel. Notifications can be read for 35 days."
            }
            Self::Webhooks => "Bookings as others make them, from Adobe Experience Platform.",
            Self::Operators => {
                "Hold and release all notifications, tell passengers again, take back a wrong broadcast. Each action is noted with who asked for it, when and why."
            }
            Self::Api => "Whether the API answers, and what it is.",
        }
    }
}

/// Where a parameter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In the path.
    Path,
    /// In the query.
    Query,
    /// Among the headers.
    Header,
}

impl Place {
    /// Its name in an OpenAPI document.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Header => "header",
        }
    }
}

/// A parameter.
#[derive(Debug, Clone, Copy)]
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// Where it stands.
    pub place: Place,
    /// Whether a request must have it.
    pub required: bool,
    /// What it means.
    pub about: &'static str,
    /// What it may be: a JSON Schema.
    pub schema: fn() -> Value,
    /// One that works in the sample airline; none where there is no such one.
    pub example: Option<&'static str>,
}

/// A body, of a request or of an answer.
#[derive(Debug, Clone, Copy)]
pub struct Content {
    /// Its media type.
    pub media_type: &'static str,
    /// Its JSON Schema.
    pub schema: fn(&mut SchemaGenerator) -> Schema,
    /// An example; none where it would be the document itself.
    pub example: Option<fn() -> Value>,
    /// Reads a value as the body's type and writes it again: what an example must survive.
    pub again: fn(Value) -> serde_json::Result<Value>,
}

impl Content {
    /// A JSON body of this type.
    const fn json<T: JsonSchema + Serialize + DeserializeOwned>(example: fn() -> Value) -> Self {
        Self {
            media_type: "application/json",
            schema: SchemaGenerator::subschema_for::<T>,
            example: Some(example),
            again: again::<T>,
        }
    }
}

fn again<T: Serialize + DeserializeOwned>(value: Value) -> serde_json::Result<Value> {
    serde_json::to_value(serde_json::from_value::<T>(value)?)
}

/// What API Gateway says of a body that it does not take: before any function could.
pub(super) const REQUEST_TOO_LONG: &str = "Request Too Long";

/// A problem that a route may answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusal {
    /// Its status.
    pub status: u16,
    /// When it is answered.
    pub when: &'static str,
    /// An example of its `detail`.
    pub detail: &'static str,
}

/// A route.
#[derive(Debug, Clone, Copy)]
pub struct Route {
    /// The method.
    pub verb: Verb,
    /// The path, with parameters in braces.
    pub template: &'static str,
    /// The operation's id in the OpenAPI document.
    pub operation_id: &'static str,
    /// Where the documentation has it.
    pub chapter: Chapter,
    /// What it is for, in a line.
    pub summary: &'static str,
    /// What else there is to know.
    pub about: &'static str,
    /// What it takes, beside a body and `If-None-Match`.
    pub parameters: &'static [Parameter],
    /// The body that it takes.
    pub body: Option<Content>,
    /// The status of its answer.
    pub status: u16,
    /// Its answer.
    pub answer: Content,
    /// What it may answer instead, beside what every route may.
    pub refusals: &'static [Refusal],
    /// Whether it takes only requests signed with AWS Signature Version 4.
    pub signed: bool,
    /// Whether its answer has an ETag, and `If-None-Match` is heard.
    pub conditional: bool,
}

impl Route {
    /// The values of the path's parameters, in order; none when the path is another's. `segments`
    /// are the path's parts between slashes.
    #[must_use]
    pub fn captures<'a>(&self, segments: &[&'a str]) -> Option<Vec<&'a str>> {
        let template = self.template.trim_start_matches('/').split('/');
        if template.clone().count() != segments.len() {
            return None;
        }
        let mut captured = Vec::new();
        for (part, segment) in template.zip(segments) {
            if part.starts_with('{') {
                captured.push(*segment);
            } else if part != *segment {
                return None;
            }
        }
        Some(captured)
    }

    /// The names of the query's parameters.
    pub fn query_names(&self) -> impl Iterator<Item = &'static str> + use<> {
        let in_query = |parameter: &&Parameter| parameter.place == Place::Query;
        self.parameters.iter().filter(in_query).map(|parameter| parameter.name)
    }

    /// Whether it also takes HEAD.
    #[must_use]
    pub fn takes_head(&self) -> bool {
        let others = [Chapter::Operators, Chapter::Webhooks];
        self.verb == Verb::Get && !others.contains(&self.chapter)
    }
}

/// All routes, in the order of the documentation within each chapter.
pub fn all() -> impl Iterator<Item = &'static Route> {
    READS.iter().map(|(_, route)| route).chain(WEBHOOKS.iter()).chain(OPERATORS.iter())
}
