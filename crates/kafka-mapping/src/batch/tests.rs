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
