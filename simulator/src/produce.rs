//! `produce`: one record to Kafka.

use crate::cli::ProduceOptions;
use crate::operations::NewEvent;
use crate::place::Place;
use crate::producer::Producer;
use crate::stop::Stop;
use crate::terminal;
use jiff::Timestamp;
use serde_json::json;
use uuid::Uuid;

/// Does it and says where the record is.
pub(crate) async fn run(aws: bool, options: &ProduceOptions) -> anyhow::Result<()> {
    let (what, event_id, key, value) = match &options.raw {
        Some(path) => {
            let bytes = std::fs::read(path).map_err(|error| {
                Stop::Usage(format!("{} cannot be read: {error}", path.display()))
            })?;
            let key = options.flight_id.as_ref().map(ToString::to_string);
            (format!("{} bytes of {}", bytes.len(), path.display()), None, key, bytes)
        }
        None => {
            let event = NewEvent::of(options, Timestamp::now())?;
            let what = format!(
                "{} {}",
                event.value["event_type"].as_str().unwrap_or_default(),
                event.event_id
            );
            let (id, key) = (event.event_id.to_string(), event.flight_id.to_string());
            (what, Some(id), Some(key), event.value.to_string().into_bytes())
        }
    };
    // Brokers that can be reached from here need no deployed stack.
    let producer = match Producer::reachable(options.brokers.as_deref(), aws)? {
        Some(producer) => producer,
        None => Producer::find(&Place::find(aws).await?, options.brokers.as_deref(), aws)?,
    };
    let correlation_id = Uuid::new_v4().to_string();
    let at = producer.write(key.as_deref(), &value, &correlation_id).await?;
    if options.json {
        terminal::line(json!({
            "topic": at.topic, "partition": at.partition, "offset": at.offset,
            "event_id": event_id, "correlation_id": correlation_id,
        }));
    } else {
        terminal::line(format_args!(
            "wrote {what} to {}, partition {}, offset {} (correlation id {correlation_id})",
            at.topic, at.partition, at.offset
        ));
    }
    Ok(())
}
