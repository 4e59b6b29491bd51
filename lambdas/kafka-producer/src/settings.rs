//! What the deployment says about the brokers.

use flightpulse_lambda_kit::failure::Failure;
use flightpulse_topic::kafka::Mechanism;

/// How to sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settings {
    /// Not at all, over plain TCP.
    Open,
    /// As the function's role, to MSK, over TLS.
    MskIam,
    /// With the secret, over TLS.
    Secret(Mechanism),
}

impl Settings {
    /// Reads the name that the CDK app sets.
    ///
    /// # Errors
    /// [`Failure::Defect`] that names what there is.
    pub fn read(name: &str) -> Result<Self, Failure> {
        match name {
            "NONE" => Ok(Self::Open),
            "MSK_IAM" => Ok(Self::MskIam),
            _ => Mechanism::named(name).map(Self::Secret).ok_or_else(|| {
                Failure::Defect(format!(
                    "KAFKA_SIGN_IN is {name:?}; there are NONE, MSK_IAM, SASL_SCRAM_512_AUTH, \
                     SASL_SCRAM_256_AUTH and BASIC_AUTH; the CDK app sets it"
                ))
            }),
        }
    }
}

/// The brokers of a comma list.
#[must_use]
pub fn brokers(list: &str) -> Vec<String> {
    let names = list.split(',').map(str::trim).filter(|name| !name.is_empty());
    names.map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_in_is_one_that_there_is() {
        assert_eq!(Settings::read("NONE").unwrap(), Settings::Open);
        assert_eq!(Settings::read("MSK_IAM").unwrap(), Settings::MskIam);
        let scram = Settings::Secret(Mechanism::Scram512);
        assert_eq!(Settings::read("SASL_SCRAM_512_AUTH").unwrap(), scram);
        let error = Settings::read("GSSAPI").unwrap_err().to_string();
        assert!(error.contains("\"GSSAPI\"; there are NONE, MSK_IAM"), "{error}");
    }

    #[test]
    fn brokers_are_a_comma_list() {
        assert_eq!(brokers("b1:9098, b2:9098,"), ["b1:9098", "b2:9098"]);
    }
}
