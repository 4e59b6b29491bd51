//! How to sign in to the brokers.

use super::token;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use rskafka::client::{Credentials, OauthBearerCredentials, SaslConfig};
use std::sync::Arc;
use std::time::SystemTime;

/// How a user and a password are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mechanism {
    /// SCRAM-SHA-512, the one that MSK offers.
    Scram512,
    /// SCRAM-SHA-256.
    Scram256,
    /// PLAIN.
    Plain,
}

impl Mechanism {
    /// The mechanism of this name, as an event source mapping names it.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "SASL_SCRAM_512_AUTH" => Some(Self::Scram512),
            "SASL_SCRAM_256_AUTH" => Some(Self::Scram256),
            "BASIC_AUTH" => Some(Self::Plain),
            _ => None,
        }
    }
}

/// How to sign in to the brokers. With any but [`SignIn::None`] the connection is TLS.
#[derive(Clone)]
pub enum SignIn {
    /// Not at all, over plain TCP: brokers inside a network that lets nobody else in.
    None,
    /// As our IAM role, to MSK.
    MskIam {
        /// The cluster's region.
        region: String,
        /// The role's credentials, fresh whenever they are asked for.
        credentials: SharedCredentialsProvider,
    },
    /// With a user and a password.
    Password {
        /// How they are used.
        mechanism: Mechanism,
        /// The user.
        username: String,
        /// The password.
        password: String,
    },
}

impl SignIn {
    pub(super) fn sasl(&self) -> Option<SaslConfig> {
        match self {
            Self::None => None,
            Self::MskIam { region, credentials } => {
                Some(SaslConfig::Oauthbearer(bearer(region.clone(), credentials.clone())))
            }
            Self::Password { mechanism, username, password } => {
                let credentials = Credentials::new(username.clone(), password.clone());
                Some(match mechanism {
                    Mechanism::Scram512 => SaslConfig::ScramSha512(credentials),
                    Mechanism::Scram256 => SaslConfig::ScramSha256(credentials),
                    Mechanism::Plain => SaslConfig::Plain(credentials),
                })
            }
        }
    }
}

// A password must not get into a log by way of a debugging line.
impl std::fmt::Debug for SignIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::None => "None",
            Self::MskIam { .. } => "MskIam",
            Self::Password { mechanism: Mechanism::Scram512, .. } => "Scram512",
            Self::Password { mechanism: Mechanism::Scram256, .. } => "Scram256",
            Self::Password { mechanism: Mechanism::Plain, .. } => "Plain",
        })
    }
}

// A token is signed for every connection: it costs no call, and one that was kept could be stale.
fn bearer(region: String, credentials: SharedCredentialsProvider) -> OauthBearerCredentials {
    OauthBearerCredentials {
        callback: Arc::new(move || {
            let (region, credentials) = (region.clone(), credentials.clone());
            Box::pin(async move {
                let credentials = credentials.provide_credentials().await?;
                token::signed(&region, credentials, SystemTime::now())
            })
        }),
        authz_id: None,
        bearer_kvs: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mechanism_has_the_name_that_a_mapping_gives_it() {
        assert_eq!(Mechanism::named("SASL_SCRAM_512_AUTH"), Some(Mechanism::Scram512));
        assert_eq!(Mechanism::named("SASL_SCRAM_256_AUTH"), Some(Mechanism::Scram256));
        assert_eq!(Mechanism::named("BASIC_AUTH"), Some(Mechanism::Plain));
        assert_eq!(Mechanism::named("GSSAPI"), None);
    }

    #[test]
    fn a_password_is_not_shown() {
        let sign_in = SignIn::Password {
            mechanism: Mechanism::Plain,
            username: "jane".into(),
            password: "secret".into(),
        };
        assert_eq!(format!("{sign_in:?}"), "Plain");
    }
}
