//! The sources: who may send bookings, as the stack's secret has them.

use super::sign::{Scheme, Signer};
use crate::cli::{NewSecret, SenderOptions};
use crate::place::Place;
use crate::stop::Stop;
use anyhow::Context;
use serde_json::{Map, Value, json};
use std::path::Path;
use uuid::Uuid;

/// The source that there is from the start.
const FIRST: &str = "forwarder";
/// The most secrets of a source: the new and the old, while one is changed.
const MOST_SECRETS: usize = 2;

/// The sources, by their names. Nothing here can be printed.
#[derive(Clone, PartialEq, Default)]
pub(super) struct Sources(Map<String, Value>);

/// Where the stack keeps them.
pub(super) struct Keeper {
    client: aws_sdk_secretsmanager::Client,
    arn: String,
}

impl Keeper {
    /// At this place.
    pub(super) fn at(place: &Place) -> Result<Self, Stop> {
        let arn = place.outputs.booking_sources_secret_arn.clone().ok_or_else(|| {
            Stop::CannotRun(
                "the stack that is deployed takes no bookings (it has no output \
                 BookingSourcesSecretArn); deploy anew"
                    .into(),
            )
        })?;
        Ok(Self { client: aws_sdk_secretsmanager::Client::new(&place.sdk), arn })
    }

    /// Reads them.
    pub(super) async fn read(&self) -> anyhow::Result<Sources> {
        let answer = self.client.get_secret_value().secret_id(&self.arn).send().await;
        let text = answer.context("the sources cannot be read")?.secret_string.unwrap_or_default();
        // The error of the parser would quote what is there.
        let sources = serde_json::from_str(&text).ok();
        Ok(Sources(sources.context("the sources are no JSON object with a name for each")?))
    }

    /// Writes them. Whatever somebody else wrote since they were read is gone.
    ///
    /// # Errors
    /// [`Stop::Usage`] for what the webhook could not read: one source that is wrong shuts out all.
    pub(super) async fn write(&self, sources: &Sources) -> anyhow::Result<()> {
        let text = sources.text()?;
        let request = self.client.put_secret_value().secret_id(&self.arn).secret_string(text);
        request.send().await.context("the sources cannot be written")?;
        Ok(())
    }
}

impl Sources {
    /// As the webhook reads them.
    pub(super) fn text(&self) -> Result<String, Stop> {
        let text = Value::from(self.0.clone()).to_string();
        match flightpulse_authenticity::Sources::read(text.as_bytes()) {
            Ok(_) => Ok(text),
            Err(why) => Err(usage(&format!("it is not written: {why}"))),
        }
    }

    /// A line for each: its name, its scheme, and what else is not secret.
    pub(super) fn lines(&self) -> Vec<String> {
        let line = |(name, source): (&String, &Value)| {
            let scheme = scheme_of(source).map_or("unreadable", Scheme::name);
            let client = source.get("client_id").and_then(Value::as_str);
            let client = client.map_or(String::new(), |id| format!(", client id {id}"));
            let secrets = match secrets_of(source).len() {
                0 => String::new(),
                1 => ", one secret".to_owned(),
                many => format!(", {many} secrets"),
            };
            format!("{name}: {scheme}{client}{secrets}")
        };
        self.0.iter().map(line).collect()
    }

    /// Adds a source, or replaces it.
    pub(super) fn set(
        &mut self,
        name: &str,
        scheme: Scheme,
        client_id: Option<&str>,
        secret: Option<&str>,
    ) -> Result<(), Stop> {
        let mut source = json!({"scheme": scheme.name()});
        match (scheme, client_id) {
            (Scheme::AdobeIo, None) => return Err(usage("adobe-io needs --client-id")),
            (Scheme::AdobeIo | Scheme::AdobeIoLegacy, Some(id)) => source["client_id"] = json!(id),
            (Scheme::Flightpulse | Scheme::Bearer, Some(_)) => {
                return Err(usage("--client-id is for adobe-io and adobe-io-legacy"));
            }
            (_, None) => {}
        }
        match (scheme, secret) {
            (Scheme::AdobeIo, Some(_)) => return Err(usage("adobe-io has no secret of ours")),
            (Scheme::AdobeIo, None) => {}
            (_, Some(secret)) => source["secrets"] = json!([secret]),
            (_, None) => {
                return Err(usage("it needs a secret: --secret, --secret-file or --generate"));
            }
        }
        self.0.insert(name.to_owned(), source);
        Ok(())
    }

    /// Adds a new secret before the newest that the source has; an older one goes.
    pub(super) fn rotate(&mut self, name: &str, secret: &str) -> Result<(), Stop> {
        let mut secrets = vec![secret.to_owned()];
        secrets.extend(self.secrets(name)?.into_iter().take(MOST_SECRETS - 1));
        self.keep(name, secrets)
    }

    /// Takes all secrets out but the newest.
    pub(super) fn finish(&mut self, name: &str) -> Result<(), Stop> {
        let newest = self.secrets(name)?.into_iter().take(1).collect();
        self.keep(name, newest)
    }

    /// Takes a source out.
    pub(super) fn remove(&mut self, name: &str) -> Result<(), Stop> {
        self.0.remove(name).map(drop).ok_or_else(|| unknown(name))
    }

    fn secrets(&self, name: &str) -> Result<Vec<String>, Stop> {
        let source = self.0.get(name).ok_or_else(|| unknown(name))?;
        let secrets: Vec<_> = secrets_of(source).into_iter().map(str::to_owned).collect();
        if secrets.is_empty() {
            return Err(usage(&format!("the source {name} has no secret that could be changed")));
        }
        Ok(secrets)
    }

    fn keep(&mut self, name: &str, secrets: Vec<String>) -> Result<(), Stop> {
        let source = self.0.get_mut(name).ok_or_else(|| unknown(name))?;
        if source.is_string() {
            *source = json!({"scheme": Scheme::Flightpulse.name()});
        }
        source["secrets"] = json!(secrets);
        Ok(())
    }

    /// The signer of a source, as it is asked for.
    pub(super) fn signer(&self, options: &SenderOptions) -> Result<Signer, Stop> {
        let (name, source) = self.chosen(options)?;
        let scheme = options.sign.or_else(|| scheme_of(source));
        let scheme = scheme.ok_or_else(|| usage(&format!("the source {name} has no scheme")))?;
        let known = source.get("client_id").and_then(Value::as_str);
        let client_id = options.client_id.clone().or_else(|| known.map(str::to_owned));
        if scheme == Scheme::AdobeIo {
            let file = options.private_key.as_deref();
            let file = file.ok_or_else(|| usage("adobe-io needs --private-key"))?;
            let client_id = client_id.ok_or_else(|| usage("adobe-io needs --client-id"))?;
            return Signer::key(&read(file)?, options.key_path.clone(), client_id);
        }
        let given = match &options.secret_file {
            Some(file) => Some(secret_in(file)?),
            None => options.secret.clone(),
        };
        let known = || secrets_of(source).first().map(|secret| (*secret).to_owned());
        let secret = given.or_else(known);
        let secret = secret.ok_or_else(|| usage(&format!("the source {name} has no secret")))?;
        Ok(Signer::secret(scheme, secret, client_id))
    }

    fn chosen(&self, options: &SenderOptions) -> Result<(&str, &Value), Stop> {
        const NONE: &Value = &Value::Null;
        let own = options.secret.is_some()
            || options.secret_file.is_some()
            || options.private_key.is_some() && options.client_id.is_some();
        let found = match (&options.source, options.sign) {
            (Some(name), _) => self.0.get_key_value(name.as_str()),
            (None, Some(sign)) => self.0.iter().find(|(_, one)| scheme_of(one) == Some(sign)),
            (None, None) => self.0.get_key_value(FIRST),
        };
        match found {
            Some((name, source)) => Ok((name, source)),
            // Whoever brings all that is needed may play anybody.
            None if own && options.sign.is_some() => Ok(("that is played", NONE)),
            None => {
                let what = match (&options.source, options.sign) {
                    (Some(name), _) => format!("no source {name}"),
                    (None, Some(sign)) => format!("no source with the scheme {}", sign.name()),
                    (None, None) => format!("no source {FIRST}; name one with --source"),
                };
                Err(usage(&format!("there is {what}; `aep source set` adds one")))
            }
        }
    }
}

/// The secret that is asked for, and whether it was made just now.
pub(super) fn new_secret(asked: &NewSecret) -> Result<Option<(String, bool)>, Stop> {
    if asked.generate {
        let halves = [Uuid::new_v4(), Uuid::new_v4()].map(|half| half.simple().to_string());
        return Ok(Some((halves.concat(), true)));
    }
    let given = match &asked.secret_file {
        Some(file) => Some(secret_in(file)?),
        None => asked.secret.clone(),
    };
    Ok(given.map(|secret| (secret, false)))
}

fn scheme_of(source: &Value) -> Option<Scheme> {
    match source {
        Value::String(_) => Some(Scheme::Flightpulse),
        source => Scheme::named(source.get("scheme")?.as_str()?),
    }
}

fn secrets_of(source: &Value) -> Vec<&str> {
    match source {
        Value::String(secret) => vec![secret],
        source => {
            let listed = source.get("secrets").and_then(Value::as_array);
            listed.into_iter().flatten().filter_map(Value::as_str).collect()
        }
    }
}

fn secret_in(file: &Path) -> Result<String, Stop> {
    let bytes = read(file)?;
    // Editors end a file with a new line, which is no part of it.
    Ok(String::from_utf8_lossy(&bytes).trim_end().to_owned())
}

fn read(file: &Path) -> Result<Vec<u8>, Stop> {
    std::fs::read(file).map_err(|error| usage(&format!("{}: {error}", file.display())))
}

fn usage(why: &str) -> Stop {
    Stop::Usage(why.to_owned())
}

fn unknown(name: &str) -> Stop {
    usage(&format!("there is no source {name}; `aep source list` shows them"))
}

#[cfg(test)]
mod tests;
