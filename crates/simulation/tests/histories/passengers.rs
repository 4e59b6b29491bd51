//! Those who deliver, and those who read.

use flightpulse_contracts::notification_events::NotificationEvent;
use flightpulse_domain::facet::FacetVersion;
use flightpulse_domain::flight::Flight;
use flightpulse_domain::ids::{EventId, FlightId, NotificationId, PassengerId};
use flightpulse_domain::notice::{Notice, Subject};
use flightpulse_domain::notification::{Channel, reach};
use flightpulse_domain::passenger::Passenger;
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

/// What a reader believes of their flight.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Belief {
    pub(crate) flight_id: FlightId,
    pub(crate) cancelled: bool,
    pub(crate) departure: Timestamp,
    pub(crate) gate: Option<String>,
}

/// What a reader is told once: an event, and of a reinstatement what it states.
type Told = (EventId, PassengerId, Channel, Vec<FacetVersion>);

#[derive(Default)]
struct State {
    beliefs: BTreeMap<(PassengerId, Channel), Belief>,
    /// The ids that were delivered: a repeat is dropped.
    delivered: BTreeSet<NotificationId>,
    /// The ids under which something was delivered to a reader.
    told: BTreeMap<Told, BTreeSet<NotificationId>>,
}

/// All readers. Clones share them.
#[derive(Clone, Default)]
pub(crate) struct Passengers(Arc<Mutex<State>>);

impl Passengers {
    fn with<T>(&self, look: impl FnOnce(&mut State) -> T) -> T {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// A passenger knows what is planned.
    pub(crate) fn knows(&self, passenger: &Passenger, flight: &Flight) {
        for (channel, _) in reach(passenger) {
            let belief = Belief {
                flight_id: flight.flight_id.clone(),
                cancelled: false,
                departure: flight.departure(),
                gate: flight.gate.clone(),
            };
            let reader = (passenger.passenger_id.clone(), channel);
            self.with(|state| state.beliefs.insert(reader, belief));
        }
    }

    /// A notification of this notice reaches who delivers it, and through them its reader.
    pub(crate) fn gets(&self, told: NotificationEvent, notice: &Notice) {
        self.with(|state| {
            let reader = (told.passenger_id.clone(), told.channel);
            let stated = match &notice.subject {
                Subject::Reinstatement { as_of, .. } => as_of.clone(),
                _ => Vec::new(),
            };
            let once = (told.event_id, told.passenger_id, told.channel, stated);
            state.told.entry(once).or_default().insert(told.notification_id.clone());
            if !state.delivered.insert(told.notification_id) {
                return;
            }
            let belief =
                state.beliefs.get_mut(&reader).expect("someone whom nothing reaches is told");
            match &notice.subject {
                Subject::Delay { new_departure, .. } => belief.departure = *new_departure,
                Subject::GateChange { new_gate, .. } => belief.gate = Some(new_gate.clone()),
                Subject::Cancellation { .. } => belief.cancelled = true,
                Subject::Reinstatement { departure, gate, .. } => {
                    belief.cancelled = false;
                    belief.departure = *departure;
                    belief.gate = gate.clone();
                }
            }
        });
    }

    /// What everybody believes.
    pub(crate) fn beliefs(&self) -> Vec<((PassengerId, Channel), Belief)> {
        self.with(|state| state.beliefs.clone().into_iter().collect())
    }

    /// Readers who were told the same under more than one id.
    pub(crate) fn told_twice(&self) -> Vec<String> {
        self.with(|state| {
            let twice = state.told.iter().filter(|(_, ids)| ids.len() > 1);
            twice.map(|(of, ids)| format!("{of:?} was told under {ids:?}")).collect()
        })
    }

    /// How many notifications were delivered.
    pub(crate) fn count(&self) -> usize {
        self.with(|state| state.delivered.len())
    }
}
