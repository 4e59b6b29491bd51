//! Lists of sent notifications in DynamoDB.

use super::found::Found;
use super::lists::{bad_position, readable};
use super::{DynamoStore, item, text};
use crate::keys::{Index, Key, NOTIFICATION_PREFIX, booking_partition, flight_partition};
use crate::{NotificationReader, Page, SentNotification, StoreError, ToldOf};
use flightpulse_domain::ids::NotificationId;
use serde_json::Value;

impl NotificationReader for DynamoStore {
    async fn notifications_of(
        &self,
        of: &ToldOf,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Page<SentNotification>, StoreError> {
        let (index, partition) = match of {
            ToldOf::Flight(id) => (Index::Gsi1, flight_partition(id)),
            ToldOf::Booking(id) => (Index::Gsi2, booking_partition(id)),
        };
        let mut query = self
            .query()
            .index_name(index.name())
            .key_condition_expression("#partition = :partition")
            .expression_attribute_names("#partition", index.pk())
            .expression_attribute_values(":partition", text(partition.clone()))
            .scan_index_forward(false);
        if let Some(position) = after {
            // The sort key, which ends with the id.
            let (_, id) = position.split_once('#').ok_or_else(|| bad_position(position))?;
            let id = NotificationId::new(id).map_err(|_| bad_position(position))?;
            let mut start = item::key(&Key::notification(&id));
            item::index(&mut start, index, &partition, position.to_owned());
            query = query.set_exclusive_start_key(Some(start));
        }
        let (items, last) = self.page(query, limit).await?;
        let next = last.map(|last| last.text(index.sk())).transpose()?.flatten();
        Ok(Page { items: readable(items, read), next })
    }
}

fn read(item: &Found) -> Result<SentNotification, StoreError> {
    let (key, mut attributes) = (item.key()?, item.attributes()?);
    // The id is in the key alone.
    if let Some(id) = key.pk.strip_prefix(NOTIFICATION_PREFIX) {
        attributes.insert("notification_id".to_owned(), id.into());
    }
    let no_notification =
        |_| StoreError::Corrupt { key: key.to_string(), why: "it is no notification".to_owned() };
    serde_json::from_value(Value::Object(attributes)).map_err(no_notification)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dynamo::claims::sent_item;
    use crate::dynamo::found::text_of;
    use serde_json::value::RawValue;

    // One that was sent before more was kept of it is still a notification.
    #[test]
    fn what_is_missing_is_none() {
        let claim = crate::conformance::claim("n1", "SW1", "B1");
        let sent_at = "2026-11-22T09:00:00.5Z".parse().unwrap();
        let mut item = sent_item(&claim, "owner", sent_at);
        for name in ["passenger_id", "kind", "nature", "language", "author", "headline"] {
            item.remove(name);
        }
        let item = RawValue::from_string(text_of(item)).unwrap();
        let read = read(&Found::new(&item)).unwrap();
        assert_eq!((read.notification_id, read.sent_at), (claim.notification_id, sent_at));
        assert!(read.passenger_id.is_none() && read.headline.is_none());
    }
}
