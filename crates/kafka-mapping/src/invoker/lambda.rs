//! Lambda's Invoke API.

use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_config::stalled_stream_protection::StalledStreamProtectionConfig;
use aws_config::timeout::TimeoutConfig;
use aws_sdk_lambda::Client;
use aws_sdk_lambda::error::{DisplayErrorContext, SdkError};
use aws_sdk_lambda::operation::RequestId as _;
use aws_sdk_lambda::operation::invoke::InvokeError as SdkInvokeError;
use aws_sdk_lambda::primitives::Blob;
use aws_sdk_lambda::types::InvocationType;
use futures::future::BoxFuture;

use super::{Invocation, InvokeError, Invoker};
use crate::aws;

/// Lambda's longest function timeout; for Kafka mappings AWS supports 14 minutes.
const LONGEST_INVOKE: Duration = Duration::from_secs(15 * 60);
const CONNECT: Duration = Duration::from_secs(5);

/// Invokes one function synchronously.
#[derive(Clone, Debug)]
pub struct LambdaInvoker {
    client: Client,
    function: String,
}

impl LambdaInvoker {
    /// An invoker of `function` (name or ARN). The SDK does not retry: the mapping does, and it
    /// counts.
    pub async fn from_env(function: impl Into<String>) -> Self {
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(CONNECT)
            .read_timeout(LONGEST_INVOKE)
            .operation_timeout(LONGEST_INVOKE + CONNECT)
            .build();
        let config = aws::loader()
            .retry_config(RetryConfig::disabled())
            .timeout_config(timeouts)
            // A function that thinks for minutes is not a stalled stream.
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
            .load()
            .await;
        Self { client: Client::new(&config), function: function.into() }
    }
}

impl Invoker for LambdaInvoker {
    fn invoke(&self, payload: Vec<u8>) -> BoxFuture<'_, Result<Invocation, InvokeError>> {
        let call = self
            .client
            .invoke()
            .function_name(&self.function)
            .invocation_type(InvocationType::RequestResponse)
            .payload(Blob::new(payload));
        Box::pin(async move {
            let output = call.send().await.map_err(classify)?;
            Ok(Invocation {
                status_code: output.status_code(),
                function_error: output.function_error().map(str::to_owned),
                executed_version: output.executed_version().map(str::to_owned),
                request_id: output.request_id().map(str::to_owned),
                payload: output.payload.map(Blob::into_inner).unwrap_or_default(),
            })
        })
    }
}

/// Only what surely did not run the function counts as not reached.
fn classify(error: SdkError<SdkInvokeError>) -> InvokeError {
    let text = DisplayErrorContext(&error).to_string();
    let may_have_run = match &error {
        SdkError::TimeoutError(_) | SdkError::ResponseError(_) => true,
        // Refused for good: counted, so that it ends in the destination and does not block.
        SdkError::ServiceError(e) => e.err().is_request_too_large_exception(),
        // A connection that broke while waiting is a transient "other"; one that never came
        // about, or missing credentials, is not. A timeout names its phase only in its text.
        SdkError::DispatchFailure(e) => {
            (e.is_timeout() && !text.contains("HTTP connect"))
                || e.as_connector_error().is_some_and(|c| c.as_other().is_some())
        }
        _ => false,
    };
    if may_have_run { InvokeError::NoAnswer(text) } else { InvokeError::NotReached(text) }
}
