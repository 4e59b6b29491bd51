//! What is said of the flights of a history: by a seed, late, out of order, some of it twice, and
//! poison in between.

use crate::chaos::Chaos;
use crate::model::Said;
use flightpulse_domain::facet::FacetVersion;
use flightpulse_domain::flight::Flight;
use flightpulse_domain::inbound::OperationsEvent;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

/// So long before the history begins its first event has happened.
const BEGAN_BEFORE: SignedDuration = SignedDuration::from_hours(8);
/// Between two events, as they happen; and by how many events one may be late.
const APART: i64 = 3;
const LATE: usize = 8;
/// One record in so many is poison; one in so many comes a second time.
const POISON: usize = 25;
const TWICE: usize = 33;
/// What poison begins with.
const POISONOUS: &str = "poison ";

/// A record of the topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The flight that it is about, by its place; its id is the record's key.
    pub flight: usize,
    /// Its bytes.
    pub value: Vec<u8>,
}

impl Record {
    /// Whether it can never be read.
    #[must_use]
    pub fn is_poison(&self) -> bool {
        self.value.starts_with(POISONOUS.as_bytes())
    }
}

/// A history, before anything of it has happened.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Script {
    /// The records, in the order in which they arrive.
    pub records: Vec<Record>,
    /// What they say, by flight; what comes twice is said once.
    pub said: Vec<Vec<Said>>,
}

/// An event of ours that cannot be read: a defect of this module.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a history has an event that cannot be read: {0}")]
pub struct Unreadable(String);

/// So many records about these flights, as of `now`. `run` begins the ids of the events: they are
/// unique for all time, so a history that is played again on the same table is other events.
///
/// # Errors
/// None, unless this module makes what the domain refuses.
pub fn script(
    chaos: &Chaos,
    flights: &[Flight],
    events: usize,
    run: &str,
    now: Timestamp,
) -> Result<Script, Unreadable> {
    let (mut records, mut said) = (Vec::new(), vec![Vec::new(); flights.len()]);
    for nth in 0..events {
        let about = chaos.below(flights.len());
        if chaos.below(POISON) == 0 {
            let value = format!("{POISONOUS}{run}{nth}").into_bytes();
            records.push(Record { flight: about, value });
            continue;
        }
        // Some happen at the same time; many arrive late.
        let second = (nth as i64 - chaos.below(LATE) as i64).max(0) * APART;
        let at = now - BEGAN_BEFORE + SignedDuration::from_secs(second);
        let value = event(chaos, &format!("{run}{nth}"), at, &flights[about]);
        let value = value.to_string().into_bytes();
        let read = OperationsEvent::read(Some(&value), now);
        let read = read.map_err(|poison| Unreadable(format!("{poison:?}")))?;
        let version = FacetVersion::new(read.occurred_at, read.event_id);
        said[about].push(Said { version, change: read.change });
        records.push(Record { flight: about, value });
        if chaos.below(TWICE) == 0 {
            let again = records[chaos.below(records.len())].clone();
            if !again.is_poison() {
                records.push(again);
            }
        }
    }
    Ok(Script { records, said })
}

fn event(chaos: &Chaos, id: &str, at: Timestamp, flight: &Flight) -> Value {
    let flight_id = &flight.flight_id;
    let (name, payload) = match chaos.below(8) {
        0..=3 => {
            let minutes = [0, 5, 14, 15, 29, 30, 60, 75, 120, 200][chaos.below(10)];
            let payload =
                json!({"flight_id": flight_id, "delay_minutes": minutes, "reason": "WEATHER"});
            ("FLIGHT_DELAY", payload)
        }
        4 | 5 => {
            let gate = ["A1", "B7", "D15"][chaos.below(3)];
            let terminal = chaos.below(2) == 0;
            let payload =
                json!({"flight_id": flight_id, "new_gate": gate, "terminal_change": terminal});
            ("GATE_CHANGE", payload)
        }
        6 => ("FLIGHT_CANCELLED", json!({"flight_id": flight_id, "reason": "CREW"})),
        _ => {
            let mut payload = json!({"flight_id": flight_id});
            if chaos.below(2) == 0 {
                let later = SignedDuration::from_mins(20 * chaos.below(5) as i64);
                payload["new_departure"] = json!(flight.scheduled_departure + later);
            }
            ("FLIGHT_REINSTATED", payload)
        }
    };
    json!({"event_id": id, "event_type": name, "timestamp": at, "source": "history", "payload": payload})
}

#[cfg(test)]
mod tests {
    use super::*;
    use flightpulse_domain::ids::FlightId;
    use std::collections::HashSet;

    fn scripted(seed: u64) -> Script {
        let departure = "2026-11-23T12:00:00Z".parse().unwrap();
        let flight = |at: usize| {
            let id = FlightId::new(format!("SW{at}")).unwrap();
            Flight::scheduled(
                id,
                "DAL",
                "HOU",
                departure,
                departure + SignedDuration::from_hours(1),
            )
        };
        let flights: Vec<_> = (0..5).map(flight).collect();
        let now = "2026-11-22T12:00:00Z".parse().unwrap();
        script(&Chaos::new(seed, 0, now), &flights, 500, "h", now).unwrap()
    }

    #[test]
    fn a_history_has_all_that_goes_astray_on_a_topic() {
        let Script { records, said } = scripted(1);
        let different: HashSet<_> = records.iter().map(|one| &one.value).collect();
        let poison = records.iter().filter(|one| one.is_poison()).count();
        let valid: usize = said.iter().map(Vec::len).sum();
        assert_eq!(poison + valid, 500);
        assert!((8..40).contains(&poison), "{poison} of 500 are poison");
        assert_eq!(different.len(), 500);
        assert!((4..30).contains(&(records.len() - 500)), "{} come twice", records.len() - 500);
        let late = |said: &Vec<Said>| !said.is_sorted_by_key(|one| one.version.clone());
        assert!(said.iter().all(late), "each flight has news that arrive in another order");
    }

    #[test]
    fn a_seed_says_the_same_again() {
        assert_eq!(scripted(4), scripted(4));
        assert_ne!(scripted(4), scripted(5));
    }
}
