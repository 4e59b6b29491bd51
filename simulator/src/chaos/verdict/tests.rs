use super::super::history::tests::history;
use super::super::readers;
use super::*;
use crate::scenario::Line;
use flightpulse_contracts::notification_events::NotificationEvent;
use flightpulse_domain::facet::Facet;
use flightpulse_domain::inbound::Change;
use flightpulse_domain::notice::{Nature, Notice, Subject};
use flightpulse_domain::notification::notification_id;
use flightpulse_simulation::model::Said;
use rstest::rstest;
use serde_json::json;

/// What all readers of a flight are told of this event, under the ids that the dispatcher gives.
fn told(history: &History, at: usize, event: &Said, kind: &str, facet: Facet) -> Vec<Line> {
    let flight = &history.flights[at];
    let subject = Subject::Reinstatement {
        delay_minutes: 0,
        departure: flight.departure(),
        arrival: flight.arrival(),
        gate: None,
        as_of: Vec::new(),
    };
    let notice = Notice {
        flight_id: flight.flight_id.clone(),
        origin: flight.origin.clone(),
        destination: flight.destination.clone(),
        facet,
        version: event.version.clone(),
        nature: Nature::News,
        resend_id: None,
        subject,
    };
    let line = |(passenger, channel): &(_, _)| {
        let detail = json!({
            "schema_version": 1, "notification_id": notification_id(&notice, passenger, *channel),
            "event_id": event.version.event_id(), "correlation_id": history.correlation(),
            "kind": kind, "nature": "NEWS", "flight_id": flight.flight_id, "booking_id": "B1",
            "passenger_id": passenger, "tier": "MEMBER", "language": "en", "channel": channel,
            "to": "x", "text": "x", "author": "MODEL",
        });
        let notification: NotificationEvent = serde_json::from_value(detail).unwrap();
        Line { at_ms: 1, log_group: String::new(), detail_type: String::new(), notification }
    };
    history.readers()[&flight.flight_id].iter().map(line).collect()
}

/// The newest of each facet, told to everybody: of the status first, since a reinstatement states all.
fn all_told(history: &History) -> Vec<Line> {
    let mut lines = Vec::new();
    for (at, said) in history.script.said.iter().enumerate() {
        let newest = |says: fn(&Change) -> bool| {
            said.iter().filter(|one| says(&one.change)).max_by_key(|one| one.version.clone())
        };
        let status =
            newest(|change| matches!(change, Change::Cancelled { .. } | Change::Reinstated { .. }));
        let kind = |event: &Said| match event.change {
            Change::Cancelled { .. } => "CANCELLATION",
            _ => "REINSTATEMENT",
        };
        let time = newest(|change| {
            matches!(
                change,
                Change::Delay { .. } | Change::Reinstated { new_departure: Some(_), .. }
            )
        });
        let gate = newest(|change| matches!(change, Change::Gate { .. }));
        let mut tell = |event: Option<&Said>, kind: &str, facet| {
            lines.extend(
                event.map(|event| told(history, at, event, kind, facet)).into_iter().flatten(),
            );
        };
        tell(status, status.map_or("", kind), Facet::Status);
        tell(time, "DELAY", Facet::Schedule);
        tell(gate, "GATE_CHANGE", Facet::Gate);
    }
    lines
}

/// A stack on which all came as the model has it.
fn perfect(history: &History) -> Found {
    let mut found = Found {
        claims: HashMap::new(),
        flights: HashMap::new(),
        api: HashMap::new(),
        bookings: HashMap::new(),
    };
    for (flight, said) in history.flights.iter().zip(&history.script.said) {
        let must = ending(flight, said);
        let mut is = flight.clone();
        (is.status, is.delay_minutes, is.gate) = (must.status, must.delay_minutes, must.gate);
        is.actual_departure = Some(must.departure);
        let answer = json!({"status": is.status.name(), "delay_minutes": is.delay_minutes});
        found.api.insert(flight.flight_id.clone(), answer);
        found
            .claims
            .extend(said.iter().map(|one| (one.version.event_id().clone(), EventClaim::Done)));
        for booking in history.bookings().filter(|one| one.flight_id == flight.flight_id) {
            let mut booking = booking.clone();
            if is.status == FlightStatus::Cancelled {
                booking.booking_status = BookingStatus::NeedsRebooking;
            }
            found.bookings.insert(booking.booking_id.clone(), booking);
        }
        found.flights.insert(flight.flight_id.clone(), is);
    }
    found
}

fn judged(history: &History, found: &Found, ended: &Ended, lines: &[Line]) -> Verdict {
    Verdict::of(history, found, ended, readers::read(history, lines), Letters::default())
}

#[test]
fn what_came_as_the_model_has_it_is_good() {
    for seed in 1..=8 {
        let history = history(seed);
        let (found, lines) = (perfect(&history), all_told(&history));
        let verdict = judged(&history, &found, &Ended::default(), &lines);
        assert_eq!(verdict, Verdict::default(), "seed {seed}");
    }
}

#[test]
fn a_repeat_under_its_id_is_counted_and_no_defect() {
    let history = history(1);
    let mut lines = all_told(&history);
    lines.push(lines[0].clone());
    assert_eq!(readers::read(&history, &lines).repeated, 1);
    assert!(judged(&history, &perfect(&history), &Ended::default(), &lines).is_good());
}

#[rstest]
#[case("no claim", "lost")]
#[case("a released claim", "lost")]
#[case("a wrong gate", "wrong_flights")]
#[case("a wrong answer", "wrong_flights")]
#[case("a wrong booking", "wrong_bookings")]
#[case("a lost message", "missing")]
#[case("another id", "unexpected")]
#[case("no message", "misled")]
fn each_defect_turns_it_red(#[case] defect: &str, #[case] found_as: &str) {
    let history = history(1);
    let (mut found, mut lines) = (perfect(&history), all_told(&history));
    let mut ended = Ended::default();
    let event = history.script.said.iter().flatten().next().unwrap().version.event_id().clone();
    let flight = history.flights[0].flight_id.clone();
    match defect {
        "no claim" => drop(found.claims.remove(&event)),
        "a released claim" => drop(found.claims.insert(event, EventClaim::Released)),
        "a wrong gate" => found.flights.get_mut(&flight).unwrap().gate = Some("Z9".into()),
        "a wrong answer" => drop(found.api.insert(flight, json!({"status": "ARRIVED"}))),
        "a wrong booking" => {
            let id = &history.bookings().next().unwrap().booking_id;
            found.bookings.get_mut(id).unwrap().booking_status = BookingStatus::Cancelled;
        }
        "a lost message" => {
            ended.told.insert(lines.remove(0).notification.event_id);
        }
        "another id" => {
            let mut other = lines[0].clone();
            let id = "0b9d6f0e-0000-4000-8000-000000000000".to_owned();
            other.notification.notification_id = id.try_into().unwrap();
            lines.push(other);
        }
        _ => lines.clear(),
    }
    let verdict = judged(&history, &found, &ended, &lines);
    let told = serde_json::to_value(&verdict).unwrap();
    assert!(!verdict.is_good() && told[found_as] != json!([]), "{verdict:?}");
}
