//! What DynamoDB answers, as text.
//!
//! The SDK makes a map of names and values of each item before anyone knows what is wanted of it,
//! which takes longer than all else that is done with an item here. Requests, signing, retries and time
//! limits stay the SDK's; of an answer that succeeded it is told nothing but that.

use aws_sdk_dynamodb::config::interceptors::BeforeDeserializationInterceptorContextMut;
use aws_sdk_dynamodb::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_dynamodb::error::{BoxError, ErrorMetadata};
use aws_smithy_runtime_api::client::interceptors::context::{Error, Output};
use aws_smithy_runtime_api::client::orchestrator::{HttpResponse, OrchestratorError};
use aws_smithy_runtime_api::client::ser_de::{DeserializeResponse, SharedResponseDeserializer};
use serde::Deserialize;
use std::sync::{Arc, Mutex, PoisonError};

/// What a request makes of its answer, for the SDK.
#[derive(Debug, Clone, Copy)]
pub(super) struct Made {
    /// Its output, without anything in it.
    pub(super) output: fn() -> Output,
    /// An error of its, by its code.
    pub(super) error: fn(ErrorMetadata) -> Error,
}

/// Keeps the text of one request's answer. To be given to the request as an interceptor; the SDK's own
/// output of it is empty.
#[derive(Debug, Clone)]
pub(super) struct KeepsText {
    text: Arc<Mutex<Vec<u8>>>,
    made: Made,
}

impl KeepsText {
    pub(super) fn new(made: Made) -> Self {
        Self { text: Arc::default(), made }
    }

    /// The text of the answer, once the request has succeeded.
    pub(super) fn text(&self) -> Vec<u8> {
        std::mem::take(&mut self.text.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Intercept for KeepsText {
    fn name(&self) -> &'static str {
        "KeepsText"
    }

    fn modify_before_deserialization(
        &self,
        context: &mut BeforeDeserializationInterceptorContextMut<'_>,
        _components: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        // Errors are left to the SDK's own reader.
        if context.response().status().is_success() {
            config.interceptor_state().store_put(SharedResponseDeserializer::new(self.clone()));
        }
        Ok(())
    }
}

impl DeserializeResponse for KeepsText {
    fn deserialize_nonstreaming_with_config(
        &self,
        response: &HttpResponse,
        _config: &ConfigBag,
    ) -> Result<Output, OrchestratorError<Error>> {
        let body = response.body().bytes().unwrap_or_default();
        // There is no way back to the SDK's own: after an answer that broke off, what the next try is
        // answered with comes here too.
        if !response.status().is_success() {
            return Err(OrchestratorError::operation((self.made.error)(error(body))));
        }
        *self.text.lock().unwrap_or_else(PoisonError::into_inner) = body.to_vec();
        Ok((self.made.output)())
    }
}

/// The code and the message of an error:
/// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.LowLevelAPI.html>
fn error(body: &[u8]) -> ErrorMetadata {
    #[derive(Default, Deserialize)]
    struct Told {
        #[serde(default, rename = "__type")]
        code: String,
        #[serde(default, alias = "Message")]
        message: String,
    }
    let told: Told = serde_json::from_slice(body).unwrap_or_default();
    let code = told.code.rsplit('#').next().unwrap_or_default();
    ErrorMetadata::builder().code(code).message(told.message).build()
}
