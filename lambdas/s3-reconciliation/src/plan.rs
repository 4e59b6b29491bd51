//! What a file is, and in which parts it is to be read.

use crate::handler::{Bucket, Reconciliation, Table, decoded, fault_of_the_file, of_store};
use crate::rows::Bridge;
use flightpulse_bus::EventPublisher;
use flightpulse_contracts::tasks::reconciliation::{Planned, PlannedFile, PlannedPart};
use flightpulse_domain::reconciliation::{
    Attempt, Counts, ExportFile, Format, Manifest, Run, RunId, RunStatus, Slice,
};
use flightpulse_export_rows::slices;
use flightpulse_exports::{ExportError, StoredFile, decoded_key};
use flightpulse_lambda_kit::failure::Failure;
use flightpulse_store::Written;
use jiff::Timestamp;
use tokio::runtime::Handle;
use tokio::task::spawn_blocking;

/// The largest manifest that is read, in bytes: a hundred thousand files.
const MAX_MANIFEST: u64 = 16 << 20;
/// Files of a folder that are looked at for a manifest.
const MAX_LISTED: usize = 100_000;

/// Which run of a file is asked for, and by whom.
pub(crate) struct Asked {
    /// The execution that asks.
    pub(crate) execution: String,
    /// When it began, UTC.
    pub(crate) started_at: Timestamp,
    /// The run.
    pub(crate) run_id: RunId,
    /// Whether it is made again.
    pub(crate) again: bool,
}

impl<S: Table, B: EventPublisher, E: Bucket> Reconciliation<S, B, E> {
    /// Looks at a file and notes the run. A run that is made again keeps what it has found.
    pub(crate) async fn plan(
        &self,
        bucket: String,
        key: String,
        asked: Asked,
    ) -> Result<Planned, Failure> {
        let Asked { execution, started_at, mut run_id, again } = asked;
        let attempt = Attempt::of(&execution);
        let (key, looked) = self.look(&bucket, key).await?;
        let (file, named_fault) = match ExportFile::at(&key) {
            Ok(None) => {
                let (file, parts, failure) = (None, Vec::new(), None);
                return Ok(Planned { concerned: false, run_id, attempt, file, parts, failure });
            }
            Ok(Some(file)) => (Some(file), None),
            Err(unsupported) => (None, Some(unsupported.to_string())),
        };
        let mut known = self.store.run(&run_id).await.map_err(of_store)?;
        if known.as_ref().is_some_and(|known| !is_of(known, &key)) {
            if again {
                return Err(Failure::InvalidInput(format!("the run {run_id} is of another file")));
            }
            // Two executions of one second may have the same hash; each file has a run of its own.
            run_id = RunId::of(&format!("{execution}#{key}"), started_at);
            known = self.store.run(&run_id).await.map_err(of_store)?;
        }
        let noted = known.clone();
        let noted = noted.unwrap_or_else(|| begun(run_id.clone(), attempt.clone(), started_at));
        let mut run = Run {
            status: RunStatus::Running,
            bucket,
            key,
            kind: file.as_ref().map(|file| file.kind),
            size: looked.as_ref().ok().map(|file| file.size),
            dataset_id: file.as_ref().and_then(|file| file.dataset_id.clone()),
            exported_at: file.as_ref().and_then(|file| file.exported_at),
            attempt: attempt.clone(),
            ended_at: None,
            reason: None,
            ..noted
        };
        let sliced = match (named_fault, looked, &file) {
            (Some(fault), ..) | (None, Err(fault), _) => Err(fault),
            (None, Ok(stored), Some(file)) => {
                self.slice(&stored, file).await?.map(|slices| (stored, file.kind, slices))
            }
            (None, Ok(_), None) => Err("it is no file of an export".to_owned()),
        };
        let (file, slices, failure) = match sliced {
            Ok((StoredFile { bucket, key, size, etag }, kind, slices)) => {
                (Some(PlannedFile { bucket, key, etag, size, kind }), slices, None)
            }
            Err(fault) => (None, Vec::new(), Some(fault)),
        };
        let parts: Vec<_> =
            (0..).zip(slices).map(|(nth, slice)| PlannedPart { nth, slice }).collect();
        run.parts = u32::try_from(parts.len()).unwrap_or(u32::MAX);
        if self.store.plan_run(known.as_ref(), &run).await.map_err(of_store)? == Written::Outdated {
            return Err(Failure::Contended(format!("the run {run_id} was noted meanwhile")));
        }
        Ok(Planned { concerned: true, run_id, attempt, file, parts, failure })
    }

    /// Looks at a file. One that is not there under its key may be under the key as S3's own
    /// notifications would write it.
    async fn look(
        &self,
        bucket: &str,
        key: String,
    ) -> Result<(String, Result<StoredFile, String>), Failure> {
        let mut found = self.exports.look(bucket, &key).await;
        if let Err(ExportError::Gone(_)) = &found
            // Adobe's layout has a `=`, which such a key has as `%3D`.
            && let Some(decoded) = decoded_key(&key).filter(|_| key.contains('%'))
            && let Ok(file) = self.exports.look(bucket, &decoded).await
        {
            found = Ok(file);
        }
        match found {
            Ok(file) => Ok((file.key.clone(), Ok(file))),
            Err(error) => Ok((key, Err(fault_of_the_file(error)?))),
        }
    }

    /// The slices of a file; none of a manifest, which is held against its folder instead. What is
    /// wrong with it, where something is.
    async fn slice(
        &self,
        stored: &StoredFile,
        file: &ExportFile,
    ) -> Result<Result<Vec<Slice>, String>, Failure> {
        match file.kind.format() {
            Some(format) => self.slice_rows(stored.clone(), format).await,
            None => Ok(self.hold_manifest(stored, file).await?.map(|()| Vec::new())),
        }
    }

    async fn slice_rows(
        &self,
        file: StoredFile,
        format: Format,
    ) -> Result<Result<Vec<Slice>, String>, Failure> {
        let (exports, runtime) = (self.exports.clone(), Handle::current());
        let source = Bridge { exports, file, runtime };
        decoded(spawn_blocking(move || slices(&source, format)).await)
    }

    async fn hold_manifest(
        &self,
        stored: &StoredFile,
        file: &ExportFile,
    ) -> Result<Result<(), String>, Failure> {
        if stored.size > MAX_MANIFEST {
            let size = stored.size;
            return Ok(Err(format!("the manifest has {size} bytes: {MAX_MANIFEST} are read")));
        }
        let bytes = match self.exports.bytes(stored, 0..stored.size).await {
            Ok(bytes) => bytes,
            Err(error) => return Ok(Err(fault_of_the_file(error)?)),
        };
        let manifest = match Manifest::read(&bytes) {
            Ok(manifest) => manifest,
            Err(why) => return Ok(Err(why)),
        };
        match self.exports.list(&stored.bucket, &file.folder, MAX_LISTED).await {
            Ok(delivered) if delivered.len() == MAX_LISTED => {
                Ok(Err(format!("its folder has {MAX_LISTED} files or more: no more are looked at")))
            }
            Ok(mut delivered) => {
                // Those of folders below are of other exports.
                delivered.retain(|found| !found.key[file.folder.len()..].contains('/'));
                Ok(manifest.hold(&delivered, file.exported_at.is_some()))
            }
            Err(error) => Ok(Err(fault_of_the_file(error)?)),
        }
    }
}

/// Whether a run is of the file with this key, in either form.
fn is_of(run: &Run, key: &str) -> bool {
    run.key == key || decoded_key(key).is_some_and(|decoded| decoded == run.key)
}

fn begun(run_id: RunId, attempt: Attempt, started_at: Timestamp) -> Run {
    Run {
        run_id,
        status: RunStatus::Running,
        bucket: String::new(),
        key: String::new(),
        kind: None,
        size: None,
        dataset_id: None,
        exported_at: None,
        started_at,
        attempt,
        ended_at: None,
        parts: 0,
        counts: Counts::default(),
        missing: 0,
        different: 0,
        reason: None,
        report: None,
    }
}
