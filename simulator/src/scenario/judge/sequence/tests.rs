//! Made observations: sequences that went in each way that is allowed pass, and every fault turns
//! the verdict red.

mod made;
mod quiet;

use super::*;
use crate::scenario::observation::Line;
use flightpulse_domain::ids::{BookingId, EventId, NotificationId, PassengerId};
use flightpulse_domain::message::Author;
use flightpulse_domain::notification::Channel;
use made::{LIKELY, event_id, made};
use quiet::{done_by_two, done_quietly_what_is_to_be_told};
use rstest::rstest;
use serde_json::json;
use std::collections::BTreeSet;

fn verdict(observed: &Whole) -> Verdict {
    judge(&Sequence::read().unwrap(), observed)
}

#[rstest]
#[case::in_order(&[])]
#[case::newest_first(&[("sw5678-delay-45", "SUPERSEDED"), ("sw5678-delay-20", "SUPERSEDED")])]
#[case::newest_last(&[("sw5678-delay-45", "OVERTAKEN"), ("sw5678-delay-20", "TELL")])]
#[case::the_second_delay_first(&[("sw1234-delay-25", "SUPERSEDED"), ("sw1234-delay-30", "TELL")])]
#[case::the_reinstatement_first(&[
    ("sw9012-cancelled", "SUPERSEDED"), ("sw9012-reinstated", "NOT_MATERIAL"),
])]
#[case::the_reinstatement_overtakes(&[("sw9012-cancelled", "OVERTAKEN")])]
#[case::the_other_source_first(&[
    ("sw3456-delay-by-operations", "SUPERSEDED"), ("sw3456-delay-by-crew-control", "TELL"),
])]
#[case::the_winner_of_the_tie_first(&[("sw3456-gate-1-c20", "SUPERSEDED")])]
fn each_way_that_is_allowed_passes(#[case] changed: &[(&str, &str)]) {
    let verdict = verdict(&made(changed));
    assert!(verdict.passed(), "{:#?}", verdict.failures().collect::<Vec<_>>());
}

// What an overtaken telling had sent before it was overtaken does no harm: the last is true.
#[test]
fn an_overtaken_telling_may_have_told_some() {
    let mut observed = made(&[]);
    outcome(&mut observed, "sw5678-delay-45", "OVERTAKEN");
    remove(&mut observed, "sw5678-delay-45", "B004");
    assert!(verdict(&observed).passed());
}

// Kafka and the bus deliver at least once: what matters is that the event is found done.
#[test]
fn a_record_may_be_delivered_twice() {
    let mut observed = made(&[]);
    let mut again = observed.seen.executions[0].clone();
    again.name = "again".into();
    again.outcome = Some("DONE_BEFORE".into());
    observed.seen.executions.push(again);
    assert!(verdict(&observed).passed());
}

#[rstest]
#[case(&[("sw5678-delay-110", "OVERTAKEN")])]
#[case(&[("sw5678-delay-110", "SUPERSEDED")])]
#[case(&[("sw5678-gate-b12", "NOT_MATERIAL")])]
#[case(&[("sw1234-delay-30", "TELL")])]
#[case(&[("sw1234-delay-25", "SUPERSEDED")])]
#[case(&[("sw9012-cancelled", "SUPERSEDED")])]
#[case(&[("sw9012-reinstated", "NOT_MATERIAL")])]
#[case(&[("sw3456-delay-by-crew-control", "TELL")])]
#[case(&[("sw3456-gate-2-d15", "SUPERSEDED")])]
fn a_way_that_is_not_allowed_is_red(#[case] changed: &[(&str, &str)]) {
    let failed = failed(&made(changed));
    assert!(failed.contains("each execution ends as it may"), "{failed:?}");
}

fn failed(observed: &Whole) -> BTreeSet<&'static str> {
    verdict(observed).failures().map(|check| check.name).collect()
}

fn outcome(observed: &mut Whole, event: &str, outcome: &str) {
    let id = event_id(event);
    let executions = &mut observed.seen.executions;
    let one = executions.iter_mut().find(|one| one.event_id == id).unwrap();
    one.outcome = Some(outcome.to_owned());
}

fn remove(observed: &mut Whole, event: &str, booking: &str) {
    let id = event_id(event);
    let is = |line: &Line| {
        line.notification.event_id.as_str() == id
            && line.notification.booking_id.as_str() == booking
    };
    let before = observed.seen.notifications.len();
    observed.seen.notifications.retain(|line| !is(line));
    assert!(observed.seen.notifications.len() < before);
}

fn first<'a>(observed: &'a mut Whole, event: &str) -> &'a mut Line {
    let id = event_id(event);
    let lines = &mut observed.seen.notifications;
    lines.iter_mut().find(|line| line.notification.event_id.as_str() == id).unwrap()
}

fn stale_last_message(observed: &mut Whole) {
    first(observed, "sw5678-delay-45").at_ms = 1_000_000;
}

fn cancellation_read_last(observed: &mut Whole) {
    first(observed, "sw9012-cancelled").at_ms = 1_000_000;
}

fn loser_of_the_tie_read_last(observed: &mut Whole) {
    first(observed, "sw3456-gate-1-c20").at_ms = 1_000_000;
}

fn missing_facet(observed: &mut Whole) {
    let gate = event_id("sw5678-gate-b12");
    observed.seen.notifications.retain(|line| line.notification.event_id.as_str() != gate);
}

fn missing_booking(observed: &mut Whole) {
    remove(observed, "sw1234-delay-25", "B016");
}

fn doubled_line(observed: &mut Whole) {
    let line = first(observed, "sw5678-delay-110").clone();
    observed.seen.notifications.push(line);
}

fn doubled_under_another_id(observed: &mut Whole) {
    let mut line = first(observed, "sw5678-delay-110").clone();
    line.notification.notification_id = NotificationId::new("another").unwrap();
    observed.seen.notifications.push(line);
}

fn one_id_of_two_events(observed: &mut Whole) {
    let id = first(observed, "sw5678-delay-45").notification.notification_id.clone();
    first(observed, "sw5678-delay-110").notification.notification_id = id;
}

fn superseded_yet_told(observed: &mut Whole) {
    let mut line = first(observed, "sw5678-delay-110").clone();
    line.notification.event_id = EventId::new(event_id("sw5678-delay-20")).unwrap();
    line.notification.notification_id = NotificationId::new("another").unwrap();
    line.at_ms = 0;
    observed.seen.notifications.push(line);
}

fn wrong_final_state(observed: &mut Whole) {
    observed.flights.get_mut("SW5678").unwrap().after["delay_minutes"] = json!(20);
}

fn wrong_final_gate(observed: &mut Whole) {
    observed.flights.get_mut("SW3456").unwrap().after["gate"] = json!("C20");
}

fn flight_left_cancelled(observed: &mut Whole) {
    observed.flights.get_mut("SW9012").unwrap().after["status"] = json!("CANCELLED");
}

fn departure_of_the_older_delay(observed: &mut Whole) {
    let flight = observed.flights.get_mut("SW5678").unwrap();
    flight.after["actual_departure"] = json!("2026-11-22T21:55:00Z");
}

fn booking_left_without_flight(observed: &mut Whole) {
    let flight = observed.flights.get_mut("SW9012").unwrap();
    flight.bookings_after.insert("B022".into(), "NEEDS_REBOOKING".into());
}

fn rebooked_twice(observed: &mut Whole) {
    let one = observed.seen.rebooking[0].clone();
    observed.seen.rebooking.push(one);
}

fn rebooking_not_asked_for(observed: &mut Whole) {
    observed.seen.rebooking.pop();
}

fn rebooked_by_the_reinstatement(observed: &mut Whole) {
    observed.seen.rebooking[0].event_id = EventId::new(event_id("sw9012-reinstated")).unwrap();
}

fn duplicate_done_twice(observed: &mut Whole) {
    let id = event_id("sw1234-delay-25");
    let done = observed.seen.executions.iter_mut().filter(|one| one.event_id == id);
    done.for_each(|one| one.outcome = Some("TELL".into()));
}

fn record_done_twice(observed: &mut Whole) {
    let mut again = observed.seen.executions[0].clone();
    again.name = "again".into();
    observed.seen.executions.push(again);
}

fn record_lost(observed: &mut Whole) {
    let id = event_id("sw3456-gate-1-c20");
    observed.seen.executions.retain(|one| one.event_id != id);
}

fn failed_execution(observed: &mut Whole) {
    let one = &mut observed.seen.executions[0];
    "FAILED".clone_into(&mut one.status);
    one.outcome = None;
}

fn another_workflow(observed: &mut Whole) {
    "FlightPulseGateChangeWorkflow".clone_into(&mut observed.seen.executions[0].workflow);
}

fn long_execution(observed: &mut Whole) {
    observed.seen.executions[0].states = vec!["S".into(); 41];
}

fn event_not_sent(observed: &mut Whole) {
    observed.events.pop();
}

fn extra_passenger(observed: &mut Whole) {
    let mut line = first(observed, "sw1234-delay-25").clone();
    line.notification.passenger_id = PassengerId::new("P999").unwrap();
    line.notification.booking_id = BookingId::new("B999").unwrap();
    line.notification.notification_id = NotificationId::new("another").unwrap();
    observed.seen.notifications.push(line);
}

fn told_in_spite(observed: &mut Whole) {
    let mut line = first(observed, "sw5678-gate-b12").clone();
    line.notification.passenger_id = PassengerId::new("P008").unwrap();
    line.notification.booking_id = BookingId::new("B008").unwrap();
    line.notification.notification_id = NotificationId::new("another").unwrap();
    observed.seen.notifications.push(line);
}

fn another_address(observed: &mut Whole) {
    first(observed, "sw3456-gate-2-d15").notification.to = "someone.else@example.com".into();
}

// A message that is overtaken is held to its event too.
fn wrong_time_in_an_older_message(observed: &mut Whole) {
    let text = &mut first(observed, "sw5678-delay-45").notification.text;
    *text = text.replace("14:55", "15:55").replace("2:55 PM", "3:55 PM");
}

fn another_flights_number(observed: &mut Whole) {
    first(observed, "sw5678-delay-110").notification.text.push_str(" SW1234");
}

fn no_name(observed: &mut Whole) {
    let line = first(observed, "sw9012-reinstated");
    line.notification.text = line.notification.text.replace("James", "Guest");
}

fn long_sms(observed: &mut Whole) {
    let lines = &mut observed.seen.notifications;
    let sms = lines.iter_mut().find(|line| line.notification.channel == Channel::Sms).unwrap();
    sms.notification.text.push_str(&"x".repeat(160));
}

fn email_before_an_urgent_sms(observed: &mut Whole) {
    let id = event_id("sw3456-gate-2-d15");
    let lines = observed.seen.notifications.iter_mut().map(|line| (line.at_ms, line));
    let ours = lines.filter(|(_, line)| line.notification.event_id.as_str() == id);
    let email = ours.filter(|(_, line)| line.notification.channel == Channel::Email);
    email.for_each(|(at, line)| line.at_ms = at - 100);
}

fn member_first(observed: &mut Whole) {
    let id = event_id("sw1234-delay-25");
    let is = |line: &&mut Line| {
        line.notification.event_id.as_str() == id && line.notification.tier.name() == "MEMBER"
    };
    observed.seen.notifications.iter_mut().find(is).unwrap().at_ms -= 100;
}

fn templates_only(observed: &mut Whole) {
    let lines = observed.seen.notifications.iter_mut();
    lines.for_each(|line| line.notification.author = Author::Template);
}

fn call_per_passenger(observed: &mut Whole) {
    let calls = 100;
    observed.model = serde_json::from_value(json!({
        "calls": calls, "input_tokens": 1, "output_tokens": 1,
    }))
    .ok();
}

fn dead_letter(observed: &mut Whole) {
    observed.seen.dead_letters.push("execution: it failed".into());
}

fn unreadable_line(observed: &mut Whole) {
    observed.seen.unreadable.push("no JSON".into());
}

type Fault = fn(&mut Whole);

const FAULTS: &[(Fault, &str)] = &[
    (stale_last_message, "what each reader read last is true"),
    (cancellation_read_last, "what each reader read last is true"),
    (loser_of_the_tie_read_last, "what each reader read last is true"),
    (missing_facet, "what each reader read last is true"),
    (missing_facet, "each reader is told as each event ended"),
    (missing_booking, "each reader is told as each event ended"),
    (missing_booking, "there are as many messages as matter"),
    (doubled_line, "no notification is there twice"),
    (doubled_line, "nobody is told twice"),
    (doubled_line, "each reader is told as each event ended"),
    (doubled_under_another_id, "nobody is told twice"),
    (one_id_of_two_events, "no notification is there twice"),
    (superseded_yet_told, "each reader is told as each event ended"),
    (wrong_final_state, "the API shows the flight as it is"),
    (wrong_final_gate, "the API shows the flight as it is"),
    (flight_left_cancelled, "the API shows the flight as it is"),
    (departure_of_the_older_delay, "each departure is where it should be"),
    (booking_left_without_flight, "the table has each booking as it should be"),
    (rebooked_twice, "who needs another flight is up for rebooking"),
    (rebooking_not_asked_for, "who needs another flight is up for rebooking"),
    (rebooked_by_the_reinstatement, "who needs another flight is up for rebooking"),
    (duplicate_done_twice, "each event is processed once"),
    (record_done_twice, "each event is processed once"),
    (done_by_two, "each event is processed once"),
    (done_quietly_what_is_to_be_told, "each execution ends as it may"),
    (record_lost, "each event is processed once"),
    (record_lost, "each execution ends as it may"),
    (failed_execution, "each event is processed once"),
    (another_workflow, "the event takes its route"),
    (long_execution, "the workflows are short"),
    (event_not_sent, "every event is sent"),
    (extra_passenger, "nobody else is told"),
    (told_in_spite, "who must not be told is not"),
    (another_address, "each goes to the right address"),
    (wrong_time_in_an_older_message, "each text states the facts"),
    (wrong_time_in_an_older_message, "no text states anything else"),
    (another_flights_number, "no text states anything else"),
    (no_name, "each text is its reader's own"),
    (long_sms, "each SMS is one message"),
    (email_before_an_urgent_sms, "every SMS goes before every email"),
    (member_first, "higher tiers are told first"),
    (templates_only, "most texts are the model's"),
    (call_per_passenger, "the model is called once a cohort at most"),
    (dead_letter, "nothing ends in the dead letters"),
    (unreadable_line, "nothing ends in the dead letters"),
];

#[test]
fn every_fault_turns_the_verdict_red() {
    for (at, (fault, check)) in FAULTS.iter().enumerate() {
        let mut observed = made(&[]);
        fault(&mut observed);
        let failed = failed(&observed);
        assert!(failed.contains(check), "fault {at}, {check}: {failed:?}");
    }
}

#[test]
fn every_check_can_fail() {
    let can: BTreeSet<_> = FAULTS.iter().map(|(_, check)| *check).collect();
    let all: BTreeSet<_> = verdict(&made(&[])).checks.iter().map(|check| check.name).collect();
    assert_eq!(can, all);
}

#[test]
fn it_is_complete_when_every_record_has_ended_and_everyone_is_told() {
    let expected = Sequence::read().unwrap();
    let complete = |fault: Option<Fault>| {
        let mut observed = made(&[]);
        if let Some(fault) = fault {
            fault(&mut observed);
        }
        is_complete(&expected, &observed.events, &observed.seen)
    };
    assert!(complete(None));
    for fault in
        [missing_booking, missing_facet, record_lost, rebooking_not_asked_for] as [Fault; 4]
    {
        assert!(!complete(Some(fault)));
    }
    assert_eq!(LIKELY.len(), expected.events().count());
}
