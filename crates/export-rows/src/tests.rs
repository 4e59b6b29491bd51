use super::*;
use arrow_json::ReaderBuilder;
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use flightpulse_domain::reservation::Feed;
use flightpulse_domain::xdm::{self, Read};
use parquet::arrow::ArrowWriter;
use parquet::basic::{BrotliLevel, Compression as Codec, GzipLevel, ZstdLevel};
use parquet::file::properties::WriterProperties;
use proptest::prelude::*;
use rstest::rstest;
use serde_json::json;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// A file in memory that counts what is read of it, and fails from a call on.
struct Memory {
    content: Bytes,
    calls: AtomicU64,
    fails_at: u64,
}

impl Memory {
    fn new(content: impl Into<Bytes>) -> Self {
        Self { content: content.into(), calls: AtomicU64::new(0), fails_at: u64::MAX }
    }
}

#[derive(Debug, PartialEq)]
struct Away;

impl Source for Memory {
    type Error = Away;

    fn size(&self) -> u64 {
        self.content.len() as u64
    }

    fn read(&self, range: std::ops::Range<u64>) -> Result<Bytes, Away> {
        assert!(range.end <= self.size() && range.end - range.start <= source::BLOCK);
        if self.calls.fetch_add(1, Ordering::Relaxed) >= self.fails_at {
            return Err(Away);
        }
        Ok(self
            .content
            .slice(usize::try_from(range.start).unwrap()..usize::try_from(range.end).unwrap()))
    }
}

fn read_slice(
    source: &Memory,
    format: Format,
    slice: &Slice,
) -> (Vec<Row>, Result<(), NotRead<Away>>) {
    let mut found = Vec::new();
    let result = rows(source, format, slice, &mut |row| {
        found.push(row);
        ControlFlow::Continue(())
    });
    (found, result)
}

fn read_all(source: &Memory, format: Format) -> Result<Vec<Row>, NotRead<Away>> {
    let mut all = Vec::new();
    for slice in slices(source, format)? {
        let (found, result) = read_slice(source, format, &slice);
        result?;
        all.extend(found);
    }
    Ok(all)
}

fn values(rows: &[Row]) -> Vec<Value> {
    rows.iter().map(|row| row.content.clone().unwrap()).collect()
}

fn events(count: usize) -> Vec<Value> {
    let event = |nth: usize| {
        json!({
            "_id": format!("e{nth}"), "eventType": "commerce.purchases",
            "timestamp": format!("2026-11-30T06:{:02}:{:02}.125Z", nth / 60 % 60, nth % 60),
            "commerce": {"order": {"purchaseID": format!("P{nth}"), "priceTotal": 31_500.25}},
            "productListItems": [
                {"SKU": "FLIGHT", "quantity": 2, "_tlpairways": {"flightNumber": "TL123"}},
                {"SKU": "BAG", "quantity": 1}
            ],
            "_tlpairways": {"booking": {"pnr": format!("P{nth}")}}
        })
    };
    (0..count).map(event).collect()
}

fn lines(events: &[Value]) -> Vec<u8> {
    events.iter().flat_map(|event| format!("{event}\n").into_bytes()).collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn parquet_of(events: &[Value], codec: Codec, rows_of_a_group: usize) -> Vec<u8> {
    let text = lines(events);
    let (inferred, _) = arrow_json::reader::infer_json_schema(text.as_slice(), None).unwrap();
    let timestamps = inferred.fields().iter().map(|field| match field.name().as_str() {
        "timestamp" => {
            let zone = Some("+00:00".into());
            let kind = arrow_schema::DataType::Timestamp(arrow_schema::TimeUnit::Millisecond, zone);
            Arc::new(field.as_ref().clone().with_data_type(kind))
        }
        _ => Arc::clone(field),
    });
    let schema = Arc::new(arrow_schema::Schema::new(timestamps.collect::<Vec<_>>()));
    let reader = ReaderBuilder::new(Arc::clone(&schema)).build(text.as_slice()).unwrap();
    let properties = WriterProperties::builder()
        .set_compression(codec)
        .set_max_row_group_row_count(Some(rows_of_a_group))
        .build();
    let mut writer = ArrowWriter::try_new(Vec::new(), schema, Some(properties)).unwrap();
    reader.for_each(|batch| writer.write(&batch.unwrap()).unwrap());
    writer.into_inner().unwrap()
}

#[rstest]
#[case::none(Codec::UNCOMPRESSED)]
#[case::snappy(Codec::SNAPPY)]
#[case::gzip(Codec::GZIP(GzipLevel::default()))]
#[case::zstd(Codec::ZSTD(ZstdLevel::default()))]
#[case::brotli(Codec::BROTLI(BrotliLevel::default()))]
#[case::lz4_raw(Codec::LZ4_RAW)]
fn parquet_has_the_rows_that_its_json_has(#[case] codec: Codec) {
    let events = events(2_500);
    let source = Memory::new(parquet_of(&events, codec, 1_000));
    let found = read_all(&source, Format::Parquet).unwrap();
    assert_eq!(
        found.iter().map(|row| row.place).collect::<Vec<_>>(),
        (1..=2_500).map(Place::Row).collect::<Vec<_>>()
    );
    assert_eq!(values(&found), events);
}

fn sample(name: &str) -> Memory {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../sample-data/aep/exports/");
    Memory::new(std::fs::read(format!("{folder}{name}")).unwrap())
}

/// What the rows of a file say of bookings: how numbers and times are written is no difference.
fn said(source: &Memory, format: Format) -> Vec<Read> {
    let now = "2026-12-01T00:00:00Z".parse().unwrap();
    let rows = read_all(source, format).unwrap();
    let read = |row: Row| xdm::read(&row.content.unwrap(), Feed::Reconciliation, now).unwrap();
    rows.into_iter().map(read).collect()
}

#[rstest]
#[case("none.parquet")]
#[case("snappy.parquet")]
#[case("gzip.parquet")]
#[case("zstd.parquet")]
#[case("lz4.parquet")]
#[case("brotli.parquet")]
#[case("hive.parquet")]
#[case("spark-2.parquet")]
#[case("pages-2.parquet")]
fn parquet_of_another_writer_says_what_its_json_says(#[case] name: &str) {
    let expected = said(&sample("events.ndjson"), Format::Json);
    assert_eq!(expected.len(), 6);
    assert_eq!(said(&sample(name), Format::Parquet), expected);
}

#[test]
fn a_slice_of_row_groups_knows_its_rows() {
    let source = Memory::new(parquet_of(&events(300), Codec::SNAPPY, 100));
    let slice = Slice::RowGroups { from: 1, to: 2, first_row: 100 };
    let (found, result) = read_slice(&source, Format::Parquet, &slice);
    assert_eq!((result, found.len(), found[0].place), (Ok(()), 100, Place::Row(101)));
    assert_eq!(found[0].content.as_ref().unwrap()["_id"], "e100");
}

#[test]
fn columns_that_nothing_is_read_of_are_not_decoded() {
    let mut events = events(10);
    for event in &mut events {
        event["web"] = json!({"url": "https://example.com"});
        event["_experience"] = json!({"analytics": 1});
    }
    let source = Memory::new(parquet_of(&events, Codec::SNAPPY, 100));
    let found = read_all(&source, Format::Parquet).unwrap();
    assert_eq!(values(&found), self::events(10));
}

#[rstest]
#[case::lines(Format::Json, lines(&events(30)))]
#[case::without_a_last_end(Format::Json, lines(&events(30)).strip_suffix(b"\n").unwrap().to_vec())]
#[case::array(Format::Json, serde_json::to_vec_pretty(&events(30)).unwrap())]
#[case::lines_gz(Format::JsonGz, gzip(&lines(&events(30))))]
#[case::array_gz(Format::JsonGz, gzip(&serde_json::to_vec(&events(30)).unwrap()))]
#[case::members(Format::JsonGz, [gzip(&lines(&events(30)[..10])), gzip(&lines(&events(30)[10..]))].concat())]
#[case::windows(Format::Json, String::from_utf8(lines(&events(30))).unwrap().replace('\n', "\r\n").into_bytes())]
#[case::marked(Format::Json, [b"\xEF\xBB\xBF".as_slice(), &lines(&events(30))].concat())]
#[case::marked_array(Format::Json, [b"\xEF\xBB\xBF".as_slice(), &serde_json::to_vec(&events(30)).unwrap()].concat())]
#[case::marked_gz(Format::JsonGz, gzip(&[b"\xEF\xBB\xBF".as_slice(), &serde_json::to_vec(&events(30)).unwrap()].concat()))]
fn every_form_of_json_has_the_same_rows(#[case] format: Format, #[case] content: Vec<u8>) {
    let found = read_all(&Memory::new(content), format).unwrap();
    assert_eq!(values(&found), events(30));
}

#[test]
fn a_line_that_cannot_be_read_is_a_row_and_its_neighbours_too() {
    let content = b"{\"a\":1}\n{\"a\":\n\n{\"a\":3}\nnull";
    let found = read_all(&Memory::new(content.as_slice()), Format::Json).unwrap();
    let places: Vec<_> = found.iter().map(|row| row.place).collect();
    assert_eq!(places, [1, 2, 4, 5].map(Place::Line));
    let unread = found[1].content.as_ref().unwrap_err();
    assert!(unread.reason.starts_with("no JSON: EOF"), "{unread:?}");
    assert_eq!(unread.text, "{\"a\":");
}

#[test]
fn a_line_that_is_too_long_is_not_kept_and_its_neighbours_are_read() {
    let content = format!("1\n\"{}\"\n3\n", "x".repeat(3 << 20));
    let found = read_all(&Memory::new(content), Format::Json).unwrap();
    assert_eq!((found.len(), found[2].content.clone()), (3, Ok(json!(3))));
    let unread = found[1].content.as_ref().unwrap_err();
    assert!(
        unread.reason.contains("3145731 bytes") && unread.text.len() <= 4_096,
        "{}",
        unread.reason
    );
}

#[test]
fn a_row_of_an_array_that_is_too_large_ends_the_file() {
    let content = format!("[1,\"{}\"]", "x".repeat(5 << 20));
    let (found, result) = read_slice(&Memory::new(content), Format::Json, &Slice::Whole);
    assert_eq!(found.len(), 1);
    let NotRead::Broken(why) = result.unwrap_err() else { panic!("it is broken") };
    assert!(why.contains("a row has more than 4194304 bytes"), "{why}");
}

#[test]
fn an_array_may_have_more_bytes_than_one_row() {
    let rows: Vec<_> =
        (0..12).map(|nth| json!({"nth": nth, "fill": "x".repeat(1 << 20)})).collect();
    let found = read_all(&Memory::new(serde_json::to_vec(&rows).unwrap()), Format::Json).unwrap();
    assert_eq!(values(&found), rows);
}

#[rstest]
#[case::empty(Format::Json, b"".to_vec(), "the file is empty")]
#[case::empty_parquet(Format::Parquet, b"".to_vec(), "the file is empty")]
#[case::empty_gz(Format::JsonGz, gzip(b""), "empty once it is decompressed")]
#[case::no_gzip(Format::JsonGz, lines(&events(2)), "no whole gzip")]
#[case::cut_gzip(Format::JsonGz, { let all = gzip(&lines(&events(90))); all[..all.len() - 9].to_vec() }, "no whole gzip")]
#[case::cut_array(Format::Json, b"[1,2".to_vec(), "the array cannot be read")]
#[case::more_than_an_array(Format::Json, b"[1,2] 3".to_vec(), "more behind the array")]
#[case::no_parquet(Format::Parquet, lines(&events(2)), "no Parquet")]
#[case::no_footer(Format::Parquet, { let all = parquet_of(&events(9), Codec::SNAPPY, 9); all[..all.len() - 9].to_vec() }, "no Parquet")]
#[case::a_footer_beyond_the_file(Format::Parquet, b"PAR1\xFF\xFF\xFF\x7FPAR1".to_vec(), "no Parquet")]
#[case::other_columns(Format::Parquet, parquet_of(&[json!({"city": "london", "country": "uk"})], Codec::SNAPPY, 9), "no column eventType and no column timestamp; its columns are city, country")]
#[case::other_types(Format::Parquet, parquet_of(&[json!({"eventType": 7, "timestamp": "2026-11-30T06:00:00Z"})], Codec::SNAPPY, 9), "eventType is no text")]
fn a_file_that_is_not_what_it_should_be_says_why(
    #[case] format: Format,
    #[case] content: Vec<u8>,
    #[case] expected: &str,
) {
    let NotRead::Broken(why) = read_all(&Memory::new(content), format).unwrap_err() else {
        panic!("it is broken")
    };
    assert!(why.contains(expected), "{why}");
}

#[test]
fn a_page_that_is_broken_is_found() {
    let mut content = parquet_of(&events(2_000), Codec::SNAPPY, 2_000);
    let middle = content.len() / 3;
    content[middle..middle + 200].fill(0xA5);
    let result = read_all(&Memory::new(content), Format::Parquet);
    assert!(matches!(result, Err(NotRead::Broken(_))), "{result:?}");
}

// Found by changes made at random to a file: a page of a dictionary that says it has no values and has bytes.
#[test]
fn a_page_that_the_library_panics_at_is_a_fault_of_the_file() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/regressions/export_rows");
    let mut broken = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let source = Memory::new(std::fs::read(entry.unwrap().path()).unwrap());
        let Err(NotRead::Broken(why)) = read_all(&source, Format::Parquet) else { continue };
        broken += usize::from(why.contains("broken in a way that no writer makes"));
    }
    assert!(broken >= 2, "{broken}");
}

#[rstest]
#[case(Format::Json, lines(&events(40_000)))]
#[case(Format::JsonGz, gzip(&lines(&events(40_000))))]
#[case(Format::Parquet, parquet_of(&events(2_000), Codec::SNAPPY, 1_000))]
fn bytes_that_do_not_come_are_no_fault_of_the_file(
    #[case] format: Format,
    #[case] content: Vec<u8>,
) {
    let mut source = Memory::new(content);
    let slices = slices(&source, format).unwrap();
    let asked = source.calls.load(Ordering::Relaxed);
    for fails_at in asked..asked + 2 {
        source.calls = AtomicU64::new(asked);
        source.fails_at = fails_at;
        let (_, result) = read_slice(&source, format, &slices[0]);
        if source.calls.load(Ordering::Relaxed) > fails_at {
            assert_eq!(result, Err(NotRead::Source(Away)));
        } else {
            assert_eq!(result, Ok(()));
        }
    }
}

#[test]
fn whoever_has_enough_is_given_no_more() {
    for (format, content) in [
        (Format::Json, lines(&events(10))),
        (Format::Json, serde_json::to_vec(&events(10)).unwrap()),
        (Format::JsonGz, gzip(&lines(&events(10)))),
        (Format::Parquet, parquet_of(&events(10), Codec::SNAPPY, 10)),
    ] {
        let source = Memory::new(content);
        let slice = slices(&source, format).unwrap().remove(0);
        let mut taken = 0;
        let result = rows(&source, format, &slice, &mut |_| {
            taken += 1;
            if taken == 3 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        assert_eq!((taken, result), (3, Ok(())));
    }
}

#[test]
fn compressed_json_of_ten_gigabytes_is_refused_unread() {
    struct Huge;
    impl Source for Huge {
        type Error = Away;
        fn size(&self) -> u64 {
            10 << 30
        }
        fn read(&self, _: std::ops::Range<u64>) -> Result<Bytes, Away> {
            Err(Away)
        }
    }
    let Err(NotRead::Broken(why)) = slices(&Huge, Format::JsonGz) else { panic!("it is refused") };
    assert!(why.contains("10737418240 bytes of compressed JSON"), "{why}");
}

proptest! {
    #[test]
    fn ranges_of_bytes_have_each_line_once(
        rows in prop::collection::vec(0..3_000usize, 1..60),
        cuts in prop::collection::vec(0.0..1.0f64, 0..6),
    ) {
        let rows: Vec<_> = rows.into_iter().map(|size| json!("é".repeat(size))).collect();
        let content = lines(&rows);
        let size = content.len() as u64;
        let mut cuts: Vec<_> = cuts.into_iter().map(|cut| (cut * size as f64) as u64).collect();
        cuts.extend([0, size]);
        cuts.sort_unstable();
        let source = Memory::new(content);
        let mut found = Vec::new();
        for pair in cuts.windows(2) {
            let (read, result) =
                read_slice(&source, Format::Json, &Slice::Bytes { from: pair[0], to: pair[1] });
            prop_assert_eq!(result, Ok(()));
            found.extend(read);
        }
        prop_assert_eq!(values(&found), rows);
    }
}
