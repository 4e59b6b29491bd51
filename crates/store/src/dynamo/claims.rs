//! Claims of notifications, and of events, in DynamoDB.

use super::{BATCH_WRITE_ITEMS, DynamoStore, failed, item, number, text, wait_for_round};
use crate::keys::{self, Index, Key};
use crate::{
    CLAIM_RETENTION_SECONDS, CLAIM_SECONDS, Claimed, EventClaim, EventClaimReader,
    NotificationClaim, NotificationClaims, StoreError,
};
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::types::{
    AttributeValue, PutRequest, ReturnValuesOnConditionCheckFailure, WriteRequest,
};
use flightpulse_domain::ids::{EventId, FlightId};
use item::Item;
use jiff::Timestamp;
use std::collections::HashMap;

const CLAIMED: &str = "CLAIMED";
const SENT: &str = "SENT";

impl NotificationClaims for DynamoStore {
    async fn claim(
        &self,
        claim: &NotificationClaim,
        owner: &str,
        now: Timestamp,
    ) -> Result<Claimed, StoreError> {
        let answer = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(claim_item(claim, owner, CLAIMED, now)))
            .condition_expression(
                "attribute_not_exists(PK) OR (#state = :claimed AND (#owner = :owner OR claimed_until < :now))",
            )
            .expression_attribute_names("#state", "state")
            .expression_attribute_names("#owner", "owner")
            .expression_attribute_values(":claimed", text(CLAIMED))
            .expression_attribute_values(":owner", text(owner))
            .expression_attribute_values(":now", number(now.as_second()))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        match answer {
            Ok(_) => Ok(Claimed::Ours),
            Err(error) => match error.as_service_error() {
                Some(PutItemError::ConditionalCheckFailedException(failure)) => {
                    let state = failure.item().and_then(|item| item.get("state"));
                    let sent = state.and_then(|state| state.as_s().ok()).is_some_and(|s| s == SENT);
                    Ok(if sent { Claimed::SentBefore } else { Claimed::Others })
                }
                _ => Err(failed(error)),
            },
        }
    }

    async fn mark_sent(
        &self,
        claims: &[NotificationClaim],
        owner: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        // A batch with the same key twice is refused.
        let mut unique: Vec<_> = claims.iter().collect();
        unique.sort_by(|a, b| a.notification_id.cmp(&b.notification_id));
        unique.dedup_by(|a, b| a.notification_id == b.notification_id);
        for chunk in unique.chunks(BATCH_WRITE_ITEMS) {
            let mut left = chunk
                .iter()
                .map(|claim| {
                    let put = PutRequest::builder()
                        .set_item(Some(sent_item(claim, owner, now)))
                        .build()?;
                    Ok(WriteRequest::builder().put_request(put).build())
                })
                .collect::<Result<Vec<_>, aws_sdk_dynamodb::error::BuildError>>()
                .map_err(|error| StoreError::Refused(error.to_string()))?;
            for round in 0.. {
                let answer = self
                    .client
                    .batch_write_item()
                    .request_items(&self.table, left)
                    .send()
                    .await
                    .map_err(failed)?;
                left = answer
                    .unprocessed_items
                    .and_then(|mut tables| tables.remove(&self.table))
                    .unwrap_or_default();
                if left.is_empty() {
                    break;
                }
                wait_for_round(round, left.len()).await?;
            }
        }
        Ok(())
    }
}

impl EventClaimReader for DynamoStore {
    async fn event_claims(
        &self,
        events: &[(EventId, FlightId)],
    ) -> Result<HashMap<EventId, EventClaim>, StoreError> {
        let keys: Vec<_> =
            events.iter().map(|(event, flight)| Key::event_claim(event, flight)).collect();
        let found = self.get_by_key(&keys).await?;
        let mut claims = HashMap::with_capacity(found.len());
        for ((event, _), key) in events.iter().zip(&keys) {
            let Some(item) = found.get(key) else { continue };
            let state = item.text("state")?.unwrap_or_default();
            let outcome = item.text("outcome")?;
            let claim = EventClaim::of(&state, outcome.as_deref());
            let claim = claim.ok_or_else(|| StoreError::Corrupt {
                key: key.to_string(),
                why: format!("{state:?} with {outcome:?} is no state of a claim"),
            })?;
            claims.insert(event.clone(), claim);
        }
        Ok(claims)
    }
}

#[cfg(any(test, feature = "conformance"))]
impl crate::conformance::ClaimsEvents for DynamoStore {
    async fn claim_event(&self, event: &EventId, flight: &FlightId, state: &str) {
        let mut item = item::key(&Key::event_claim(event, flight));
        item.insert("state".to_owned(), text(state));
        let put = self.client.put_item().table_name(&self.table).set_item(Some(item));
        // A claim that is not there fails the suite.
        let _ = put.send().await;
    }
}

fn claim_item(claim: &NotificationClaim, owner: &str, state: &str, now: Timestamp) -> Item {
    let mut item = item::key(&Key::notification(&claim.notification_id));
    let mut set = |name: &str, value: AttributeValue| item.insert(name.to_owned(), value);
    set("state", text(state));
    set("owner", text(owner));
    set("event_id", text(claim.event_id.as_str()));
    set("flight_id", text(claim.flight_id.as_str()));
    set("booking_id", text(claim.booking_id.as_str()));
    set("channel", text(claim.channel.name()));
    set("updated_at", text(now.to_string()));
    set("claimed_until", number(now.as_second() + CLAIM_SECONDS));
    set("expires_at", number(now.as_second() + CLAIM_RETENTION_SECONDS));
    item
}

/// A sent notification: the claim, what it said, and its places in the indexes. All of it is written
/// now and not with the claim: a claim under way was told to nobody.
pub(super) fn sent_item(claim: &NotificationClaim, owner: &str, now: Timestamp) -> Item {
    let mut item = claim_item(claim, owner, SENT, now);
    let order = keys::sent_order(now, &claim.notification_id);
    item::index(&mut item, Index::Gsi1, &keys::flight_partition(&claim.flight_id), order.clone());
    item::index(&mut item, Index::Gsi2, &keys::booking_partition(&claim.booking_id), order);
    let mut set = |name: &str, value: &str| item.insert(name.to_owned(), text(value));
    set("sent_at", &format!("{now:.6}"));
    set("passenger_id", claim.passenger_id.as_str());
    set("kind", &claim.kind);
    set("nature", claim.nature.name());
    set("language", claim.language.code());
    set("author", claim.author.name());
    set("headline", &claim.headline);
    if let Some(id) = &claim.resend_id {
        set("resend_id", id.as_str());
    }
    item
}
