//! What happens, as it happens: on the terminal, and kept for the report.

use super::observation::Line;
use crate::kafka::RecordAt;
use crate::operations::NewEvent;
use crate::terminal::{self, Paint, on_the_clock, printable};
use crate::watch::{BookingChange, News};
use flightpulse_contracts::rebooking_events::RebookingEvent;
use serde::Serialize;
use serde_json::Value;
use std::time::{Duration, Instant};

/// Something that happened.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Happening {
    /// Since the start, in milliseconds.
    elapsed_ms: u128,
    text: String,
}

/// What happened since the start.
#[derive(Debug)]
pub(super) struct Timeline {
    started: Instant,
    live: bool,
    paint: Paint,
    happenings: Vec<Happening>,
}

impl Timeline {
    /// Begins; `live` says that it is shown on the terminal as it happens.
    pub(super) fn start(live: bool, title: &str) -> Self {
        let paint = Paint::for_stdout();
        if live {
            terminal::line(paint.bold(title));
        }
        Self { started: Instant::now(), live, paint, happenings: Vec::new() }
    }

    /// Time since the start.
    pub(super) fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    /// Colours as the terminal wants them.
    pub(super) fn paint(&self) -> Paint {
        self.paint
    }

    /// Everything that happened.
    pub(super) fn into_happenings(self) -> Vec<Happening> {
        self.happenings
    }

    fn add(&mut self, symbol: &str, text: String, below: &[String]) {
        if self.live {
            let seconds = format!("{:7.2} s", self.elapsed().as_secs_f64());
            terminal::line(format_args!(
                "{}  {symbol} {}",
                self.paint.dim(seconds),
                printable(&text)
            ));
            for line in below {
                let shown = format!("             {}", printable(line));
                terminal::line(self.paint.dim(shown.trim_end()));
            }
        }
        self.happenings.push(Happening { elapsed_ms: self.elapsed().as_millis(), text });
    }

    pub(super) fn seeded(&mut self, table: &str, summary: &str) {
        self.add("▤", format!("{table} seeded: {summary}"), &[]);
    }

    pub(super) fn flight(&mut self, when: &str, flight: &Value) {
        let text = |name: &str| match flight.get(name) {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Null) | None => "-".to_owned(),
            Some(other) => other.to_string(),
        };
        let actual = flight.get("actual_departure").filter(|time| !time.is_null());
        let departs =
            text(if actual.is_some() { "actual_departure" } else { "scheduled_departure" });
        let departs = on_the_clock(&departs, &text("origin")).unwrap_or(departs);
        let (id, status, gate) = (text("flight_id"), text("status"), text("gate"));
        let on_time = match (status.as_str(), text("delay_minutes").as_str()) {
            ("CANCELLED", _) => format!("was to leave {departs}"),
            (_, "0") => format!("on schedule, leaves {departs}"),
            (_, delay) => format!("{delay} minutes late, leaves {departs}"),
        };
        let said = format!("API {when}: {id} {status}, {on_time}, gate {gate}");
        self.add("⇄", said, &[]);
    }

    pub(super) fn record(&mut self, at: &RecordAt, event: &NewEvent) {
        let RecordAt { topic, partition, offset } = at;
        let event_type = event.value["event_type"].as_str().unwrap_or_default();
        let what = format!("Kafka: {event_type} {}", event.flight_id);
        let id = &event.event_id;
        self.add(
            "▶",
            format!("{what} in {topic}, partition {partition}, offset {offset} ({id})"),
            &[],
        );
    }

    pub(super) fn patience_is_over(&mut self, patience: Duration) {
        self.add("⏱", format!("waited {} s; going on with what there is", patience.as_secs()), &[]);
    }

    pub(super) fn news(&mut self, news: &[News]) {
        for one in news {
            match one {
                News::Started(execution) => {
                    let text =
                        format!("EventBridge: {} starts {}", execution.route, execution.workflow);
                    self.add("◆", text, &[]);
                }
                News::Entered(states) => self.add("·", in_short(states), &[]),
                News::Ended(execution) => {
                    let count = execution.states.len();
                    let why = execution.error.as_ref().map(|why| format!(": {why}"));
                    let status = &execution.status;
                    let text = format!("workflow {status} after {count} state transitions");
                    self.add("◆", text + &why.unwrap_or_default(), &[]);
                }
                News::BookingsChanged(changes) => {
                    let text = format!("table: {} bookings changed", changes.len());
                    self.add("▤", text, &by_change(changes));
                }
                News::Rebooking(events) => {
                    let text = format!("up for rebooking: {} bookings", events.len());
                    self.add("↻", text, &events.iter().map(rebooking).collect::<Vec<_>>());
                }
                News::Told(line) => self.told(line),
                News::Unreadable(line) => self.add("✗", format!("unreadable: {line}"), &[]),
                News::DeadLetter(letter) => self.add("✗", format!("dead letter: {letter}"), &[]),
            }
        }
    }

    fn told(&mut self, line: &Line) {
        let told = &line.notification;
        let author = format!("{:?}", told.author).to_lowercase();
        let text = format!(
            "{} to {} ({}, {}, {}), by the {author}",
            told.channel.name(),
            told.to,
            told.passenger_id,
            told.tier.name(),
            told.language,
        );
        let subject = told.subject.iter().cloned();
        let below: Vec<_> = subject.chain(told.text.lines().map(str::to_owned)).collect();
        self.add("✉", text, &below);
    }
}

/// States in order; one that is entered several times in a row (a Map's) is named once.
fn in_short(states: &[String]) -> String {
    let runs = states.chunk_by(|one, next| one == next).filter_map(|run| match run {
        [] => None,
        [one] => Some(one.clone()),
        [one, ..] => Some(format!("{one} ×{}", run.len())),
    });
    runs.collect::<Vec<_>>().join(" → ")
}

/// Bookings that changed alike share a line.
fn by_change(changes: &[BookingChange]) -> Vec<String> {
    let mut alike: Vec<(String, Vec<&str>)> = Vec::new();
    for BookingChange { booking_id, from, to } in changes {
        let shown = |status: &Option<String>| status.clone().unwrap_or_else(|| "-".to_owned());
        let change = format!("{} → {}", shown(from), shown(to));
        match alike.iter_mut().find(|(other, _)| *other == change) {
            Some((_, ids)) => ids.push(booking_id),
            None => alike.push((change, vec![booking_id])),
        }
    }
    alike.iter().map(|(change, ids)| format!("{change}: {}", ids.join(", "))).collect()
}

fn rebooking(event: &RebookingEvent) -> String {
    let RebookingEvent { booking_id, passenger_id, tier, rebooking_priority, .. } = event;
    let tier = tier.map_or("tier not known", |tier| tier.name());
    let priority = format!("{rebooking_priority:?}").to_lowercase();
    format!("{booking_id} ({passenger_id}, {tier}), priority {priority}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bookings_that_changed_alike_share_a_line() {
        let change = |id: &str, from: &str| BookingChange {
            booking_id: id.to_owned(),
            from: Some(from.to_owned()),
            to: Some("NEEDS_REBOOKING".to_owned()),
        };
        let changes =
            [change("B1", "CONFIRMED"), change("B2", "CHECKED_IN"), change("B3", "CONFIRMED")];
        assert_eq!(
            by_change(&changes),
            ["CONFIRMED → NEEDS_REBOOKING: B1, B3", "CHECKED_IN → NEEDS_REBOOKING: B2"]
        );
    }

    #[test]
    fn states_in_a_row_are_named_once() {
        let states = ["A", "B", "B", "B", "A"].map(str::to_owned);
        assert_eq!(in_short(&states), "A → B ×3 → A");
        assert_eq!(in_short(&[]), "");
    }
}
