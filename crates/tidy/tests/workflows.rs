//! The workflows' definitions and the code name the same things.

// Helpers of tests fail as tests do: at once and loudly.
#![allow(clippy::unwrap_used)]

use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;

fn definition() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../statemachines/delay-notification.asl.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
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

#[test]
fn every_error_name_is_one_of_ours_or_of_aws() {
    let definition = definition();
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

#[test]
fn every_error_of_ours_is_named_where_our_functions_are_called() {
    for (name, state) in states(&definition()) {
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

#[test]
fn every_task_has_a_timeout_a_retry_and_a_catch() {
    for (name, state) in states(&definition()) {
        if state["Type"] == "Task" {
            for field in ["TimeoutSeconds", "Retry"] {
                assert!(state.get(field).is_some(), "{name} has no {field}");
            }
            assert!(state.get("Catch").is_some(), "{name} has no Catch");
        }
        if state["Type"] == "Map" {
            assert!(state.get("Catch").is_some(), "{name} has no Catch");
            assert!(state.get("MaxConcurrency").is_some(), "{name} has no MaxConcurrency");
        }
    }
}

#[test]
fn every_action_is_one_that_the_flight_updater_takes() {
    let definition = definition();
    let mut actions = Vec::new();
    all(&definition, "action", &mut actions);
    let actions: BTreeSet<_> = actions.iter().map(|action| action.as_str().unwrap()).collect();
    assert_eq!(actions, BTreeSet::from(["abandon_telling", "apply_delay", "record_told"]));
}

#[test]
fn a_workflow_keeps_its_claim_as_long_as_the_notifications_keep_theirs() {
    let text = definition().to_string();
    let retention = flightpulse_store::CLAIM_RETENTION_SECONDS.to_string();
    assert!(text.contains(&format!("+ {retention})")), "the claim's expiry is not {retention}");
    assert!(text.contains("'EVENT#' & $eventId"));
}
