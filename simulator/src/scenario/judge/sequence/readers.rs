//! Checks of what each reader was told, how often, and last.

use super::outcomes::{self, Gone};
use super::{Act, Sequence};
use crate::scenario::judge::Check;
use crate::scenario::observation::Line;

/// Each reader has as many messages of an event as its outcome says: one of what was told, none of
/// what was not, at most one of what was overtaken.
pub(super) fn told_as_it_ended(expected: &Sequence, acts: &[Act<'_>]) -> Check {
    let (mut wrong, mut told) = (Vec::new(), 0);
    for act in acts {
        let Some(outcome) = outcomes::of(act) else {
            // Another check says so.
            continue;
        };
        let Some([least, most]) = expected.messages_by_outcome.get(outcome) else {
            wrong.push(format!("{}: {outcome} is no outcome that is known", act.event.name));
            continue;
        };
        for reader in &act.flight.readers {
            let lines = &act.observed.seen.notifications;
            let count = lines.iter().filter(|line| reader.is(line)).count();
            told += count;
            if !(*least..=*most).contains(&count) {
                let name = reader.name();
                wrong.push(format!("{}, {outcome}: {count} {name}", act.event.name));
            }
        }
    }
    Check::new("each reader is told as each event ended", &wrong, format!("{told} messages"))
}

/// What each reader read last of each facet is true at the end; where nothing that matters
/// happened, nobody was told.
pub(super) fn last_is_true(ways: &[Gone<'_>], acts: &[Act<'_>]) -> Check {
    let (mut wrong, mut true_ones) = (Vec::new(), 0);
    // Where the outcomes are of no way that is allowed another check says so.
    for gone in ways.iter().filter(|gone| !gone.last_told_by.is_empty()) {
        let about: Vec<_> = acts.iter().filter(|act| gone.has(&act.event.name)).collect();
        let readers = about.first().map_or(&[][..], |act| &act.flight.readers);
        for reader in readers {
            let lines = about.iter().flat_map(|act| {
                let lines = act.observed.seen.notifications.iter();
                lines.filter(|line| reader.is(line)).map(|line| (act.event.name.as_str(), line))
            });
            let last = last(lines.collect());
            let may = |told_by: &&[String]| match last.as_slice() {
                [] => told_by.is_empty(),
                events => events.iter().any(|event| told_by.iter().any(|one| one == event)),
            };
            if gone.last_told_by.iter().any(may) {
                true_ones += 1;
                continue;
            }
            let facet = format!("{} {}", gone.flight_id, gone.facet);
            wrong.push(match last.as_slice() {
                [] => format!("{facet}: no {}", reader.name()),
                [event, ..] => format!("{facet}: the last {} is of {event}", reader.name()),
            });
        }
    }
    Check::new("what each reader read last is true", &wrong, format!("{true_ones} of {true_ones}"))
}

// The event of the last line; of all lines of the last millisecond, since the log does not tell
// which of these was read last.
fn last<'a>(lines: Vec<(&'a str, &'a Line)>) -> Vec<&'a str> {
    let latest = lines.iter().map(|(_, line)| line.at_ms).max();
    lines.iter().filter(|(_, line)| Some(line.at_ms) == latest).map(|(event, _)| *event).collect()
}
