//! Files of exports, by their keys and their manifests, and how they are cut into slices.

use flightpulse_domain::reconciliation::{
    Delivered, ExportFile, ExportKind, MAX_BYTES_OF_A_SLICE, MAX_ROWS_OF_A_SLICE, MAX_SLICES,
    Manifest, RowGroup, RunId, Slice, byte_ranges, row_groups,
};
use jiff::Timestamp;
use serde_json::Value;
use std::collections::BTreeMap;

/// Reads keys, one a line, a manifest, and sizes.
pub fn export_files(input: &[u8]) {
    String::from_utf8_lossy(input).lines().take(20).for_each(at);
    manifest(input);
    ranges(input);
    groups(input);
    runs(input);
}

/// A file is named by its key and by nothing else; what is beside an export is none.
fn at(key: &str) {
    let name = key.rsplit('/').next().unwrap_or_default();
    match ExportFile::at(key) {
        Ok(Some(file)) => {
            assert_eq!(file.folder.clone() + &file.name, key);
            assert!(!file.name.contains('/') && !file.name.starts_with(['_', '.']), "{file:?}");
            assert!(
                file.dataset_id.as_ref().is_none_or(|id| key.contains(id.as_str())),
                "{file:?}"
            );
            assert_eq!(file.kind.format().is_none(), file.kind == ExportKind::Manifest);
            // Its kind is told by its name alone.
            let moved = ExportFile::at(&format!("elsewhere/{name}"));
            assert_eq!(moved.map(|file| file.map(|file| file.kind)), Ok(Some(file.kind)));
        }
        Ok(None) => assert!(name.is_empty() || name.starts_with(['_', '.']), "{key:?}"),
        Err(unsupported) => assert_eq!(unsupported.name, name),
    }
}

/// A manifest holds of exactly what it lists, and says so of anything else.
fn manifest(bytes: &[u8]) {
    let Ok(manifest) = Manifest::read(bytes) else { return };
    // What nothing is read of may be no JSON, and serde takes a list for an object.
    let Ok(json @ Value::Object(_)) = serde_json::from_slice::<Value>(bytes) else { return };
    let listed = json["exportResults"].as_array().map(Vec::as_slice).unwrap_or_default();
    assert_eq!((manifest.len(), manifest.is_empty()), (listed.len(), listed.is_empty()));
    let of = |file: &Value| {
        let key = file["name"].as_str()?;
        Some((key.rsplit('/').next()?.to_owned(), file["size"].as_u64().unwrap_or(7)))
    };
    let there: BTreeMap<_, _> = listed.iter().filter_map(of).collect();
    let delivered: Vec<_> = there
        .iter()
        .map(|(name, size)| Delivered { key: format!("folder/{name}"), size: *size })
        .collect();
    let answer = manifest.hold(&delivered, true);
    // A name that it lists twice may be of two sizes, of which one counts.
    assert!(answer.is_ok() || there.len() < listed.len(), "{answer:?}");
    if let Some((_, less)) = delivered.split_first() {
        assert!(manifest.hold(less, true).is_err());
    }
    let more = Delivered { key: "folder/not-listed.parquet".to_owned(), size: 1 };
    if !there.contains_key("not-listed.parquet") {
        let more = [delivered.as_slice(), &[more]].concat();
        assert!(manifest.hold(&more, true).is_err());
        assert_eq!(manifest.hold(&more, false), answer);
    }
}

fn number(bytes: &[u8]) -> u64 {
    bytes.iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte))
}

/// Ranges of bytes have each byte once.
fn ranges(input: &[u8]) {
    let size = number(input);
    let Ok(slices) = byte_ranges(size) else { return };
    assert!((1..=MAX_SLICES).contains(&slices.len()));
    let mut end = 0;
    for slice in &slices {
        match slice {
            Slice::Whole => assert_eq!((slices.len(), end), (1, 0)),
            Slice::Bytes { from, to } => {
                assert!(*from == end && from < to, "{slice:?}");
                end = *to;
            }
            Slice::RowGroups { .. } => unreachable!("{slice:?}"),
        }
    }
    assert!(slices == [Slice::Whole] || end == size);
}

/// Slices have each row group once, and are as large as they may be at most.
fn groups(input: &[u8]) {
    let groups: Vec<_> = input
        .chunks_exact(6)
        .map(|six| RowGroup { rows: number(&six[..3]), bytes: number(&six[3..]) << 6 })
        .collect();
    let Ok(slices) = row_groups(&groups) else { return };
    let (mut next, mut rows_before) = (0, 0);
    for slice in slices {
        let Slice::RowGroups { from, to, first_row } = slice else { unreachable!("{slice:?}") };
        assert_eq!((from, first_row), (next, rows_before));
        let inside = &groups[from..to];
        let rows: u64 = inside.iter().map(|group| group.rows).sum();
        let bytes: u64 = inside.iter().map(|group| group.bytes).sum();
        let fits = rows <= MAX_ROWS_OF_A_SLICE && bytes <= MAX_BYTES_OF_A_SLICE;
        assert!(fits || inside.len() == 1, "{slice:?}");
        (next, rows_before) = (to, rows_before + rows);
    }
    assert_eq!(next, groups.len());
}

/// An execution names its run, in a form that is one.
fn runs(input: &[u8]) {
    let execution = String::from_utf8_lossy(input);
    let second = i64::try_from(number(input) >> 30).unwrap_or_default();
    let Ok(at) = Timestamp::from_second(second) else { return };
    let id = RunId::of(&execution, at);
    assert_eq!(RunId::new(id.as_str()).as_ref(), Ok(&id), "at {at}");
}
