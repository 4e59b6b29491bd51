//! What DynamoDB answers, as text.
//!
//! The SDK makes a map of names and values of each item before anyone knows what is wanted of it,
//! which takes longer than all else that is done with an item here. Requests, signing, retries, errors
//! and time limits stay the SDK's; of an answer that succeeded it is told nothing but that.

use aws_sdk_dynamodb::config::interceptors::BeforeDeserializationInterceptorContextMut;
use aws_sdk_dynamodb::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_dynamodb::error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::{Error, Output};
use aws_smithy_runtime_api::client::orchestrator::{HttpResponse, OrchestratorError};
use aws_smithy_runtime_api::client::ser_de::{DeserializeResponse, SharedResponseDeserializer};
use std::sync::{Arc, Mutex, PoisonError};

/// Keeps the text of one request's answer. To be given to the request as an interceptor; the SDK's own
/// output of it is empty.
#[derive(Debug, Clone)]
pub(super) struct KeepsText {
    text: Arc<Mutex<Option<String>>>,
    empty: fn() -> Output,
}

impl KeepsText {
    /// For a request with such an output.
    pub(super) fn of(empty: fn() -> Output) -> Self {
        Self { text: Arc::default(), empty }
    }

    /// The text of the answer, once the request has succeeded.
    pub(super) fn text(&self) -> String {
        self.text.lock().unwrap_or_else(PoisonError::into_inner).take().unwrap_or_default()
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
        // Errors are the SDK's, which knows by them whether to try again.
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
        // There is no way back to the SDK's own: an error that follows on an answer that broke off comes here
        // too, and is tried again as that would be.
        if !response.status().is_success() {
            let status = response.status().as_u16();
            return Err(OrchestratorError::response(
                format!("after an answer that broke off: status {status}").into(),
            ));
        }
        let body = response.body().bytes().unwrap_or_default();
        let text = std::str::from_utf8(body).map_err(OrchestratorError::other)?;
        *self.text.lock().unwrap_or_else(PoisonError::into_inner) = Some(text.to_owned());
        Ok((self.empty)())
    }
}
