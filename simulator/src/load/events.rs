//! The events of a load: delays and gate changes over known flights.

use crate::generator::{Dice, Stream};
use crate::operations::NewEvent;
use crate::stop::Stop;
use flightpulse_domain::delay::Reason;
use flightpulse_domain::ids::{EventId, FlightId};
use jiff::Timestamp;
use serde_json::json;

/// A flight that events can be about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Target {
    pub(super) flight_id: FlightId,
    pub(super) gate: Option<String>,
}

/// An event that is ready to be written.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Event {
    pub(super) event_id: EventId,
    pub(super) flight_id: FlightId,
    pub(super) value: Vec<u8>,
}

/// What an event is of.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Delay { first: i64, last: i64 },
    Gate,
}

/// What happens, by its share: as on a day with some weather.
const KINDS: [(Kind, u32); 5] = [
    (Kind::Delay { first: 1, last: 29 }, 30),
    (Kind::Delay { first: 30, last: 120 }, 25),
    (Kind::Delay { first: 121, last: 360 }, 5),
    (Kind::Delay { first: 0, last: 0 }, 5),
    (Kind::Gate, 35),
];

/// Events without an end.
pub(super) struct Events {
    dice: Dice,
    targets: Vec<Target>,
    run: String,
    count: u64,
}

impl Events {
    /// Events over these flights, of which there must be one. The seed decides what they say; `run`
    /// makes their ids unlike those of any other run.
    pub(super) fn new(seed: u32, targets: Vec<Target>, run: &str) -> Self {
        Self { dice: Dice::of(seed, Stream::Events, 0), targets, run: run.to_owned(), count: 0 }
    }

    /// How many flights they are about.
    pub(super) fn flights(&self) -> usize {
        self.targets.len()
    }

    /// The next event; it happens now.
    pub(super) fn next(&mut self, now: Timestamp) -> Result<Event, Stop> {
        let target = self.dice.pick(&self.targets);
        let flight_id = &target.flight_id;
        let (event_type, payload) = match self.dice.weighted(&KINDS) {
            Kind::Delay { first, last } => {
                let reason = self.dice.pick(&Reason::ALL).name();
                let minutes = self.dice.between(first, last);
                let payload =
                    json!({"flight_id": flight_id, "delay_minutes": minutes, "reason": reason});
                ("FLIGHT_DELAY", payload)
            }
            Kind::Gate => {
                let concourse = *self.dice.pick(&['A', 'B', 'C', 'D']);
                let gate = format!("{concourse}{}", self.dice.between(1, 30));
                let payload = json!({
                    "flight_id": flight_id, "old_gate": target.gate, "new_gate": gate,
                    "terminal_change": self.dice.percent(20),
                });
                ("GATE_CHANGE", payload)
            }
        };
        self.count += 1;
        let id = EventId::new(format!("load-{}-{}", self.run, self.count))
            .map_err(|error| Stop::CannotRun(error.to_string()))?;
        let event = NewEvent::new(event_type, &payload, Some(id), now, now)?;
        Ok(Event {
            event_id: event.event_id,
            flight_id: event.flight_id,
            value: event.value.to_string().into_bytes(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flightpulse_domain::inbound::{Change, OperationsEvent};
    use std::collections::BTreeSet;

    fn now() -> Timestamp {
        "2026-11-21T10:00:00Z".parse().unwrap()
    }

    fn events(seed: u32) -> Events {
        let target = |id: &str, gate: Option<&str>| Target {
            flight_id: FlightId::new(id).unwrap(),
            gate: gate.map(str::to_owned),
        };
        let targets =
            vec![target("SW1", Some("B7")), target("SW2", None), target("SW3", Some("1"))];
        Events::new(seed, targets, "run")
    }

    #[test]
    fn every_event_is_valid_and_has_an_id_of_its_own() {
        let mut events = events(1);
        let (mut ids, mut flights, mut gates) = (BTreeSet::new(), BTreeSet::new(), 0);
        for _ in 0..500 {
            let event = events.next(now()).unwrap();
            let read = OperationsEvent::read(Some(&event.value), now()).unwrap();
            assert_eq!((&read.event_id, &read.flight_id), (&event.event_id, &event.flight_id));
            gates += usize::from(matches!(read.change, Change::Gate { .. }));
            assert!(ids.insert(event.event_id.clone()));
            flights.insert(event.flight_id.clone());
        }
        assert_eq!(flights.len(), 3);
        assert!((100..250).contains(&gates), "{gates} gate changes of 500");
    }

    #[test]
    fn a_seed_says_the_same_again() {
        let said = |seed: u32| {
            let mut events = events(seed);
            (0..20).map(|_| events.next(now()).unwrap()).collect::<Vec<_>>()
        };
        assert_eq!(said(4), said(4));
        assert_ne!(said(4), said(5));
    }
}
