//! Reports of which nobody need be told.

use super::histories::{World, change, changes, steps};
use super::*;

/// Reports after, between and before those of a history.
fn later() -> impl Strategy<Value = Vec<Report>> {
    let one = (0u8..4, 0u32..200, 0u32..10).prop_map(|(kind, value, minute)| {
        let at = format!("2026-11-22T09:0{minute}:30Z");
        let mut later = report(&at, change(kind, value));
        later.version = version(&at, &format!("l{kind}{value}"));
        later
    });
    proptest::collection::vec(one, 1..8)
}

#[derive(Debug, PartialEq, Eq)]
enum Found {
    Quiet(QuietOutcome),
    ToBeTold,
    Refused,
}

/// What flight-updater makes of a report, and of the flight where nobody is told.
fn by_itself(flight: &mut Flight, report: &Report) -> Found {
    if implausible(flight, report).is_some() {
        return Found::Refused;
    }
    match decide(flight, report) {
        Decision::Superseded { .. } => Found::Quiet(QuietOutcome::Superseded),
        Decision::TooLate => Found::Quiet(QuietOutcome::NotMaterial),
        Decision::Write { notice: Some(_), .. } => Found::ToBeTold,
        Decision::Write { flight: changed, notice: None } => {
            *flight = *changed;
            Found::Quiet(QuietOutcome::NotMaterial)
        }
    }
}

proptest! {
    // From wherever a history has come to, in the middle of a telling or in doubt: together they leave the flight as
    // they do one by one, but for the number of writes, and what is to be told is left alone.
    #[test]
    fn quiet_reports_together_are_as_one_by_one(
        said in changes(), steps in steps(), reports in later(),
        has_left in proptest::bool::weighted(0.1),
    ) {
        let mut world = World::new(said);
        steps.into_iter().for_each(|step| world.play(step));
        let mut read = world.flight;
        if has_left {
            read.status = FlightStatus::Departed;
        }
        let (mut quiet, mut alone) = (QuietFlight::new(&read), read.clone());
        for report in &reports {
            let expected = match by_itself(&mut alone, report) {
                Found::Quiet(outcome) => Some(outcome),
                Found::ToBeTold | Found::Refused => None,
            };
            prop_assert_eq!(quiet.take(report), expected);
        }
        let (before, written) = quiet.written();
        prop_assert_eq!(before, &read);
        let writes = u64::from(alone.revision != read.revision);
        prop_assert_eq!(written.revision, read.revision + writes);
        alone.revision = written.revision;
        prop_assert_eq!(written.as_ref(), &alone);
        // Whoever is being told, or may have been, still is.
        let news = |flight: &Flight| {
            (flight.schedule_news.clone(), flight.gate_news.clone(), flight.status_news.clone())
        };
        prop_assert_eq!(news(&written), news(&read));
    }
}

#[test]
fn each_way_is_met() {
    use proptest::strategy::ValueTree;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let cases = proptest::collection::vec((changes(), steps(), later()), 200);
    let mut found: Vec<(Found, usize)> = Vec::new();
    for (said, steps, reports) in cases.new_tree(&mut runner).unwrap().current() {
        let mut world = World::new(said);
        steps.into_iter().for_each(|step| world.play(step));
        for report in &reports {
            let is = by_itself(&mut world.flight, report);
            match found.iter_mut().find(|(known, _)| *known == is) {
                Some((_, count)) => *count += 1,
                None => found.push((is, 1)),
            }
        }
    }
    let many = found.iter().filter(|(_, count)| *count >= 50).count();
    assert_eq!(many, 3, "superseded, not material, to be told: {found:?}");
}

#[test]
fn one_that_cannot_be_of_its_flight_is_nobodys_to_be_quiet_about() {
    let flight = flight();
    let report = report("2026-11-22T09:00:00Z", reinstated(Some("2026-12-22T21:10:00Z")));
    assert_eq!(QuietFlight::new(&flight).take(&report), None);
}

#[test]
fn an_outcome_has_one_name() {
    for outcome in QuietOutcome::ALL {
        assert_eq!(serde_json::to_value(outcome).unwrap(), outcome.name());
    }
}
