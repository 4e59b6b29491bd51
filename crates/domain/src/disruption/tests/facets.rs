//! Gate and status, and how the facets meet.

use super::*;
use crate::news::ToldGate;

fn told_gate(gate: &str) -> Option<Told<ToldGate>> {
    let said = ToldGate { gate: gate.into(), old_gate: None, terminal_change: false };
    Some(Told { version: version("2026-11-22T08:00:00Z", "e0"), revision: 0, said })
}

#[rstest]
#[case::first(None, true)]
#[case::the_same(told_gate("D15"), false)]
#[case::another(told_gate("C3"), true)]
fn any_gate_that_passengers_do_not_know_is_told(
    #[case] told: Option<Told<ToldGate>>,
    #[case] is_told: bool,
) {
    let mut flight = flight();
    flight.gate_news.told = told;
    let (after, notice) = write(&flight, &report("2026-11-22T09:00:00Z", gate_to("D15")));
    assert_eq!((after.gate.as_deref(), notice.is_some()), (Some("D15"), is_told));
}

#[rstest]
#[case::what_they_were_told(told_gate("C3"), Some("A1"), Some("C3"))]
#[case::what_the_sender_says(None, Some("A1"), Some("A1"))]
#[case::what_the_flight_had(None, None, Some("B7"))]
#[case::never_the_new_one(None, Some("D15"), None)]
fn the_old_gate_is_the_one_that_passengers_know(
    #[case] told: Option<Told<ToldGate>>,
    #[case] said: Option<&str>,
    #[case] shown: Option<&str>,
) {
    let mut flight = flight();
    flight.gate_news.told = told;
    let change = Change::Gate {
        old_gate: said.map(str::to_owned),
        new_gate: "D15".into(),
        terminal_change: true,
    };
    let notice = write(&flight, &report("2026-11-22T09:00:00Z", change)).1.unwrap();
    assert!(notice.subject.is_urgent());
    let Subject::GateChange { old_gate, .. } = notice.subject else { panic!() };
    assert_eq!(old_gate.as_deref(), shown);
}

#[test]
fn a_cancellation_is_told_once_whoever_says_it() {
    let (gone, notice) = write(&flight(), &report("2026-11-22T09:00:00Z", cancelled()));
    assert_eq!(gone.status, FlightStatus::Cancelled);
    let Subject::Cancellation { reason, rebooking_priority, .. } = notice.unwrap().subject else {
        panic!()
    };
    assert_eq!((reason, rebooking_priority), (Reason::Weather, RebookingPriority::High));
    let mut again = report("2026-11-22T09:05:00Z", cancelled());
    again.version = version("2026-11-22T09:05:00Z", "e2");
    // While it is being told, and after.
    assert!(write(&gone, &again).1.is_none());
    let told = after(&flight(), &report("2026-11-22T09:00:00Z", cancelled()));
    assert!(write(&told, &again).1.is_none());
}

#[test]
fn a_wrong_cancellation_is_taken_back_with_the_time_and_the_gate() {
    let gone = after(&flight(), &report("2026-11-22T09:00:00Z", cancelled()));
    let gone = after(&gone, &report("2026-11-22T09:10:00Z", delay_of(40)));
    let gone = after(&gone, &report("2026-11-22T09:20:00Z", gate_to("D15")));
    assert_eq!(gone.status, FlightStatus::Cancelled);
    let back = report("2026-11-22T09:30:00Z", reinstated(None));
    let (flies, notice) = write(&gone, &back);
    assert_eq!((flies.status, flies.cancellation), (FlightStatus::Delayed, None));
    let notice = notice.unwrap();
    assert_eq!(notice.nature, Nature::Improvement);
    let Subject::Reinstatement { delay_minutes, departure, gate, .. } = notice.subject else {
        panic!()
    };
    assert_eq!((delay_minutes, gate.as_deref()), (40, Some("D15")));
    assert_eq!(departure, time("2026-11-22T21:50:00Z"));

    // The time and the gate were told with it: the same again is no news, others are.
    let flies = after(&gone, &back);
    let later = |change| report("2026-11-22T09:40:00Z", change);
    assert!(write(&flies, &later(delay_of(45))).1.is_none());
    assert!(write(&flies, &later(gate_to("D15"))).1.is_none());
    assert_eq!(write(&flies, &later(delay_of(0))).1.unwrap().nature, Nature::Improvement);
    assert!(write(&flies, &later(gate_to("A1"))).1.is_some());
}

#[test]
fn a_reinstatement_brings_its_times_unless_the_schedule_has_heard_newer_ones() {
    let gone = after(&flight(), &report("2026-11-22T09:00:00Z", cancelled()));
    let back = report("2026-11-22T09:30:00Z", reinstated(Some("2026-11-22T22:10:00Z")));
    let (flies, _) = write(&gone, &back);
    assert_eq!((flies.delay_minutes, flies.arrival()), (60, time("2026-11-23T00:05:00Z")));
    assert_eq!(flies.versions.schedule, Some(back.version.clone()));

    let mut newer = delay("2026-11-22T09:40:00Z", 20);
    newer.version = version("2026-11-22T09:40:00Z", "e2");
    let (flies, _) = write(&after(&gone, &newer), &back);
    assert_eq!(flies.delay_minutes, 20);
}

#[test]
fn a_cancellation_that_arrives_after_the_newer_reinstatement_is_superseded() {
    let back = report("2026-11-22T09:30:00Z", reinstated(None));
    let (flies, notice) = write(&flight(), &back);
    assert!(notice.is_none());
    let older = report("2026-11-22T09:00:00Z", cancelled());
    assert!(matches!(decide(&flies, &older), Decision::Superseded { .. }));
}

#[test]
fn a_retraction_is_told_whatever_passengers_believe() {
    let late = after(&flight(), &delay("2026-11-22T09:00:00Z", 90));
    let mut right = delay("2026-11-22T09:10:00Z", 91);
    right.retracts = true;
    assert_eq!(write(&late, &right).1.unwrap().nature, Nature::Retraction);
}

#[rstest]
#[case(delay_of(90), Facet::Schedule)]
#[case(gate_to("D15"), Facet::Gate)]
#[case(cancelled(), Facet::Status)]
fn what_was_told_can_be_told_again(#[case] change: Change, #[case] facet: Facet) {
    let report = report("2026-11-22T09:00:00Z", change);
    let first = write(&flight(), &report).1.unwrap();
    let told = after(&flight(), &report);
    let (mut telling, notice) = decide_resend(&told, facet, EventId::new("r1").unwrap()).unwrap();
    assert_eq!(notice.version, first.version);
    assert!(notice.resend_id.is_some() && !is_overtaken(&telling, &notice));
    telling.record_told(facet, &notice.version);
    assert!(write(&telling, &report).1.is_none());
}

#[test]
fn there_is_nothing_to_tell_again_where_nothing_was_ever_told() {
    for facet in [Facet::Schedule, Facet::Gate, Facet::Status] {
        assert_eq!(decide_resend(&flight(), facet, EventId::new("r1").unwrap()), None);
    }
}

#[test]
fn a_telling_is_overtaken_by_newer_news_and_by_a_cancellation() {
    let (late, notice) = write(&flight(), &delay("2026-11-22T09:00:00Z", 90));
    let notice = notice.unwrap();
    assert!(!is_overtaken(&late, &notice));
    let newer = write(&late, &delay("2026-11-22T09:10:00Z", 30)).0;
    assert!(is_overtaken(&newer, &notice));
    let (gone, cancellation) = write(&late, &report("2026-11-22T09:10:00Z", cancelled()));
    assert!(is_overtaken(&gone, &notice) && !is_overtaken(&gone, &cancellation.unwrap()));
}

#[test]
fn what_nobody_was_told_is_not_taken_back() {
    let mut right = delay("2026-11-22T09:10:00Z", 90);
    right.retracts = true;
    assert_eq!(write(&flight(), &right).1.unwrap().nature, Nature::News);
}

#[rstest]
#[case("2026-11-22T21:10:00Z", true)]
#[case("2026-11-24T21:10:00Z", true)]
#[case("2026-11-22T21:09:59Z", false)]
#[case("2026-11-24T21:11:00Z", false)]
#[case("2126-11-22T21:10:00Z", false)]
fn a_reinstated_flight_leaves_when_planned_or_up_to_two_days_later(
    #[case] departure: &str,
    #[case] plausible: bool,
) {
    let back = report("2026-11-22T09:30:00Z", reinstated(Some(departure)));
    assert_eq!(implausible(&flight(), &back).is_none(), plausible);
}

#[test]
fn a_reinstatement_is_overtaken_by_news_of_its_time_or_gate() {
    let gone = after(&flight(), &report("2026-11-22T09:00:00Z", cancelled()));
    let (flies, notice) = write(&gone, &report("2026-11-22T09:30:00Z", reinstated(None)));
    let notice = notice.unwrap();
    assert!(!is_overtaken(&flies, &notice));
    for change in [delay_of(60), gate_to("D15")] {
        let changed = write(&flies, &report("2026-11-22T09:40:00Z", change)).0;
        assert!(is_overtaken(&changed, &notice));
    }
}

// Else each of the two would leave it to the other: the reinstatement, decided anew on what the gate change tells, and the gate
// change, asked about again because its answer was lost.
#[test]
fn a_gate_change_that_was_begun_is_told_though_a_reinstatement_states_its_gate() {
    let changed = report("2026-11-22T09:00:00Z", gate_to("D15"));
    let (begun, notice) = write(&flight(), &changed);
    assert!(notice.is_some());
    let mut back = report("2026-11-22T09:05:00Z", reinstated(Some("2026-11-22T22:10:00Z")));
    back.version = version("2026-11-22T09:05:00Z", "e2");
    let (begun, stated) = write(&begun, &back);
    let Subject::Reinstatement { gate, .. } = stated.unwrap().subject else { panic!() };
    assert_eq!(gate.as_deref(), Some("D15"));
    let (_, again) = write(&begun, &changed);
    assert_eq!(again.unwrap().facet, Facet::Gate);
    assert_eq!(QuietFlight::new(&begun).take(&changed), None);
}
