//! Requests to the REST APIs: paths, queries, cursors, bodies.

use flightpulse_contracts::rest::operators::{Correct, Resend, Signed};
use flightpulse_contracts::rest::routes::parameters::MAX_CURSOR;
use flightpulse_contracts::rest::{DEFAULT_LIMIT, MAX_LIMIT};
use flightpulse_domain::ids::{BookingId, EventId, FlightId, PassengerId, Pnr};
use flightpulse_domain::reconciliation::RunId;
use flightpulse_rest_kit::cursor::{CursorKey, Scope, has_form};
use flightpulse_rest_kit::path::{segments, shown};
use flightpulse_rest_kit::query::Query;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt::Debug;

/// Reads a request: a path, a query, a cursor, each a line; then a body.
pub fn requests(input: &[u8]) {
    let mut parts = input.splitn(4, |byte| *byte == b'\n');
    let mut line = || String::from_utf8_lossy(parts.next().unwrap_or_default()).into_owned();
    path(&line());
    query(&line());
    cursor(&line());
    let body = parts.next().unwrap_or_default();
    body_of::<Signed>(body);
    body_of::<Resend>(body);
    body_of::<Correct>(body);
}

/// A path is decoded once: nothing in it adds a part, and an id has nothing of an encoding.
fn path(path: &str) {
    let plain = path.strip_prefix('/').unwrap_or(path);
    let plain = plain.strip_suffix('/').unwrap_or(plain);
    let parts = segments(path);
    assert_eq!(parts.len(), plain.split('/').count());
    for part in &parts {
        let seen = shown(part);
        assert!(seen.chars().count() <= 100 && !seen.chars().any(char::is_control), "{seen:?}");
        let ids = [
            FlightId::new(part.as_str()).map(String::from),
            BookingId::new(part.as_str()).map(String::from),
            PassengerId::new(part.as_str()).map(String::from),
            EventId::new(part.as_str()).map(String::from),
            Pnr::new(part.as_str()).map(String::from),
        ];
        for id in ids.into_iter().flatten() {
            assert!(&id == part && !id.contains(['/', '#', '%', '\\', ' ']), "{id:?}");
            assert_eq!(segments(&format!("/x/{id}")), ["x", id.as_str()]);
        }
        if let Ok(id) = RunId::new(part.as_str()) {
            assert_eq!(id.as_str().len(), 25);
        }
    }
}

/// Of a query each parameter is heard once, or it is refused.
fn query(query: &str) {
    let pairs: Vec<_> =
        query.split('&').map(|pair| pair.split_once('=').unwrap_or((pair, ""))).collect();
    let taken = ["limit", "cursor", "status"];
    let Ok(heard) = Query::new(pairs.iter().copied(), &taken) else {
        let once = |name: &str| pairs.iter().filter(|(other, _)| *other == name).count() == 1;
        assert!(!pairs.iter().all(|(name, _)| taken.contains(name) && once(name)), "{pairs:?}");
        return;
    };
    assert!(pairs.iter().all(|(name, value)| heard.get(name) == Some(value)), "{pairs:?}");
    if let Ok(limit) = heard.limit() {
        assert!((1..=MAX_LIMIT).contains(&limit));
        let said = heard.get("limit");
        assert!(said.map_or(limit == DEFAULT_LIMIT, |text| text == limit.to_string()));
    }
}

/// A cursor that we made gives back its position, for its own list; no other is one.
fn cursor(text: &str) {
    let Ok(key) = CursorKey::new(&[7; 64]) else { unreachable!("it has 64 bytes") };
    let own = Scope::new("listFlights").and("DELAYED");
    assert!(key.open(&own, text).is_err(), "nobody made {text}");
    let sealed = key.seal(&own, text);
    let opened = key.open(&own, &sealed);
    if text.is_empty() || sealed.len() > MAX_CURSOR {
        assert!(opened.is_err() && !has_form(&sealed));
        return;
    }
    assert_eq!(opened.as_deref(), Ok(text));
    assert_eq!(key.seal(&own, &opened.unwrap_or_default()), sealed);
    for other in [Scope::new("listFlights"), own.clone().and(""), Scope::new(text).and("DELAYED")] {
        assert!(key.open(&other, &sealed).is_err() || other == own);
    }
    // The position by itself, in the form of a cursor, with nothing or with another's signature.
    assert!(key.open(&own, &sealed[1..]).is_err() && key.open(&own, &sealed[44..]).is_err());
}

/// What was read and is written is read as the same.
fn body_of<T: DeserializeOwned + Serialize + PartialEq + Debug>(body: &[u8]) {
    if let Ok(read) = serde_json::from_slice::<T>(body) {
        let written = serde_json::to_vec(&read).unwrap_or_default();
        assert_eq!(serde_json::from_slice::<T>(&written).ok(), Some(read));
    }
}
