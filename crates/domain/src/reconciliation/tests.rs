use super::*;
use jiff::Timestamp;
use proptest::prelude::*;
use rstest::rstest;

const FOLDER: &str = "exports/65f1c0/exportTime=202611300600/";

#[rstest]
#[case("part-00000-tid-253136349007858095-a93bcf2e-672704-1-c000.gz.parquet", ExportKind::Parquet)]
#[case("part-00000-c000.parquet", ExportKind::Parquet)]
#[case("part-00000-c000.snappy.PARQUET", ExportKind::Parquet)]
#[case("part-00000-c000.json.gz", ExportKind::JsonGz)]
#[case("part-00000-c000.ndjson", ExportKind::Json)]
#[case("part-00000-c000.jsonl.gz", ExportKind::JsonGz)]
#[case("part-00000-c000.json", ExportKind::Json)]
#[case("manifest-d0420d72-0ac8f3c0.json", ExportKind::Manifest)]
fn a_file_is_known_by_the_end_of_its_name(#[case] name: &str, #[case] kind: ExportKind) {
    let file = ExportFile::at(&format!("{FOLDER}{name}")).unwrap().unwrap();
    assert_eq!((file.kind, file.folder.as_str(), file.name.as_str()), (kind, FOLDER, name));
    assert_eq!(file.dataset_id.as_deref(), Some("65f1c0"));
    assert_eq!(file.exported_at, Some("2026-11-30T06:00:00Z".parse().unwrap()));
}

#[rstest]
#[case("exports/")]
#[case("exports/65f1c0/_SUCCESS")]
#[case("exports/65f1c0/.part-00000.parquet.crc")]
fn what_writers_leave_beside_exports_is_none(#[case] key: &str) {
    assert_eq!(ExportFile::at(key), Ok(None));
}

#[test]
fn a_file_in_another_format_is_named() {
    let error = ExportFile::at("exports/a/segment.csv").unwrap_err().to_string();
    assert!(error.starts_with("segment.csv is in no format that is read"), "{error}");
}

#[rstest]
#[case("part.json", None, None)]
#[case("mine/part.json", None, None)]
#[case("exportTime=202611300600/part.json", None, Some("2026-11-30T06:00:00Z"))]
#[case("d/exportTime=soon/part.json", Some("d"), None)]
fn a_layout_of_ones_own_is_read_as_far_as_it_tells(
    #[case] key: &str,
    #[case] dataset: Option<&str>,
    #[case] time: Option<&str>,
) {
    let file = ExportFile::at(key).unwrap().unwrap();
    assert_eq!(file.dataset_id.as_deref(), dataset);
    assert_eq!(file.exported_at, time.map(|time| time.parse().unwrap()));
}

fn listed(files: &[(&str, u64)]) -> Vec<Delivered> {
    files
        .iter()
        .map(|(name, size)| Delivered { key: format!("{FOLDER}{name}"), size: *size })
        .collect()
}

/// As Adobe's documentation has it, with the names of a dataset's export.
const MANIFEST: &str = r#"{"flowRunId":"0ac8f3c0-29bd-40aa-82c1-f1b7e0657b19","scheduledTime":"2026-11-30T06:00:00Z",
    "exportResults":[{"sinkPath":"/exports/65f1c0/exportTime=202611300600","name":"part-0.json.gz","size":145854},
                     {"sinkPath":"/exports/65f1c0/exportTime=202611300600","name":"part-1.json.gz","size":7}]}"#;

#[rstest]
#[case(&[("part-0.json.gz", 145_854), ("part-1.json.gz", 7), ("_SUCCESS", 0), ("manifest-a.json", 400)], Ok(()))]
#[case(&[("part-0.json.gz", 145_854)], Err("files of the manifest are not there: part-1.json.gz"))]
#[case(
    &[("part-0.json.gz", 12), ("part-1.json.gz", 7)],
    Err("files are of another size than the manifest says: part-0.json.gz (12 bytes, listed with 145854)")
)]
#[case(
    &[("part-0.json.gz", 145_854), ("part-1.json.gz", 7), ("part-2.json.gz", 1)],
    Err("files are there that the manifest does not list: part-2.json.gz")
)]
fn a_manifest_is_held_against_its_folder(
    #[case] there: &[(&str, u64)],
    #[case] expected: Result<(), &str>,
) {
    let manifest = Manifest::read(MANIFEST.as_bytes()).unwrap();
    assert_eq!(manifest.len(), 2);
    assert_eq!(manifest.hold(&listed(there), true), expected.map_err(str::to_owned));
}

#[test]
fn in_a_folder_of_several_exports_others_files_are_no_fault() {
    let manifest = Manifest::read(MANIFEST.as_bytes()).unwrap();
    let files = [("part-0.json.gz", 145_854), ("part-1.json.gz", 7), ("part-2.json.gz", 1)];
    assert_eq!(manifest.hold(&listed(&files), false), Ok(()));
}

#[rstest]
#[case(Counts { rows: 4, ignored: 4, untyped: 4, ..Counts::default() }, Some("none of its 4 rows has"))]
#[case(Counts { rows: 4, rejected: 4, ..Counts::default() }, Some("none of its 4 rows can"))]
#[case(Counts { rows: 4, ignored: 3, rejected: 1, ..Counts::default() }, None)]
#[case(Counts { rows: 4, ignored: 4, untyped: 3, ..Counts::default() }, None)]
#[case(Counts { rows: 4, booking_events: 1, rejected: 3, ..Counts::default() }, None)]
#[case(Counts::default(), None)]
fn rows_of_another_kind_make_no_export(#[case] counts: Counts, #[case] why: Option<&str>) {
    let found = Run::implausible(&counts);
    assert_eq!(found.is_some(), why.is_some(), "{found:?}");
    assert!(found.unwrap_or_default().starts_with(why.unwrap_or_default()));
}

#[test]
fn what_is_no_manifest_says_why() {
    let error = Manifest::read(br#"{"flowRunId":"0"}"#).unwrap_err();
    assert!(error.contains("exportResults"), "{error}");
}

#[test]
fn of_many_faults_the_first_are_named() {
    let files: Vec<_> = (0..9).map(|nth| format!(r#"{{"name":"part-{nth}.json"}}"#)).collect();
    let text = format!(r#"{{"exportResults":[{}]}}"#, files.join(","));
    let error = Manifest::read(text.as_bytes()).unwrap().hold(&[], true).unwrap_err();
    assert!(error.ends_with("part-4.json and 4 more"), "{error}");
}

#[test]
fn run_ids_are_in_the_order_of_time_and_read_back() {
    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    let one = RunId::of("arn:execution:1", at("2026-11-30T06:30:12.5Z"));
    let later = RunId::of("arn:execution:2", at("2026-11-30T06:30:13Z"));
    assert!(one < later && one.as_str().starts_with("20261130T063012Z-"));
    assert_eq!(RunId::of("arn:execution:1", at("2026-11-30T06:30:12.5Z")), one);
    assert_ne!(RunId::of("arn:execution:3", at("2026-11-30T06:30:12.5Z")), one);
    assert_eq!(RunId::new(one.as_str()), Ok(one));
}

#[rstest]
#[case("")]
#[case("20261130T063012Z-3F2A9C1B")]
#[case("20261130T063012Z#3f2a9c1b")]
#[case("20261130T063012Z-3f2a9c1b0")]
fn what_is_no_run_id_is_refused(#[case] text: &str) {
    assert_eq!(RunId::new(text), Err(NoRunId));
}

#[test]
fn an_execution_is_one_attempt() {
    let one = Attempt::of("arn:execution:1");
    assert_eq!(one, Attempt::of("arn:execution:1"));
    assert_ne!(one, Attempt::of("arn:execution:2"));
    assert_eq!(Attempt::try_from(String::from(one.clone())), Ok(one));
    for text in ["", "3F2A9C1B", "3f2a9c1", "3f2a9c1b0", "3f2a9c1/"] {
        assert_eq!(Attempt::try_from(text.to_owned()), Err(NoAttempt), "{text}");
    }
}

proptest! {
    #[test]
    fn slices_of_row_groups_have_each_row_once_and_are_small(
        groups in prop::collection::vec((1..60_000u64, 1..(200u64 << 20)), 0..80),
    ) {
        let groups: Vec<_> =
            groups.into_iter().map(|(rows, bytes)| RowGroup { rows, bytes }).collect();
        let slices = row_groups(&groups).unwrap();
        let mut next = (0, 0);
        for slice in &slices {
            let Slice::RowGroups { from, to, first_row } = slice else { panic!("{slice:?}") };
            prop_assert_eq!((*from, *first_row), next);
            prop_assert!(to > from);
            let own = &groups[*from..*to];
            let rows: u64 = own.iter().map(|group| group.rows).sum();
            let bytes: u64 = own.iter().map(|group| group.bytes).sum();
            prop_assert!(rows <= MAX_ROWS_OF_A_SLICE && bytes <= MAX_BYTES_OF_A_SLICE);
            next = (*to, first_row + rows);
        }
        prop_assert_eq!(next.0, groups.len());
    }

    #[test]
    fn ranges_of_bytes_have_each_byte_once(size in 0..(90u64 << 30)) {
        let slices = byte_ranges(size).unwrap();
        let mut next = 0;
        for slice in &slices {
            match slice {
                Slice::Whole => next = size,
                Slice::Bytes { from, to } => {
                    prop_assert_eq!(*from, next);
                    prop_assert!(to > from);
                    next = *to;
                }
                Slice::RowGroups { .. } => panic!("{slice:?}"),
            }
        }
        prop_assert_eq!(next, size);
    }
}

#[test]
fn a_row_group_of_a_million_rows_is_one_slice_and_one_that_is_too_large_is_none() {
    let million = RowGroup { rows: 1_000_000, bytes: 300 << 20 };
    assert_eq!(row_groups(&[million, million]).unwrap().len(), 2);
    let error = row_groups(&[RowGroup { bytes: 1 << 30, ..million }]).unwrap_err().to_string();
    assert!(error.starts_with("row group 0 has 1073741824 bytes"), "{error}");
}

#[test]
fn a_file_of_too_many_slices_is_refused() {
    assert!(byte_ranges(200 << 30).unwrap_err().to_string().contains("more than 1000"));
}

// Sizes and counts are what somebody's file says of itself.
#[test]
fn numbers_that_no_file_has_are_refused_before_anything_is_made_of_them() {
    assert!(byte_ranges(u64::MAX).unwrap_err().to_string().contains("more than 1000"));
    let endless = RowGroup { rows: u64::MAX / 2, bytes: 1 };
    let error = row_groups(&[endless; 3]).unwrap_err().to_string();
    assert!(
        error.starts_with("row group 2 would be the file's row 18446744073709551614"),
        "{error}"
    );
}
