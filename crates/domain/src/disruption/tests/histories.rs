//! Whole histories: reports in any order, retried, failed and overtaken.

use super::*;

pub(super) fn change(kind: u8, value: u32) -> Change {
    match kind % 4 {
        0 => delay_of(value),
        1 => gate_to(["A1", "B7", "D15"][value as usize % 3]),
        2 => cancelled(),
        _ => reinstated(
            [None, Some("2026-11-22T21:10:00Z"), Some("2026-11-22T22:10:00Z")][value as usize % 3],
        ),
    }
}

/// What the workflows do around the decision, in one place, with what a passenger reads: the
/// store's and the dispatcher's part, without a store and a dispatcher.
pub(super) struct World {
    pub(super) flight: Flight,
    changes: Vec<Change>,
    /// What each event's execution is telling, and whether each page has been sent.
    telling: Vec<Option<(Notice, [bool; 2])>>,
    /// What a passenger of each page read last: whether it is cancelled, the departure, the gate.
    read: [(bool, Timestamp, Option<String>); 2],
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Step {
    Report(usize),
    Dispatch(usize, usize),
    Record(usize),
    Fail(usize),
}

const EVENTS: usize = 6;

pub(super) fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = (0u8..10, 0..EVENTS).prop_map(|(kind, event)| match kind {
        0..=2 => Step::Report(event),
        3..=6 => Step::Dispatch(event, usize::from(kind % 2)),
        7 | 8 => Step::Record(event),
        _ => Step::Fail(event),
    });
    proptest::collection::vec(step, 0..80)
}

fn nth(event: usize, changes: &[Change]) -> Report {
    let mut nth = report(&format!("2026-11-22T09:0{event}:00Z"), changes[event].clone());
    nth.version = version(&format!("2026-11-22T09:0{event}:00Z"), &format!("e{event}"));
    nth
}

impl World {
    pub(super) fn new(changes: Vec<Change>) -> Self {
        let flight = flight();
        let read = (false, flight.departure(), flight.gate.clone());
        Self { flight, changes, telling: vec![None; EVENTS], read: [read.clone(), read] }
    }

    pub(super) fn play(&mut self, step: Step) {
        match step {
            // An execution under way keeps others of its event out by its claim.
            Step::Report(event) if self.telling[event].is_none() => {
                let decision = decide(&self.flight, &nth(event, &self.changes));
                if let Decision::Write { flight, notice } = decision {
                    self.flight = *flight;
                    self.telling[event] = notice.map(|notice| (notice, [false; 2]));
                }
            }
            Step::Dispatch(event, page) => {
                let Some((notice, sent)) = &mut self.telling[event] else {
                    return;
                };
                if is_overtaken(&self.flight, notice) {
                    let notice = notice.clone();
                    self.telling[event] = None;
                    self.overtaken(event, &notice);
                } else {
                    sent[page] = true;
                    let notice = notice.clone();
                    self.read(page, &notice);
                }
            }
            Step::Record(event) => {
                if let Some((notice, _)) =
                    self.telling[event].take_if(|(_, sent)| *sent == [true; 2])
                {
                    self.flight.record_told(notice.facet, &notice.version);
                }
            }
            Step::Fail(event) => {
                if let Some((notice, _)) = self.telling[event].take() {
                    self.flight.abandon_telling(&notice.version);
                }
            }
            Step::Report(_) => {}
        }
    }

    // The workflow decides anew on a reinstatement: that the flight operates is still to be told.
    fn overtaken(&mut self, event: usize, notice: &Notice) {
        if matches!(notice.subject, Subject::Reinstatement { .. }) {
            self.play(Step::Report(event));
        }
        if self.telling[event].is_none() {
            self.flight.abandon_telling(&notice.version);
        }
    }

    fn read(&mut self, page: usize, notice: &Notice) {
        let (cancelled, departs, at) = &mut self.read[page];
        match &notice.subject {
            Subject::Delay { new_departure, .. } => *departs = *new_departure,
            Subject::GateChange { new_gate, .. } => *at = Some(new_gate.clone()),
            Subject::Cancellation { .. } => *cancelled = true,
            Subject::Reinstatement { departure, gate, .. } => {
                (*cancelled, *departs, *at) = (false, *departure, gate.clone());
            }
        }
    }

    /// Whether nothing is being told and nothing is in doubt.
    fn is_settled(&self) -> bool {
        let Flight { schedule_news, gate_news, status_news, .. } = &self.flight;
        self.telling.iter().all(Option::is_none)
            && is_settled(schedule_news)
            && is_settled(gate_news)
            && is_settled(status_news)
    }
}

fn is_settled<T>(news: &News<T>) -> bool {
    news.telling.is_none() && news.maybe_told.is_none()
}

pub(super) fn changes() -> impl Strategy<Value = Vec<Change>> {
    let one = (0u8..4, 0u32..200).prop_map(|(kind, value)| change(kind, value));
    proptest::collection::vec(one, EVENTS)
}

proptest! {
    // Whatever is retried, fails or overtakes, in whatever order: when nothing is being told and
    // nothing is in doubt, what a passenger read last is what is true.
    #[test]
    fn passengers_are_never_left_with_what_is_not_true(steps in steps(), changes in changes()) {
        let mut world = World::new(changes);
        for step in steps {
            world.play(step);
            if !world.is_settled() {
                continue;
            }
            let flight = &world.flight;
            for (cancelled, departs, gate) in &world.read {
                prop_assert_eq!(*cancelled, flight.status == FlightStatus::Cancelled);
                if !cancelled {
                    let off = minutes_between(*departs, flight.departure());
                    prop_assert!(off < MATERIAL_CHANGE_MINUTES, "{} minutes off", off);
                    prop_assert_eq!(gate, &flight.gate);
                }
            }
        }
    }

    // Whatever order reports arrive in, the flight ends as the newest of each facet says.
    #[test]
    fn the_order_of_arrival_does_not_matter(
        changes in changes(), order in Just((0..EVENTS).collect::<Vec<_>>()).prop_shuffle(),
    ) {
        let end = |order: &[usize]| {
            let mut world = World::new(changes.clone());
            for event in order {
                world.play(Step::Report(*event));
            }
            let Flight { versions, gate, delay_minutes, .. } = &world.flight;
            let gone = world.flight.status == FlightStatus::Cancelled;
            (versions.clone(), gone, gate.clone(), *delay_minutes, world.flight.departure())
        };
        let in_order: Vec<_> = (0..EVENTS).collect();
        prop_assert_eq!(end(&order), end(&in_order));
    }
}
