use rstest::rstest;

use super::*;
use crate::fixtures::{batch, partition};

fn judged(payload: &str) -> Verdict {
    judge(&Invocation::answer(payload), &batch(&[(0, 40, 5), (1, 7, 2)]), true)
}

#[rstest]
#[case::nothing("")]
#[case::blanks(" \n")]
#[case::null("null")]
#[case::empty_object("{}")]
#[case::other_fields(r#"{"statusCode":200}"#)]
#[case::null_list(r#"{"batchItemFailures":null}"#)]
#[case::empty_list(r#"{"batchItemFailures":[]}"#)]
fn success(#[case] payload: &str) {
    assert_eq!(judged(payload), Verdict::Success);
}

#[test]
fn the_lowest_offset_of_each_partition_counts() {
    let payload = r#"{"batchItemFailures":[
        {"itemIdentifier":{"partition":"flights-0","offset":43}},
        {"itemIdentifier":{"partition":"flights-0","offset":42}},
        {"itemIdentifier":{"partition":"flights-1","offset":8}}]}"#;
    let lowest = BTreeMap::from([(partition(0), 42), (partition(1), 8)]);
    assert_eq!(judged(payload), Verdict::Partial(lowest));
}

#[rstest]
#[case::string(r#""flights-0:42""#)]
#[case::offset_alone("42")]
#[case::empty_string(r#""""#)]
#[case::null("null")]
#[case::bad_key(r#"{"topic":"flights-0","offset":42}"#)]
#[case::offset_as_text(r#"{"partition":"flights-0","offset":"42"}"#)]
#[case::broken_number(r#"{"partition":"flights-0","offset":42.5}"#)]
fn a_bad_identifier_fails_the_whole_batch(#[case] identifier: &str) {
    let payload = format!(r#"{{"batchItemFailures":[{{"itemIdentifier":{identifier}}}]}}"#);
    assert!(matches!(judged(&payload), Verdict::Whole(Fault::BadIdentifier(_))));
}

#[rstest]
#[case::offset("flights-0", 45)]
#[case::partition("flights-2", 40)]
#[case::topic("other-0", 40)]
fn an_unknown_identifier_fails_the_whole_batch(#[case] name: &str, #[case] offset: i64) {
    let payload = format!(
        r#"{{"batchItemFailures":[{{"itemIdentifier":{{"partition":"flights-0","offset":41}}}},
           {{"itemIdentifier":{{"partition":"{name}","offset":{offset}}}}}]}}"#
    );
    assert!(matches!(judged(&payload), Verdict::Whole(Fault::UnknownIdentifier(_))));
}

#[rstest]
#[case::no_json("done")]
#[case::string(r#""ok""#)]
#[case::list("[]")]
#[case::failures_not_a_list(r#"{"batchItemFailures":"all"}"#)]
fn garbage_fails_the_whole_batch(#[case] payload: &str) {
    assert!(matches!(judged(payload), Verdict::Whole(Fault::Unreadable(_))));
}

#[rstest]
#[case(true)]
#[case(false)]
fn a_function_error_fails_the_whole_batch_whatever_its_body(#[case] report: bool) {
    let answer = Invocation::unhandled(r#"{"batchItemFailures":[]}"#);
    let verdict = judge(&answer, &batch(&[(0, 40, 5)]), report);
    assert!(matches!(verdict, Verdict::Whole(Fault::Function { .. })));
}

#[rstest]
#[case::failures(
    r#"{"batchItemFailures":[{"itemIdentifier":{"partition":"flights-0","offset":42}}]}"#
)]
#[case::bad_identifier(r#"{"batchItemFailures":[{"itemIdentifier":"flights-0:42"}]}"#)]
#[case::no_json("done")]
fn unless_failures_are_reported_an_answer_says_nothing(#[case] payload: &str) {
    let answer = Invocation::answer(payload);
    assert_eq!(judge(&answer, &batch(&[(0, 40, 5)]), false), Verdict::Success);
}
