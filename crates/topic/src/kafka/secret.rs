//! The user and the password, from Secrets Manager.

use super::{Mechanism, SignIn};
use crate::AppendError;
use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::error::DisplayErrorContext;
use serde::Deserialize;

/// The form that MSK, and an event source mapping, ask of a secret.
#[derive(Deserialize)]
struct Secret {
    username: String,
    password: String,
}

/// Reads a secret and makes a sign-in of it.
///
/// # Errors
/// [`AppendError::Unavailable`] when Secrets Manager does not answer: inside a network it is
/// reached through an endpoint or a NAT gateway. [`AppendError::Refused`] when the secret is not
/// what it must be.
pub async fn read_secret(
    client: &Client,
    arn: &str,
    mechanism: Mechanism,
) -> Result<SignIn, AppendError> {
    let answer = client.get_secret_value().secret_id(arn).send().await;
    let answer = answer.map_err(|error| {
        AppendError::Unavailable(format!(
            "the secret cannot be read: {}",
            DisplayErrorContext(error)
        ))
    })?;
    parse(answer.secret_string().unwrap_or_default(), mechanism)
}

// What is in it is not shown, whatever is wrong with it.
fn parse(text: &str, mechanism: Mechanism) -> Result<SignIn, AppendError> {
    match serde_json::from_str(text) {
        Ok(Secret { username, password }) => Ok(SignIn::Password { mechanism, username, password }),
        Err(_) => Err(AppendError::Refused(
            r#"the secret must be {"username": "…", "password": "…"}"#.to_owned(),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_has_a_user_and_a_password() {
        let text = r#"{"username": "jane", "password": "x", "engine": "kafka"}"#;
        assert!(matches!(
            parse(text, Mechanism::Scram512),
            Ok(SignIn::Password { username, .. }) if username == "jane"
        ));
        let error = parse(r#"{"username": "jane", "pass": "hunter2"}"#, Mechanism::Plain);
        let error = error.unwrap_err().to_string();
        assert!(error.contains("password") && !error.contains("hunter2"), "{error}");
    }
}
