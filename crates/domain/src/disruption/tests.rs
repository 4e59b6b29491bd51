use super::*;
use crate::flight::FacetVersions;
use crate::ids::{EventId, FlightId};
use proptest::prelude::*;
use rstest::rstest;

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
        delay_minutes: 0,
        delay_reason: None,
        booked_passengers: 3,
        versions: FacetVersions::default(),
        told_schedule: None,
        telling_schedule: None,
        maybe_told_schedule: None,
    }
}

fn report(at: &str, delay_minutes: u32) -> DelayReport {
    DelayReport {
        version: version(at, "e1"),
        delay_minutes,
        reason: Reason::Mechanical,
        new_departure: None,
        new_arrival: None,
    }
}

fn told(minutes: u32) -> Option<ToldSchedule> {
    let delay = SignedDuration::from_mins(i64::from(minutes));
    Some(ToldSchedule {
        version: version("2026-11-22T08:00:00Z", "e0"),
        departure: flight().scheduled_departure + delay,
        delay_minutes: minutes,
    })
}

fn applied(flight: &Flight, report: &DelayReport) -> (ScheduleUpdate, Option<Notice>) {
    match decide_delay(flight, report) {
        Decision::Apply { update, notice } => (update, notice),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_first_delay_changes_the_flight_and_is_told() {
    let (update, notice) = applied(&flight(), &report("2026-11-22T09:00:00Z", 90));
    assert_eq!(update.status, FlightStatus::Delayed);
    assert_eq!(update.departure, time("2026-11-22T22:40:00Z"));
    assert_eq!(update.arrival, time("2026-11-23T00:35:00Z"));
    let notice = notice.unwrap();
    assert!(!notice.correction);
    let Subject::Delay { category, delay_minutes, .. } = notice.subject;
    assert_eq!((category, delay_minutes), (DelayCategory::Major, 90));
}

#[test]
fn an_older_event_of_the_facet_is_superseded() {
    let mut flight = flight();
    flight.versions.schedule = Some(version("2026-11-22T09:30:00Z", "e2"));
    let decision = decide_delay(&flight, &report("2026-11-22T09:00:00Z", 90));
    assert_eq!(decision, Decision::Superseded { by: version("2026-11-22T09:30:00Z", "e2") });
}

#[test]
fn a_newer_gate_does_not_supersede_a_delay() {
    let mut flight = flight();
    flight.versions.gate = Some(version("2026-11-22T09:30:00Z", "e2"));
    assert!(applied(&flight, &report("2026-11-22T09:00:00Z", 90)).1.is_some());
}

#[test]
fn two_events_of_one_time_are_ordered_by_id() {
    let mut flight = flight();
    flight.versions.schedule = Some(version("2026-11-22T09:00:00Z", "e0"));
    assert!(applied(&flight, &report("2026-11-22T09:00:00Z", 90)).1.is_some());
    flight.versions.schedule = Some(version("2026-11-22T09:00:00Z", "e9"));
    assert!(matches!(
        decide_delay(&flight, &report("2026-11-22T09:00:00Z", 90)),
        Decision::Superseded { .. }
    ));
}

#[test]
fn the_same_event_again_is_decided_the_same_until_it_was_told() {
    let (mut flight, report) = (flight(), report("2026-11-22T09:00:00Z", 90));
    let first = decide_delay(&flight, &report);
    flight.versions.schedule = Some(report.version.clone());
    flight.status = FlightStatus::Delayed;
    assert_eq!(decide_delay(&flight, &report), first);
    flight.told_schedule = told(90);
    assert!(applied(&flight, &report).1.is_none());
}

#[rstest]
#[case::nothing_told_and_nothing_late(None, 0, None)]
#[case::first(None, 5, Some(false))]
#[case::the_same(told(90), 90, None)]
#[case::grows_a_little(told(90), 104, None)]
#[case::grows(told(90), 105, Some(false))]
#[case::shrinks_a_little(told(90), 76, None)]
#[case::shrinks(told(90), 75, Some(true))]
#[case::back_on_schedule(told(90), 0, Some(true))]
fn passengers_are_told_what_differs_materially(
    #[case] told: Option<ToldSchedule>,
    #[case] minutes: u32,
    #[case] correction: Option<bool>,
) {
    let mut flight = flight();
    flight.told_schedule = told;
    let (_, notice) = applied(&flight, &report("2026-11-22T09:00:00Z", minutes));
    assert_eq!(notice.map(|notice| notice.correction), correction);
}

#[test]
fn a_delay_taken_back_while_it_is_being_told_is_a_correction() {
    let mut flight = flight();
    flight.telling_schedule = told(90);
    let (_, notice) = applied(&flight, &report("2026-11-22T09:00:00Z", 0));
    assert!(notice.unwrap().correction);
}

#[test]
fn what_is_being_told_by_the_report_itself_does_not_silence_it() {
    let (mut flight, report) = (flight(), report("2026-11-22T09:00:00Z", 90));
    let (update, first) = applied(&flight, &report);
    flight.versions.schedule = Some(update.version.clone());
    flight.telling_schedule = Some(update.news());
    assert_eq!(applied(&flight, &report).1, first);
}

#[rstest]
#[case("2026-11-22T07:00:00Z", true)]
#[case("2026-11-22T08:00:00Z", false)]
fn newer_news_is_known_by_its_version(#[case] than: &str, #[case] newer: bool) {
    let than = version(than, "e0");
    let mut flight = flight();
    assert!(!flight.has_newer_schedule_news(&than));
    flight.telling_schedule = told(90);
    assert_eq!(flight.has_newer_schedule_news(&than), newer);
}

#[test]
fn a_cancelled_flight_stays_cancelled_and_tells_nobody_of_its_times() {
    let mut flight = flight();
    flight.status = FlightStatus::Cancelled;
    let (update, notice) = applied(&flight, &report("2026-11-22T09:00:00Z", 90));
    assert_eq!((update.status, notice), (FlightStatus::Cancelled, None));
}

#[rstest]
#[case(FlightStatus::Departed)]
#[case(FlightStatus::Diverted)]
#[case(FlightStatus::Arrived)]
fn a_flight_that_has_left_keeps_its_times(#[case] status: FlightStatus) {
    let mut flight = flight();
    flight.status = status;
    let decision = decide_delay(&flight, &report("2026-11-22T09:00:00Z", 90));
    assert_eq!(decision, Decision::TooLate);
}

#[rstest]
#[case(0, true)]
#[case(90, false)]
#[case(91, false)]
fn after_a_telling_that_failed_everything_is_told(#[case] minutes: u32, #[case] corrects: bool) {
    let mut flight = flight();
    flight.maybe_told_schedule = told(90);
    let (_, notice) = applied(&flight, &report("2026-11-22T09:00:00Z", minutes));
    assert_eq!(notice.map(|notice| notice.correction), Some(corrects));
}

#[test]
fn an_older_report_that_was_never_told_to_the_end_is_told_when_it_is_tried_again() {
    let older = report("2026-11-22T09:00:00Z", 90);
    let mut flight = flight();
    let (update, first) = applied(&flight, &older);
    flight.actual_departure = Some(update.departure);
    flight.status = FlightStatus::Delayed;
    // The same delay from elsewhere moves the version on and is not told by itself.
    flight.versions.schedule = Some(version("2026-11-22T09:05:00Z", "e2"));
    for begun in 0..2 {
        let news = Some(update.news());
        (flight.telling_schedule, flight.maybe_told_schedule) =
            if begun == 0 { (news, None) } else { (None, news) };
        let decision = decide_delay(&flight, &older);
        let Decision::TellOnly { news, notice } = decision else { panic!("{decision:?}") };
        assert_eq!((news, Some(notice)), (update.news(), first.clone()));
    }
    // Unless the flight has changed materially since: then what changed it is told.
    flight.actual_departure = Some(flight.scheduled_departure);
    assert!(matches!(decide_delay(&flight, &older), Decision::Superseded { .. }));
}

#[rstest]
#[case(FlightStatus::Delayed, FlightStatus::Scheduled)]
#[case(FlightStatus::Boarding, FlightStatus::Boarding)]
fn back_on_schedule_ends_a_delay(#[case] before: FlightStatus, #[case] after: FlightStatus) {
    let mut flight = flight();
    flight.status = before;
    assert_eq!(applied(&flight, &report("2026-11-22T09:00:00Z", 0)).0.status, after);
}

#[test]
fn the_senders_arrival_counts_when_its_departure_agrees_with_the_minutes() {
    let mut said = report("2026-11-22T09:00:00Z", 90);
    said.new_departure = Some(time("2026-11-22T22:40:30Z"));
    said.new_arrival = Some(time("2026-11-23T00:20:00Z"));
    let (update, _) = applied(&flight(), &said);
    assert_eq!(update.departure, time("2026-11-22T22:40:00Z"));
    assert_eq!(update.arrival, time("2026-11-23T00:20:00Z"));

    said.new_departure = Some(time("2026-01-01T00:00:00Z"));
    assert_eq!(applied(&flight(), &said).0.arrival, time("2026-11-23T00:35:00Z"));
}

proptest! {
    // Whatever order two reports arrive in, the flight ends as the newer one says.
    #[test]
    fn the_order_of_arrival_does_not_matter(a in 0u32..2880, b in 0u32..2880) {
        let (old, new) = (report("2026-11-22T09:00:00Z", a), report("2026-11-22T09:05:00Z", b));
        let mut ends = Vec::new();
        for order in [[&old, &new], [&new, &old]] {
            let mut flight = flight();
            for report in order {
                if let Decision::Apply { update, .. } = decide_delay(&flight, report) {
                    flight.versions.schedule = Some(update.version);
                    flight.delay_minutes = update.delay_minutes;
                    flight.status = update.status;
                }
            }
            ends.push((flight.versions.schedule, flight.delay_minutes, flight.status));
        }
        prop_assert_eq!(&ends[0], &ends[1]);
    }
}

/// What the workflows do around the decision, in one place: the store's part, without a store.
#[derive(Debug, Clone, Copy)]
enum Step {
    Report(u8),
    Record(u8),
    Abandon(u8),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = (0u8..3, 0u8..4).prop_map(|(kind, event)| match kind {
        0 => Step::Report(event),
        1 => Step::Record(event),
        _ => Step::Abandon(event),
    });
    proptest::collection::vec(step, 0..24)
}

fn nth(event: u8, minutes: &[u32]) -> DelayReport {
    let mut report = report(&format!("2026-11-22T09:0{event}:00Z"), minutes[usize::from(event)]);
    report.version = version(&format!("2026-11-22T09:0{event}:00Z"), &format!("e{event}"));
    report
}

fn play(flight: &mut Flight, step: Step, minutes: &[u32]) {
    match step {
        Step::Report(event) => {
            let news = match decide_delay(flight, &nth(event, minutes)) {
                Decision::Apply { update, notice } => {
                    flight.versions.schedule = Some(update.version.clone());
                    flight.actual_departure = Some(update.departure);
                    flight.status = update.status;
                    notice.map(|_| update.news())
                }
                Decision::TellOnly { news, .. } => Some(news),
                Decision::Superseded { .. } | Decision::TooLate => None,
            };
            if let Some(news) = news {
                flight.begin_telling(news);
            }
        }
        Step::Record(event) => flight.record_told(&nth(event, minutes).version),
        Step::Abandon(event) => flight.abandon_telling(&nth(event, minutes).version),
    }
}

proptest! {
    // Whatever is retried, fails or overtakes: when nothing is being told and nothing is in
    // doubt, what passengers were told is what is true.
    #[test]
    fn passengers_are_never_left_with_what_is_not_true(
        steps in steps(), minutes in proptest::collection::vec(0u32..200, 4),
    ) {
        let mut flight = flight();
        for step in steps {
            play(&mut flight, step, &minutes);
            let settled = flight.telling_schedule.is_none() && flight.maybe_told_schedule.is_none();
            if settled {
                let told = flight.told_schedule.as_ref().map_or(flight.scheduled_departure, |t| t.departure);
                let now = flight.actual_departure.unwrap_or(flight.scheduled_departure);
                let first = flight.told_schedule.is_none();
                prop_assert!(minutes_between(told, now) < MATERIAL_CHANGE_MINUTES && !(first && now != told));
            }
        }
    }
}
