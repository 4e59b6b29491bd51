//! `FlightPulse-LLMMessenger`: wiring only.

use flightpulse_allocator as _;
use flightpulse_contracts::tasks::ComposeTexts;
use flightpulse_lambda_kit::{aws, env::required, failure::Failure, telemetry};
use flightpulse_llm::bedrock::BedrockWriter;
use flightpulse_llm_messenger::handler::{MODEL_BUDGET, handle};
use jiff::Timestamp;
use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde_json::Value;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    telemetry::init();
    let config = aws::config().await;
    let bedrock = aws_sdk_bedrockruntime::Client::new(&config);
    let writer = &BedrockWriter::new(bedrock, required("BEDROCK_MODEL_ID")?, MODEL_BUDGET);
    lambda_runtime::run(service_fn(move |event: LambdaEvent<Value>| async move {
        let task: ComposeTexts = Failure::input(event.payload)?;
        Ok::<_, Failure>(handle(writer, task, Timestamp::now()).await)
    }))
    .await
}
