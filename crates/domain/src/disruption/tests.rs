use super::*;
use crate::delay::DelayCategory;
use crate::flight::FacetVersions;
use crate::ids::{EventId, FlightId};
use crate::inbound::RebookingPriority;
use crate::news::{News, Told, ToldSchedule};
use proptest::prelude::*;
use rstest::rstest;

mod facets;
mod histories;
mod materiality;
mod quiet;

fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn version(text: &str, id: &str) -> FacetVersion {
    FacetVersion::new(time(text), EventId::new(id).unwrap())
}

fn flight() -> Flight {
    Flight {
        flight_id: FlightId::new("SW5678").unwrap(),
        origin: "DEN".into(),
        destination: "PHX".into(),
        scheduled_departure: time("2026-11-22T21:10:00Z"),
        scheduled_arrival: time("2026-11-22T23:05:00Z"),
        actual_departure: None,
        actual_arrival: None,
        status: FlightStatus::Scheduled,
        gate: Some("B7".into()),
        aircraft: None,
        capacity: None,
        delay_minutes: 0,
        delay_reason: None,
        cancellation: None,
        booked_passengers: 3,
        versions: FacetVersions::default(),
        schedule_news: News::default(),
        gate_news: News::default(),
        status_news: News::default(),
        revision: 0,
    }
}

fn report(at: &str, change: Change) -> Report {
    Report { version: version(at, "e1"), change, retracts: false }
}

fn delay_of(minutes: u32) -> Change {
    Change::Delay {
        delay_minutes: minutes,
        reason: Reason::Mechanical,
        reason_detail: None,
        new_departure: None,
        new_arrival: None,
    }
}

fn gate_to(gate: &str) -> Change {
    Change::Gate { old_gate: None, new_gate: gate.into(), terminal_change: false }
}

fn cancelled() -> Change {
    Change::Cancelled {
        reason: Reason::Weather,
        reason_detail: None,
        rebooking_priority: RebookingPriority::High,
    }
}

fn reinstated(departure: Option<&str>) -> Change {
    Change::Reinstated { new_departure: departure.map(time), new_arrival: None }
}

fn delay(at: &str, minutes: u32) -> Report {
    report(at, delay_of(minutes))
}

fn told(minutes: u32) -> Option<Told<ToldSchedule>> {
    let departure = flight().scheduled_departure + SignedDuration::from_mins(i64::from(minutes));
    let said = ToldSchedule { departure };
    Some(Told { version: version("2026-11-22T08:00:00Z", "e0"), revision: 0, said })
}

fn write(flight: &Flight, report: &Report) -> (Flight, Option<Notice>) {
    match decide(flight, report) {
        Decision::Write { flight, notice } => (*flight, notice),
        other => panic!("{other:?}"),
    }
}

/// The flight after a report that all passengers were told of, if they were to be.
fn after(flight: &Flight, report: &Report) -> Flight {
    let (mut flight, notice) = write(flight, report);
    if let Some(notice) = notice {
        flight.record_told(notice.facet, &notice.version);
    }
    flight
}

#[test]
fn a_first_delay_changes_the_flight_and_is_told() {
    let (after, notice) = write(&flight(), &delay("2026-11-22T09:00:00Z", 90));
    assert_eq!(after.status, FlightStatus::Delayed);
    assert_eq!(after.departure(), time("2026-11-22T22:40:00Z"));
    assert_eq!(after.arrival(), time("2026-11-23T00:35:00Z"));
    let notice = notice.unwrap();
    assert_eq!(notice.nature, Nature::News);
    let Subject::Delay { category, delay_minutes, .. } = notice.subject else { panic!() };
    assert_eq!((category, delay_minutes), (DelayCategory::Major, 90));
    assert_eq!(after.schedule_news.telling.unwrap().said.departure, time("2026-11-22T22:40:00Z"));
}

#[test]
fn an_older_event_of_the_facet_is_superseded() {
    let mut flight = flight();
    flight.versions.schedule = Some(version("2026-11-22T09:30:00Z", "e2"));
    let decision = decide(&flight, &delay("2026-11-22T09:00:00Z", 90));
    assert_eq!(decision, Decision::Superseded { by: version("2026-11-22T09:30:00Z", "e2") });
}

#[test]
fn a_newer_gate_does_not_supersede_a_delay() {
    let mut flight = flight();
    flight.versions.gate = Some(version("2026-11-22T09:30:00Z", "e2"));
    assert!(write(&flight, &delay("2026-11-22T09:00:00Z", 90)).1.is_some());
}

#[test]
fn two_events_of_one_time_are_ordered_by_id() {
    let mut flight = flight();
    flight.versions.schedule = Some(version("2026-11-22T09:00:00Z", "e0"));
    assert!(write(&flight, &delay("2026-11-22T09:00:00Z", 90)).1.is_some());
    flight.versions.schedule = Some(version("2026-11-22T09:00:00Z", "e9"));
    assert!(matches!(
        decide(&flight, &delay("2026-11-22T09:00:00Z", 90)),
        Decision::Superseded { .. }
    ));
}

#[rstest]
#[case(delay_of(90))]
#[case(gate_to("D15"))]
#[case(cancelled())]
#[case(reinstated(Some("2026-11-22T22:10:00Z")))]
fn the_same_event_again_is_decided_the_same_until_it_was_told(#[case] change: Change) {
    let report = report("2026-11-22T09:00:00Z", change);
    let (once, notice) = write(&flight(), &report);
    assert!(notice.is_some());
    assert_eq!(write(&once, &report).1, notice);
    let told = after(&flight(), &report);
    let (again, notice) = write(&told, &report);
    assert_eq!(notice, None);
    assert_eq!(Flight { revision: told.revision, ..again }, told);
}

#[rstest]
#[case::nothing_told_and_nothing_late(None, 0, None)]
#[case::first(None, 5, Some(Nature::News))]
#[case::the_same(told(90), 90, None)]
#[case::grows_a_little(told(90), 104, None)]
#[case::grows(told(90), 105, Some(Nature::News))]
#[case::shrinks_a_little(told(90), 76, None)]
#[case::shrinks(told(90), 75, Some(Nature::Improvement))]
#[case::back_on_schedule(told(90), 0, Some(Nature::Improvement))]
fn passengers_are_told_what_differs_materially(
    #[case] told: Option<Told<ToldSchedule>>,
    #[case] minutes: u32,
    #[case] nature: Option<Nature>,
) {
    let mut flight = flight();
    flight.schedule_news.told = told;
    let (_, notice) = write(&flight, &delay("2026-11-22T09:00:00Z", minutes));
    assert_eq!(notice.map(|notice| notice.nature), nature);
}

#[test]
fn a_delay_taken_back_while_it_is_being_told_is_an_improvement() {
    let mut flight = flight();
    flight.schedule_news.telling = told(90);
    let (_, notice) = write(&flight, &delay("2026-11-22T09:00:00Z", 0));
    assert_eq!(notice.unwrap().nature, Nature::Improvement);
}

#[test]
fn a_cancelled_flight_stays_cancelled_and_tells_nobody_of_its_times_or_gate() {
    let mut flight = flight();
    flight.status = FlightStatus::Cancelled;
    for change in [delay_of(90), gate_to("D15")] {
        let (after, notice) = write(&flight, &report("2026-11-22T09:00:00Z", change));
        assert_eq!((after.status, notice), (FlightStatus::Cancelled, None));
    }
}

#[rstest]
fn a_flight_that_has_left_keeps_everything(
    #[values(FlightStatus::Departed, FlightStatus::Diverted, FlightStatus::Arrived)]
    status: FlightStatus,
    #[values(delay_of(90), gate_to("D15"), cancelled(), reinstated(None))] change: Change,
) {
    let mut flight = flight();
    flight.status = status;
    assert_eq!(decide(&flight, &report("2026-11-22T09:00:00Z", change)), Decision::TooLate);
}

#[rstest]
#[case(0, Nature::Improvement)]
#[case(90, Nature::News)]
#[case(91, Nature::News)]
fn after_a_telling_that_failed_everything_is_told(#[case] minutes: u32, #[case] nature: Nature) {
    let mut flight = flight();
    flight.schedule_news.maybe_told = told(90);
    let (_, notice) = write(&flight, &delay("2026-11-22T09:00:00Z", minutes));
    assert_eq!(notice.map(|notice| notice.nature), Some(nature));
}

#[test]
fn an_older_report_that_was_never_told_to_the_end_is_told_when_it_is_tried_again() {
    let older = delay("2026-11-22T09:00:00Z", 90);
    let (mut once, first) = write(&flight(), &older);
    // The same delay from elsewhere moves the version on and is not told by itself.
    once.versions.schedule = Some(version("2026-11-22T09:05:00Z", "e2"));
    for failed in [false, true] {
        if failed {
            once.abandon_telling(&older.version);
        }
        let (_, notice) = write(&once, &older);
        assert_eq!(notice, first);
    }
    // Unless the flight has changed materially since: then what changed it is told.
    once.actual_departure = Some(once.scheduled_departure);
    assert!(matches!(decide(&once, &older), Decision::Superseded { .. }));
}

#[rstest]
#[case(FlightStatus::Delayed, FlightStatus::Scheduled)]
#[case(FlightStatus::Boarding, FlightStatus::Boarding)]
fn back_on_schedule_ends_a_delay(#[case] before: FlightStatus, #[case] ends: FlightStatus) {
    let mut flight = flight();
    flight.status = before;
    assert_eq!(write(&flight, &delay("2026-11-22T09:00:00Z", 0)).0.status, ends);
}

#[test]
fn the_senders_arrival_counts_when_its_departure_agrees_with_the_minutes() {
    let said = |departure: &str| {
        report(
            "2026-11-22T09:00:00Z",
            Change::Delay {
                delay_minutes: 90,
                reason: Reason::Weather,
                reason_detail: None,
                new_departure: Some(time(departure)),
                new_arrival: Some(time("2026-11-23T00:20:00Z")),
            },
        )
    };
    let (after, _) = write(&flight(), &said("2026-11-22T22:40:30Z"));
    assert_eq!(after.departure(), time("2026-11-22T22:40:00Z"));
    assert_eq!(after.arrival(), time("2026-11-23T00:20:00Z"));
    let (after, _) = write(&flight(), &said("2026-01-01T00:00:00Z"));
    assert_eq!(after.arrival(), time("2026-11-23T00:35:00Z"));
}

#[test]
fn an_older_report_does_not_take_the_telling_from_newer_news() {
    let tell = |flight: &Flight, at: &str, id: &str| {
        let change = reinstated(Some("2026-11-22T21:30:00Z"));
        let report = Report { version: version(at, id), change, retracts: false };
        decide(flight, &report)
    };
    let Decision::Write { flight: gone, .. } =
        decide(&flight(), &report("2026-11-22T09:00:00Z", cancelled()))
    else {
        panic!("a cancellation is written");
    };
    let Decision::Write { flight: first, notice: Some(_) } =
        tell(&gone, "2026-11-22T09:10:00Z", "e2")
    else {
        panic!("it is told");
    };
    let Decision::Write { flight: second, notice: Some(_) } =
        tell(&first, "2026-11-22T09:20:00Z", "e3")
    else {
        panic!("so is the newer, since who has read the older is not known");
    };
    // The first, begun and not finished, is asked about again while the newer is being told.
    let Decision::Superseded { by } = tell(&second, "2026-11-22T09:10:00Z", "e2") else {
        panic!("the newer would lose its telling");
    };
    assert_eq!(by, version("2026-11-22T09:20:00Z", "e3"));
}
