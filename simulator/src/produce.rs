//! `produce`: one record to Kafka.

use crate::cli::ProduceOptions;
use crate::operations::NewEvent;
use crate::stop::Stop;
use crate::{kafka, place, terminal};
use jiff::Timestamp;
use uuid::Uuid;

/// Does it and says where the record is.
pub(crate) async fn run(aws: bool, options: &ProduceOptions) -> anyhow::Result<()> {
    let (what, key, value) = match &options.raw {
        Some(path) => {
            let bytes = std::fs::read(path).map_err(|error| {
                Stop::Usage(format!("{} cannot be read: {error}", path.display()))
            })?;
            let key = options.flight_id.as_ref().map(ToString::to_string);
            (format!("{} bytes of {}", bytes.len(), path.display()), key, bytes)
        }
        None => {
            let event = NewEvent::of(options, Timestamp::now())?;
            let what = format!(
                "{} {}",
                event.value["event_type"].as_str().unwrap_or_default(),
                event.event_id
            );
            (what, Some(event.flight_id.to_string()), event.value.to_string().into_bytes())
        }
    };
    let brokers = place::brokers(options.brokers.as_deref(), aws)?;
    let correlation_id = Uuid::new_v4().to_string();
    let at = kafka::write(&brokers, key.as_deref(), &value, &correlation_id).await?;
    terminal::line(format_args!(
        "wrote {what} to {}, partition {}, offset {} (correlation id {correlation_id})",
        at.topic, at.partition, at.offset
    ));
    Ok(())
}
