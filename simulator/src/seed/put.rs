//! A batch of records into the table, with some patience.

use crate::interrupt::Interrupt;
use flightpulse_store::{BulkWriter, Record, StoreError};
use std::time::Duration;

/// How often a batch is tried that the table does not take.
const TRIES: u32 = 6;

/// Puts records; one that the table does not take is tried again, after `pause` and then after twice
/// as long each time, unless an end is asked for.
///
/// # Errors
/// When the table refuses, or does not answer any of the tries.
pub(crate) async fn put(
    store: &impl BulkWriter,
    records: &[Record],
    interrupt: &Interrupt,
    pause: Duration,
) -> Result<(), StoreError> {
    for round in 1.. {
        match store.put_records(records).await {
            Ok(()) => break,
            Err(StoreError::Unavailable(_)) if round < TRIES && !interrupt.is_asked() => {
                tokio::time::sleep(pause * (1 << (round - 1))).await;
            }
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
