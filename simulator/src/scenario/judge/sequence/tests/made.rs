//! What a sequence that does exactly what it must would show.

use super::*;
use crate::kafka::RecordAt;
use crate::scenario::Execution;
use crate::scenario::judge::tests::made as single;
use crate::scenario::observation::FlightSeen;
use flightpulse_domain::ids::EventId;

/// The outcomes when the records are taken in the order of writing, the tie's loser first. In the
/// order in which they are told.
pub(super) const LIKELY: [(&str, &str); 12] = [
    ("sw5678-delay-45", "TELL"),
    ("sw5678-delay-20", "SUPERSEDED"),
    ("sw5678-delay-110", "TELL"),
    ("sw5678-gate-b12", "TELL"),
    ("sw1234-delay-25", "TELL"),
    ("sw1234-delay-30", "NOT_MATERIAL"),
    ("sw9012-cancelled", "TELL"),
    ("sw9012-reinstated", "TELL"),
    ("sw3456-delay-by-operations", "TELL"),
    ("sw3456-delay-by-crew-control", "NOT_MATERIAL"),
    ("sw3456-gate-1-c20", "TELL"),
    ("sw3456-gate-2-d15", "TELL"),
];

/// The id of an event by its name.
pub(super) fn event_id(name: &str) -> String {
    format!("run-{name}")
}

fn execution(
    event: &SentEvent,
    expected: &Expectations,
    number: usize,
    outcome: &str,
) -> Execution {
    Execution {
        name: format!("{}-{number}", event.name),
        event_id: event_id(&event.name),
        workflow: expected.workflow.clone(),
        route: expected.route.clone(),
        status: "SUCCEEDED".into(),
        outcome: Some(outcome.into()),
        states: vec!["Start".into()],
        error: None,
    }
}

/// The sequence with these outcomes in place of the likely ones.
pub(super) fn made(changed: &[(&str, &str)]) -> Whole {
    let expected = Sequence::read().unwrap();
    let mut whole = Whole::default();
    let mut at_ms = 0;
    for (name, likely) in LIKELY {
        let outcome = changed.iter().find(|(other, _)| *other == name).map_or(likely, |(_, o)| o);
        let event = expected.events().find(|event| event.name == name).unwrap();
        let flight = expected.flight_of(event).unwrap();
        let single = expected.of_event(event, flight);
        let copies = expected.copies(name);
        whole.events.push(Sent {
            name: Some(name.into()),
            event_id: event_id(name),
            flight_id: flight.flight_id.clone(),
            seconds_ago: event.seconds_ago,
            records: vec![RecordAt::default(); copies],
        });
        for number in 0..copies {
            let outcome = if number == 0 { outcome } else { "DONE_BEFORE" };
            whole.seen.executions.push(execution(event, &single, number, outcome));
        }
        whole.flights.entry(flight.flight_id.clone()).or_insert_with(|| FlightSeen {
            operations: serde_json::Value::Null,
            before: single::flight(&single, false),
            after: single::flight(&single, true),
            bookings_before: single.bookings_after.clone(),
            bookings_after: single.bookings_after.clone(),
        });
        if outcome != "TELL" {
            continue;
        }
        let mut readers = flight.readers.clone();
        readers.sort_by_key(|one| {
            (single.sms_before_emails && one.channel == Channel::Email, one.tier)
        });
        for reader in readers {
            at_ms += 1;
            let mut line = single::line(&single, &reader, at_ms);
            line.notification.event_id = EventId::new(event_id(name)).unwrap();
            whole.seen.notifications.push(line);
        }
        let may = flight.may_be_rebooked.as_ref().filter(|may| may.by == name);
        for (may, one) in may.iter().flat_map(|may| may.bookings.iter().map(move |one| (may, one)))
        {
            let mut asked =
                single::rebooking_event(&flight.flight_id, &one.booking_id, &one.passenger_id);
            asked.event_id = EventId::new(event_id(name)).unwrap();
            asked.tier = Some(one.tier);
            asked.rebooking_priority = may.priority;
            whole.seen.rebooking.push(asked);
        }
    }
    whole
}
