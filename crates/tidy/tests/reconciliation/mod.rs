//! The reconciliation's workflow and its function agree on what is asked and answered.

use super::{RECONCILIATION, definition, states};
use flightpulse_contracts::names::{RECONCILIATION_REQUESTED, SOURCE_RECONCILIATION};
use flightpulse_contracts::reconciliation_events::ReconciliationRequested;
use flightpulse_contracts::tasks::reconciliation::{Concluded, Planned, ReconciliationTask};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

const RUN: &str = "20261130T063012Z-3f2a9c1b";

/// One value of each name that there is.
fn values() -> Map<String, Value> {
    let file = json!({
        "bucket": "b", "key": "exports/a.json", "etag": "e", "size": 1, "kind": "json",
    });
    let part = json!({"nth": 0, "slice": {"of": "whole"}});
    let values = json!({
        "bucket": {"name": "b"}, "object": {"key": "exports/a.json"}, "key": "exports/a.json",
        "execution": "arn", "attempt": "3f2a9c1b", "started_at": "2026-11-30T06:30:12Z", "run_id": RUN, "again": true,
        "file": file, "part": part, "parts": [part], "failure": "why", "reason": "why",
        "concerned": true, "superseded": false, "completed": false, "report": "reports/a.json",
        "rows": 1, "rejected": 0, "missing": 0, "different": 0,
        "schema_version": 1, "event_id": "e1", "correlation_id": "c1",
    });
    values.as_object().unwrap().clone()
}

/// The names of the fields of a type.
fn fields<T: Serialize + DeserializeOwned>(named: &Map<String, Value>) -> BTreeSet<String> {
    let read: T = serde_json::from_value(Value::Object(named.clone())).unwrap();
    serde_json::to_value(read).unwrap().as_object().unwrap().keys().cloned().collect()
}

/// What each call of our function hands over, by its action.
fn payloads() -> BTreeMap<String, Map<String, Value>> {
    let states = states(&definition(RECONCILIATION));
    let payloads = states.iter().filter_map(|(_, state)| state.pointer("/Arguments/Payload"));
    payloads
        .map(|payload| payload.as_object().unwrap().clone())
        .map(|payload| (payload["action"].as_str().unwrap().to_owned(), payload))
        .collect()
}

#[test]
fn the_function_is_asked_what_it_takes_and_all_that_it_knows() {
    let payloads = payloads();
    let actions: Vec<_> = payloads.keys().map(String::as_str).collect();
    assert_eq!(actions, ["conclude", "note_failure", "plan", "reconcile"]);
    for (action, payload) in payloads {
        let mut named = values();
        named.insert("action".to_owned(), json!(action));
        // Of a task the bucket is a name.
        named.insert("bucket".to_owned(), json!("b"));
        let asked: BTreeSet<_> = payload.keys().cloned().collect();
        assert_eq!(asked, fields::<ReconciliationTask>(&named), "{action}");
    }
}

/// The names that a state reads of what its function answered.
fn read_of_the_answer(state: &str) -> BTreeSet<String> {
    let states = states(&definition(RECONCILIATION));
    let (_, state) = states.iter().find(|(name, _)| name == state).unwrap();
    let text = state.to_string();
    let after = text.split("$states.result.Payload.").skip(1);
    let ends = |c: char| !(c.is_ascii_alphanumeric() || c == '_');
    after.map(|rest| rest.split(ends).next().unwrap().to_owned()).collect()
}

#[test]
fn of_an_answer_is_read_what_is_in_it() {
    assert_eq!(read_of_the_answer("Plan"), fields::<Planned>(&values()));
    let of_the_end = read_of_the_answer("Conclude");
    assert_eq!(of_the_end, ["reason".to_owned()].into());
    assert!(of_the_end.is_subset(&fields::<Concluded>(&values())));
    let text = definition(RECONCILIATION).to_string();
    for field in ["superseded", "completed"] {
        assert!(text.contains(&format!("$concluded.{field}")), "{field}");
        assert!(fields::<Concluded>(&values()).contains(field), "{field}");
    }
}

#[test]
fn a_dead_letter_is_a_request_to_make_the_run_again() {
    let definition = definition(RECONCILIATION);
    let letter = &definition["States"]["DeadLetter"]["Arguments"]["MessageBody"];
    assert_eq!(letter["event"]["source"], SOURCE_RECONCILIATION);
    assert_eq!(letter["event"]["detail-type"], RECONCILIATION_REQUESTED);
    let detail = letter["event"]["detail"].as_str().unwrap();
    for field in fields::<ReconciliationRequested>(&values()) {
        assert!(detail.contains(&format!("'{field}': ")), "{field}");
    }
    assert!(
        detail.contains(&format!("'schema_version': {}", flightpulse_contracts::SCHEMA_VERSION))
    );
}

// On AWS neither the Map nor its iterations would see them.
#[test]
fn the_distributed_map_reads_no_variable() {
    let mut definition = definition(RECONCILIATION);
    let map = definition.pointer_mut("/States/ReconcileParts").unwrap().as_object_mut().unwrap();
    // Assigned around it, where the variable is.
    map.remove("Catch").unwrap();
    let text = Value::Object(map.clone()).to_string();
    let (given, variables): (Vec<_>, Vec<_>) =
        text.split('$').skip(1).partition(|rest| rest.starts_with("states."));
    assert!(given.len() > 5);
    // What is left is put in when it is deployed, or a function of JSONata.
    let is_function = |rest: &str| {
        rest.split_once('(').is_some_and(|(name, _)| name.chars().all(|c| c.is_ascii_alphabetic()))
    };
    let others = variables.into_iter().filter(|rest| !rest.starts_with('{') && !is_function(rest));
    assert_eq!(others.collect::<Vec<_>>(), Vec::<&str>::new());
}

#[test]
fn a_part_that_failed_for_good_does_not_keep_the_run_from_its_report() {
    let map = &definition(RECONCILIATION)["States"]["ReconcileParts"];
    for way in [&map["Next"], &map["Catch"][0]["Next"]] {
        assert_eq!(way, "Conclude");
    }
    assert_eq!(map["Catch"][0]["ErrorEquals"], json!(["States.ALL"]));
    let part = &map["ItemProcessor"]["States"]["ReconcilePart"];
    assert_eq!(part["Catch"][0]["ErrorEquals"], json!(["States.ALL"]));
    assert_eq!(part["Catch"][0]["Next"], "NoteFailure");
}

#[test]
fn the_bucket_has_the_functions_folders_and_keeps_reports_as_long_as_runs_are_shown() {
    let read = |path: &str| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path);
        std::fs::read_to_string(path).unwrap()
    };
    let names = read("infra/lib/names.ts");
    for (source, folder) in [("rejected", "rejected"), ("report", "reports")] {
        assert!(names.contains(&format!("{folder}: '{folder}/'")), "{folder}");
        let written = read(&format!("lambdas/s3-reconciliation/src/{source}.rs"));
        assert!(written.contains(&format!("\"{folder}/{{run}}/{{attempt}}/\"")), "{folder}");
    }
    let days = flightpulse_store::RUN_RETENTION_SECONDS / 86_400;
    assert!(read("infra/lib/export-bucket.ts").contains(&format!("const REPORT_DAYS = {days};")));
}
