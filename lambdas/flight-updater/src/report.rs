//! From an event's name and detail to what is asked of the domain. What came by Kafka was checked
//! by the consumer; what an operator or a tester put on the bus by hand was not, so it is here.

use flightpulse_contracts::names::{
    FLIGHT_CANCELLED, FLIGHT_GATE_CHANGE, FLIGHT_REINSTATED, FLIGHT_RESEND_PREFIX, facet_of,
};
use flightpulse_contracts::tasks::{
    CancellationDetail, DelayDetail, DisruptionDetail, GateDetail, ReinstatementDetail,
};
use flightpulse_domain::delay::{MAX_DELAY_MINUTES, Reason};
use flightpulse_domain::disruption::Report;
use flightpulse_domain::facet::{Facet, FacetVersion};
use flightpulse_domain::ids::{EventId, FlightId};
use flightpulse_domain::inbound::{
    Change, GATE_FORM, MAX_CLOCK_SKEW_MINUTES, is_from_the_future, is_gate,
};
use flightpulse_lambda_kit::failure::Failure;
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// What is asked of a flight.
#[derive(Debug, Clone, PartialEq)]
pub enum Asked {
    /// To become what an event says.
    Report(Report),
    /// To be told of again.
    Resend {
        /// What of it.
        facet: Facet,
        /// The operator's request.
        resend_id: EventId,
    },
}

/// Reads an event that started a workflow.
///
/// # Errors
/// [`Failure::InvalidInput`] with a sentence that names the field and what is allowed.
pub fn asked(
    detail_type: &str,
    version: FacetVersion,
    detail: Value,
    now: Timestamp,
) -> Result<(FlightId, Asked), Failure> {
    let said: DisruptionDetail = read(&detail)?;
    let facet = facet_of(detail_type)
        .ok_or_else(|| invalid(format!("no workflow takes an event named {detail_type}")))?;
    if detail_type.starts_with(FLIGHT_RESEND_PREFIX) {
        let resend_id = version.event_id().clone();
        return Ok((said.flight_id, Asked::Resend { facet, resend_id }));
    }
    if is_from_the_future(version.occurred_at(), now) {
        return Err(invalid(format!(
            "occurred_at must be at most {MAX_CLOCK_SKEW_MINUTES} minutes ahead of now; got {}",
            version.occurred_at()
        )));
    }
    let change = change(detail_type, &detail)?;
    Ok((said.flight_id, Asked::Report(Report { version, change, retracts: said.retracts })))
}

fn change(detail_type: &str, detail: &Value) -> Result<Change, Failure> {
    Ok(match detail_type {
        FLIGHT_CANCELLED => {
            let said: CancellationDetail = read(detail)?;
            Change::Cancelled {
                reason: said.reason.unwrap_or(Reason::Other),
                reason_detail: None,
                rebooking_priority: said.rebooking_priority,
            }
        }
        FLIGHT_REINSTATED => {
            let said: ReinstatementDetail = read(detail)?;
            Change::Reinstated { new_departure: said.new_departure, new_arrival: said.new_arrival }
        }
        FLIGHT_GATE_CHANGE => {
            let said: GateDetail = read(detail)?;
            for gate in said.old_gate.iter().chain([&said.new_gate]) {
                if !is_gate(gate) {
                    return Err(invalid(format!("a gate must be {GATE_FORM}")));
                }
            }
            Change::Gate {
                old_gate: said.old_gate,
                new_gate: said.new_gate,
                terminal_change: said.terminal_change,
            }
        }
        _ => {
            let said: DelayDetail = read(detail)?;
            let delay_minutes = said.delay_minutes;
            if delay_minutes > MAX_DELAY_MINUTES {
                return Err(invalid(format!(
                    "delay_minutes must be from 0 to {MAX_DELAY_MINUTES}; got {delay_minutes}"
                )));
            }
            Change::Delay {
                delay_minutes,
                reason: said.reason.unwrap_or(Reason::Other),
                reason_detail: None,
                new_departure: said.new_departure,
                new_arrival: said.new_arrival,
            }
        }
    })
}

fn read<T: DeserializeOwned>(detail: &Value) -> Result<T, Failure> {
    T::deserialize(detail).map_err(|error| invalid(format!("the detail cannot be read: {error}")))
}

fn invalid(what: String) -> Failure {
    Failure::InvalidInput(what)
}

#[cfg(test)]
mod tests {
    use super::*;
    use flightpulse_contracts::flight_events::FlightEvent;
    use flightpulse_domain::ids::CorrelationId;
    use flightpulse_domain::inbound::OperationsEvent;
    use flightpulse_store::conformance::flight;

    // The consumer decides on the event that it has read, and a workflow on what the bus carried of it.
    #[test]
    fn what_the_bus_carries_is_what_the_consumer_read() {
        let corpus = include_str!("../../../crates/contracts/testdata/operations-events.json");
        let corpus: Vec<Value> = serde_json::from_str(corpus).unwrap();
        let now: Timestamp = "2026-11-21T10:00:00Z".parse().unwrap();
        let read = |case: &Value| {
            OperationsEvent::read(Some(case["event"].to_string().as_bytes()), now).ok()
        };
        let events: Vec<_> = corpus.iter().filter_map(read).collect();
        assert!(events.len() >= 20, "{}", events.len());
        for event in events {
            let mut expected = Report::from(&event);
            if let Change::Delay { reason_detail, .. } | Change::Cancelled { reason_detail, .. } =
                &mut expected.change
            {
                // No decision knows it: it is never shown.
                *reason_detail = None;
            }
            let known = flight(event.flight_id.as_str());
            let id = CorrelationId::new("c-1").unwrap();
            let carried = FlightEvent::new(event, id, Some(&known));
            let detail = serde_json::to_value(&carried).unwrap();
            // As the workflows take them from the detail.
            let text = |name: &str| detail[name].as_str().unwrap();
            let occurred_at: Timestamp = text("occurred_at").parse().unwrap();
            let version = FacetVersion::new(occurred_at, EventId::new(text("event_id")).unwrap());
            let (flight_id, asked) =
                asked(carried.detail_type(), version, detail.clone(), now).unwrap();
            assert_eq!((flight_id, asked), (known.flight_id, Asked::Report(expected)));
        }
    }
}
