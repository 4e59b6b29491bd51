//! From a workflow's task to a decision of the domain, and back.

use crate::report::{Asked, asked};
use flightpulse_contracts::tasks::{FlightUpdate, FlightUpdated};
use flightpulse_domain::disruption::{Decision, decide, decide_resend, implausible};
use flightpulse_domain::facet::FacetVersion;
use flightpulse_domain::flight::Flight;
use flightpulse_domain::ids::FlightId;
use flightpulse_domain::notice::Notice;
use flightpulse_lambda_kit::failure::Failure;
use flightpulse_store::{FlightReader, FlightWriter, StoreError, Written};
use jiff::Timestamp;

/// How often a decision is made anew because the flight changed meanwhile.
const TRIES: usize = 5;

/// Handles one task. `now` is its time.
///
/// # Errors
/// [`Failure`], by what the workflow can do about it.
pub async fn handle<S>(
    store: &S,
    task: FlightUpdate,
    now: Timestamp,
) -> Result<FlightUpdated, Failure>
where
    S: FlightReader + FlightWriter,
{
    match task {
        FlightUpdate::Apply { detail_type, event_id, occurred_at, detail } => {
            let version = FacetVersion::new(occurred_at, event_id);
            let (flight_id, asked) = asked(&detail_type, version, detail, now)?;
            apply(store, &flight_id, &asked).await
        }
        FlightUpdate::RecordTold { notice, overtaken: false } => {
            end(store, &notice.flight_id, |flight| {
                flight.record_told(notice.facet, &notice.version);
            })
            .await
        }
        FlightUpdate::RecordTold { notice, overtaken: true } => {
            end(store, &notice.flight_id, |flight| flight.abandon_telling(&notice.version)).await
        }
        FlightUpdate::AbandonTelling { flight_id, event_id, occurred_at, notice } => {
            let version = match notice {
                Some(notice) => notice.version,
                None => FacetVersion::new(occurred_at, event_id),
            };
            end(store, &flight_id, |flight| flight.abandon_telling(&version)).await
        }
    }
}

/// What is to be written, and what the workflow is answered.
enum Next {
    Answer(FlightUpdated),
    Write(Box<Flight>, Option<Box<Notice>>),
}

async fn apply<S>(store: &S, flight_id: &FlightId, asked: &Asked) -> Result<FlightUpdated, Failure>
where
    S: FlightReader + FlightWriter,
{
    for _ in 0..TRIES {
        let Some(flight) = store.flight(flight_id).await.map_err(failure)? else {
            let text = format!("flight {flight_id} is not in the table");
            return Err(Failure::UnknownFlight(text));
        };
        let (changed, notice) = match next(&flight, asked)? {
            Next::Answer(answer) => {
                tracing::info!(%flight_id, ?answer, "nobody is told");
                return Ok(answer);
            }
            Next::Write(changed, notice) => (changed, notice),
        };
        if store.write_flight(&flight, &changed).await.map_err(failure)? == Written::Yes {
            let told = notice.as_ref().map(|notice| notice.facet.name());
            tracing::info!(%flight_id, told, "applied");
            return Ok(match notice {
                Some(notice) => FlightUpdated::Tell { urgent: notice.subject.is_urgent(), notice },
                None => FlightUpdated::NotMaterial,
            });
        }
    }
    Err(contended(flight_id))
}

fn next(flight: &Flight, asked: &Asked) -> Result<Next, Failure> {
    if let Asked::Report(report) = asked
        && let Some(what) = implausible(flight, report)
    {
        return Err(Failure::InvalidInput(what));
    }
    Ok(match asked {
        Asked::Report(report) => match decide(flight, report) {
            Decision::Superseded { .. } => Next::Answer(FlightUpdated::Superseded),
            // The flight has left: there is nobody at the gate to be told.
            Decision::TooLate => Next::Answer(FlightUpdated::NotMaterial),
            Decision::Write { flight, notice } => Next::Write(flight, notice.map(Box::new)),
        },
        Asked::Resend { facet, resend_id } => {
            match decide_resend(flight, *facet, resend_id.clone()) {
                Some((flight, notice)) => Next::Write(Box::new(flight), Some(Box::new(notice))),
                None => Next::Answer(FlightUpdated::NotMaterial),
            }
        }
    })
}

/// Notes how a telling ended. A flight that is gone has nobody to be told of it.
async fn end<S>(
    store: &S,
    flight_id: &FlightId,
    change: impl Fn(&mut Flight),
) -> Result<FlightUpdated, Failure>
where
    S: FlightReader + FlightWriter,
{
    for _ in 0..TRIES {
        let Some(flight) = store.flight(flight_id).await.map_err(failure)? else {
            return Ok(FlightUpdated::Noted);
        };
        let mut changed = flight.clone();
        change(&mut changed);
        changed.revision = flight.revision;
        // It was noted before, or newer news have taken its place.
        if changed == flight {
            return Ok(FlightUpdated::Noted);
        }
        if store.write_flight(&flight, &changed).await.map_err(failure)? == Written::Yes {
            return Ok(FlightUpdated::Noted);
        }
    }
    Err(contended(flight_id))
}

fn contended(flight_id: &FlightId) -> Failure {
    Failure::Contended(format!("flight {flight_id} changed {TRIES} times while it was decided on"))
}

fn failure(error: StoreError) -> Failure {
    Failure::of_call(&error, error.is_transient())
}

#[cfg(test)]
mod tests;
