use super::*;
use crate::fixtures::partition;

#[test]
fn only_what_is_done_is_committed_and_progress_never_goes_back() {
    let mut offsets = Offsets::default();
    offsets.assign(partition(0));
    assert_eq!(offsets.uncommitted(), []);
    offsets.done(&partition(0), 5);
    offsets.done(&partition(0), 3);
    assert_eq!(offsets.uncommitted(), [(partition(0), 5)]);
    offsets.committed(&[(partition(0), 5)]);
    assert_eq!(offsets.uncommitted(), []);
    offsets.committed(&[(partition(0), 2)]);
    assert_eq!(offsets.uncommitted(), []);
}

#[test]
fn a_revoked_partition_is_not_committed() {
    let mut offsets = Offsets::default();
    offsets.assign(partition(0));
    offsets.done(&partition(0), 5);
    offsets.revoke(&partition(0));
    assert_eq!(offsets.uncommitted(), []);
    offsets.done(&partition(0), 9);
    offsets.assign(partition(0));
    assert_eq!(offsets.uncommitted(), [], "progress of an older assignment");
}

#[test]
fn lag_is_known_once_both_ends_are() {
    let mut offsets = Offsets::default();
    offsets.assign(partition(0));
    let lag = |offsets: &Offsets| offsets.iter().next().unwrap().1.lag();
    offsets.high(&partition(0), 10);
    assert_eq!(lag(&offsets), None);
    offsets.committed(&[(partition(0), 4)]);
    assert_eq!(lag(&offsets), Some(6));
}
