//! From a workflow's task to a decision of the domain, and back.

use flightpulse_contracts::tasks::{DelayDetail, FlightUpdate, FlightUpdated};
use flightpulse_domain::delay::{MAX_DELAY_MINUTES, Reason};
use flightpulse_domain::disruption::{Decision, DelayReport, decide_delay};
use flightpulse_domain::facet::FacetVersion;
use flightpulse_domain::ids::FlightId;
use flightpulse_domain::inbound::{MAX_CLOCK_SKEW_MINUTES, is_from_the_future};
use flightpulse_lambda_kit::failure::Failure;
use flightpulse_store::{FlightReader, ScheduleWriter, StoreError, Written};
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
    S: FlightReader + ScheduleWriter,
{
    match task {
        FlightUpdate::ApplyDelay { event_id, occurred_at, detail } => {
            // What came by Kafka was checked; what was put on the bus by hand was not.
            if detail.delay_minutes > MAX_DELAY_MINUTES {
                let minutes = detail.delay_minutes;
                return Err(Failure::InvalidInput(format!(
                    "delay_minutes must be from 0 to {MAX_DELAY_MINUTES}; got {minutes}"
                )));
            }
            if is_from_the_future(occurred_at, now) {
                return Err(Failure::InvalidInput(format!(
                    "occurred_at must be at most {MAX_CLOCK_SKEW_MINUTES} minutes ahead of now; \
                     got {occurred_at}"
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
        FlightUpdate::AbandonTelling { flight_id, event_id, occurred_at } => store
            .abandon_telling(&flight_id, &FacetVersion::new(occurred_at, event_id))
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
        let (written, notice) = match decide_delay(&flight, report) {
            Decision::Superseded { by } => {
                tracing::info!(%flight_id, version = %report.version, %by, "superseded");
                return Ok(FlightUpdated::Superseded);
            }
            Decision::TooLate => {
                tracing::info!(%flight_id, version = %report.version, "the flight has left");
                return Ok(FlightUpdated::NotMaterial);
            }
            Decision::Apply { update, notice } => {
                (store.apply_schedule(&flight, &update, notice.is_some()).await, notice)
            }
            Decision::TellOnly { news, notice } => {
                (store.begin_telling(&flight, &news).await, Some(notice))
            }
        };
        if written.map_err(failure)? == Written::Yes {
            let told = notice.is_some();
            tracing::info!(%flight_id, version = %report.version, told, "applied");
            return Ok(match notice {
                Some(notice) => FlightUpdated::Tell { notice },
                None => FlightUpdated::NotMaterial,
            });
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

    fn now() -> Timestamp {
        "2026-11-21T12:00:00Z".parse().unwrap()
    }

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
        match handle(store, update, now()).await.unwrap() {
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
            let noted =
                handle(&store, FlightUpdate::RecordTold { notice: notice.clone() }, now()).await;
            assert_eq!(noted.unwrap(), FlightUpdated::Noted);
        }
        assert_eq!(handle(&store, update(), now()).await.unwrap(), FlightUpdated::NotMaterial);
    }

    #[tokio::test]
    async fn an_older_event_is_superseded() {
        let store = store().await;
        told(&store, delay("e2", "2026-11-21T11:00:00Z", 90)).await;
        let older = handle(&store, delay("e1", "2026-11-21T10:00:00Z", 30), now()).await.unwrap();
        assert_eq!(older, FlightUpdated::Superseded);
    }

    fn abandon(event_id: &str, at: &str) -> FlightUpdate {
        task(json!({
            "action": "abandon_telling", "flight_id": "SW5678", "event_id": event_id,
            "occurred_at": at,
        }))
    }

    #[tokio::test]
    async fn the_same_delay_after_a_failure_is_told() {
        let store = store().await;
        told(&store, delay("e1", "2026-11-21T10:00:00Z", 90)).await;
        let same = || delay("e2", "2026-11-21T10:05:00Z", 90);
        assert_eq!(handle(&store, same(), now()).await.unwrap(), FlightUpdated::NotMaterial);
        handle(&store, abandon("e1", "2026-11-21T10:00:00Z"), now()).await.unwrap();
        // From whichever source it comes again, and also when the failed event itself does.
        told(&store, delay("e1", "2026-11-21T10:00:00Z", 90)).await;
        handle(&store, abandon("e1", "2026-11-21T10:00:00Z"), now()).await.unwrap();
        told(&store, delay("e3", "2026-11-21T10:06:00Z", 90)).await;
    }

    #[tokio::test]
    async fn what_some_may_have_read_is_taken_back() {
        let store = store().await;
        told(&store, delay("e1", "2026-11-21T10:00:00Z", 90)).await;
        handle(&store, abandon("e1", "2026-11-21T10:00:00Z"), now()).await.unwrap();
        let notice = told(&store, delay("e2", "2026-11-21T10:05:00Z", 0)).await;
        assert!(notice.correction);
    }

    #[tokio::test]
    async fn an_event_whose_answer_was_lost_is_told_though_the_same_news_came_meanwhile() {
        let store = store().await;
        told(&store, delay("e1", "2026-11-21T10:00:00Z", 90)).await;
        let same = delay("e2", "2026-11-21T10:05:00Z", 90);
        assert_eq!(handle(&store, same, now()).await.unwrap(), FlightUpdated::NotMaterial);
        told(&store, delay("e1", "2026-11-21T10:00:00Z", 90)).await;
    }

    #[tokio::test]
    async fn an_event_from_the_future_is_refused() {
        let future = delay("e1", "2099-01-01T00:00:00Z", 90);
        let failure = handle(&store().await, future, now()).await.unwrap_err();
        assert_eq!(failure.error_type(), "InvalidInput");
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
        let failure = handle(&store().await, update, now()).await.unwrap_err();
        assert_eq!(failure.error_type(), name);
    }

    #[tokio::test]
    async fn a_table_that_is_away_is_to_be_asked_again() {
        let store = store().await;
        store.fail_with(Some("throttled"));
        let failure =
            handle(&store, delay("e1", "2026-11-21T10:00:00Z", 90), now()).await.unwrap_err();
        assert_eq!(failure.error_type(), "Unavailable");
    }
}
