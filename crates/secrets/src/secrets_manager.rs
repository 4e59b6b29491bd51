//! A secret in AWS Secrets Manager.

use crate::{SecretError, SecretReader};
use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::error::{DisplayErrorContext, ProvideErrorMetadata};

/// A secret in AWS Secrets Manager.
#[derive(Debug, Clone)]
pub struct SecretsManager {
    client: Client,
    arn: String,
}

impl SecretsManager {
    /// The secret of this ARN.
    #[must_use]
    pub fn new(client: Client, arn: impl Into<String>) -> Self {
        Self { client, arn: arn.into() }
    }
}

impl SecretReader for SecretsManager {
    async fn read(&self) -> Result<String, SecretError> {
        let answer = self.client.get_secret_value().secret_id(&self.arn).send().await;
        let answer = answer.map_err(|error| {
            let code = error.as_service_error().and_then(ProvideErrorMetadata::code);
            // Without its key, or without leave to use it, it cannot be decrypted: that will not
            // pass by itself either.
            let refused = matches!(
                code,
                Some(
                    "ResourceNotFoundException"
                        | "AccessDeniedException"
                        | "DecryptionFailure"
                        | "InvalidRequestException"
                        | "InvalidParameterException"
                )
            );
            let text = format!("{}: {}", self.arn, DisplayErrorContext(&error));
            if refused { SecretError::Refused(text) } else { SecretError::Unavailable(text) }
        })?;
        let none = || SecretError::Refused(format!("{} has no text", self.arn));
        answer.secret_string.ok_or_else(none)
    }
}
