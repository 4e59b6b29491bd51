//! What must hold whenever all is quiet, and in the end.

use crate::world::{Claim, State, World};
use flightpulse_dead_letters::Origin;
use flightpulse_domain::booking::BookingStatus;
use flightpulse_domain::delay::MATERIAL_CHANGE_MINUTES;
use flightpulse_domain::flight::{Flight, FlightStatus};
use flightpulse_simulation::model::{Said, ending};
use flightpulse_store::{BookingReader, FlightReader};
use futures::FutureExt;
use std::collections::BTreeSet;

/// No execution runs: no claim may be left in progress that could be released.
pub(crate) fn whenever_it_is_quiet(world: &World) -> Vec<String> {
    let claims = world.claims.with(|claims| claims.clone());
    let left = claims.iter().filter(|(_, claim)| {
        claim.state == State::InProgress && !world.has_kept_claim(&claim.owner)
    });
    let left = left.map(|(key, claim)| format!("a claim is left behind: {key:?} {claim:?}"));
    world.broken().into_iter().chain(left).collect()
}

/// Everything that failed was sent again, and nothing has failed since.
pub(crate) fn in_the_end(
    world: &World,
    flights: &[Flight],
    said: &[Vec<Said>],
    poison: &[(usize, i64)],
) -> Vec<String> {
    let mut wrong = world.passengers.told_twice();
    for (scheduled, said) in flights.iter().zip(said) {
        wrong.extend(flight(world, scheduled, said));
    }
    wrong.extend(claims(world, flights, said));
    wrong.extend(letters(world, poison));
    wrong
}

fn flight(world: &World, scheduled: &Flight, said: &[Said]) -> Vec<String> {
    let id = &scheduled.flight_id;
    let must = ending(scheduled, said);
    let is = world.store.flight(id).now_or_never().unwrap().unwrap().unwrap();
    let mut wrong = Vec::new();
    let ended = (is.status, is.delay_minutes, is.departure(), is.gate.clone());
    if ended != (must.status, must.delay_minutes, must.departure, must.gate.clone()) {
        wrong.push(format!("{id} is {ended:?}, and must be {must:?}"));
    }
    let gone = must.status == FlightStatus::Cancelled;
    for (reader, belief) in world.passengers.beliefs() {
        if belief.flight_id != *id {
            continue;
        }
        let off = belief.departure.duration_since(must.departure).abs().as_mins();
        // Two tellings at once of times that hardly differ, a reinstatement's and a delay's, may be read
        // in either order: then what is believed is off by less than a material change, and what
        // comes after may be off by as much again.
        let knows = belief.cancelled == gone
            && (gone || (off < 2 * MATERIAL_CHANGE_MINUTES && belief.gate == must.gate));
        if !knows {
            wrong.push(format!("{reader:?} believes {belief:?}, and true is {must:?}"));
        }
    }
    let page = world.store.bookings_of_flight(id, None, 100).now_or_never().unwrap().unwrap();
    let records = world.store.booking_records(&page.bookings).now_or_never().unwrap().unwrap();
    for booking in records.into_iter().filter_map(|record| record.booking) {
        let needs = booking.booking_status == BookingStatus::NeedsRebooking;
        if needs != gone {
            let id = &booking.booking_id;
            wrong.push(format!(
                "{id} is {:?}; its flight is {:?}",
                booking.booking_status, must.status
            ));
        }
    }
    wrong
}

/// Every event has been dealt with.
fn claims(world: &World, flights: &[Flight], said: &[Vec<Said>]) -> Vec<String> {
    let all = flights.iter().zip(said).flat_map(|(flight, said)| {
        said.iter().map(|one| (one.version.event_id().to_string(), flight.flight_id.to_string()))
    });
    let claimed = all.map(|key| (world.claims.of(&key), key));
    let is_done =
        |claim: &Option<Claim>| claim.as_ref().is_some_and(|one| one.state == State::Done);
    let lost = claimed.filter(|(claim, _)| !is_done(claim));
    lost.map(|(claim, key)| format!("{key:?} is lost: its claim is {claim:?}")).collect()
}

/// Exactly the poison is in the dead letters, each of it at least once.
fn letters(world: &World, poison: &[(usize, i64)]) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut found = BTreeSet::new();
    for letter in world.poison.kept() {
        match letter.origin {
            Origin::KafkaRecord { partition, offset, .. } => {
                found.insert((partition as usize, offset));
            }
            other => wrong.push(format!("{other:?} is in the dead letters: {}", letter.reason)),
        }
    }
    let must: BTreeSet<_> = poison.iter().copied().collect();
    if found != must {
        wrong.push(format!("in the dead letters is {found:?}, and poison is {must:?}"));
    }
    wrong
}
