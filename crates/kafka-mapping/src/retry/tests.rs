use rstest::rstest;

use super::*;

#[rstest]
#[case(1, 200)]
#[case(2, 400)]
#[case(6, 6_400)]
#[case(7, 10_000)]
#[case(u32::MAX, 10_000)]
fn pauses_double_up_to_a_cap(#[case] tries: u32, #[case] millis: u64) {
    assert_eq!(RetryPolicy::default().pause(tries), Duration::from_millis(millis));
}

#[test]
fn retries_are_infinite_unless_set_or_a_destination_is() {
    let policy = RetryPolicy::default();
    assert!(!policy.exhausted(u32::MAX));
    assert!(!policy.with_destination().exhausted(10));
    assert!(policy.with_destination().exhausted(11));
    let set = RetryPolicy { max_retries: Some(0), ..policy };
    assert!(set.with_destination().exhausted(1));
}

#[test]
fn age_is_by_the_records_timestamp() {
    let policy =
        RetryPolicy { max_record_age: Some(Duration::from_secs(60)), ..RetryPolicy::default() };
    assert!(!policy.too_old(1_000, 61_000));
    assert!(policy.too_old(1_000, 61_001));
    assert!(!policy.too_old(-1, i64::MAX), "no timestamp, no age");
    assert!(!RetryPolicy::default().too_old(0, i64::MAX));
}
