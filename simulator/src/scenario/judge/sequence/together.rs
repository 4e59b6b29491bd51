//! Checks of the events together: that all were sent, how many messages there are, and what the
//! bookings came by on the way.

use super::{Act, Sequence, outcomes};
use crate::scenario::expectations::{MayBeRebooked, Rebooked};
use crate::scenario::judge::Check;
use crate::scenario::observation::Whole;
use std::collections::BTreeMap;

/// Every event of the expectations was sent, in as many records as they say.
pub(super) fn all_sent(expected: &Sequence, acts: &[Act<'_>]) -> Check {
    let sent = |name: &str| acts.iter().any(|act| act.event.name == name);
    let missing = expected.events().filter(|event| !sent(&event.name));
    let wrong: Vec<_> = missing.map(|event| format!("{} was not sent", event.name)).collect();
    Check::new("every event is sent", &wrong, format!("{} records", expected.writes().count()))
}

/// The number of messages to the readers of each flight is within its bounds.
pub(super) fn bounds(expected: &Sequence, acts: &[Act<'_>]) -> Check {
    let (mut wrong, mut found) = (Vec::new(), Vec::new());
    for flight in &expected.flights {
        let ours = acts.iter().filter(|act| act.flight.flight_id == flight.flight_id);
        let count: usize = ours.map(|act| act.observed.seen.notifications.len()).sum();
        let ([least, most], id) = (flight.messages, &flight.flight_id);
        if !(least..=most).contains(&count) {
            wrong.push(format!("{id}: {count}, not {least} to {most}"));
        }
        found.push(format!("{id} {count} ({least} to {most})"));
    }
    Check::new("there are as many messages as matter", &wrong, found.join(", "))
}

/// No notification is there twice, whichever event it is said to be of.
pub(super) fn no_id_twice(observed: &Whole) -> Check {
    let mut lines: BTreeMap<&str, usize> = BTreeMap::new();
    for line in &observed.seen.notifications {
        *lines.entry(line.notification.notification_id.as_str()).or_default() += 1;
    }
    let twice = lines.iter().filter(|(_, count)| **count > 1);
    let wrong: Vec<_> = twice.map(|(id, count)| format!("{id} {count} times")).collect();
    Check::new("no notification is there twice", &wrong, format!("{} ids", lines.len()))
}

/// Bookings are put up for rebooking by a cancellation that is told, each once, whether or not it
/// was taken back since: whoever rebooks reads the booking first. One that newer news overtook may
/// have put up some.
pub(super) fn rebooking(acts: &[Act<'_>], observed: &Whole) -> Check {
    let mut wrong = Vec::new();
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for event in &observed.seen.rebooking {
        let booking = event.booking_id.as_str();
        *seen.entry(booking).or_default() += 1;
        let of = acts.iter().find(|act| act.observed.event_id == event.event_id.as_str());
        let may = of.and_then(|act| {
            let may = rebooks(act).filter(|_| outcomes::of(act) != Some("SUPERSEDED"))?;
            let one = may.bookings.iter().find(|one| one.is(event))?;
            Some((may.priority, one, &act.flight.flight_id))
        });
        let Some((priority, one, flight)) = may else {
            wrong.push(format!("{booking}, which none of the events may put up"));
            continue;
        };
        let is_it = event.passenger_id.as_str() == one.passenger_id
            && event.tier == Some(one.tier)
            && event.rebooking_priority == priority
            && event.flight_id.as_str() == flight;
        if !is_it {
            wrong.push(format!("{booking} with another passenger, tier, priority or flight"));
        }
    }
    let twice = seen.iter().filter(|(_, count)| **count > 1);
    wrong.extend(twice.map(|(booking, count)| format!("{booking} {count} times")));
    wrong.extend(not_put_up(acts).map(|booking| format!("{booking} is not up for rebooking")));
    let found = format!("{} bookings on the way", seen.len());
    Check::new("who needs another flight is up for rebooking", &wrong, found)
}

fn rebooks<'a>(act: &'a Act<'_>) -> Option<&'a MayBeRebooked> {
    act.flight.may_be_rebooked.as_ref().filter(|may| may.by == act.event.name)
}

/// The bookings of a cancellation that everyone was told of, and that are not up for rebooking.
pub(super) fn not_put_up<'a>(acts: &'a [Act<'_>]) -> impl Iterator<Item = &'a str> {
    let told = acts.iter().filter(|act| outcomes::of(act) == Some("TELL"));
    told.flat_map(|act| {
        let bookings = rebooks(act).map_or(&[][..], |may| &may.bookings);
        let is_there = |one: &&Rebooked| act.observed.seen.rebooking.iter().any(|e| one.is(e));
        bookings.iter().filter(move |one| !is_there(one)).map(|one| one.booking_id.as_str())
    })
}
