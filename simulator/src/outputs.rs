//! The stack's outputs: where the deployed parts are.

use crate::stop::Stop;
use serde::Deserialize;
use std::path::Path;

/// The stack's name.
pub(crate) const STACK: &str = "FlightPulseStack";

/// The outputs that the simulator uses.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Outputs {
    /// The table.
    pub(crate) table_name: String,
    /// The API's address on AWS, stage and all.
    pub(crate) api_url: String,
    /// The workflow of delays.
    pub(crate) delay_state_machine_arn: String,
    /// The workflow of cancellations and reinstatements.
    pub(crate) cancellation_state_machine_arn: String,
    /// The workflow of gate changes.
    pub(crate) gate_change_state_machine_arn: String,
    /// Where bookings that need another flight are kept.
    pub(crate) rebooking_queue_url: String,
    /// Where what cannot be processed ends.
    pub(crate) dead_letter_queue_url: String,
    // What only some commands use is not asked of a stack of before: they say so themselves.
    /// The bus.
    pub(crate) event_bus_name: Option<String>,
    /// The function that takes the Kafka batches.
    pub(crate) kafka_consumer_name: Option<String>,
    /// Where large dead letters are, and batches that Lambda gave up on.
    pub(crate) dead_letter_bucket_name: Option<String>,
    /// Where events end that a rule could not deliver.
    pub(crate) rule_dead_letter_queue_url: Option<String>,
    /// Where events wait for their flight.
    pub(crate) unknown_flights_queue_url: Option<String>,
    /// Where bookings wait for the worker.
    pub(crate) booking_queue_url: Option<String>,
    /// Where messages of bookings end that the worker did not finish.
    pub(crate) booking_dead_letter_queue_url: Option<String>,
    /// Where exports of bookings are put.
    pub(crate) export_bucket_name: Option<String>,
    /// The secret with the sources of bookings.
    pub(crate) booking_sources_secret_arn: Option<String>,
    /// The function that writes to Kafka from inside its network; none where none was asked for.
    pub(crate) kafka_producer_name: Option<String>,
}

impl Outputs {
    /// Reads the file that `cdk deploy --outputs-file` writes. `remedy` is what to do when there is
    /// none to read.
    pub(crate) fn read_or(path: &Path, remedy: &str) -> Result<Self, Stop> {
        let missing = |why: String| {
            Stop::CannotRun(format!(
                "FlightPulse is not deployed ({}: {why}); {remedy}",
                path.display()
            ))
        };
        let text = std::fs::read_to_string(path).map_err(|error| missing(error.to_string()))?;
        Self::parse(&text).map_err(missing)
    }

    fn parse(text: &str) -> Result<Self, String> {
        let stacks: serde_json::Value =
            serde_json::from_str(text).map_err(|error| error.to_string())?;
        let stack = stacks.get(STACK).ok_or_else(|| format!("there is no {STACK}"))?;
        Self::deserialize(stack).map_err(|error| error.to_string())
    }

    /// The API's address at an emulator's endpoint, which answers for AWS's host name by the
    /// API's id in the path.
    pub(crate) fn api_at(&self, endpoint: &str) -> Option<String> {
        let rest = self.api_url.strip_prefix("https://")?;
        let (host, path) = rest.split_once('/')?;
        let id = host.split('.').next()?;
        let stage = path.trim_matches('/');
        let endpoint = endpoint.trim_end_matches('/');
        (!id.is_empty() && !stage.is_empty())
            .then(|| format!("{endpoint}/restapis/{id}/{stage}/_user_request_"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"{"FlightPulseStack": {
        "TableName": "FlightPulseTable", "EventBusName": "flightpulse-bus",
        "ApiUrl": "https://ab12cd.execute-api.us-east-1.amazonaws.com/prod/",
        "DelayStateMachineArn": "arn:d", "CancellationStateMachineArn": "arn:c",
        "GateChangeStateMachineArn": "arn:g", "RebookingQueueUrl": "http://r",
        "DeadLetterQueueUrl": "http://q"}}"#;

    #[test]
    fn an_output_of_before_says_what_is_not_deployed_yet() {
        let error = Outputs::parse(&TEXT.replace("RebookingQueueUrl", "X")).unwrap_err();
        assert!(error.contains("RebookingQueueUrl"), "{error}");
    }

    #[test]
    fn what_only_some_commands_use_may_be_missing() {
        let outputs = Outputs::parse(TEXT).unwrap();
        assert_eq!(outputs.dead_letter_bucket_name, None);
        assert_eq!(outputs.event_bus_name.as_deref(), Some("flightpulse-bus"));
    }

    #[test]
    fn a_stack_without_a_producer_function_has_no_such_output() {
        assert_eq!(Outputs::parse(TEXT).unwrap().kafka_producer_name, None);
        let with = TEXT.replace("\"ApiUrl\"", "\"KafkaProducerName\": \"p\", \"ApiUrl\"");
        assert_eq!(Outputs::parse(&with).unwrap().kafka_producer_name.as_deref(), Some("p"));
    }

    #[test]
    fn the_api_is_found_at_the_endpoint() {
        let outputs = Outputs::parse(TEXT).unwrap();
        let base = outputs.api_at("http://127.0.0.1:4566/").unwrap();
        assert_eq!(base, "http://127.0.0.1:4566/restapis/ab12cd/prod/_user_request_");
    }

    #[test]
    fn what_is_missing_is_named() {
        assert_eq!(Outputs::parse("{}").unwrap_err(), "there is no FlightPulseStack");
        let error = Outputs::parse(&TEXT.replace("ApiUrl", "X")).unwrap_err();
        assert!(error.contains("ApiUrl"), "{error}");
    }

    #[test]
    fn a_cloud_that_is_not_up_is_said_with_its_remedy() {
        let error = Outputs::read_or(
            Path::new("no-such-directory/outputs.json"),
            "run ./scripts/start-local.sh",
        )
        .unwrap_err();
        assert!(error.to_string().contains("./scripts/start-local.sh"), "{error}");
    }
}
