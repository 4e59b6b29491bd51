//! What functions are handed as JSON that others wrote: inputs of tasks, messages of queues, items.

use flightpulse_contracts::booking_events::BookingMessage;
use flightpulse_contracts::producing::{Produce, Produced};
use flightpulse_contracts::tasks::reconciliation::{Planned, ReconciliationTask};
use flightpulse_contracts::tasks::{
    ComposeTexts, Dispatch, FindRecipients, FlightUpdate, UpdateBookings,
};
use flightpulse_domain::booking::Booking;
use flightpulse_domain::cohort::Cohort;
use flightpulse_domain::disruption::is_overtaken;
use flightpulse_domain::facet::FacetVersion;
use flightpulse_domain::flight::Flight;
use flightpulse_domain::message::{CohortTexts, template_texts};
use flightpulse_domain::notice::Notice;
use flightpulse_domain::passenger::{Language, Passenger, Tier};
use flightpulse_domain::reservation::{FlightRecord, Reservation};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::fmt::Debug;

/// Reads JSON as each of them.
pub fn stored(input: &[u8]) {
    version(&String::from_utf8_lossy(input));
    let Ok(value) = serde_json::from_slice::<Value>(input) else { return };
    kept::<Booking>(&value);
    kept::<Passenger>(&value);
    kept::<Reservation>(&value);
    kept::<FlightRecord>(&value);
    kept::<CohortTexts>(&value);
    kept::<BookingMessage>(&value);
    kept::<ReconciliationTask>(&value);
    kept::<Planned>(&value);
    kept::<Produce>(&value);
    kept::<Produced>(&value);
    let flight = kept::<Flight>(&value);
    let notice = kept::<Notice>(&value);
    notice.iter().for_each(told);
    tasks(&value, flight.as_ref());
}

/// What was read and is written is read as the same.
fn kept<T: DeserializeOwned + Serialize + PartialEq + Debug>(value: &Value) -> Option<T> {
    let read = serde_json::from_value::<T>(value.clone()).ok()?;
    let written = serde_json::to_value(&read).unwrap_or_default();
    let again = serde_json::from_value::<T>(written);
    assert_eq!(again.ok().as_ref(), Some(&read));
    Some(read)
}

/// A version is written as it is compared.
fn version(text: &str) {
    let read = |text: &str| FacetVersion::try_from(text.to_owned()).ok();
    let mut versions: Vec<_> = text.lines().take(8).filter_map(read).collect();
    for version in &versions {
        assert_eq!(read(&version.to_string()).as_ref(), Some(version));
    }
    versions.sort();
    let written: Vec<_> = versions.iter().map(ToString::to_string).collect();
    assert!(written.is_sorted(), "{written:?}");
}

fn tasks(value: &Value, flight: Option<&Flight>) {
    let read = |value: &Value| serde_json::from_value::<FlightUpdate>(value.clone()).ok();
    let notice = match read(value) {
        Some(FlightUpdate::RecordTold { notice, .. }) => Some(notice),
        Some(FlightUpdate::AbandonTelling { notice, .. }) => notice,
        Some(FlightUpdate::Apply { .. }) | None => None,
    };
    let dispatch = serde_json::from_value::<Dispatch>(value.clone()).map(|task| task.notice);
    let update = serde_json::from_value::<UpdateBookings>(value.clone()).map(|task| task.notice);
    let compose = serde_json::from_value::<ComposeTexts>(value.clone()).map(|task| task.notice);
    let _ = serde_json::from_value::<FindRecipients>(value.clone());
    for notice in notice.iter().chain(&dispatch).chain(&update).chain(&compose) {
        told(notice);
        if let Some(flight) = flight {
            let _ = is_overtaken(flight, notice);
        }
    }
}

/// Whatever a notice says can be told by the template.
fn told(notice: &Notice) {
    for language in Language::ALL {
        let texts = template_texts(notice, Cohort { tier: Tier::Member, language });
        assert!(!texts.email_body.is_empty() && !texts.sms.is_empty());
    }
}
