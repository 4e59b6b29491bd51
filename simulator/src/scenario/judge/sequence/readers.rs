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
    for gone in ways {
        let about = |act: &&Act<'_>| {
            act.flight.flight_id == gone.flight_id
                && act
                    .flight
                    .facets
                    .iter()
                    .any(|facet| facet.facet.name() == gone.facet && facet.has(&act.event.name))
        };
        let about: Vec<_> = acts.iter().filter(about).collect();
        let readers = about.first().map_or(&[][..], |act| &act.flight.readers);
        for reader in readers {
            let lines = about.iter().flat_map(|act| {
                let lines = act.observed.seen.notifications.iter();
                lines.filter(|line| reader.is(line)).map(|line| (act.event.name.as_str(), line))
            });
            let last = last(lines);
            let may = |told_by: &&[String]| match last {
                None => told_by.is_empty(),
                Some(event) => told_by.iter().any(|one| one == event),
            };
            if gone.last_told_by.is_empty() || gone.last_told_by.iter().any(may) {
                true_ones += 1;
                continue;
            }
            let facet = format!("{} {}", gone.flight_id, gone.facet);
            wrong.push(match last {
                None => format!("{facet}: no {}", reader.name()),
                Some(event) => format!("{facet}: the last {} is of {event}", reader.name()),
            });
        }
    }
    Check::new("what each reader read last is true", &wrong, format!("{true_ones} of {true_ones}"))
}

// The event of the last line. Of two in one millisecond either may have been read last: the later
// in the log is taken.
fn last<'a>(lines: impl Iterator<Item = (&'a str, &'a Line)>) -> Option<&'a str> {
    lines.max_by_key(|(_, line)| line.at_ms).map(|(event, _)| event)
}
