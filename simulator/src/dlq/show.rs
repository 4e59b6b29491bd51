//! Letters as people read them.

use super::letter::{self, Content, Kind, Letter, Reconciliation};
use super::shelves;
use crate::cli::Shelf;
use crate::terminal::printable;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde_json::{Value, json};

/// Characters of a reason in a list.
const MAX_REASON: usize = 160;
/// Bytes of a binary value that are shown.
const MAX_BINARY: usize = 256;

/// What lies in one place.
#[derive(Debug, Clone)]
pub(super) struct Listing {
    pub(super) shelf: Shelf,
    pub(super) letters: Vec<Letter>,
    /// How many more there are, about.
    pub(super) more: More,
    /// How many are in somebody's hands just now, about.
    pub(super) hidden: u64,
}

/// What was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum More {
    /// About so many.
    Count(u64),
    /// Some.
    Some,
}

impl Listing {
    /// The place as lines.
    pub(super) fn lines(&self, now: Timestamp) -> Vec<String> {
        let name = shelves::name(self.shelf);
        let count = match self.letters.len() {
            0 => "nothing".to_owned(),
            1 => "1 letter".to_owned(),
            many => format!("{many} letters"),
        };
        let mut lines = vec![format!("{name}: {count}")];
        lines.extend(self.letters.iter().flat_map(|letter| in_list(letter, now)));
        match self.more {
            More::Count(0) => {}
            More::Count(more) => {
                lines.push(format!("  and about {more} more (--limit shows more)"))
            }
            More::Some => lines.push("  and more (--limit shows more)".to_owned()),
        }
        if self.hidden > 0 {
            let hidden = self.hidden;
            lines.push(format!("  and about {hidden} that others are looking at; ask again later"));
        }
        lines
    }

    /// The place as JSON.
    pub(super) fn json(&self) -> Value {
        json!({
            "queue": shelves::name(self.shelf),
            "letters": self.letters.iter().map(letter_json).collect::<Vec<_>>(),
            "count": self.letters.len(),
            "more": match self.more {
                More::Count(more) => json!(more),
                More::Some => json!(true),
            },
            "hidden": self.hidden,
        })
    }
}

fn letter_json(letter: &Letter) -> Value {
    let (event_id, flight_id) = letter.about();
    let file = letter::reconciliation(&letter.kind);
    let mut fields = json!({
        "id": letter.id,
        "kind": letter.kind.name(),
        "reason": letter.reason,
        "since": letter.since,
        "received": letter.received,
        "event_id": event_id,
        "flight_id": flight_id,
    });
    if let Some(Reconciliation { bucket, key, run }) = file {
        fields["file"] = json!(format!("s3://{bucket}/{key}"));
        fields["reconciliation_id"] = json!(run);
    }
    fields
}

fn in_list(letter: &Letter, now: Timestamp) -> [String; 2] {
    let (event, flight) = letter.about();
    let file = letter::reconciliation(&letter.kind).map(|file| match file.run {
        Some(run) => format!("{}, run {run}", file.key),
        None => file.key.to_owned(),
    });
    let about = match (flight, event) {
        // The event is that of S3, and tells nobody anything.
        _ if file.is_some() => file.unwrap_or_default(),
        (Some(flight), Some(event)) => format!("{flight}, event {event}"),
        (Some(flight), None) => flight,
        (None, Some(event)) => format!("event {event}"),
        (None, None) => what(&letter.kind),
    };
    let received = match letter.received {
        Some(count) => format!(", received {count} times"),
        None => String::new(),
    };
    let reason: String = letter.reason.chars().take(MAX_REASON).collect();
    let cut = if letter.reason.chars().count() > MAX_REASON { "…" } else { "" };
    [
        printable(format!("  {}  {}  {about}", letter.id, letter.kind.name()).trim_end()),
        printable(&format!("      {}{received}: {reason}{cut}", age(letter.since, now))),
    ]
}

fn what(kind: &Kind) -> String {
    match kind {
        Kind::Record { topic, partition, offset, .. } => format!("{topic}/{partition}/{offset}"),
        Kind::Batch { function, records, of, .. } => {
            let function = function.rsplit(':').next().unwrap_or_default();
            format!("{records} records of {of} for {function}")
        }
        Kind::BookingMessage { source, events } => format!("{events} events of {source}"),
        Kind::BookingEvent { source, .. } if !source.is_empty() => format!("of {source}"),
        _ => String::new(),
    }
}

/// How old something is, in its largest unit.
fn age(since: Option<Timestamp>, now: Timestamp) -> String {
    let Some(since) = since else { return "of unknown age".to_owned() };
    match now.duration_since(since).as_secs().max(0) {
        seconds @ 0..120 => format!("{seconds} s old"),
        seconds @ 120..7_200 => format!("{} min old", seconds / 60),
        seconds @ 7_200..172_800 => format!("{} h old", seconds / 3_600),
        seconds => format!("{} days old", seconds / 86_400),
    }
}

/// All of one letter. `bytes` are its record's, where they lie elsewhere.
pub(super) fn whole(letter: &Letter, bytes: Option<&[u8]>, now: Timestamp) -> Vec<String> {
    let mut lines = vec![
        field("id", &letter.id),
        field("in", shelves::name(letter.shelf)),
        field("kind", letter.kind.name()),
        field("reason", &letter.reason),
    ];
    let since = letter.since.map(|since| format!("{since:.0} ({})", age(Some(since), now)));
    lines.extend(since.map(|since| field("since", &since)));
    lines.extend(letter.received.map(|count| field("received", &format!("{count} times"))));
    lines.extend(letter.attributes.iter().map(|(name, value)| field(name, value)));
    match &letter.kind {
        Kind::Record { topic, partition, offset, key, correlation_id, content } => {
            lines
                .push(field("record", &format!("{topic}, partition {partition}, offset {offset}")));
            let key = key.as_ref().map(|key| String::from_utf8_lossy(key).into_owned());
            lines.extend(key.map(|key| field("key", &key)));
            lines.extend(correlation_id.as_ref().map(|id| field("correlation", id)));
            lines.extend(content_lines(content, bytes));
        }
        Kind::Direct { content } => lines.extend(content_lines(content, bytes)),
        Kind::BookingEvent { source, feed, content } => {
            lines.push(field("source", if source.is_empty() { "not known" } else { source }));
            lines.push(field("feed", json!(feed).as_str().unwrap_or_default()));
            lines.extend(content_lines(content, bytes));
        }
        Kind::Batch { function, payload, records, of } => {
            lines.push(field("function", function));
            lines.push(field("records", &format!("{records} of {of}")));
            lines.extend(records_of(payload));
        }
        kind => {
            if let Some(Reconciliation { bucket, key, run }) = letter::reconciliation(kind) {
                lines.push(field("file", &format!("s3://{bucket}/{key}")));
                lines.push(field("run", run.unwrap_or("none: it could not be planned")));
                let again = format!("`dlq redrive {}` reads the file again", letter.id);
                lines.push(field("to do", &again));
            }
            lines.extend(value_lines(letter.body.as_bytes()));
        }
    }
    lines
}

fn field(name: &str, value: &str) -> String {
    printable(&format!("{name:<12} {value}"))
}

fn content_lines(content: &Content, fetched: Option<&[u8]>) -> Vec<String> {
    match (content, fetched) {
        (Content::None, _) => vec![field("value", "none (a tombstone)")],
        (Content::Here(bytes), _) => value_lines(bytes),
        (Content::At(place), Some(bytes)) => {
            [vec![field("value at", place)], value_lines(bytes)].concat()
        }
        (Content::At(place), None) => vec![field("value at", &format!("{place} (not there)"))],
    }
}

// JSON with its lines, text as it stands, anything else as hexadecimal digits.
fn value_lines(bytes: &[u8]) -> Vec<String> {
    let size = format!("{} bytes", bytes.len());
    let text = match serde_json::from_slice::<Value>(bytes) {
        Ok(value) => serde_json::to_string_pretty(&value).unwrap_or_default(),
        Err(_) => match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => hexadecimal(bytes),
        },
    };
    let lines = text.lines().map(|line| printable(&format!("  {line}")));
    [field("value", &size)].into_iter().chain(lines).collect()
}

fn hexadecimal(bytes: &[u8]) -> String {
    let shown = &bytes[..bytes.len().min(MAX_BINARY)];
    let rows = shown.chunks(16).map(|row| {
        let digits: Vec<_> = row.iter().map(|byte| format!("{byte:02x}")).collect();
        digits.join(" ")
    });
    let cut = bytes.len().saturating_sub(shown.len());
    let rest = (cut > 0).then(|| format!("… and {cut} bytes more"));
    rows.chain(rest).collect::<Vec<_>>().join("\n")
}

// The records of a batch, the values of Kafka's decoded.
fn records_of(payload: &str) -> Vec<String> {
    let Ok(event) = serde_json::from_str::<Value>(payload) else {
        return value_lines(payload.as_bytes());
    };
    let Some(Value::Object(partitions)) = event.get("records") else {
        return value_lines(payload.as_bytes());
    };
    let mut lines = Vec::new();
    for (partition, records) in partitions {
        for record in records.as_array().into_iter().flatten() {
            lines.push(field("record", &format!("{partition}, offset {}", record["offset"])));
            let value = record["value"].as_str().and_then(|text| STANDARD.decode(text).ok());
            lines.extend(value_lines(&value.unwrap_or_default()));
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::super::letter::tests::{
        batch, booking_event, booking_message, bus_event, failed_reconciliation, letter, record,
    };
    use super::*;

    fn now() -> Timestamp {
        "2026-11-21T10:00:00Z".parse().unwrap()
    }

    const POISON: &[u8] =
        br#"{"event_id":"e9","payload":{"flight_id":"SW5678","delay_minutes":-5}}"#;

    #[test]
    fn a_list_reads_like_this() {
        let payload = json!({"records": {"flight-operations-0": [{"offset": 3, "value": "e30="}]}});
        let function = "arn:aws:lambda:us-east-1:0:function:FlightPulse-KafkaConsumer";
        let listing = |shelf, bodies: Vec<Value>, more, hidden| {
            let letters = bodies.iter().map(|body| letter(shelf, body)).collect();
            Listing { shelf, letters, more, hidden }.lines(now()).join("\n")
        };
        insta::assert_snapshot!(
            [
                listing(
                    Shelf::DeadLetters,
                    vec![
                        record(POISON),
                        record(b"\xff"),
                        booking_event(b"{}"),
                        failed_reconciliation(Some("20261121T090000Z-3f2a9c1b")),
                        failed_reconciliation(None),
                        json!({"kind": "odd\u{1b}[2J"})
                    ],
                    More::Count(4),
                    2
                ),
                listing(
                    Shelf::RuleDeadLetters,
                    vec![bus_event("flight.delay.major")],
                    More::Count(0),
                    0
                ),
                listing(Shelf::UnknownFlights, vec![], More::Count(0), 0),
                listing(Shelf::BookingDeadLetters, vec![booking_message()], More::Count(0), 0),
                listing(Shelf::Bucket, vec![batch(function, &payload)], More::Some, 0),
            ]
            .join("\n")
        );
    }

    #[test]
    fn a_list_as_json_has_the_same() {
        let run = Some("20261121T090000Z-3f2a9c1b");
        let letters = [record(POISON), failed_reconciliation(run)];
        let letters = letters.iter().map(|body| letter(Shelf::DeadLetters, body)).collect();
        let listing =
            Listing { shelf: Shelf::DeadLetters, letters, more: More::Count(0), hidden: 0 };
        insta::assert_json_snapshot!(listing.json());
    }

    #[test]
    fn all_of_a_letter_reads_like_this() {
        let shown = |shelf, body: &Value| whole(&letter(shelf, body), None, now()).join("\n");
        let payload = json!({"records": {"flight-operations-0": [
            {"offset": 3, "value": STANDARD.encode(POISON)}, {"offset": 4, "value": null}]}});
        insta::assert_snapshot!(
            [
                shown(Shelf::DeadLetters, &record(POISON)),
                shown(Shelf::DeadLetters, &record(b"text \x07 and\nmore")),
                shown(Shelf::DeadLetters, &record(&[0xfe; 260])),
                shown(Shelf::RuleDeadLetters, &bus_event("flight.delay.major")),
                shown(Shelf::DeadLetters, &booking_event(br#"{"_id":"x1"}"#)),
                shown(
                    Shelf::DeadLetters,
                    &failed_reconciliation(Some("20261121T090000Z-3f2a9c1b"))
                ),
                shown(Shelf::DeadLetters, &failed_reconciliation(None)),
                shown(Shelf::BookingDeadLetters, &booking_message()),
                shown(Shelf::Bucket, &batch("arn:f", &payload)),
            ]
            .join("\n\n")
        );
    }

    #[test]
    fn bytes_elsewhere_are_shown_once_they_are_fetched() {
        let mut body = record(b"");
        body.as_object_mut().unwrap().remove("bytes_base64");
        body["bytes_at"] = json!("s3://b/k");
        let letter = letter(Shelf::DeadLetters, &body);
        assert!(whole(&letter, None, now()).join("\n").contains("s3://b/k (not there)"));
        assert!(
            whole(&letter, Some(b"{}"), now())
                .join("\n")
                .contains("s3://b/k\nvalue        2 bytes")
        );
    }

    #[test]
    fn an_age_is_in_its_largest_unit() {
        let aged =
            |seconds: i64| age(Some(now() - jiff::SignedDuration::from_secs(seconds)), now());
        assert_eq!(
            [5, 119, 600, 7_200, 200_000].map(aged),
            ["5 s old", "119 s old", "10 min old", "2 h old", "2 days old"]
        );
        // Their clock may be ahead of ours.
        assert_eq!((aged(-30), age(None, now())), ("0 s old".into(), "of unknown age".into()));
    }
}
