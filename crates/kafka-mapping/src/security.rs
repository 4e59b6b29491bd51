//! How a client and the brokers trust each other: TLS and SASL.
//!
//! Read from the environment, as a password has no place on a command line. The same settings serve
//! self-managed brokers, MSK's SCRAM listeners and Azure Event Hubs (SASL_SSL, PLAIN, user
//! `$ConnectionString`, the connection string as the password).

use std::fmt;
use std::path::PathBuf;

use rdkafka::ClientConfig;
use thiserror::Error;

mod read;
mod reason;

pub use reason::LastReason;

/// What protects the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// Nothing.
    Plaintext,
    /// TLS; the broker is known by its certificate.
    Ssl,
    /// A login without TLS.
    SaslPlaintext,
    /// A login over TLS.
    SaslSsl,
}

impl Protocol {
    /// Kafka's name of it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Plaintext => "PLAINTEXT",
            Self::Ssl => "SSL",
            Self::SaslPlaintext => "SASL_PLAINTEXT",
            Self::SaslSsl => "SASL_SSL",
        }
    }

    fn tls(self) -> bool {
        matches!(self, Self::Ssl | Self::SaslSsl)
    }

    fn sasl(self) -> bool {
        matches!(self, Self::SaslPlaintext | Self::SaslSsl)
    }
}

/// How the client logs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mechanism {
    /// The password itself is sent.
    Plain,
    /// Salted challenge and response over SHA-256.
    ScramSha256,
    /// Salted challenge and response over SHA-512, which MSK asks for.
    ScramSha512,
}

impl Mechanism {
    /// Kafka's name of it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Plain => "PLAIN",
            Self::ScramSha256 => "SCRAM-SHA-256",
            Self::ScramSha512 => "SCRAM-SHA-512",
        }
    }
}

/// A password, which no log shows.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(not shown)")
    }
}

/// A user and the way to prove it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Login {
    mechanism: Mechanism,
    username: String,
    password: Password,
}

/// What every client of the brokers is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Security {
    protocol: Protocol,
    login: Option<Login>,
    ca_file: Option<PathBuf>,
}

impl Default for Security {
    fn default() -> Self {
        Self { protocol: Protocol::Plaintext, login: None, ca_file: None }
    }
}

/// Why the settings make no sense together. Every message names the variable to change.
#[derive(Debug, Error)]
pub enum SecurityError {
    /// Not one of Kafka's four.
    #[error("KAFKA_SECURITY_PROTOCOL is {0:?}; it is PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL")]
    UnknownProtocol(String),
    /// Not one of those that are spoken here.
    #[error("KAFKA_SASL_MECHANISM is {0:?}; it is PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512")]
    UnknownMechanism(String),
    /// A login needs a mechanism, a user and a password.
    #[error("KAFKA_SECURITY_PROTOCOL is {}, so {missing} must be set", .protocol.name())]
    Missing {
        /// The protocol that asks for it.
        protocol: Protocol,
        /// The variable.
        missing: &'static str,
    },
    /// Set, and of no effect: somebody believes in a protection that is not there.
    #[error("{variable} is set, but KAFKA_SECURITY_PROTOCOL is {}; use {instead}", .protocol.name())]
    OfNoEffect {
        /// The variable.
        variable: &'static str,
        /// The protocol under which it does nothing.
        protocol: Protocol,
        /// Protocols under which it would count.
        instead: &'static str,
    },
    /// Two places for one secret.
    #[error("KAFKA_PASSWORD and KAFKA_PASSWORD_FILE are both set; give one of them")]
    TwoPasswords,
    /// A file that cannot be read.
    #[error("{variable} names {}, which cannot be read: {source}", .path.display())]
    File {
        /// The variable.
        variable: &'static str,
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file without a certificate.
    #[error("KAFKA_CA_FILE names {}, which holds no PEM certificate", .0.display())]
    NoCertificate(PathBuf),
}

impl Security {
    /// The settings of the environment: `KAFKA_SECURITY_PROTOCOL`, `KAFKA_SASL_MECHANISM`,
    /// `KAFKA_USERNAME`, `KAFKA_PASSWORD` or `KAFKA_PASSWORD_FILE`, `KAFKA_CA_FILE`. Without a
    /// protocol it is PLAINTEXT, and user, password and CA file, which may be there for other
    /// programs, do nothing.
    ///
    /// # Errors
    /// A [`SecurityError`] that names the variable which is wrong or missing.
    pub fn from_env() -> Result<Self, SecurityError> {
        Self::from_vars(|name| std::env::var(name).ok())
    }

    /// The same settings from elsewhere: `get` gives a variable's value.
    ///
    /// # Errors
    /// As [`Security::from_env`].
    pub fn from_vars(get: impl Fn(&str) -> Option<String>) -> Result<Self, SecurityError> {
        read::security(get)
    }

    /// Adds the settings to those of a client.
    pub fn apply(&self, config: &mut ClientConfig) {
        config.set("security.protocol", self.protocol.name());
        if self.protocol.tls() {
            // OpenSSL is linked in and knows no folder of this machine: the usual ones are probed.
            let ca = self.ca_file.as_ref().map(|file| file.to_string_lossy().into_owned());
            config.set("ssl.ca.location", ca.as_deref().unwrap_or("probe"));
        }
        if let Some(login) = &self.login {
            config
                .set("sasl.mechanism", login.mechanism.name())
                .set("sasl.username", &login.username)
                .set("sasl.password", &login.password.0);
        }
    }

    /// What protects the connection.
    pub fn protocol(&self) -> Protocol {
        self.protocol
    }
}

#[cfg(test)]
mod tests;
