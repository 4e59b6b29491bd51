//! The switch and the log of actions in DynamoDB.

use super::found::Found;
use super::{DynamoStore, item, text};
use crate::keys::{self, ACTION_PREFIX, ACTIONS_PARTITION};
use crate::{Action, ActionLog, ActionPage, Hold, StoreError, SwitchReader, SwitchWriter};

impl SwitchReader for DynamoStore {
    async fn hold(&self) -> Result<Hold, StoreError> {
        let found = self.get(&keys::notification_switch()).await?;
        Ok(found.map(|found| found.read()).transpose()?.unwrap_or_default())
    }
}

impl SwitchWriter for DynamoStore {
    async fn turn(&self, hold: &Hold, action: &Action) -> Result<(), StoreError> {
        let switch = item::write(&keys::notification_switch(), hold)?;
        let entry = item::write(&keys::action(&action.action_id), action)?;
        self.put_together(vec![switch, entry]).await
    }
}

impl ActionLog for DynamoStore {
    async fn note(&self, action: &Action) -> Result<(), StoreError> {
        self.put(item::write(&keys::action(&action.action_id), action)?).await
    }

    async fn actions(&self, cursor: Option<&str>, limit: usize) -> Result<ActionPage, StoreError> {
        let query = self
            .query()
            .key_condition_expression("PK = :actions AND begins_with(SK, :action)")
            .expression_attribute_values(":actions", text(ACTIONS_PARTITION))
            .expression_attribute_values(":action", text(ACTION_PREFIX))
            .set_exclusive_start_key(cursor.map(|id| item::key(&keys::action(id))))
            .scan_index_forward(false)
            .limit(i32::try_from(limit).unwrap_or(i32::MAX));
        let (items, last) = self.found(query).await?;
        let last = last.and_then(|last| last.key().ok());
        let next = last.and_then(|key| key.sk.strip_prefix(ACTION_PREFIX).map(str::to_owned));
        // One that cannot be read must not hide the others.
        let readable = |item: &Found| {
            let unreadable = |error: &StoreError| tracing::warn!(%error, "an action is left out");
            item.read().inspect_err(unreadable).ok()
        };
        Ok(ActionPage { actions: items.iter().filter_map(readable).collect(), next })
    }
}
