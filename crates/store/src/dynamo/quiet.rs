//! Events of which nobody is told, in DynamoDB.

use super::flights::FlightUpdate;
use super::{DynamoStore, failed, item, number, text};
use crate::keys::Key;
use crate::reads::{DONE, RELEASED};
use crate::{CLAIM_RETENTION_SECONDS, QuietWriter, StoreError, Written};
use aws_sdk_dynamodb::error::BuildError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{CancellationReason, Put, TransactWriteItem};
use flightpulse_domain::disruption::QuietOutcome;
use flightpulse_domain::flight::Flight;
use flightpulse_domain::ids::{EventId, FlightId};
use jiff::Timestamp;

impl QuietWriter for DynamoStore {
    async fn complete_quietly(
        &self,
        read: &Flight,
        changed: &Flight,
        events: &[(EventId, QuietOutcome)],
        now: Timestamp,
    ) -> Result<Written, StoreError> {
        let refused = |error: BuildError| StoreError::Refused(error.to_string());
        let mut writes = Vec::with_capacity(events.len() + 1);
        if changed != read {
            let update = FlightUpdate::new(read, changed)?.in_transaction(&self.table);
            let update = update.map_err(refused)?;
            writes.push(TransactWriteItem::builder().update(update).build());
        }
        for (event, outcome) in events {
            let put = self.done(event, &read.flight_id, *outcome, now).map_err(refused)?;
            writes.push(TransactWriteItem::builder().put(put).build());
        }
        let request = self.client.transact_write_items().set_transact_items(Some(writes));
        match request.send().await {
            Ok(_) => Ok(Written::Yes),
            Err(error) => match error.as_service_error() {
                Some(TransactWriteItemsError::TransactionCanceledException(cancelled))
                    if others_were_there(cancelled.cancellation_reasons()) =>
                {
                    Ok(Written::Outdated)
                }
                _ => Err(failed(error)),
            },
        }
    }
}

impl DynamoStore {
    fn done(
        &self,
        event: &EventId,
        flight: &FlightId,
        outcome: QuietOutcome,
        now: Timestamp,
    ) -> Result<Put, BuildError> {
        let mut claim = item::key(&Key::event_claim(event, flight));
        claim.insert("state".to_owned(), text(DONE));
        claim.insert("outcome".to_owned(), text(outcome.name()));
        let expires_at = now.as_second().saturating_add(CLAIM_RETENTION_SECONDS);
        claim.insert("expires_at".to_owned(), number(expires_at));
        Put::builder()
            .table_name(&self.table)
            .set_item(Some(claim))
            .condition_expression("attribute_not_exists(PK) OR #state = :released")
            .expression_attribute_names("#state", "state")
            .expression_attribute_values(":released", text(RELEASED))
            .build()
    }
}

/// Whether a transaction was not made because others had written, or were writing, and not because the table could
/// not or would not.
fn others_were_there(reasons: &[CancellationReason]) -> bool {
    let is_one = |code| matches!(code, "ConditionalCheckFailed" | "TransactionConflict");
    reasons.iter().filter_map(CancellationReason::code).any(is_one)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::flight_changed(&["ConditionalCheckFailed", "None"], true)]
    #[case::event_claimed(&["None", "ConditionalCheckFailed"], true)]
    #[case::another_at_it(&["None", "TransactionConflict"], true)]
    #[case::too_many(&["ThrottlingError", "None"], false)]
    #[case::too_large(&["ValidationError", "None"], false)]
    fn it_is_known_whether_others_were_there(#[case] codes: &[&str], #[case] expected: bool) {
        let reasons: Vec<_> =
            codes.iter().map(|code| CancellationReason::builder().code(*code).build()).collect();
        assert_eq!(others_were_there(&reasons), expected);
    }
}
