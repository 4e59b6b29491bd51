//! Observations made from the expectations: what a scenario that does exactly what it must would
//! show. They prove that the expectations can be met, and each fault in them turns the verdict red.

use super::*;
use crate::kafka::RecordAt;
use crate::scenario::expectations::{Expected, Rule};
use crate::scenario::observation::{Execution, Seen};
use flightpulse_contracts::names;
use flightpulse_contracts::notification_events::NotificationEvent;
use flightpulse_contracts::rebooking_events::RebookingEvent;
use flightpulse_domain::facet::FacetVersion;
use flightpulse_domain::ids::{CorrelationId, EventId, FlightId};
use flightpulse_domain::message::gsm7::transliterate;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

const DEPARTURE: &str = "2026-11-22T21:10:00Z";

fn event_id() -> EventId {
    EventId::new("e1").unwrap()
}

fn words<'a>(rules: impl Iterator<Item = &'a Rule>) -> String {
    let words = rules.flat_map(|rule| &rule.must_contain).map(|words| words.any()[0].as_str());
    words.collect::<Vec<_>>().join(", ")
}

/// A line that says exactly what it must.
pub(in crate::scenario::judge) fn line(
    expected: &Expectations,
    one: &Expected,
    at_ms: i64,
) -> Line {
    let for_it = |rule: &&Rule| {
        rule.channel.is_none_or(|channel| channel == one.channel)
            && rule.language.as_ref().is_none_or(|language| *language == one.language)
    };
    let rules = |in_subject: bool| {
        expected.texts.rules.iter().filter(for_it).filter(move |rule| rule.in_subject == in_subject)
    };
    let own = expected.texts.personal[&one.channel].iter().map(|what| one.own(*what));
    let own = own.collect::<Vec<_>>().join(", ");
    let times = expected.texts.clock_times[&one.language].must.join(", ");
    let text = format!("{own}: {}; {times}", words(rules(false)));
    let is_email = one.channel == Channel::Email;
    Line {
        at_ms,
        log_group: format!("/flightpulse/notifications/{}", one.channel.name()),
        detail_type: names::notification(one.channel).to_owned(),
        notification: NotificationEvent {
            kind: "DELAY".into(),
            nature: flightpulse_domain::notice::Nature::News,
            resend_id: None,
            schema_version: 1,
            notification_id: NotificationId::new(format!("n{at_ms}")).unwrap(),
            event_id: event_id(),
            correlation_id: CorrelationId::new("e1").unwrap(),
            flight_id: FlightId::new(expected.flight_id()).unwrap(),
            booking_id: BookingId::new(&one.booking_id).unwrap(),
            passenger_id: PassengerId::new(&one.passenger_id).unwrap(),
            tier: one.tier,
            language: one.language.clone(),
            channel: one.channel,
            to: one.to.clone(),
            subject: is_email.then(|| words(rules(true))),
            text: if is_email { text } else { transliterate(&text) },
            author: Author::Model,
        },
    }
}

pub(in crate::scenario::judge) fn rebooking_event(
    flight: &str,
    booking: &str,
    passenger: &str,
) -> RebookingEvent {
    RebookingEvent {
        schema_version: 1,
        rebooking_id: format!("r-{booking}"),
        event_id: event_id(),
        correlation_id: CorrelationId::new("e1").unwrap(),
        flight_id: FlightId::new(flight).unwrap(),
        flight_status_version: FacetVersion::new(Timestamp::UNIX_EPOCH, event_id()),
        booking_id: BookingId::new(booking).unwrap(),
        passenger_id: PassengerId::new(passenger).unwrap(),
        passenger_count: 1,
        tier: None,
        rebooking_priority: Default::default(),
    }
}

pub(in crate::scenario::judge) fn flight(expected: &Expectations, after: bool) -> Value {
    let mut fields =
        if after { expected.flight_after.clone() } else { expected.flight_before.clone() };
    let departure: Timestamp = DEPARTURE.parse().unwrap();
    let moved = expected.departure_moves_by_minutes.filter(|_| after);
    let moved = moved.map(|minutes| departure + SignedDuration::from_mins(minutes));
    fields.insert("scheduled_departure".into(), json!(departure));
    fields.insert("actual_departure".into(), json!(moved));
    fields.into()
}

fn made(number: u32) -> Observation {
    let expected = expectations(number);
    let mut told = expected.notifications.clone();
    told.sort_by_key(|one| (expected.sms_before_emails && one.channel == Channel::Email, one.tier));
    let notifications = (1..).zip(&told).map(|(at_ms, one)| line(&expected, one, at_ms)).collect();
    let rebooking = expected.rebooked().iter().map(|one| RebookingEvent {
        tier: Some(one.tier),
        rebooking_priority: expected.rebooking.as_ref().unwrap().priority,
        ..rebooking_event(expected.flight_id(), &one.booking_id, &one.passenger_id)
    });
    Observation {
        event_id: event_id().to_string(),
        record: RecordAt { topic: "flight-operations".into(), partition: 0, offset: 1 },
        flight_before: flight(&expected, false),
        flight_after: flight(&expected, true),
        bookings_before: expected.bookings_after.clone(),
        bookings_after: expected.bookings_after.clone(),
        operations: expected.feed.clone().map(|feed| feed.operations.into()).unwrap_or_default(),
        model: None,
        seen: Seen {
            executions: vec![Execution {
                name: "x1".into(),
                event_id: event_id().to_string(),
                workflow: expected.workflow.clone(),
                route: expected.route.clone(),
                status: expected.execution_status.clone(),
                outcome: Some("TELL".into()),
                states: vec!["Start".into()],
                error: None,
            }],
            notifications,
            rebooking: rebooking.collect(),
            ..Seen::default()
        },
    }
}

#[test]
fn what_meets_the_expectations_passes() {
    for number in [1, 2, 3, 4, 6] {
        let verdict = judge(&expectations(number), &made(number));
        let failures: Vec<_> = verdict.failures().collect();
        assert!(verdict.passed(), "scenario {number}: {failures:#?}");
    }
}

pub(super) fn put_up_for_rebooking(seen: &mut Observation) {
    seen.seen.rebooking.push(rebooking_event("SW5678", "B001", "P001"));
}

fn not_up_for_rebooking(seen: &mut Observation) {
    seen.seen.rebooking.pop();
}

fn up_for_rebooking_twice(seen: &mut Observation) {
    let event = seen.seen.rebooking[0].clone();
    seen.seen.rebooking.push(event);
}

fn another_passenger_rebooked(seen: &mut Observation) {
    seen.seen.rebooking[0].passenger_id = PassengerId::new("P999").unwrap();
}

fn another_priority(seen: &mut Observation) {
    seen.seen.rebooking[0].rebooking_priority = Default::default();
}

fn tier_not_known(seen: &mut Observation) {
    seen.seen.rebooking[0].tier = None;
}

fn booking_left(seen: &mut Observation) {
    seen.bookings_after.insert("B022".into(), "CHECKED_IN".into());
}

fn given_up_booking_revived(seen: &mut Observation) {
    seen.bookings_after.insert("B027".into(), "NEEDS_REBOOKING".into());
}

fn booking_lost(seen: &mut Observation) {
    seen.bookings_after.remove("B011");
}

fn departure_moved(seen: &mut Observation) {
    seen.flight_after["actual_departure"] = json!("2026-11-22T22:10:00Z");
}

fn no_rebooking_link(seen: &mut Observation) {
    replace(seen, Channel::Sms, "de", "https://www.example.com/rebook", "");
}

fn half_a_rebooking_link(seen: &mut Observation) {
    replace(seen, Channel::Sms, "de", "https://www.example.com/rebook", "https://www.example.com");
}

fn no_rights_notice(seen: &mut Observation) {
    replace(seen, Channel::Email, "fr", "remboursement", "");
}

fn no_law(seen: &mut Observation) {
    replace(seen, Channel::Email, "es", "14 CFR", "");
}

fn no_apology(seen: &mut Observation) {
    replace(seen, Channel::Email, "en", "sorry", "glad");
}

fn not_said_to_be_cancelled(seen: &mut Observation) {
    replace(seen, Channel::Sms, "en", "cancelled", "delayed");
}

fn new_time_of_a_cancelled_flight(seen: &mut Observation) {
    let at = first(seen, Channel::Email, "en");
    lines(seen)[at].notification.text.push_str(" It leaves at 8:15 PM.");
}

fn whoever_has_no_address_is_told(seen: &mut Observation) {
    let mut line = lines(seen)[0].clone();
    line.notification.notification_id = NotificationId::new("another").unwrap();
    line.notification.booking_id = BookingId::new("B024").unwrap();
    line.notification.passenger_id = PassengerId::new("P019").unwrap();
    lines(seen).insert(0, line);
}

fn email_before_an_sms(seen: &mut Observation) {
    let at = first(seen, Channel::Email, "es");
    lines(seen)[at].at_ms = 0;
}

fn member_before_a_list_by_sms(seen: &mut Observation) {
    let at = first(seen, Channel::Sms, "de");
    lines(seen)[at].at_ms = 0;
}

fn no_terminal(seen: &mut Observation) {
    replace(seen, Channel::Sms, "fr", "terminal", "");
}

fn no_terminal_in_the_subject(seen: &mut Observation) {
    let at = first(seen, Channel::Email, "de");
    lines(seen)[at].notification.subject = Some("SW3456: D15".into());
}

fn old_gate(seen: &mut Observation) {
    let at = first(seen, Channel::Email, "es");
    lines(seen)[at].notification.text.push_str(" Vaya a la puerta A5.");
}

fn no_new_gate(seen: &mut Observation) {
    replace(seen, Channel::Email, "de", "D15", "");
}

fn not_urgent(seen: &mut Observation) {
    replace(seen, Channel::Sms, "en", "now", "later");
}

fn gate_not_changed(seen: &mut Observation) {
    seen.flight_after["gate"] = json!("A5");
}

fn alarming(seen: &mut Observation) {
    let at = first(seen, Channel::Email, "de");
    lines(seen)[at].notification.text.push_str(" Kommen Sie SOFORT.");
}

fn another_unit(seen: &mut Observation) {
    replace(seen, Channel::Sms, "es", "25 minutos", "25 horas");
}

fn a_record_missing(seen: &mut Observation) {
    seen.operations["records"].as_array_mut().unwrap().pop();
}

fn seats_of_a_cancelled_party_counted(seen: &mut Observation) {
    seen.operations["totals"]["passengers"] = json!(7);
}

fn an_older_purchase_stands(seen: &mut Observation) {
    seen.operations["records"][1]["passenger_count"] = json!(1);
}

fn a_cancelled_party_is_told(seen: &mut Observation) {
    let mut line = lines(seen)[0].clone();
    let gone =
        |id: &str| id.replace("PAIR", "GONE").replace("LATE", "GONE").replace("SOLO", "GONE");
    let told = &mut line.notification;
    told.notification_id = NotificationId::new("another").unwrap();
    told.booking_id = BookingId::new(gone(told.booking_id.as_str())).unwrap();
    told.passenger_id = PassengerId::new(gone(told.passenger_id.as_str())).unwrap();
    lines(seen).push(line);
}

fn a_contact_told_twice(seen: &mut Observation) {
    let line = lines(seen)[0].clone();
    lines(seen).push(line);
}

#[rstest]
#[case(6, a_record_missing, "operations reads the bookings as they are")]
#[case(6, seats_of_a_cancelled_party_counted, "operations reads the bookings as they are")]
#[case(6, an_older_purchase_stands, "operations reads the bookings as they are")]
#[case(6, a_cancelled_party_is_told, "who must not be told is not")]
#[case(6, a_contact_told_twice, "nobody is told twice")]
#[case(1, alarming, "no text states anything else")]
#[case(1, another_unit, "each text states the facts")]
#[case(1, put_up_for_rebooking, "who needs another flight is up for rebooking")]
#[case(3, not_up_for_rebooking, "who needs another flight is up for rebooking")]
#[case(3, up_for_rebooking_twice, "who needs another flight is up for rebooking")]
#[case(3, another_passenger_rebooked, "who needs another flight is up for rebooking")]
#[case(3, another_priority, "who needs another flight is up for rebooking")]
#[case(3, tier_not_known, "who needs another flight is up for rebooking")]
#[case(3, booking_left, "the table has each booking as it should be")]
#[case(3, given_up_booking_revived, "the table has each booking as it should be")]
#[case(3, booking_lost, "the table has each booking as it should be")]
#[case(3, departure_moved, "the departure stays")]
#[case(3, no_rebooking_link, "each text states the facts")]
#[case(3, half_a_rebooking_link, "each text states the facts")]
#[case(3, half_a_rebooking_link, "no text states anything else")]
#[case(3, no_rights_notice, "each text states the facts")]
#[case(3, no_law, "each text states the facts")]
#[case(3, no_apology, "each text states the facts")]
#[case(3, not_said_to_be_cancelled, "each text states the facts")]
#[case(3, new_time_of_a_cancelled_flight, "no text states anything else")]
#[case(3, whoever_has_no_address_is_told, "who must not be told is not")]
#[case(4, email_before_an_sms, "every SMS goes before every email")]
#[case(4, member_before_a_list_by_sms, "higher tiers are told first")]
#[case(4, no_terminal, "each text states the facts")]
#[case(4, no_terminal_in_the_subject, "each text states the facts")]
#[case(4, no_new_gate, "each text states the facts")]
#[case(4, not_urgent, "each text states the facts")]
#[case(4, old_gate, "no text states anything else")]
#[case(4, gate_not_changed, "the API shows the flight as it is")]
#[case(4, departure_moved, "the departure stays")]
fn a_fault_of_its_own_turns_a_scenario_red(
    #[case] number: u32,
    #[case] fault: fn(&mut Observation),
    #[case] check: &str,
) {
    let mut observed = made(number);
    fault(&mut observed);
    let verdict = judge(&expectations(number), &observed);
    let names: Vec<_> = verdict.failures().map(|failure| failure.name).collect();
    assert!(names.contains(&check), "{names:?}");
}
