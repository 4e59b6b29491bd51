//! From a workflow's task to a decision of the domain, and back.

use flightpulse_contracts::tasks::{DelayDetail, FlightUpdate, FlightUpdated};
use flightpulse_domain::delay::{MAX_DELAY_MINUTES, Reason};
use flightpulse_domain::disruption::{Decision, DelayReport, decide_delay};
use flightpulse_domain::facet::FacetVersion;
use flightpulse_domain::ids::FlightId;
use flightpulse_lambda_kit::failure::Failure;
use flightpulse_store::{FlightReader, ScheduleWriter, StoreError, Written};

/// How often a decision is made anew because the flight changed meanwhile.
const TRIES: usize = 5;

/// Handles one task.
///
/// # Errors
/// [`Failure`], by what the workflow can do about it.
pub async fn handle<S>(store: &S, task: FlightUpdate) -> Result<FlightUpdated, Failure>
where
    S: FlightReader + ScheduleWriter,
{
    match task {
        FlightUpdate::ApplyDelay {
            event_id,
            occurred_at,
            detail,
        } => {
            if detail.delay_minutes > MAX_DELAY_MINUTES {
                let minutes = detail.delay_minutes;
                return Err(Failure::InvalidInput(format!(
                    "delay_minutes must be from 0 to {MAX_DELAY_MINUTES}; got {minutes}"
                )));
            }
            let version = FacetVersion::new(occurred_at, event_id);
            let flight_id = detail.flight_id.clone();
            apply_delay(store, &flight_id, &report(version, &detail)).await
        }
        FlightUpdate::RecordTold { notice } => store
            .record_told(&notice.flight_id, &notice.version)
            .await
            .map(|()| FlightUpdated::Noted)
            .map_err(failure),
        FlightUpdate::AbandonTelling { notice } => store
            .abandon_telling(&notice.flight_id, &notice.version)
            .await
            .map(|()| FlightUpdated::Noted)
            .map_err(failure),
    }
}

fn report(version: FacetVersion, detail: &DelayDetail) -> DelayReport {
    DelayReport {
        version,
        delay_minutes: detail.delay_minutes,
        reason: detail.reason.unwrap_or(Reason::Other),
        new_departure: detail.new_departure,
        new_arrival: detail.new_arrival,
    }
}

async fn apply_delay<S>(
    store: &S,
    flight_id: &FlightId,
    report: &DelayReport,
) -> Result<FlightUpdated, Failure>
where
    S: FlightReader + ScheduleWriter,
{
    for _ in 0..TRIES {
        let Some(flight) = store.flight(flight_id).await.map_err(failure)? else {
            let text = format!("flight {flight_id} is not in the table");
            return Err(Failure::UnknownFlight(text));
        };
        match decide_delay(&flight, report) {
            Decision::Superseded { by } => {
                tracing::info!(%flight_id, version = %report.version, %by, "superseded");
                return Ok(FlightUpdated::Superseded);
            }
            Decision::Apply { update, notice } => {
                match store
                    .apply_schedule(&flight, &update, notice.is_some())
                    .await
                {
                    Ok(Written::Outdated) => {}
                    Ok(Written::Yes) => {
                        let told = notice.is_some();
                        tracing::info!(%flight_id, version = %report.version, told, "applied");
                        return Ok(match notice {
                            Some(notice) => FlightUpdated::Tell { notice },
                            None => FlightUpdated::NotMaterial,
                        });
                    }
                    Err(error) => return Err(failure(error)),
                }
            }
        }
    }
    Err(Failure::Contended(format!(
        "flight {flight_id} changed {TRIES} times while it was decided on"
    )))
}

fn failure(error: StoreError) -> Failure {
    Failure::of_call(&error, error.is_transient())
}

#[cfg(test)]
mod tests {
    use super::*;
    use flightpulse_domain::notice::Notice;
    use flightpulse_store::RecordWriter;
    use flightpulse_store::conformance::flight;
    use flightpulse_store::memory::MemoryStore;
    use rstest::rstest;
    use serde_json::{Value, json};

    async fn store() -> MemoryStore {
        let store = MemoryStore::default();
        store.put_flight(&flight("SW5678")).await.unwrap();
        store
    }

    fn delay(event_id: &str, at: &str, minutes: u32) -> FlightUpdate {
        task(json!({
            "action": "apply_delay", "event_id": event_id, "occurred_at": at,
            "detail": {"flight_id": "SW5678", "delay_minutes": minutes, "reason": "WEATHER"},
        }))
    }

    fn task(value: Value) -> FlightUpdate {
        serde_json::from_value(value).unwrap()
    }

    async fn told(store: &MemoryStore, update: FlightUpdate) -> Notice {
        match handle(store, update).await.unwrap() {
            FlightUpdated::Tell { notice } => notice,
            other => panic!("{other:?}"),
        }
    }

    #[tokio::test]
    async fn an_event_entered_again_is_told_again_until_it_is_recorded() {
        let store = store().await;
        let update = || delay("e1", "2026-11-21T10:00:00Z", 90);
        let notice = told(&store, update()).await;
        assert_eq!(told(&store, update()).await, notice);
        for _ in 0..2 {
            let noted = handle(
                &store,
                FlightUpdate::RecordTold {
                    notice: notice.clone(),
                },
            )
            .await;
            assert_eq!(noted.unwrap(), FlightUpdated::Noted);
        }
        assert_eq!(
            handle(&store, update()).await.unwrap(),
            FlightUpdated::NotMaterial
        );
    }

    #[tokio::test]
    async fn an_older_event_is_superseded() {
        let store = store().await;
        told(&store, delay("e2", "2026-11-21T11:00:00Z", 90)).await;
        let older = handle(&store, delay("e1", "2026-11-21T10:00:00Z", 30))
            .await
            .unwrap();
        assert_eq!(older, FlightUpdated::Superseded);
    }

    #[tokio::test]
    async fn the_same_delay_after_a_failure_is_told() {
        let store = store().await;
        let notice = told(&store, delay("e1", "2026-11-21T10:00:00Z", 90)).await;
        let same = || delay("e2", "2026-11-21T10:05:00Z", 90);
        assert_eq!(
            handle(&store, same()).await.unwrap(),
            FlightUpdated::NotMaterial
        );
        handle(&store, FlightUpdate::AbandonTelling { notice })
            .await
            .unwrap();
        told(&store, same()).await;
    }

    #[rstest]
    #[case(json!({"flight_id": "SW0", "delay_minutes": 5}), "UnknownFlight")]
    #[case(json!({"flight_id": "SW5678", "delay_minutes": 2_881}), "InvalidInput")]
    #[tokio::test]
    async fn a_task_that_cannot_be_done_says_why(#[case] detail: Value, #[case] name: &str) {
        let update = task(json!({
            "action": "apply_delay", "event_id": "e1", "occurred_at": "2026-11-21T10:00:00Z",
            "detail": detail,
        }));
        let failure = handle(&store().await, update).await.unwrap_err();
        assert_eq!(failure.error_type(), name);
    }

    #[tokio::test]
    async fn a_table_that_is_away_is_to_be_asked_again() {
        let store = store().await;
        store.fail_with(Some("throttled"));
        let failure = handle(&store, delay("e1", "2026-11-21T10:00:00Z", 90))
            .await
            .unwrap_err();
        assert_eq!(failure.error_type(), "Unavailable");
    }
}
