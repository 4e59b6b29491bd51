//! Where FlightPulse runs: the local cloud, or AWS.

use crate::outputs::Outputs;
use crate::stop::Stop;
use anyhow::Context;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_dynamodb::config::Credentials;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Where FlightPulse runs, and how to reach it.
#[derive(Debug)]
pub(crate) struct Place {
    /// The configuration of all AWS clients.
    pub(crate) sdk: SdkConfig,
    /// The local cloud's endpoint; none on AWS.
    pub(crate) endpoint: Option<String>,
    /// The stack's outputs.
    pub(crate) outputs: Outputs,
}

impl Place {
    /// The place that was asked for, once it is known to be there.
    pub(crate) async fn find(aws: bool) -> anyhow::Result<Self> {
        if aws { Self::on_aws().await } else { Self::local().await }
    }

    async fn local() -> anyhow::Result<Self> {
        let endpoint = setting("AWS_ENDPOINT_URL").unwrap_or_else(|| {
            let port = setting("FLIGHTPULSE_CLOUD_PORT");
            let port = port.unwrap_or_else(|| pin("DEFAULT_CLOUD_PORT").to_owned());
            format!("http://127.0.0.1:{port}")
        });
        let outputs = Outputs::read_or(
            &state_directory().join("outputs.json"),
            "run ./scripts/start-local.sh",
        )?;
        let health = format!("{endpoint}/_flightpulse/health");
        let probe = reqwest::Client::new().get(&health).timeout(Duration::from_secs(10));
        if let Err(error) = probe.send().await {
            return Err(Stop::CannotRun(format!(
                "the local cloud does not answer at {endpoint} ({error}); run ./scripts/start-local.sh"
            ))
            .into());
        }
        // The local cloud knows one account; the developer's own credentials have no business there.
        let sdk = loader()
            .endpoint_url(&endpoint)
            .region(Region::new(pin("LOCAL_REGION")))
            .credentials_provider(Credentials::new("test", "test", None, None, "local-cloud"))
            .load()
            .await;
        Ok(Self { sdk, endpoint: Some(endpoint), outputs })
    }

    async fn on_aws() -> anyhow::Result<Self> {
        let sdk = loader().load().await;
        // deploy.sh leaves the outputs there: a file instead of another SDK.
        let file = state_directory().join("aws-outputs.json");
        let outputs = Outputs::read_or(&file, "run ./scripts/deploy.sh")?;
        Ok(Self { sdk, endpoint: None, outputs })
    }

    /// The API's address, without a slash at its end.
    pub(crate) fn api(&self) -> anyhow::Result<String> {
        match &self.endpoint {
            Some(endpoint) => self.outputs.api_at(endpoint).with_context(|| {
                format!("the output ApiUrl {:?} is no address of an API", self.outputs.api_url)
            }),
            None => Ok(self.outputs.api_url.trim_end_matches('/').to_owned()),
        }
    }
}

/// The brokers: those that were named, else those of the local cloud.
pub(crate) fn brokers(named: Option<&str>) -> Result<String, Stop> {
    if let Some(brokers) = named.filter(|brokers| !brokers.trim().is_empty()) {
        return Ok(brokers.trim().to_owned());
    }
    let file = state_directory().join("kafka.bootstrap");
    let text = std::fs::read_to_string(&file).unwrap_or_default();
    if text.trim().is_empty() {
        return Err(Stop::CannotRun(format!(
            "Kafka of the local cloud is not up ({} is not there); run ./scripts/start-local.sh",
            file.display()
        )));
    }
    Ok(text.trim().to_owned())
}

fn loader() -> aws_config::ConfigLoader {
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(Duration::from_secs(5))
        .operation_timeout(Duration::from_secs(60))
        .build();
    aws_config::defaults(BehaviorVersion::latest())
        .http_client(
            aws_smithy_http_client::Builder::new()
                .tls_provider(Provider::Rustls(CryptoMode::Ring))
                .build_https(),
        )
        .timeout_config(timeouts)
}

/// A value from the one place with the local cloud's ports and names.
pub(crate) fn pin(name: &str) -> &'static str {
    const PINS: &str = include_str!("../../local-cloud/pins.env");
    let pinned = PINS.lines().filter_map(|line| line.split_once('='));
    pinned.filter(|(key, _)| *key == name).map(|(_, value)| value.trim()).next().unwrap_or_default()
}

fn setting(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.trim().is_empty())
}

/// The local cloud's state: as it is set, else `.local` of the repository that we are in.
pub(crate) fn state_directory() -> PathBuf {
    if let Some(path) = setting("FLIGHTPULSE_STATE_DIR") {
        return path.into();
    }
    let here = std::env::current_dir().unwrap_or_default();
    let is_root = |path: &&Path| path.join("local-cloud").join("pins.env").is_file();
    here.ancestors().find(is_root).unwrap_or(&here).join(".local")
}

/// A Python with pip: that of the local cloud's virtual environment, else the one on the path.
pub(crate) fn python() -> PathBuf {
    let venv =
        setting("FLIGHTPULSE_VENV").map_or_else(|| state_directory().join("venv"), PathBuf::from);
    let ours = venv.join("bin").join("python");
    if ours.is_file() { ours } else { "python3".into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_local_cloud_has_its_pins() {
        assert!(pin("DEFAULT_CLOUD_PORT").parse::<u16>().is_ok());
        assert_eq!(pin("LOCAL_REGION"), "us-east-1");
        assert_eq!(pin("LOCAL_STACK"), crate::outputs::STACK);
    }
}
