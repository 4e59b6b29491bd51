//! What is written is read again, and says what the plan says.

use super::*;
use crate::aep::bookings::Run;
use crate::cli::{Cli, Command, Compression, ExportFormat};
use arrow_json::LineDelimitedWriter;
use clap::Parser;
use flate2::read::GzDecoder;
use flightpulse_contracts::rest::reconciliations::ReconciliationView;
use flightpulse_domain::ids::Pnr;
use flightpulse_domain::reconciliation::{
    Counts, Delivered, ExportFile, ExportKind, Manifest, RunId, RunStatus,
};
use flightpulse_domain::reservation::{Feed, Reservation};
use flightpulse_domain::xdm::{Read, read};
use jiff::Timestamp;
use parquet::arrow::arrow_reader::{ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
use proptest::prelude::*;
use rstest::rstest;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

fn now() -> Timestamp {
    "2026-12-01T00:00:00Z".parse().unwrap()
}

/// A run that has found so many missing.
pub(crate) fn view(key: &str, missing: u64) -> ReconciliationView {
    ReconciliationView {
        reconciliation_id: RunId::of(&format!("{key} {missing}"), now()),
        status: RunStatus::Completed,
        reason: None,
        bucket: "exports".into(),
        key: key.into(),
        kind: None,
        size: None,
        dataset_id: None,
        exported_at: None,
        started_at: now(),
        ended_at: Some(now()),
        parts: 1,
        counts: Counts::default(),
        discrepancies: missing,
        missing,
        different: 0,
        report: None,
    }
}

fn bookings(seed: u32, count: u32) -> Bookings {
    let run: Run = "AB2CD".parse().unwrap();
    Bookings::plan(run, seed, count, 4, jiff::civil::date(2026, 12, 15), now()).unwrap()
}

fn options(line: &str) -> ExportOptions {
    let cli = Cli::try_parse_from(format!("x aep export {line}").trim().split(' ')).unwrap();
    match cli.command {
        Command::Aep(crate::cli::AepOptions {
            request: crate::cli::AepRequest::Export(options),
        }) => *options,
        other => panic!("{other:?}"),
    }
}

/// Writes an export into a folder; answers with its report.
async fn exported(bookings: &Bookings, line: &str, folder: &Path) -> Report {
    let mut options = options(line);
    options.out = Some(folder.to_owned());
    let export = Export::new(bookings, options.lost, &options).unwrap();
    export.write(None, &Interrupt::listen()).await.unwrap()
}

/// The rows of a file as JSON, each a line.
fn read_back(path: &Path) -> Vec<Value> {
    let name = path.to_string_lossy();
    let mut text = String::new();
    if name.ends_with(".parquet") {
        let file = File::open(path).unwrap();
        let columns = ArrowReaderOptions::new().with_schema(schema::columns());
        let reader = ParquetRecordBatchReaderBuilder::try_new_with_options(file, columns).unwrap();
        let mut lines = LineDelimitedWriter::new(Vec::new());
        reader.build().unwrap().for_each(|batch| lines.write(&batch.unwrap()).unwrap());
        lines.finish().unwrap();
        text = String::from_utf8(lines.into_inner()).unwrap();
    } else if name.ends_with(".gz") {
        GzDecoder::new(File::open(path).unwrap()).read_to_string(&mut text).unwrap();
    } else {
        File::open(path).unwrap().read_to_string(&mut text).unwrap();
    }
    if text.starts_with('[') {
        return serde_json::from_str(&text).unwrap();
    }
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn apply(all: &mut BTreeMap<Pnr, Reservation>, events: &[Value]) {
    for event in events {
        let event = match read(event, Feed::Reconciliation, now()) {
            Ok(Read::Booking(event)) => event,
            other => panic!("{other:?}: {event}"),
        };
        let known = all.entry(event.pnr.clone());
        let known = known.or_insert_with(|| Reservation::new(event.pnr.clone()));
        known.apply(&event).unwrap();
    }
}

/// What the domain makes of events, in the order in which they come.
fn folded(events: &[Value]) -> BTreeMap<Pnr, Reservation> {
    let mut all = BTreeMap::new();
    apply(&mut all, events);
    all
}

fn events(bookings: &Bookings) -> Vec<Value> {
    let all = (0..bookings.count).flat_map(|number| {
        let booking = bookings.booking(number).unwrap();
        let event = |event| crate::aep::xdm::event(bookings, &booking, event, false);
        booking.events.iter().map(event).collect::<Vec<_>>()
    });
    all.collect()
}

#[rstest]
#[case("--compression none", ".parquet")]
#[case("--compression snappy --row-group-rows 50", ".snappy.parquet")]
#[case("--compression gzip --row-group-rows 100", ".gz.parquet")]
#[case("--compression zstd", ".zstd.parquet")]
#[case("--compression lz4", ".lz4.parquet")]
#[case("--compression brotli", ".br.parquet")]
#[case("--format ndjson", ".json.gz")]
#[case("--format ndjson --compression none", ".json")]
#[case("--format json", ".json.gz")]
#[case("--format json --compression none", ".json")]
#[tokio::test]
async fn what_is_written_says_what_the_plan_says(#[case] line: &str, #[case] ending: &str) {
    let folder = tempfile::tempdir().unwrap();
    let bookings = bookings(5, 180);
    let report = exported(&bookings, &format!("{line} --parts 2"), folder.path()).await;
    let mut found = Vec::new();
    for file in &report.files[..2] {
        assert!(file.key.ends_with(ending), "{}", file.key);
        let rows = read_back(&folder.path().join(&file.key));
        assert_eq!(rows.len() as u64, file.rows);
        found.extend(rows);
    }
    let planned = events(&bookings);
    assert_eq!((found.len(), report.written.rows), (planned.len(), planned.len() as u64));
    assert_eq!(folded(&found), folded(&planned));
    let id = |event: &Value| event["_id"].as_str().map(str::to_owned);
    let (found, planned): (Vec<_>, Vec<_>) =
        (found.iter().map(id).collect(), planned.iter().map(id).collect());
    assert_ne!(found, planned, "an export has no order");
}

#[tokio::test]
async fn parquet_has_the_row_groups_that_are_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let line = "--repeat 3 --row-group-rows 100";
    let report = exported(&bookings(5, 100), line, folder.path()).await;
    let file = File::open(folder.path().join(&report.files[0].key)).unwrap();
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).unwrap();
    let rows: Vec<_> = reader.metadata().row_groups().iter().map(|one| one.num_rows()).collect();
    assert!(rows.len() > 3 && rows[..rows.len() - 1].iter().all(|rows| *rows == 100), "{rows:?}");
    assert_eq!(rows.iter().sum::<i64>() as usize, events(&bookings(5, 100)).len() * 3);
}

#[tokio::test]
async fn the_manifest_is_of_what_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let report = exported(&bookings(5, 90), "--parts 3", folder.path()).await;
    let files = report.files.iter().map(|file| Delivered {
        key: file.key.clone(),
        size: std::fs::metadata(folder.path().join(&file.key)).unwrap().len(),
    });
    let files: Vec<_> = files.collect();
    let last = report.files.last().unwrap();
    let manifest = Manifest::read(&std::fs::read(folder.path().join(&last.key)).unwrap()).unwrap();
    assert_eq!((manifest.len(), manifest.hold(&files, true)), (3, Ok(())));
    let read = |key: &str| ExportFile::at(key).unwrap().unwrap();
    assert_eq!(read(&last.key).kind, ExportKind::Manifest);
    let part = read(&report.files[0].key);
    assert_eq!((part.kind, part.exported_at), (ExportKind::Parquet, Some(now())));
    assert_eq!(part.dataset_id.map(|id| id.len()), Some(24));
    let keys: BTreeSet<_> = report.files.iter().map(|file| &file.key).collect();
    insta::assert_debug_snapshot!(keys);
}

#[tokio::test]
async fn the_same_export_has_the_same_files() {
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let line = "--format ndjson --compression none --spoilt 5 --gaps 10 --parts 2";
    let first = exported(&bookings(5, 90), line, one.path()).await;
    let second = exported(&bookings(5, 90), line, other.path()).await;
    assert_eq!(first.files, second.files);
    for file in &first.files {
        let bytes = |folder: &Path| std::fs::read(folder.join(&file.key)).unwrap();
        assert_eq!(bytes(one.path()), bytes(other.path()));
    }
    let line = "--dataset d1 --time 2026-12-03T04:05:06Z";
    let elsewhere = exported(&bookings(5, 90), line, one.path()).await;
    assert!(elsewhere.files[0].key.starts_with("exports/d1/exportTime=202612030405/part-"));
}

#[rstest]
#[case(ExportFormat::Ndjson, Compression::Snappy)]
#[case(ExportFormat::Json, Compression::Zstd)]
fn json_is_compressed_by_gzip_alone(
    #[case] format: ExportFormat,
    #[case] compression: Compression,
) {
    let shape = Shape { format, compression, row_group_rows: 1 };
    assert!(matches!(shape.checked(), Err(Stop::Usage(_))));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn every_event_is_there_so_often_and_what_is_spoilt_is_said(
        seed in any::<u32>(), spoilt in 0u32..30, repeat in 1u32..4, gaps in 0u32..40,
        parts in 1u32..5,
    ) {
        let bookings = bookings(seed, 130);
        let line = format!("--spoilt {spoilt} --repeat {repeat} --gaps {gaps} --parts {parts}");
        let options = options(&line);
        let export = Export::new(&bookings, None, &options).unwrap();
        let mut rows = export.rows();
        let (mut found, mut of_part) = (Vec::new(), BTreeMap::new());
        let (mut rejected, mut flaws) = (0, BTreeSet::new());
        for part in 0..parts {
            rows.begin(export.numbers(part));
            while let Some(row) = rows.next().unwrap() {
                match (read(&row.value, Feed::Reconciliation, now()), row.spoilt) {
                    (Ok(Read::Booking(event)), None) => {
                        // All of a booking is in one part.
                        prop_assert_eq!(*of_part.entry(event.pnr).or_insert(part), part);
                        found.push(row.value);
                    }
                    (Err(why), Some((id, flaw))) => {
                        prop_assert!(why.to_string().contains(flaw.reason()), "{}", why);
                        prop_assert_eq!(row.value["_id"].as_str(), Some(id.as_str()));
                        rejected += 1;
                        flaws.insert((id, flaw.reason()));
                    }
                    (read, spoilt) => prop_assert!(false, "{:?}, {:?}", read, spoilt),
                }
            }
        }
        let planned = events(&export.exported);
        prop_assert_eq!(found.len(), planned.len() * repeat as usize);
        prop_assert_eq!(rejected, flaws.len());
        prop_assert!(spoilt > 0 || flaws.is_empty());
        prop_assert_eq!(folded(&found), folded(&planned));
        prop_assert_eq!(rows.gaps() as usize, events(&bookings).len() - planned.len());
    }

    #[test]
    fn what_must_be_found_is_what_the_domain_finds(
        seed in any::<u32>(), lost in 0u32..60, gaps in 0u32..60,
    ) {
        let bookings = bookings(seed, 150);
        let options = options(&format!("--gaps {gaps}"));
        let export = Export::new(&bookings, Some(lost), &options).unwrap();
        let streamed = folded(&events(&bookings.by(Way::Stream, Some(lost), 0)));
        let mut table = streamed.clone();
        apply(&mut table, &events(&export.exported));
        let mut found = Discrepancies::default();
        for (pnr, reservation) in &table {
            match streamed.get(pnr) {
                None => found.missing += 1,
                Some(before) if before != reservation => found.different += 1,
                Some(_) => {}
            }
        }
        prop_assert_eq!(export.expected().unwrap(), Some(found));
        // What is in the table then is all that was said by either.
        prop_assert_eq!(table, folded(&events(&export.said)));
    }
}
