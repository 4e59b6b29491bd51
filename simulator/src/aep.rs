//! `aep`: bookings as Adobe Experience Platform sends them, and who may.
//!
//! **Invariant.** What must come of the bookings is worked out from the plan by arithmetic of its own;
//! of the code that is tested only the category of an ancillary takes part in it. A unit test holds the
//! two together.

mod bookings;
mod corrupt;
mod delivery;
mod dry;
mod export;
mod market;
mod readable;
mod rehearsal;
mod report;
mod send;
mod sign;
mod sources;
mod truth;
mod verify;
mod webhook;
mod xdm;

pub(crate) use bookings::Run;
#[cfg(test)]
pub(crate) use export::{Discrepancies, Held, Written, tests::view as run_view};
pub(crate) use export::{Report as ExportReport, line as run_line};
pub(crate) use market::MOST_FLIGHTS;
pub(crate) use rehearsal::{Rehearsal, Staged};
pub(crate) use report::Report as StreamReport;
pub(crate) use sign::Scheme;
pub(crate) use verify::Records;

use crate::cli::{AepOptions, AepRequest, NewSecret, SenderOptions, SourceRequest};
use crate::place::Place;
use crate::stop::Stop;
use crate::terminal;
use serde_json::Value;
use sign::Signer;
use sources::{Keeper, new_secret};
use std::time::Duration;
use webhook::{PATH, Webhook};

/// Does what is asked; answers whether all was as it must be.
pub(crate) async fn run(aws: bool, options: &AepOptions) -> anyhow::Result<bool> {
    match &options.request {
        AepRequest::Send(options) => send::run(aws, options).await,
        AepRequest::Export(options) => export::run(aws, options).await,
        AepRequest::Source { request } => source(aws, request).await.map(|()| true),
    }
}

/// Sends single requests, as the source that every stack has.
pub(crate) struct Sender {
    webhook: Webhook,
    signer: Signer,
}

impl Sender {
    /// By this stack's secret, to this stack's webhook.
    pub(crate) async fn of_the_stack(place: &Place) -> anyhow::Result<Self> {
        let sources = Keeper::at(place)?.read().await?;
        let signer = sources.signer(&SenderOptions::default())?;
        Ok(Self { webhook: Webhook::new(format!("{}{PATH}", place.api()?))?, signer })
    }

    /// Sends events in one request; answers how long the acknowledgement took.
    pub(crate) async fn send(&self, events: &[Value]) -> Result<Duration, Stop> {
        let body = Value::from(events).to_string().into_bytes();
        Ok(self.webhook.deliver(&self.signer, &body).await?.took)
    }
}

async fn source(aws: bool, request: &SourceRequest) -> anyhow::Result<()> {
    let keeper = Keeper::at(&Place::find(aws).await?)?;
    let mut sources = keeper.read().await?;
    let mut shown = None;
    let done = match request {
        SourceRequest::List => {
            sources.lines().iter().for_each(terminal::line);
            return Ok(());
        }
        SourceRequest::Set { name, scheme, client_id, secret } => {
            let new = new_secret(secret)?;
            let text = new.as_ref().map(|(secret, _)| secret.as_str());
            sources.set(name, *scheme, client_id.as_deref(), text)?;
            shown = new.filter(|(_, made)| *made);
            format!("{name} may send, by {}", scheme.name())
        }
        SourceRequest::Rotate { name, finish: true, .. } => {
            sources.finish(name)?;
            format!("the old secret of {name} holds no longer")
        }
        SourceRequest::Rotate { name, secret, .. } => {
            let none = secret.secret.is_none() && secret.secret_file.is_none();
            let made = new_secret(&NewSecret { generate: true, ..NewSecret::default() });
            let new = if none { made } else { new_secret(secret) }?;
            let new = new.ok_or_else(|| Stop::Usage("there is no new secret".into()))?;
            sources.rotate(name, &new.0)?;
            shown = Some(new).filter(|(_, made)| *made);
            format!(
                "{name} has a new secret; the old one holds too, until `rotate {name} --finish`"
            )
        }
        SourceRequest::Remove { name } => {
            sources.remove(name)?;
            format!("{name} may send no longer")
        }
    };
    keeper.write(&sources).await?;
    terminal::line(format_args!("{done}; functions that run know of it within five minutes"));
    if let Some((secret, _)) = shown {
        terminal::line(format_args!("its secret, which is shown this once: {secret}"));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
