//! From a flight to those who are to be told, a page at a time.

use flightpulse_contracts::tasks::{FindRecipients, RankedRecipient, Recipient, RecipientsFound};
use flightpulse_domain::booking::Booking;
use flightpulse_domain::cohort::Cohort;
use flightpulse_domain::notification::reach;
use flightpulse_domain::passenger::Tier;
use flightpulse_lambda_kit::failure::Failure;
use flightpulse_store::{BookingReader, StoreError};
use std::collections::BTreeSet;

/// Bookings in a page: one query and two full batched reads.
pub const PAGE: usize = 100;

/// Handles one task.
///
/// Bookings that are cancelled are left out. A booking or passenger that is missing stays in, so
/// that the dispatcher can set it aside where someone will see it.
///
/// # Errors
/// [`Failure`], by what the workflow can do about it.
pub async fn handle<S: BookingReader>(
    store: &S,
    task: FindRecipients,
) -> Result<RecipientsFound, Failure> {
    let cursor = task.cursor.as_deref().filter(|cursor| !cursor.is_empty());
    let page = store.bookings_of_flight(&task.flight_id, cursor, PAGE).await.map_err(failure)?;
    let records = store.booking_records(&page.bookings).await.map_err(failure)?;

    let mut recipients = Vec::with_capacity(records.len());
    let mut cohorts = BTreeSet::new();
    for ((booking_id, passenger_id), record) in page.bookings.into_iter().zip(records) {
        if record.booking.as_ref().is_some_and(|booking: &Booking| !booking.is_affected()) {
            continue;
        }
        // Nobody is told through a passenger whom nothing reaches, so no text is asked for.
        cohorts.extend(record.passenger.iter().filter(|p| !reach(p).is_empty()).map(Cohort::from));
        let tier = record.passenger.map_or(Tier::Member, |passenger| passenger.tier);
        recipients.push(RankedRecipient::new(Recipient { booking_id, passenger_id }, tier));
    }
    Ok(RecipientsFound {
        recipients,
        cohorts: cohorts.into_iter().collect(),
        next: page.next.unwrap_or_default(),
    })
}

fn failure(error: StoreError) -> Failure {
    Failure::of_call(&error, error.is_transient())
}

#[cfg(test)]
mod tests {
    use super::*;
    use flightpulse_domain::booking::BookingStatus;
    use flightpulse_domain::passenger::Language;
    use flightpulse_store::RecordWriter;
    use flightpulse_store::conformance::{booking, passenger};
    use flightpulse_store::memory::MemoryStore;
    use serde_json::json;

    fn task(cursor: &str) -> FindRecipients {
        serde_json::from_value(json!({"flight_id": "SW1", "cursor": cursor})).unwrap()
    }

    async fn book(store: &MemoryStore, n: usize, tier: Tier, language: Language) {
        let (b, p) = (format!("B{n:03}"), format!("P{n:03}"));
        store.put_booking(&booking(&b, &p, "SW1")).await.unwrap();
        let mut passenger = passenger(&p);
        (passenger.tier, passenger.language) = (tier, language);
        store.put_passenger(&passenger).await.unwrap();
    }

    #[tokio::test]
    async fn every_booking_is_found_once_over_the_pages() {
        let store = MemoryStore::default();
        for n in 0..250 {
            book(&store, n, Tier::ALL[n % 3], [Language::En, Language::Es][n % 2]).await;
        }
        let (mut seen, mut cohorts, mut cursor) = (Vec::new(), BTreeSet::new(), String::new());
        loop {
            let found = handle(&store, task(&cursor)).await.unwrap();
            seen.extend(found.recipients.into_iter().map(|r| r.recipient.booking_id.to_string()));
            cohorts.extend(found.cohorts);
            cursor = found.next;
            if cursor.is_empty() {
                break;
            }
        }
        assert_eq!(seen, (0..250).map(|n| format!("B{n:03}")).collect::<Vec<_>>());
        assert_eq!(cohorts.len(), 6);
    }

    #[tokio::test]
    async fn the_cancelled_are_left_out_and_the_missing_stay_in() {
        let store = MemoryStore::default();
        book(&store, 1, Tier::AList, Language::Fr).await;
        let mut cancelled = booking("B002", "P001", "SW1");
        cancelled.booking_status = BookingStatus::Cancelled;
        store.put_booking(&cancelled).await.unwrap();
        store.put_booking(&booking("B003", "gone", "SW1")).await.unwrap();

        let found = handle(&store, task("")).await.unwrap();
        let ids: Vec<_> =
            found.recipients.iter().map(|r| r.recipient.booking_id.as_str()).collect();
        assert_eq!(ids, ["B001", "B003"]);
        assert_eq!(found.recipients[0].rank, 1);
        assert_eq!(found.cohorts, [Cohort { tier: Tier::AList, language: Language::Fr }]);
    }

    #[tokio::test]
    async fn no_text_is_asked_for_whom_nothing_reaches() {
        let store = MemoryStore::default();
        book(&store, 1, Tier::AList, Language::Fr).await;
        let mut unreachable = passenger("P001");
        unreachable.email = None;
        store.put_passenger(&unreachable).await.unwrap();
        let found = handle(&store, task("")).await.unwrap();
        assert_eq!((found.recipients.len(), found.cohorts.len()), (1, 0));
    }

    #[tokio::test]
    async fn a_flight_without_bookings_has_no_recipients() {
        let found = handle(&MemoryStore::default(), task("")).await.unwrap();
        assert!(found.recipients.is_empty() && found.next.is_empty());
    }
}
