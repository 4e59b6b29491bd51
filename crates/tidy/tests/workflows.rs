//! The workflows' definitions and the code name the same things.

// Helpers of tests fail as tests do: at once and loudly.
#![allow(clippy::unwrap_used)]

mod reconciliation;

use flightpulse_store::EventClaim;
use rstest::rstest;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Those that tell passengers.
const WORKFLOWS: [&str; 3] = ["delay-notification", "cancellation", "gate-change"];
/// The one that does not.
const RECONCILIATION: &str = "reconciliation";

fn definition(workflow: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join(format!("../../statemachines/{workflow}.asl.json"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

#[test]
fn every_workflow_is_tested() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../statemachines");
    let files: BTreeSet<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let tested = WORKFLOWS.into_iter().chain([RECONCILIATION]);
    assert_eq!(files, tested.map(|name| format!("{name}.asl.json")).collect());
}

// The three are one frame. What differs is meant to, and stands here.
#[test]
fn the_workflows_share_their_frame() {
    const DIFFERENT: [&str; 5] =
        ["Start", "MorePages", "UpdateBookings", "BookingsDone", "Complete"];
    let frame = |workflow: &str| -> BTreeMap<String, Value> {
        let definition = definition(workflow);
        let states = definition["States"].as_object().unwrap().clone();
        states.into_iter().filter(|(name, _)| !DIFFERENT.contains(&name.as_str())).collect()
    };
    let delay = frame("delay-notification");
    assert!(delay.len() > 15);
    for workflow in WORKFLOWS {
        assert_eq!(frame(workflow), delay, "{workflow}");
    }
}

/// Every value of a field of this name, at any depth.
fn all<'a>(value: &'a Value, field: &str, found: &mut Vec<&'a Value>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                if name == field {
                    found.push(value);
                }
                all(value, field, found);
            }
        }
        Value::Array(values) => values.iter().for_each(|value| all(value, field, found)),
        _ => {}
    }
}

fn states(definition: &Value) -> Vec<(String, Value)> {
    let mut groups = Vec::new();
    all(definition, "States", &mut groups);
    groups
        .into_iter()
        .flat_map(|group| group.as_object().unwrap().clone())
        .filter(|(_, state)| state.get("Type").is_some())
        .collect()
}

/// The names of the states inside Distributed Maps. What fails there ends its execution, and is the
/// Map's to catch, which needs a Catch like every other.
fn states_of_executions_of_their_own(all: &[(String, Value)]) -> BTreeSet<String> {
    let distributed = |state: &Value| {
        state.pointer("/ItemProcessor/ProcessorConfig/Mode") == Some(&"DISTRIBUTED".into())
    };
    let maps = all.iter().filter(|(_, state)| distributed(state));
    maps.flat_map(|(_, map)| states(map)).map(|(name, _)| name).collect()
}

#[rstest]
fn every_error_name_is_one_of_ours_or_of_aws(
    #[values("delay-notification", "cancellation", "gate-change", RECONCILIATION)] workflow: &str,
) {
    let definition = definition(workflow);
    let mut names = Vec::new();
    all(&definition, "ErrorEquals", &mut names);
    let names: BTreeSet<_> = names
        .iter()
        .flat_map(|list| list.as_array().unwrap())
        .map(|n| n.as_str().unwrap())
        .collect();
    assert!(names.len() > 5);
    for name in names {
        let of_aws =
            ["States.", "Lambda.", "DynamoDB."].iter().any(|start| name.starts_with(start));
        let ours = flightpulse_lambda_kit::failure::Failure::ERROR_TYPES.contains(&name);
        assert!(of_aws || ours, "{name} is an error that nothing gives");
    }
}

#[rstest]
fn every_error_of_ours_is_named_where_our_functions_are_called(
    #[values("delay-notification", "cancellation", "gate-change", RECONCILIATION)] workflow: &str,
) {
    for (name, state) in states(&definition(workflow)) {
        if !state["Resource"].as_str().is_some_and(|resource| resource.ends_with("lambda:invoke")) {
            continue;
        }
        let mut named = Vec::new();
        all(&state["Retry"], "ErrorEquals", &mut named);
        let named: BTreeSet<_> =
            named.iter().flat_map(|l| l.as_array().unwrap()).map(|n| n.as_str().unwrap()).collect();
        for error in flightpulse_lambda_kit::failure::Failure::ERROR_TYPES {
            assert!(named.contains(error), "{name} does not say what to do about {error}");
        }
    }
}

#[rstest]
fn every_task_has_a_timeout_a_retry_and_a_catch(
    #[values("delay-notification", "cancellation", "gate-change", RECONCILIATION)] workflow: &str,
) {
    let states = states(&definition(workflow));
    let caught_by_map = states_of_executions_of_their_own(&states);
    assert_eq!(caught_by_map.is_empty(), workflow != RECONCILIATION);
    for (name, state) in states {
        if state["Type"] == "Task" {
            for field in ["TimeoutSeconds", "Retry"] {
                assert!(state.get(field).is_some(), "{name} has no {field}");
            }
            let caught = state.get("Catch").is_some() || caught_by_map.contains(&name);
            assert!(caught, "{name} has no Catch");
        }
        if state["Type"] == "Map" {
            assert!(state.get("Catch").is_some(), "{name} has no Catch");
            assert!(state.get("MaxConcurrency").is_some(), "{name} has no MaxConcurrency");
        }
    }
}

#[rstest]
fn every_action_is_one_that_the_flight_updater_takes(
    #[values("delay-notification", "cancellation", "gate-change")] workflow: &str,
) {
    let definition = definition(workflow);
    let mut actions = Vec::new();
    all(&definition, "action", &mut actions);
    let actions: BTreeSet<_> = actions.iter().map(|action| action.as_str().unwrap()).collect();
    assert_eq!(actions, BTreeSet::from(["abandon_telling", "apply", "record_told"]));
}

#[rstest]
fn a_workflow_keeps_its_claim_as_long_as_the_notifications_keep_theirs(
    #[values("delay-notification", "cancellation", "gate-change")] workflow: &str,
) {
    let text = definition(workflow).to_string();
    let retention = flightpulse_store::CLAIM_RETENTION_SECONDS.to_string();
    assert!(text.contains(&format!("+ {retention})")), "the claim's expiry is not {retention}");
    assert!(text.contains("'EVENT#' & $eventId"));
}

#[test]
fn the_states_of_an_events_claim_are_those_that_the_store_reads() {
    for workflow in WORKFLOWS {
        let definition = definition(workflow);
        let mut tasks = Vec::new();
        all(&definition, "Arguments", &mut tasks);
        let of_claims = tasks.into_iter().filter(|task| {
            let key = task.pointer("/Key/PK/S").and_then(Value::as_str);
            key.is_some_and(|key| key.contains("'EVENT#'"))
        });
        let values = of_claims.flat_map(|task| {
            let values = task["ExpressionAttributeValues"].as_object().into_iter().flatten();
            values.filter_map(|(_, value)| value["S"].as_str())
        });
        // The others are expressions.
        let states: BTreeSet<_> = values.filter(|value| !value.starts_with("{%")).collect();
        assert_eq!(states, ["DONE", "IN_PROGRESS", "RELEASED"].into(), "{workflow}");
        assert!(states.into_iter().all(|state| EventClaim::of(state, None).is_some()));
    }
}
