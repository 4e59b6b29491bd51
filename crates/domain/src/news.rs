//! What passengers know of a facet: what all were told, what they are being told just now, and
//! what some may have read.

use crate::facet::FacetVersion;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Something that passengers were told of a facet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told<T> {
    /// The version of the facet that they were told of.
    pub version: FacetVersion,
    /// The flight's revision when telling began: which of two facets' news was said last. Event
    /// time does not tell that, since events arrive in any order.
    #[serde(default)]
    pub revision: u64,
    /// What they were told.
    #[serde(flatten)]
    pub said: T,
}

/// What is told of the schedule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToldSchedule {
    /// The departure, UTC.
    pub departure: Timestamp,
}

/// What is told of the gate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToldGate {
    /// The gate.
    pub gate: String,
    /// The gate that was said to be the old one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub old_gate: Option<String>,
    /// Whether it was said to be in another terminal.
    #[serde(default)]
    pub terminal_change: bool,
}

/// What is told of whether the flight operates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToldStatus {
    /// Whether it was said not to operate.
    pub cancelled: bool,
    /// The departure that was said with it, UTC: whoever reads that a flight operates after all
    /// reads when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub departure: Option<Timestamp>,
    /// The gate that was said with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gate: Option<String>,
}

/// What passengers know of one facet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct News<T> {
    /// What all of them were told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub told: Option<Told<T>>,
    /// What they are being told just now: some may have read it already.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub telling: Option<Told<T>>,
    /// What some of them may have read though the telling was never finished: it failed, or newer
    /// news took its place. While it is there, every report is told, whatever it says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maybe_told: Option<Told<T>>,
}

impl<T> Default for News<T> {
    fn default() -> Self {
        Self { told: None, telling: None, maybe_told: None }
    }
}

/// How far the telling of a facet has come, whatever it tells.
pub trait Telling {
    /// Whether passengers were never told anything, nor are being told.
    fn is_empty(&self) -> bool;

    /// Whether they are being told just now.
    fn is_under_way(&self) -> bool;

    /// Whether telling of this version was begun and not finished.
    fn is_begun(&self, version: &FacetVersion) -> bool;

    /// Whether passengers have been, are being, or may have been told of a newer version than
    /// this, so that telling them of this one would take back what is true.
    fn has_newer(&self, than: &FacetVersion) -> bool;

    /// All passengers have been told of this version, if it is the one being told.
    fn finish(&mut self, version: &FacetVersion);

    /// Telling of this version has failed, if it is the one being told: some may have read it.
    fn abandon(&mut self, version: &FacetVersion);
}

impl<T> Telling for News<T> {
    fn is_empty(&self) -> bool {
        self.told.is_none() && self.telling.is_none() && self.maybe_told.is_none()
    }

    fn is_under_way(&self) -> bool {
        self.telling.is_some()
    }

    fn is_begun(&self, version: &FacetVersion) -> bool {
        self.begun(version).is_some()
    }

    fn has_newer(&self, than: &FacetVersion) -> bool {
        let known = [&self.told, &self.telling, &self.maybe_told];
        known.into_iter().flatten().any(|news| news.version > *than)
    }

    fn finish(&mut self, version: &FacetVersion) {
        if let Some(news) = self.telling.take_if(|news| news.version == *version) {
            self.told = Some(news);
            self.maybe_told = None;
        }
    }

    fn abandon(&mut self, version: &FacetVersion) {
        if let Some(news) = self.telling.take_if(|news| news.version == *version) {
            self.maybe_told = Some(news);
        }
    }
}

impl<T> News<T> {
    /// Passengers are going to be told of this. What they were being told of until now, some may
    /// have read.
    pub fn begin(&mut self, news: Told<T>) {
        let version = news.version.clone();
        if let Some(cut_short) = self.telling.replace(news)
            && cut_short.version != version
        {
            self.maybe_told = Some(cut_short);
        }
    }

    /// What is told of this version, if telling of it was begun and not finished.
    #[must_use]
    pub fn begun(&self, version: &FacetVersion) -> Option<&Told<T>> {
        let begun = [&self.telling, &self.maybe_told];
        begun.into_iter().flatten().find(|news| news.version == *version)
    }

    /// What passengers believe when they read of `version`: what they are being told just now, or
    /// may have been, if that is not the version itself (a workflow entered again), else what they
    /// were told last.
    #[must_use]
    pub fn believed(&self, version: &FacetVersion) -> Option<&Told<T>> {
        let others = |news: &&Told<T>| news.version != *version;
        let telling = self.telling.as_ref().filter(others);
        telling.or_else(|| self.maybe_told.as_ref().filter(others)).or(self.told.as_ref())
    }
}
