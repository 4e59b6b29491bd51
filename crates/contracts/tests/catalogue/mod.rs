//! Every message that travels: its name, its type, who sends it, and an example made by the code
//! that makes the real ones.

use flightpulse_contracts::SCHEMA_VERSION;
use flightpulse_contracts::flight_events::{FlightEvent, FlightSummary, Head, ResendEvent};
use flightpulse_contracts::names::{self, *};
use flightpulse_contracts::notification_events::NotificationEvent;
use flightpulse_contracts::operations_events::{
    FlightCancelledMessage, FlightDelayMessage, FlightReinstatedMessage, GateChangeMessage,
};
use flightpulse_contracts::rebooking_events::RebookingEvent;
use flightpulse_contracts::reconciliation_events::{
    BucketOfExport, ObjectOfExport, ReconciliationRequested,
};
use flightpulse_contracts::status_events::{
    BookingState, BookingStatusChanged, FlightState, FlightStatusChanged, Head as StatusHead,
};
use flightpulse_domain::booking::{BookingStatus, rebooking_id};
use flightpulse_domain::facet::{Facet, FacetVersion};
use flightpulse_domain::flight::FlightStatus;
use flightpulse_domain::ids::{BookingId, CorrelationId, EventId, FlightId, PassengerId};
use flightpulse_domain::inbound::{OperationsEvent, RebookingPriority};
use flightpulse_domain::message::Author;
use flightpulse_domain::notice::Nature;
use flightpulse_domain::notification::Channel;
use flightpulse_domain::passenger::Tier;
use flightpulse_domain::reconciliation::RunId;
use jiff::Timestamp;
use schemars::generate::{SchemaGenerator, SchemaSettings};
use serde::Serialize;
use serde_json::{Map, Value, json};

/// One message.
pub(crate) struct Message {
    /// Its name: the event type, or the detail type.
    pub(crate) name: &'static str,
    /// What it says, in a line.
    pub(crate) title: &'static str,
    /// The name of its payload's schema.
    pub(crate) schema: &'static str,
    /// Who publishes it on the bus; nobody for what comes in on Kafka.
    pub(crate) sources: &'static [&'static str],
    /// A payload.
    pub(crate) example: Value,
}

// Draft 7 is what every tool for AsyncAPI reads.
fn generator() -> SchemaSettings {
    SchemaSettings::draft07().with(|settings| {
        settings.definitions_path = "/components/schemas".into();
        settings.meta_schema = None;
    })
}

/// The schemas of all payloads and of what they are made of, by name.
pub(crate) fn schemas() -> Map<String, Value> {
    // What others write is described as it is read, what we write as it is written.
    let mut read: SchemaGenerator = generator().into_generator();
    read.subschema_for::<FlightDelayMessage>();
    read.subschema_for::<FlightCancelledMessage>();
    read.subschema_for::<GateChangeMessage>();
    read.subschema_for::<FlightReinstatedMessage>();
    let mut written: SchemaGenerator = generator().for_serialize().into_generator();
    written.subschema_for::<FlightEvent>();
    written.subschema_for::<ResendEvent>();
    written.subschema_for::<FlightStatusChanged>();
    written.subschema_for::<BookingStatusChanged>();
    written.subschema_for::<RebookingEvent>();
    written.subschema_for::<NotificationEvent>();
    written.subschema_for::<ReconciliationRequested>();
    let mut all = read.take_definitions(true);
    for (name, schema) in written.take_definitions(true) {
        let known = all.insert(name.clone(), schema.clone());
        assert!(known.is_none_or(|known| known == schema), "two schemas are called {name}");
    }
    all
}

fn corpus(about: &str) -> Value {
    let corpus: Vec<Value> =
        serde_json::from_str(include_str!("../../testdata/operations-events.json")).unwrap();
    corpus.into_iter().find(|case| case["about"] == about).unwrap()["event"].take()
}

/// What comes in on Kafka.
pub(crate) fn in_messages() -> Vec<Message> {
    let message = |name, title, schema, about| Message {
        name,
        title,
        schema,
        sources: &[],
        example: corpus(about),
    };
    vec![
        message("FLIGHT_DELAY", "A flight leaves later", "FlightDelayMessage", "a delay"),
        message(
            "FLIGHT_CANCELLED",
            "A flight does not operate",
            "FlightCancelledMessage",
            "a cancellation",
        ),
        message(
            "GATE_CHANGE",
            "A flight leaves from another gate",
            "GateChangeMessage",
            "a gate change",
        ),
        message(
            "FLIGHT_REINSTATED",
            "A flight operates after all",
            "FlightReinstatedMessage",
            "a reinstatement",
        ),
    ]
}

// Operators correct a wrong broadcast by an event like any other.
const FLIGHT_SOURCES: &[&str] = &[SOURCE_KAFKA_CONSUMER, SOURCE_OPERATOR_API];

/// What travels on the bus.
pub(crate) fn out_messages() -> Vec<Message> {
    let on_bus =
        |sources, schema, name, title, example| Message { name, title, schema, sources, example };
    let flight = |name, title, example| on_bus(FLIGHT_SOURCES, "FlightEvent", name, title, example);
    let status = |schema, name, title, example| {
        on_bus(&[SOURCE_STREAM_HANDLER], schema, name, title, example)
    };
    let notification = |channel, title| {
        let name = names::notification(channel);
        on_bus(&[SOURCE_DISPATCHER], "NotificationEvent", name, title, notification(channel))
    };
    let mut all = vec![
        flight("flight.delay.minor", "Under 30 minutes late", flight_event("a delay", Some(25))),
        flight("flight.delay.major", "30 to 120 minutes late", flight_event("a delay", None)),
        flight("flight.delay.severe", "Over 120 minutes late", flight_event("a delay", Some(180))),
        flight(FLIGHT_CANCELLED, "It does not operate", flight_event("a cancellation", None)),
        flight(FLIGHT_REINSTATED, "It operates after all", flight_event("a reinstatement", None)),
        flight(FLIGHT_GATE_CHANGE, "Another gate", flight_event("a gate change", None)),
        on_bus(
            &[SOURCE_KAFKA_CONSUMER],
            "FlightEvent",
            FLIGHT_UNKNOWN,
            "It is not in the table",
            unknown_flight(),
        ),
        status("FlightStatusChanged", FLIGHT_STATUS_CHANGED, "Its status changed", flight_status()),
        status(
            "BookingStatusChanged",
            BOOKING_STATUS_CHANGED,
            "A booking's status changed",
            booking_status(),
        ),
        on_bus(
            &[SOURCE_BOOKING_UPDATER],
            "RebookingEvent",
            REBOOKING_NEEDED,
            "A booking needs another flight",
            rebooking(),
        ),
        on_bus(
            &[SOURCE_RECONCILIATION],
            "ReconciliationRequested",
            RECONCILIATION_REQUESTED,
            "A file of an export is to be held against the table again",
            reconciliation(),
        ),
        notification(Channel::Email, "An email to one passenger"),
        notification(Channel::Sms, "A text message to one passenger"),
    ];
    all.extend(Facet::ALL.map(|facet| {
        let (name, title) = (names::flight_resend(facet), "An operator has passengers told again");
        on_bus(&[SOURCE_OPERATOR_API], "ResendEvent", name, title, resend(facet))
    }));
    all
}

fn json_of(value: &impl Serialize) -> Value {
    serde_json::to_value(value).unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn event_id() -> EventId {
    EventId::new("evt-20261121-0002").unwrap()
}

fn flight_id() -> FlightId {
    FlightId::new("SW9012").unwrap()
}

fn booking_id() -> BookingId {
    BookingId::new("B017").unwrap()
}

fn passenger_id() -> PassengerId {
    PassengerId::new("P015").unwrap()
}

fn version() -> FacetVersion {
    FacetVersion::new(at("2026-11-21T09:59:00Z"), event_id())
}

fn summary() -> FlightSummary {
    FlightSummary {
        origin: "DEN".to_owned(),
        destination: "PHX".to_owned(),
        scheduled_departure: at("2026-11-22T21:10:00Z"),
        scheduled_arrival: at("2026-11-22T23:05:00Z"),
    }
}

fn event(about: &str, minutes: Option<u32>) -> FlightEvent {
    let mut record = corpus(about);
    if let Some(minutes) = minutes {
        let payload = &mut record["payload"];
        *payload = json!({"flight_id": payload["flight_id"], "delay_minutes": minutes, "reason": "WEATHER"});
    }
    let now = at("2026-11-21T10:00:00Z");
    let event = OperationsEvent::read(Some(record.to_string().as_bytes()), now).unwrap();
    let correlation_id = CorrelationId::from(&event.event_id);
    FlightEvent::new(event, correlation_id, None)
}

fn flight_event(about: &str, minutes: Option<u32>) -> Value {
    let mut event = event(about, minutes);
    event.head.flight = Some(summary());
    json_of(&event)
}

fn unknown_flight() -> Value {
    json_of(&event("a delay", None))
}

fn resend(facet: Facet) -> Value {
    let head = Head {
        schema_version: SCHEMA_VERSION,
        event_id: EventId::new("resend-7f0c1d2e").unwrap(),
        correlation_id: CorrelationId::new("resend-7f0c1d2e").unwrap(),
        occurred_at: at("2026-11-21T10:20:00Z"),
        reported_by: "operator".to_owned(),
        flight_id: flight_id(),
        flight: Some(summary()),
    };
    json_of(&ResendEvent { head, facet })
}

fn head() -> StatusHead {
    let own = EventId::new("c4ca4238a0b923820dcc509a6f75849b").unwrap();
    StatusHead::new(own, Some(&event_id()), at("2026-11-21T10:00:02Z"))
}

fn flight_status() -> Value {
    let state = |status| FlightState {
        status,
        delay_minutes: 0,
        departure: at("2026-11-22T21:10:00Z"),
        gate: Some("B7".to_owned()),
    };
    json_of(&FlightStatusChanged {
        head: head(),
        flight_id: flight_id(),
        old: state(FlightStatus::Scheduled),
        new: state(FlightStatus::Cancelled),
    })
}

fn booking_status() -> Value {
    let state =
        |booking_status| BookingState { booking_status, checked_in: false, flight_id: flight_id() };
    json_of(&BookingStatusChanged {
        head: head(),
        booking_id: booking_id(),
        flight_id: flight_id(),
        passenger_id: passenger_id(),
        old: state(BookingStatus::Confirmed),
        new: state(BookingStatus::NeedsRebooking),
    })
}

fn rebooking() -> Value {
    json_of(&RebookingEvent {
        schema_version: SCHEMA_VERSION,
        rebooking_id: rebooking_id(&booking_id(), &flight_id(), &version()),
        event_id: event_id(),
        correlation_id: CorrelationId::from(&event_id()),
        flight_id: flight_id(),
        flight_status_version: version(),
        booking_id: booking_id(),
        passenger_id: passenger_id(),
        passenger_count: 1,
        tier: Some(Tier::AList),
        rebooking_priority: RebookingPriority::High,
    })
}

fn reconciliation() -> Value {
    let event_id = EventId::new("c4ca4238-a0b9-4382-8dcc-509a6f75849b").unwrap();
    json_of(&ReconciliationRequested {
        schema_version: SCHEMA_VERSION,
        correlation_id: CorrelationId::from(&event_id),
        event_id,
        run_id: Some(RunId::new("20261130T063012Z-3f2a9c1b").unwrap()),
        bucket: BucketOfExport { name: "flightpulse-exports".to_owned() },
        object: ObjectOfExport {
            key: "exports/65f1c0/exportTime=202611300600/part-00000-c000.gz.parquet".to_owned(),
        },
    })
}

fn notification(channel: Channel) -> Value {
    let (to, subject) = match channel {
        Channel::Email => ("pat.example@example.com", Some("Flight SW9012 is cancelled")),
        Channel::Sms => ("+13035550100", None),
    };
    json_of(&NotificationEvent {
        schema_version: SCHEMA_VERSION,
        notification_id: "5c1b1a52-3a0a-5f65-8a3e-6f0f4f0b7a11".parse().unwrap(),
        event_id: event_id(),
        correlation_id: CorrelationId::from(&event_id()),
        kind: "CANCELLATION".to_owned(),
        nature: Nature::News,
        resend_id: None,
        flight_id: flight_id(),
        booking_id: booking_id(),
        passenger_id: passenger_id(),
        tier: Tier::AList,
        language: "en".to_owned(),
        channel,
        to: to.to_owned(),
        subject: subject.map(str::to_owned),
        text: "SW9012 on Nov 22 is cancelled. Rebook: https://www.example.com/rebook".to_owned(),
        author: Author::Model,
    })
}
