//! Facets: the parts of a flight that change independently, each with a version of its own.

use crate::ids::EventId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A part of a flight that disruptions change independently of the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Facet {
    /// Departure and arrival times, and the delay.
    Schedule,
    /// The gate.
    Gate,
    /// Whether the flight operates at all.
    Status,
}

impl Facet {
    /// All facets.
    pub const ALL: [Self; 3] = [Self::Schedule, Self::Gate, Self::Status];

    /// The facet's name in the table and in events.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Schedule => "schedule",
            Self::Gate => "gate",
            Self::Status => "status",
        }
    }
}

/// When a facet was last said to change, and by which event: event time decides, ties by id.
///
/// As text it is `{time}#{event_id}` with the time in UTC at a fixed width of microseconds, so
/// that the order of the texts is the order of the versions and DynamoDB can compare them in a
/// condition.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct FacetVersion {
    occurred_at: Timestamp,
    event_id: EventId,
}

/// The beginning of the year 0, in microseconds.
const EARLIEST_MICROS: i64 = -62_167_219_200_000_000;

impl FacetVersion {
    /// The version that an event gives to the facet it changes.
    #[must_use]
    pub fn new(occurred_at: Timestamp, event_id: EventId) -> Self {
        // Microseconds are what the text keeps; more would make two equal texts unequal versions. And
        // texts of years before 0 order backwards, so whatever is older counts as of then.
        let micros = occurred_at.as_microsecond().max(EARLIEST_MICROS);
        let occurred_at = Timestamp::from_microsecond(micros).unwrap_or(occurred_at);
        Self { occurred_at, event_id }
    }

    /// When the event says that it happened.
    #[must_use]
    pub fn occurred_at(&self) -> Timestamp {
        self.occurred_at
    }

    /// The event that set this version.
    #[must_use]
    pub fn event_id(&self) -> &EventId {
        &self.event_id
    }
}

impl std::fmt::Display for FacetVersion {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:.6}#{}", self.occurred_at, self.event_id)
    }
}

impl From<FacetVersion> for String {
    fn from(version: FacetVersion) -> Self {
        version.to_string()
    }
}

/// A text that is no facet version.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a facet version is '{{time}}#{{event_id}}', got {0:?}")]
pub struct InvalidVersion(String);

impl TryFrom<String> for FacetVersion {
    type Error = InvalidVersion;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let parsed = text
            .split_once('#')
            .and_then(|(time, id)| Some(Self::new(time.parse().ok()?, EventId::new(id).ok()?)));
        parsed.ok_or(InvalidVersion(text))
    }
}

impl schemars::JsonSchema for FacetVersion {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "FacetVersion".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "description": "`{time}#{event_id}`: UTC at a width of microseconds, so that texts order as versions do."
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn version(micros: i64, id: &str) -> FacetVersion {
        FacetVersion::new(Timestamp::from_microsecond(micros).unwrap(), EventId::new(id).unwrap())
    }

    /// All the times that there are, and often those that are near to one another.
    fn micros() -> impl Strategy<Value = i64> {
        let all = Timestamp::MIN.as_microsecond()..=Timestamp::MAX.as_microsecond();
        prop_oneof![
            all,
            0i64..4_000_000_000_000_000,
            1_790_000_000_000_000i64..1_790_000_000_000_100
        ]
    }

    proptest! {
        #[test]
        fn texts_order_as_versions_do(
            a in micros(), b in micros(),
            x in "[a-z0-9]{1,8}", y in "[a-z0-9]{1,8}",
        ) {
            let (left, right) = (version(a, &x), version(b, &y));
            prop_assert_eq!(left.cmp(&right), left.to_string().cmp(&right.to_string()));
        }

        #[test]
        fn a_version_survives_its_text(a in micros(), x in "[a-z0-9]{1,8}") {
            let one = version(a, &x);
            prop_assert_eq!(FacetVersion::try_from(one.to_string()).unwrap(), one);
        }
    }

    #[test]
    fn an_event_time_finer_than_the_text_is_cut_to_it() {
        let fine = Timestamp::from_nanosecond(1_700_000_000_123_456_789).unwrap();
        let one = FacetVersion::new(fine, EventId::new("e").unwrap());
        assert_eq!(one.to_string(), "2023-11-14T22:13:20.123456Z#e");
        assert_eq!(FacetVersion::try_from(one.to_string()).unwrap(), one);
    }

    #[test]
    fn a_text_is_read_as_it_would_be_written() {
        let read = |text: &str| FacetVersion::try_from(text.to_owned()).unwrap().to_string();
        assert_eq!(read("2026-11-22T09:00:00.1234567Z#e"), "2026-11-22T09:00:00.123456Z#e");
        assert_eq!(read("2026-11-22T10:00:00+01:00#e"), "2026-11-22T09:00:00.000000Z#e");
        assert_eq!(read("-000001-11-22T09:00:00Z#e"), "0000-01-01T00:00:00.000000Z#e");
    }
}
