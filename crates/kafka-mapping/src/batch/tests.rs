use rstest::rstest;

use crate::batch::Batch;
use crate::fixtures::{batch, partition, source};

#[test]
fn the_estimate_covers_the_payload_and_is_close() {
    for slices in [vec![(0, 0, 1)], vec![(0, 0, 200), (11, 9_999, 3), (2, 5, 1)]] {
        let batch = batch(&slices);
        let sent = serde_json::to_vec(&batch.event(&source())).unwrap().len();
        let estimate = batch.payload_bytes(&source());
        assert!(estimate >= sent, "{estimate} < {sent}");
        assert!(estimate - sent <= 2 * slices.len() + 2, "{estimate} ≫ {sent}");
    }
}

#[test]
fn membership_is_by_partition_and_offset() {
    let batch = batch(&[(0, 10, 3), (1, 0, 1)]);
    assert_eq!(batch.len(), 4);
    assert!(batch.contains(&partition(0), 12));
    assert!(!batch.contains(&partition(0), 13));
    assert!(!batch.contains(&partition(1), 10));
    assert_eq!(batch.partition_named("flights-1"), Some(&partition(1)));
    assert_eq!(batch.partition_named("flights-10"), None);
}

#[rstest]
#[case::one_partition(&[(0, 10, 5)], &[(0, 10, 3)], &[(0, 13, 2)])]
#[case::two(&[(0, 0, 1), (1, 0, 9)], &[(0, 0, 1)], &[(1, 0, 9)])]
#[case::the_large_one_first(&[(0, 0, 9), (1, 0, 1)], &[(0, 0, 9)], &[(1, 0, 1)])]
#[case::the_large_one_last(&[(0, 0, 1), (1, 0, 1), (2, 0, 9)], &[(0, 0, 1), (1, 0, 1)], &[(2, 0, 9)])]
#[case::even(&[(0, 0, 2), (1, 0, 2), (2, 0, 2), (3, 0, 2)], &[(0, 0, 2), (1, 0, 2)], &[(2, 0, 2), (3, 0, 2)])]
fn halves_hold_everything_in_order_and_neither_is_empty(
    #[case] whole: &[(i32, i64, i64)],
    #[case] first: &[(i32, i64, i64)],
    #[case] second: &[(i32, i64, i64)],
) {
    assert_eq!(batch(whole).halves(), (batch(first), batch(second)));
}

#[test]
fn the_first_half_ends_where_the_second_begins_and_the_second_where_the_whole_did() {
    let mut whole = batch(&[(0, 0, 4)]);
    let slice = whole.slices.get_mut(&partition(0)).unwrap();
    slice.records.remove(2);
    slice.end = 9;
    let (first, second) = whole.halves();
    let end = |batch: &Batch| batch.slices[&partition(0)].end;
    assert_eq!((end(&first), end(&second)), (3, 9), "2 was held back, and 4 to 8");
}
