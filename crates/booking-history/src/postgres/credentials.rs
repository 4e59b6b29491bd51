//! What the history asks of whoever reads it, from Secrets Manager.

use crate::HistoryError;
use serde::Deserialize;

/// User, password, and the authority of a private host. Adobe's are public: there `ca` is left out.
///
/// A user name and a password of Adobe's own pages hold for a day at most; a function needs a credential
/// that does not expire, whose password is the technical account's id, a colon and the credential:
/// <https://experienceleague.adobe.com/en/docs/experience-platform/query/ui/credentials>
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct Credentials {
    /// The user.
    pub username: String,
    /// The password.
    pub password: String,
    /// Certificates in PEM that are trusted beside those that the machine trusts.
    #[serde(default)]
    pub ca: Option<String>,
}

impl Credentials {
    /// Reads the text of a secret.
    ///
    /// # Errors
    /// [`HistoryError::Refused`]; what is in it is not shown, whatever is wrong with it.
    pub fn read(secret: &str) -> Result<Self, HistoryError> {
        serde_json::from_str(secret).map_err(|_| {
            let form = r#"{"username": "…", "password": "…"}"#;
            HistoryError::Refused(format!("the secret must be {form}, with \"ca\" or without"))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_has_a_user_and_a_password_and_may_have_an_authority() {
        let read = |text| Credentials::read(text).map(|one| (one.username, one.password, one.ca));
        let (user, password) = ("u".to_owned(), "p".to_owned());
        let plain = read(r#"{"username": "u", "password": "p", "engine": "postgres"}"#);
        assert_eq!(plain, Ok((user.clone(), password.clone(), None)));
        let private = read(r#"{"username": "u", "password": "p", "ca": "PEM"}"#);
        assert_eq!(private, Ok((user, password, Some("PEM".to_owned()))));
        let wrong = read(r#"{"username": "u", "pass": "hunter2"}"#).unwrap_err().to_string();
        assert!(wrong.contains("password") && !wrong.contains("hunter2"), "{wrong}");
    }
}
