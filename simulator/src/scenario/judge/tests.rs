//! Every fault that a scenario must not let pass, put into a recorded observation.

pub(super) mod made;

use super::*;
use crate::scenario::observation::Line;
use flightpulse_domain::ids::{BookingId, NotificationId, PassengerId};
use flightpulse_domain::message::Author;
use flightpulse_domain::notification::Channel;
use rstest::rstest;
use serde_json::json;

const RECORDED: &str = include_str!("../../../testdata/scenario-2.json");

fn recorded() -> Observation {
    serde_json::from_str(RECORDED).unwrap()
}

/// As of one time: a run has names of its own.
fn expectations(number: u32) -> Expectations {
    Expectations::of(number, "2026-11-21T10:00:00Z".parse().unwrap()).unwrap()
}

fn verdict(observed: &Observation) -> Verdict {
    judge(&expectations(2), observed)
}

#[test]
fn the_recorded_scenario_passes() {
    let verdict = verdict(&recorded());
    assert!(verdict.passed(), "{:#?}", verdict.failures().collect::<Vec<_>>());
}

fn lines(observed: &mut Observation) -> &mut Vec<Line> {
    &mut observed.seen.notifications
}

fn first(observed: &mut Observation, channel: Channel, language: &str) -> usize {
    let is = |line: &Line| {
        line.notification.channel == channel && line.notification.language == language
    };
    lines(observed).iter().position(is).unwrap()
}

fn replace(observed: &mut Observation, channel: Channel, language: &str, old: &str, new: &str) {
    let at = first(observed, channel, language);
    let text = &mut lines(observed)[at].notification.text;
    assert!(text.contains(old), "{text}");
    *text = text.replace(old, new);
}

fn another_workflow(seen: &mut Observation) {
    "FlightPulseGateChangeWorkflow".clone_into(&mut seen.seen.executions[0].workflow);
}

fn booking_changed(seen: &mut Observation) {
    seen.bookings_after.insert("B001".into(), "NEEDS_REBOOKING".into());
}

fn another_link(seen: &mut Observation) {
    let at = first(seen, Channel::Email, "en");
    lines(seen)[at].notification.text.push_str(" See https://elsewhere.example/now.");
}

fn promised_refund(seen: &mut Observation) {
    let at = first(seen, Channel::Email, "en");
    lines(seen)[at].notification.text.push_str(" Your Refund is on its way.");
}

fn flight_missing_in_the_subject(seen: &mut Observation) {
    let at = first(seen, Channel::Email, "en");
    lines(seen)[at].notification.subject = Some("Your flight is delayed".into());
}

fn another_language(seen: &mut Observation) {
    let at = first(seen, Channel::Email, "de");
    "en".clone_into(&mut lines(seen)[at].notification.language);
}

fn doubled_line(seen: &mut Observation) {
    let line = lines(seen)[0].clone();
    lines(seen).push(line);
}

fn doubled_under_another_id(seen: &mut Observation) {
    let mut line = lines(seen)[0].clone();
    line.notification.notification_id = NotificationId::new("another").unwrap();
    lines(seen).insert(1, line);
}

fn dropped_booking(seen: &mut Observation) {
    let booking = lines(seen)[0].notification.booking_id.clone();
    lines(seen).retain(|line| line.notification.booking_id != booking);
}

fn dropped_channel(seen: &mut Observation) {
    let at = first(seen, Channel::Sms, "de");
    lines(seen).remove(at);
}

fn wrong_gate(seen: &mut Observation) {
    let at = first(seen, Channel::Email, "en");
    lines(seen)[at].notification.text.push_str(" It leaves from gate Z9.");
}

fn wrong_time_in_12_hours(seen: &mut Observation) {
    replace(seen, Channel::Email, "en", "3:40 PM", "4:40 PM");
}

fn wrong_half_of_the_day(seen: &mut Observation) {
    replace(seen, Channel::Email, "en", "3:40 PM", "3:40 AM");
}

fn wrong_time_in_24_hours(seen: &mut Observation) {
    replace(seen, Channel::Sms, "fr", "15:40", "7:40");
}

fn wrong_time_in_the_subject(seen: &mut Observation) {
    let at = first(seen, Channel::Email, "de");
    lines(seen)[at].notification.subject = Some("Flug SW5678: 16:40".into());
}

fn wrong_delay(seen: &mut Observation) {
    replace(seen, Channel::Email, "es", "90", "60");
}

fn another_flight(seen: &mut Observation) {
    let at = first(seen, Channel::Email, "de");
    lines(seen)[at].notification.text.push_str(" SW1234");
}

fn unfilled_placeholder(seen: &mut Observation) {
    replace(seen, Channel::Email, "en", "James", "{{first_name}}");
}

fn anothers_seat(seen: &mut Observation) {
    replace(seen, Channel::Email, "en", "3C", "2A");
}

fn anothers_confirmation_number(seen: &mut Observation) {
    let at = first(seen, Channel::Sms, "en");
    lines(seen)[at].notification.text.push_str(" K7QX2M");
}

fn long_sms(seen: &mut Observation) {
    let at = first(seen, Channel::Sms, "en");
    lines(seen)[at].notification.text.push_str(&"x".repeat(160));
}

fn sms_outside_its_alphabet(seen: &mut Observation) {
    let at = first(seen, Channel::Sms, "es");
    lines(seen)[at].notification.text.push('…');
}

fn extra_passenger(seen: &mut Observation) {
    let mut line = lines(seen)[0].clone();
    line.notification.notification_id = NotificationId::new("another").unwrap();
    line.notification.booking_id = BookingId::new("B009").unwrap();
    line.notification.passenger_id = PassengerId::new("P999").unwrap();
    lines(seen).insert(0, line);
}

fn cancelled_booking_told(seen: &mut Observation) {
    let mut line = lines(seen)[0].clone();
    line.notification.notification_id = NotificationId::new("another").unwrap();
    line.notification.booking_id = BookingId::new("B008").unwrap();
    line.notification.passenger_id = PassengerId::new("P008").unwrap();
    lines(seen).insert(0, line);
}

fn another_address(seen: &mut Observation) {
    lines(seen)[0].notification.to = "someone.else@example.com".into();
}

fn another_log(seen: &mut Observation) {
    lines(seen)[0].log_group = "/flightpulse/notifications/other".into();
}

fn member_before_a_list(seen: &mut Observation) {
    let last = lines(seen).iter().map(|line| line.at_ms).max().unwrap();
    let at = first(seen, Channel::Sms, "fr");
    lines(seen)[at].at_ms = last + 1;
}

fn templates_only(seen: &mut Observation) {
    lines(seen).iter_mut().for_each(|line| line.notification.author = Author::Template);
}

fn call_per_passenger(seen: &mut Observation) {
    if let Some(model) = &mut seen.model {
        model.calls = 8;
    }
}

fn failed_execution(seen: &mut Observation) {
    "FAILED".clone_into(&mut seen.seen.executions[0].status);
}

fn no_execution(seen: &mut Observation) {
    seen.seen.executions.clear();
}

fn two_executions(seen: &mut Observation) {
    let execution = seen.seen.executions[0].clone();
    seen.seen.executions.push(execution);
}

fn another_route(seen: &mut Observation) {
    "flight.delay.severe".clone_into(&mut seen.seen.executions[0].route);
}

fn loop_per_booking(seen: &mut Observation) {
    let state = "DispatchPage".to_owned();
    seen.seen.executions[0].states.extend(std::iter::repeat_n(state, 30));
}

fn dead_letter(seen: &mut Observation) {
    seen.seen.dead_letters.push("booking B001: no text".into());
}

fn unreadable_line(seen: &mut Observation) {
    seen.seen.unreadable.push("{}".into());
}

fn flight_not_delayed(seen: &mut Observation) {
    seen.flight_after["status"] = json!("SCHEDULED");
}

fn departure_not_moved(seen: &mut Observation) {
    seen.flight_after["actual_departure"] = seen.flight_before["scheduled_departure"].clone();
}

fn schedule_rewritten(seen: &mut Observation) {
    seen.flight_after["scheduled_departure"] = seen.flight_after["actual_departure"].clone();
}

// A fault must be found by the check that is there for it, not by a side effect on another.
#[rstest]
#[case(doubled_line, "nobody is told twice")]
#[case(doubled_under_another_id, "nobody is told twice")]
#[case(dropped_booking, "everyone is told")]
#[case(dropped_channel, "everyone is told")]
#[case(extra_passenger, "nobody else is told")]
#[case(cancelled_booking_told, "who must not be told is not")]
#[case(another_address, "each goes to the right address")]
#[case(another_log, "each goes to the right address")]
#[case(another_language, "each goes to the right address")]
#[case(another_link, "no text states anything else")]
#[case(promised_refund, "no text states anything else")]
#[case(flight_missing_in_the_subject, "each text states the facts")]
#[case(booking_changed, "the table has each booking as it should be")]
#[case(another_workflow, "the event takes its route")]
#[case(wrong_gate, "no text states anything else")]
#[case(wrong_time_in_12_hours, "each text states the facts")]
#[case(wrong_half_of_the_day, "no text states anything else")]
#[case(wrong_time_in_24_hours, "each text states the facts")]
#[case(wrong_time_in_the_subject, "no text states anything else")]
#[case(wrong_delay, "each text states the facts")]
#[case(another_flight, "no text states anything else")]
#[case(unfilled_placeholder, "no text states anything else")]
#[case(anothers_seat, "each text is its reader's own")]
#[case(anothers_confirmation_number, "each text is its reader's own")]
#[case(long_sms, "each SMS is one message")]
#[case(sms_outside_its_alphabet, "each SMS is one message")]
#[case(member_before_a_list, "higher tiers are told first")]
#[case(templates_only, "most texts are the model's")]
#[case(call_per_passenger, "the model is called once a cohort at most")]
#[case(failed_execution, "one execution ends as it should")]
#[case(two_executions, "one execution ends as it should")]
#[case(no_execution, "the event takes its route")]
#[case(another_route, "the event takes its route")]
#[case(loop_per_booking, "the workflow is short")]
#[case(dead_letter, "nothing ends in the dead letters")]
#[case(unreadable_line, "nothing ends in the dead letters")]
#[case(flight_not_delayed, "the API shows the flight as it is")]
#[case(departure_not_moved, "the departure moves by the delay")]
#[case(schedule_rewritten, "the departure moves by the delay")]
fn a_fault_turns_the_verdict_red(#[case] fault: fn(&mut Observation), #[case] check: &str) {
    let mut observed = recorded();
    fault(&mut observed);
    let verdict = verdict(&observed);
    let names: Vec<_> = verdict.failures().map(|failure| failure.name).collect();
    assert!(names.contains(&check), "{names:?}");
}

// The messenger may fall back for a cohort: the template is in the reader's language too.
#[test]
fn one_template_is_no_fault() {
    let mut observed = recorded();
    let at = first(&mut observed, Channel::Sms, "fr");
    let told = &mut lines(&mut observed)[at].notification;
    told.author = Author::Template;
    told.text = "Élodie, le vol SW5678 a un retard de 90 minutes. Nouveau départ : 15:40.".into();
    let verdict = verdict(&observed);
    assert!(verdict.passed(), "{:#?}", verdict.failures().collect::<Vec<_>>());
}

#[test]
fn every_check_of_the_recorded_scenario_can_fail() {
    let faults: [fn(&mut Observation); 20] = [
        another_route,
        failed_execution,
        loop_per_booking,
        flight_not_delayed,
        departure_not_moved,
        booking_changed,
        made::put_up_for_rebooking,
        dropped_booking,
        extra_passenger,
        cancelled_booking_told,
        doubled_line,
        another_address,
        wrong_delay,
        wrong_gate,
        anothers_seat,
        long_sms,
        member_before_a_list,
        templates_only,
        call_per_passenger,
        dead_letter,
    ];
    let mut failed = std::collections::BTreeSet::new();
    for fault in faults {
        let mut observed = recorded();
        fault(&mut observed);
        failed.extend(verdict(&observed).failures().map(|failure| failure.name));
    }
    let all: std::collections::BTreeSet<_> =
        verdict(&recorded()).checks.iter().map(|check| check.name).collect();
    assert_eq!(failed, all);
}
