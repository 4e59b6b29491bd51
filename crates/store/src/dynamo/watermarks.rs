//! How far histories have been read, in DynamoDB.

use super::{DynamoStore, conditional_put, item, text};
use crate::keys;
use crate::{StoreError, Watermark, Watermarks, Written};

impl Watermarks for DynamoStore {
    async fn watermark(&self, history: &str) -> Result<Option<Watermark>, StoreError> {
        self.get(&keys::watermark(history)).await?.map(|found| found.read()).transpose()
    }

    async fn note_watermark(
        &self,
        history: &str,
        read: Option<&Watermark>,
        now: &Watermark,
    ) -> Result<Written, StoreError> {
        let item = item::write(&keys::watermark(history), now)?;
        let request = self.client.put_item().table_name(&self.table).set_item(Some(item));
        let request = match read {
            None => request.condition_expression("attribute_not_exists(PK)"),
            Some(read) => request
                .condition_expression("watermark = :watermark AND noted_at = :noted_at")
                .expression_attribute_values(":watermark", text(read.watermark.to_string()))
                .expression_attribute_values(":noted_at", text(read.noted_at.to_string())),
        };
        conditional_put(request).await
    }
}
