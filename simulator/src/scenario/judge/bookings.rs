//! Checks of what becomes of the bookings.

use super::Check;
use crate::scenario::expectations::{Expectations, Rebooked};
use crate::scenario::observation::Observation;
use flightpulse_contracts::rebooking_events::RebookingEvent;
use std::collections::BTreeSet;

/// Every booking of the flight, as the table has it at the end.
pub(super) fn statuses(expected: &Expectations, observed: &Observation) -> Check {
    let (should, is) = (&expected.bookings_after, &observed.bookings_after);
    let ids: BTreeSet<_> = should.keys().chain(is.keys()).collect();
    let wrong: Vec<_> = ids
        .into_iter()
        .filter(|id| should.get(*id) != is.get(*id))
        .map(|id| match (is.get(id), should.get(id)) {
            (Some(is), Some(should)) => format!("{id} is {is}, not {should}"),
            (Some(is), None) => format!("{id} is there, {is}"),
            (None, _) => format!("{id} is not there"),
        })
        .collect();
    let changed =
        is.iter().filter(|(id, status)| observed.bookings_before.get(*id) != Some(status));
    let (changed, all) = (changed.count(), is.len());
    Check::new(
        "the table has each booking as it should be",
        &wrong,
        format!("{all} bookings, {changed} changed"),
    )
}

impl Rebooked {
    /// Whether an event is about this booking.
    pub(super) fn is(&self, event: &RebookingEvent) -> bool {
        event.booking_id.as_str() == self.booking_id
    }
}

/// What is in the rebooking queue for the event: each booking that needs another flight, once.
pub(super) fn rebooking(expected: &Expectations, observed: &Observation) -> Check {
    let (should, is) = (expected.rebooked(), &observed.seen.rebooking);
    let mut wrong = Vec::new();
    for one in should {
        match is.iter().filter(|event| one.is(event)).count() {
            0 => wrong.push(format!("none for {}", one.booking_id)),
            1 => {}
            count => wrong.push(format!("{count} for {}", one.booking_id)),
        }
    }
    for event in is {
        let booking = &event.booking_id;
        let Some(one) = should.iter().find(|one| one.is(event)) else {
            wrong.push(format!("one for {booking}, which is not expected"));
            continue;
        };
        let mut differs = |what: &str, is: &str, should: &str| {
            if is != should {
                wrong.push(format!("{booking}: {what} is {is}, not {should}"));
            }
        };
        differs("the passenger", event.passenger_id.as_str(), &one.passenger_id);
        differs("the flight", event.flight_id.as_str(), expected.flight_id());
        differs("the tier", event.tier.map_or("-", |tier| tier.name()), one.tier.name());
        let priority = expected.rebooking.as_ref().map(|rebooking| rebooking.priority);
        if Some(event.rebooking_priority) != priority {
            wrong.push(format!("{booking}: the priority is {:?}", event.rebooking_priority));
        }
    }
    let found = if should.is_empty() {
        "none".to_owned()
    } else {
        format!("{} of {}", should.len(), should.len())
    };
    Check::new("who needs another flight is up for rebooking", &wrong, found)
}
