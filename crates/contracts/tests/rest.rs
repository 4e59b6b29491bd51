//! The REST API's document and page, held to the routes and the types.
//!
//! After a wanted change: `FLIGHTPULSE_UPDATE=1 cargo test --workspace --test rest`.

// Helpers of tests fail as tests do: at once and loudly.
#![allow(clippy::unwrap_used)]

use flightpulse_contracts::rest::openapi::document;
use flightpulse_contracts::rest::page::page;
use flightpulse_contracts::rest::routes;
use flightpulse_domain::flight::FlightStatus;
use rstest::rstest;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;

fn golden(name: &str, now: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../docs/{name}"));
    if std::env::var_os("FLIGHTPULSE_UPDATE").is_some() {
        std::fs::write(&path, now).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    // Not assert_eq: a difference is easier to see with git than in two long texts.
    assert!(committed == now, "docs/{name} is not what the routes say any more");
}

#[test]
fn the_committed_document_is_that_of_the_routes() {
    golden("openapi.json", &(serde_json::to_string_pretty(&document()).unwrap() + "\n"));
}

#[test]
fn the_committed_page_is_that_of_the_routes() {
    golden("api.html", &page());
}

#[test]
fn every_example_is_one_of_its_type() {
    for route in routes::all() {
        for content in [Some(&route.answer), route.body.as_ref()].into_iter().flatten() {
            if let Some(example) = content.example {
                let example = example();
                let again = (content.again)(example.clone());
                assert_eq!(again.unwrap(), example, "{}", route.operation_id);
            }
        }
    }
}

#[test]
fn operations_and_paths_are_each_others_only_ones() {
    let ids: BTreeSet<_> = routes::all().map(|route| route.operation_id).collect();
    let paths: BTreeSet<_> =
        routes::all().map(|route| format!("{:?} {}", route.verb, route.template)).collect();
    assert_eq!((ids.len(), paths.len()), (routes::all().count(), routes::all().count()));
}

#[test]
fn a_path_names_its_parameters() {
    for route in routes::all() {
        let named: Vec<_> = route
            .template
            .split('/')
            .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
            .collect();
        let declared: Vec<_> = route
            .parameters
            .iter()
            .filter(|parameter| parameter.place == routes::Place::Path)
            .map(|parameter| parameter.name)
            .collect();
        assert_eq!(named, declared, "{}", route.template);
    }
}

#[rstest]
#[case(FlightStatus::Scheduled)]
#[case(FlightStatus::Boarding)]
#[case(FlightStatus::Delayed)]
#[case(FlightStatus::Cancelled)]
#[case(FlightStatus::Departed)]
#[case(FlightStatus::Diverted)]
#[case(FlightStatus::Arrived)]
fn every_status_can_be_asked_for(#[case] status: FlightStatus) {
    assert!(routes::parameters::FLIGHT_STATUSES.contains(&status.name()));
}

/// Every object of the document's schemas.
fn objects<'a>(value: &'a Value, found: &mut Vec<&'a Value>) {
    if value.get("properties").is_some() {
        found.push(value);
    }
    match value {
        Value::Object(fields) => fields.values().for_each(|value| objects(value, found)),
        Value::Array(values) => values.iter().for_each(|value| objects(value, found)),
        _ => {}
    }
}

#[test]
fn schemas_are_strict() {
    let document = document();
    let mut found = Vec::new();
    objects(&document["components"]["schemas"], &mut found);
    assert!(found.len() > 15);
    for object in found {
        assert_eq!(object["additionalProperties"], false, "{object}");
    }
    // An answer has all its fields, null where there is nothing to say.
    for name in ["Flight", "Booking", "Passenger", "Notification", "Hold", "Action", "FlightList"] {
        let schema = &document["components"]["schemas"][name];
        let fields = schema["properties"].as_object().unwrap().len();
        assert_eq!(schema["required"].as_array().unwrap().len(), fields, "{name}");
    }
}
