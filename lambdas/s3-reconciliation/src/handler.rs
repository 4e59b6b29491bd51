//! From a task of the workflow to its answer.

use crate::plan::Asked;
use flightpulse_bus::EventPublisher;
use flightpulse_contracts::tasks::reconciliation::ReconciliationTask;
use flightpulse_export_rows::NotRead;
use flightpulse_exports::{ExportError, ExportReader, ReportWriter};
use flightpulse_lambda_kit::failure::Failure;
use flightpulse_store::{
    BookingReader, FlightReader, ReconciliationLog, ReservationReader, ReservationWriter,
    StoreError,
};
use jiff::Timestamp;
use serde_json::Value;
use tokio::task::JoinError;

/// What the function works with.
pub struct Reconciliation<S, B, E> {
    /// The reservations, the flights that they are of, and the runs.
    pub store: S,
    /// Takes what needs another flight.
    pub bus: B,
    /// The files of exports, and the reports.
    pub exports: E,
    /// The time, UTC.
    pub clock: fn() -> Timestamp,
}

/// What a reconciliation needs of the table.
pub trait Table:
    ReservationReader + ReservationWriter + FlightReader + BookingReader + ReconciliationLog
{
}

impl<S> Table for S where
    S: ReservationReader + ReservationWriter + FlightReader + BookingReader + ReconciliationLog
{
}

/// What it needs of the bucket. Files are read on a thread of their own.
pub trait Bucket: ExportReader + ReportWriter + Clone + 'static {}

impl<E: ExportReader + ReportWriter + Clone + 'static> Bucket for E {}

impl<S: Table, B: EventPublisher, E: Bucket> Reconciliation<S, B, E> {
    /// Handles one task.
    ///
    /// # Errors
    /// [`Failure`], by what the workflow can do about it. What is wrong with a file is none: it is in
    /// the answer, or in the report of the part.
    pub async fn handle(&self, task: ReconciliationTask) -> Result<Value, Failure> {
        match task {
            ReconciliationTask::Plan { bucket, key, execution, started_at, run_id, again } => {
                let asked = Asked { execution, started_at, run_id, again };
                answer(&self.plan(bucket, key, asked).await?)
            }
            ReconciliationTask::Reconcile { run_id, attempt, file, part } => {
                answer(&self.reconcile(&run_id, attempt, file, &part).await?)
            }
            ReconciliationTask::NoteFailure { run_id, attempt, part, failure } => {
                answer(&self.note_failure(&run_id, attempt, &part, failure).await?)
            }
            ReconciliationTask::Conclude { run_id, attempt, failure } => {
                answer(&self.conclude(&run_id, &attempt, failure).await?)
            }
        }
    }
}

fn answer(value: &impl serde::Serialize) -> Result<Value, Failure> {
    serde_json::to_value(value).map_err(|error| Failure::Defect(error.to_string()))
}

pub(crate) fn of_store(error: StoreError) -> Failure {
    Failure::of_call(&error, error.is_transient())
}

/// What failed of the bucket, where it is none of the file's own faults.
pub(crate) fn of_bucket(error: ExportError) -> Failure {
    Failure::of_call(&error, error.is_transient())
}

/// Why a file cannot be read, until someone has done something about it; an error when the same call
/// can succeed later.
pub(crate) fn fault_of_the_file(error: ExportError) -> Result<String, Failure> {
    if error.is_transient() { Err(of_bucket(error)) } else { Ok(error.to_string()) }
}

/// What a decoder gave, or what is wrong with the file; an error when reading it can succeed later.
pub(crate) fn decoded<T>(
    read: Result<Result<T, NotRead<ExportError>>, JoinError>,
) -> Result<Result<T, String>, Failure> {
    match read {
        Ok(Ok(given)) => Ok(Ok(given)),
        Ok(Err(NotRead::Broken(why))) => Ok(Err(why)),
        Ok(Err(NotRead::Source(error))) => Ok(Err(fault_of_the_file(error)?)),
        // The decoder met what it was not made for.
        Err(error) => {
            tracing::error!(%error, "the decoder of a file stopped");
            Ok(Err("the file cannot be decoded".to_owned()))
        }
    }
}

#[cfg(test)]
mod tests;
