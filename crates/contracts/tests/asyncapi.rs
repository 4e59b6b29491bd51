//! The AsyncAPI document of everything that travels, generated from the Rust types and names.
//!
//! After a wanted change: `FLIGHTPULSE_UPDATE=1 cargo test --workspace --test asyncapi`. Whether it
//! is valid, and its examples are, is checked in `infra/test/asyncapi.test.ts`.

// Helpers of tests fail as tests do: at once and loudly.
#![allow(clippy::unwrap_used)]

mod catalogue;

use catalogue::{Message, in_messages, out_messages};
use flightpulse_contracts::OPERATIONS_TOPIC;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::path::Path;

fn reference(path: &str) -> Value {
    json!({ "$ref": format!("#/{path}") })
}

fn message(message: &Message) -> Value {
    let mut about = json!({
        "name": message.name,
        "title": message.title,
        "contentType": "application/json",
        "payload": reference(&format!("components/schemas/{}", message.schema)),
        "examples": [{"payload": message.example}],
    });
    match message.sources {
        // What EventBridge puts around the detail.
        sources @ [_, ..] => {
            about["headers"] = json!({
                "type": "object",
                "description": "The fields of EventBridge's envelope; the payload is its `detail`.",
                "required": ["source", "detail-type"],
                "properties": {
                    "source": {"enum": sources}, "detail-type": {"const": message.name},
                },
            });
            about["correlationId"] = json!({"location": "$message.payload#/correlation_id"});
        }
        [] => {
            about["headers"] = json!({
                "type": "object",
                "properties": {"correlation_id": {
                    "type": "string", "pattern": "^[A-Za-z0-9._:-]{1,128}$",
                    "description": "Travels on with everything that the event sets off; where there is none, the event's id does.",
                }},
            });
            about["correlationId"] = json!({"location": "$message.header#/correlation_id"});
            about["bindings"] = json!({"kafka": {
                "key": {"type": "string", "description": "The flight's id, so that all events of one flight are in one partition."},
                "bindingVersion": "0.5.0",
            }});
        }
    }
    about
}

fn by_name(messages: &[Message], value: impl Fn(&Message) -> Value) -> Value {
    messages.iter().map(|one| (one.name.to_owned(), value(one))).collect::<Map<_, _>>().into()
}

// One operation for each part that publishes.
fn sending(messages: &[Message]) -> Map<String, Value> {
    let sources: BTreeSet<_> = messages.iter().flat_map(|one| one.sources).collect();
    let operation = |source: &&str| {
        let part = source.strip_prefix("flightpulse.").unwrap();
        let own = messages.iter().filter(|one| one.sources.contains(source));
        let own: Vec<_> =
            own.map(|one| reference(&format!("channels/bus/messages/{}", one.name))).collect();
        let told = json!({
            "action": "send", "channel": reference("channels/bus"), "messages": own,
            "title": format!("What {part} publishes"),
        });
        (part.to_owned(), told)
    };
    sources.into_iter().map(operation).collect()
}

fn document() -> Value {
    let (came_in, goes_out) = (in_messages(), out_messages());
    let all: Vec<_> = came_in.iter().chain(&goes_out).collect();
    let within = |channel: &[Message]| {
        by_name(channel, |one| reference(&format!("components/messages/{}", one.name)))
    };
    let mut operations = sending(&goes_out);
    let received: Vec<_> = came_in
        .iter()
        .map(|one| reference(&format!("channels/operations/messages/{}", one.name)))
        .collect();
    operations.insert("operations".to_owned(), json!({
        "action": "receive", "channel": reference("channels/operations"), "messages": received,
        "title": "What the operations centre says",
        "description": "A record that is none of these goes to the dead letters, with the reason in words.",
    }));
    json!({
        "asyncapi": "3.0.0",
        "info": {
            "title": "FlightPulse",
            "version": format!("{}.0.0", flightpulse_contracts::SCHEMA_VERSION),
            "description": "What comes in on Kafka, and what travels on the bus. Generated from the Rust types of `crates/contracts`. Both deliver at least once and in any order: a repeat has the same ids.",
            "license": {"name": "MIT"},
        },
        "defaultContentType": "application/json",
        "servers": {
            "kafka": {
                "host": "{brokers}", "protocol": "kafka",
                "variables": {"brokers": {"description": "The bootstrap brokers, as host:port."}},
            },
            "eventbridge": {
                "host": "events.{region}.amazonaws.com", "protocol": "https",
                "description": "Amazon EventBridge: PutEvents to publish, rules to subscribe.",
                "variables": {"region": {"description": "The region of the stack."}},
            },
        },
        "channels": {
            "operations": {
                "address": OPERATIONS_TOPIC,
                "title": "Events of the operations centre",
                "servers": [reference("servers/kafka")],
                "messages": within(&came_in),
                "bindings": {"kafka": {"topic": OPERATIONS_TOPIC, "bindingVersion": "0.5.0"}},
            },
            "bus": {
                "address": "flightpulse-bus",
                "title": "Flight events, notifications and changes",
                "servers": [reference("servers/eventbridge")],
                "messages": within(&goes_out),
            },
        },
        "operations": operations,
        "components": {
            "messages": all.iter().map(|one| (one.name.to_owned(), message(one))).collect::<Map<_, _>>(),
            "schemas": catalogue::schemas(),
        },
    })
}

#[test]
fn the_committed_document_is_that_of_the_types() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/asyncapi.json");
    let now = serde_json::to_string_pretty(&document()).unwrap() + "\n";
    if std::env::var_os("FLIGHTPULSE_UPDATE").is_some() {
        std::fs::write(&path, &now).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(committed == now, "docs/asyncapi.json is not what the types say any more");
}

#[test]
fn every_event_of_the_names_is_in_the_document() {
    let names = include_str!("../src/names.rs");
    let document = document();
    let known = document["components"]["messages"].as_object().unwrap();
    // Every text that is a name of an event, and none of a prefix or a source.
    let texts = names.split('"').skip(1).step_by(2);
    let events: Vec<_> = texts
        .filter(|text| {
            text.contains('.') && !text.ends_with('.') && !text.starts_with("flightpulse.")
        })
        .collect();
    assert!(events.len() >= 15, "{events:?}");
    for event in events {
        assert!(known.contains_key(event), "{event} is not in the document");
    }
}
