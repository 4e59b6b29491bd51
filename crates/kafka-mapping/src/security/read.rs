//! Reads the settings and refuses what contradicts itself.

use std::path::PathBuf;

use super::{Login, Mechanism, Password, Protocol, Security, SecurityError};

/// Reads the settings from `get`, which gives a variable's value. Empty is as good as unset.
pub(super) fn security(get: impl Fn(&str) -> Option<String>) -> Result<Security, SecurityError> {
    let get = |name: &str| get(name).filter(|value| !value.trim().is_empty());
    let named = get("KAFKA_SECURITY_PROTOCOL");
    let protocol = named.as_deref().map_or(Ok(Protocol::Plaintext), protocol)?;
    let mechanism = get("KAFKA_SASL_MECHANISM").as_deref().map(mechanism).transpose()?;
    if !protocol.sasl() {
        let mut idle = vec!["KAFKA_SASL_MECHANISM"];
        if named.is_some() {
            idle.extend(["KAFKA_USERNAME", "KAFKA_PASSWORD", "KAFKA_PASSWORD_FILE"]);
        }
        if let Some(variable) = idle.into_iter().find(|name| get(name).is_some()) {
            let instead = "SASL_SSL or SASL_PLAINTEXT";
            return Err(SecurityError::OfNoEffect { variable, protocol, instead });
        }
    }
    let login = protocol.sasl().then(|| login(protocol, mechanism, &get)).transpose()?;
    let ca_file = match get("KAFKA_CA_FILE").map(PathBuf::from) {
        Some(file) if protocol.tls() => Some(certificates(file)?),
        Some(_) if named.is_some() => {
            let (variable, instead) = ("KAFKA_CA_FILE", "SSL or SASL_SSL");
            return Err(SecurityError::OfNoEffect { variable, protocol, instead });
        }
        _ => None,
    };
    Ok(Security { protocol, login, ca_file })
}

fn protocol(name: &str) -> Result<Protocol, SecurityError> {
    use Protocol::{Plaintext, SaslPlaintext, SaslSsl, Ssl};
    let known = [Plaintext, Ssl, SaslPlaintext, SaslSsl];
    let found = known.into_iter().find(|known| known.name().eq_ignore_ascii_case(name.trim()));
    found.ok_or_else(|| SecurityError::UnknownProtocol(name.to_owned()))
}

fn mechanism(name: &str) -> Result<Mechanism, SecurityError> {
    let known = [Mechanism::Plain, Mechanism::ScramSha256, Mechanism::ScramSha512];
    let found = known.into_iter().find(|known| known.name().eq_ignore_ascii_case(name.trim()));
    found.ok_or_else(|| SecurityError::UnknownMechanism(name.to_owned()))
}

fn login(
    protocol: Protocol,
    mechanism: Option<Mechanism>,
    get: &impl Fn(&str) -> Option<String>,
) -> Result<Login, SecurityError> {
    let missing = |missing| SecurityError::Missing { protocol, missing };
    let mechanism = mechanism.ok_or_else(|| missing("KAFKA_SASL_MECHANISM"))?;
    let username = get("KAFKA_USERNAME").ok_or_else(|| missing("KAFKA_USERNAME"))?;
    let password = match (get("KAFKA_PASSWORD"), get("KAFKA_PASSWORD_FILE")) {
        (Some(_), Some(_)) => return Err(SecurityError::TwoPasswords),
        (Some(password), None) => password,
        (None, Some(file)) => {
            let text = contents("KAFKA_PASSWORD_FILE", &PathBuf::from(file))?;
            // An editor ends the file with a line break that is no part of the secret.
            text.trim_end_matches(['\r', '\n']).to_owned()
        }
        (None, None) => String::new(),
    };
    if password.is_empty() {
        return Err(missing("KAFKA_PASSWORD or KAFKA_PASSWORD_FILE"));
    }
    Ok(Login { mechanism, username, password: Password(password) })
}

/// Looks into the file, as the client would only say that no certificate is trusted.
fn certificates(file: PathBuf) -> Result<PathBuf, SecurityError> {
    let text = contents("KAFKA_CA_FILE", &file)?;
    if text.contains("-----BEGIN CERTIFICATE-----") {
        Ok(file)
    } else {
        Err(SecurityError::NoCertificate(file))
    }
}

fn contents(variable: &'static str, path: &PathBuf) -> Result<String, SecurityError> {
    std::fs::read_to_string(path).map_err(|source| SecurityError::File {
        variable,
        path: path.clone(),
        source,
    })
}
