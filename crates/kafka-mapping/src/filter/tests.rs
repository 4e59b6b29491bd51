use proptest::prelude::*;
use rstest::rstest;
use serde_json::json;

use super::*;

fn admits(pattern: &str, value: &str) -> bool {
    Filters::parse(&[pattern]).unwrap().admits(Some(value.as_bytes()))
}

#[test]
fn without_filters_everything_is_sent() {
    let none = Filters::default();
    assert!(none.admits(None) && none.admits(Some(b"\xff")) && none.admits(Some(b"{}")));
}

#[rstest]
#[case::exact(r#"["AB1"]"#, json!("AB1"), json!("AB12"))]
#[case::number("[300]", json!(300.0), json!("300"))]
#[case::boolean("[true]", json!(true), json!("true"))]
#[case::null("[null]", json!(null), json!(""))]
#[case::empty(r#"[""]"#, json!(""), json!(null))]
#[case::one_of(r#"["A", "B"]"#, json!("B"), json!("C"))]
#[case::prefix(r#"[{"prefix": "AB"}]"#, json!("AB1"), json!("1AB"))]
#[case::suffix(r#"[{"suffix": "AB"}]"#, json!("1AB"), json!("AB1"))]
#[case::ignore_case(r#"[{"equals-ignore-case": "äb"}]"#, json!("ÄB"), json!("ABC"))]
#[case::anything_but(r#"[{"anything-but": ["A", "B"]}]"#, json!("C"), json!("A"))]
#[case::anything_but_one(r#"[{"anything-but": 5}]"#, json!(6), json!(5))]
#[case::numeric_equal(r#"[{"numeric": ["=", 100]}]"#, json!(1e2), json!(101))]
#[case::numeric_below(r#"[{"numeric": ["<", 0]}]"#, json!(-0.5), json!(0))]
#[case::numeric_above(r#"[{"numeric": [">=", 45]}]"#, json!(45), json!(44.9))]
#[case::range(r#"[{"numeric": [">", 10, "<=", 20]}]"#, json!(20), json!(10))]
#[case::no_number(r#"[{"numeric": [">", 10]}]"#, json!(11), json!("11"))]
#[case::list_in_the_message(r#"["A"]"#, json!(["B", "A"]), json!(["B", "C"]))]
fn a_rule_matches_as_lambda_documents(
    #[case] rules: &str,
    #[case] good: Value,
    #[case] bad: Value,
) {
    let pattern = format!(r#"{{"value": {{"field": {rules}}}}}"#);
    assert!(admits(&pattern, &json!({"field": good}).to_string()), "{good}");
    assert!(!admits(&pattern, &json!({"field": bad}).to_string()), "{bad}");
    assert!(!admits(&pattern, r#"{"other": 1}"#), "the field is not there");
}

#[test]
fn existence_is_of_values_not_of_branches() {
    let there = r#"{"value": {"a": {"b": [{"exists": true}]}}}"#;
    let away = r#"{"value": {"a": {"b": [{"exists": false}]}}}"#;
    for (message, exists) in [
        (r#"{"a": {"b": null}}"#, true),
        (r#"{"a": {"b": [1]}}"#, true),
        (r#"{"a": {"b": {"c": 1}}}"#, false),
        (r#"{"a": {}}"#, false),
        ("{}", false),
    ] {
        assert_eq!((admits(there, message), admits(away, message)), (exists, !exists), "{message}");
    }
}

#[test]
fn all_fields_must_match_and_one_pattern_suffices() {
    let both = r#"{"value": {"kind": ["delay"], "minutes": [{"numeric": [">", 30]}]}}"#;
    assert!(admits(both, r#"{"kind": "delay", "minutes": 31, "more": 1}"#));
    assert!(!admits(both, r#"{"kind": "delay", "minutes": 30}"#));
    let two = Filters::parse(&[both, r#"{"value": {"kind": ["cancellation"]}}"#]).unwrap();
    assert!(two.admits(Some(br#"{"kind": "cancellation"}"#)));
    assert!(!two.admits(Some(br#"{"kind": "gate"}"#)));
}

#[test]
fn or_takes_one_of_its_choices_beside_the_other_fields() {
    let inner = r#"{"value": {"kind": ["delay"], "$or": [
        {"minutes": [{"numeric": [">", 60]}]}, {"carrier": ["SW"]}]}}"#;
    assert!(admits(inner, r#"{"kind": "delay", "minutes": 5, "carrier": "SW"}"#));
    assert!(admits(inner, r#"{"kind": "delay", "minutes": 61}"#));
    assert!(!admits(inner, r#"{"kind": "delay", "minutes": 5}"#));
    assert!(!admits(inner, r#"{"kind": "gate", "minutes": 61}"#));
    let outer = r#"{"$or": [{"value": {"a": [1]}}, {"value": {"b": [2]}}]}"#;
    assert!(admits(outer, r#"{"b": 2}"#) && !admits(outer, r#"{"b": 1}"#));
}

#[test]
fn fields_below_a_list_match_in_one_element() {
    let pattern = r#"{"value": {"legs": {"from": ["HAM"], "to": ["MUC"]}}}"#;
    assert!(admits(pattern, r#"{"legs": [{"from": "A"}, {"from": "HAM", "to": "MUC"}]}"#));
    assert!(!admits(pattern, r#"{"legs": [{"from": "HAM", "to": "X"}, {"to": "MUC"}]}"#));
}

#[test]
fn plain_strings_have_patterns_of_their_own() {
    let pattern = r#"{"value": ["boarding", {"prefix": "gate "}]}"#;
    assert!(admits(pattern, "boarding") && admits(pattern, "gate A1"));
    assert!(!admits(pattern, "delay") && !admits(pattern, ""));
    assert!(admits(r#"{"value": [{"anything-but": ["error"]}]}"#, "17"), "a bare number is text");
}

#[rstest]
#[case::plain_message_json_pattern(r#"{"value": {"a": [1]}}"#, Some(&b"plain"[..]))]
#[case::json_message_plain_pattern(r#"{"value": ["plain"]}"#, Some(&b"{\"a\": 1}"[..]))]
#[case::not_utf8(r#"{"value": ["plain"]}"#, Some(&b"\xff\xfe"[..]))]
#[case::no_value(r#"{"value": {"a": [1]}}"#, None)]
#[case::no_pattern_for_the_value("{}", Some(&b"plain"[..]))]
fn a_pattern_of_another_form_than_the_message_does_not_apply(
    #[case] pattern: &str,
    #[case] value: Option<&[u8]>,
) {
    assert!(Filters::parse(&[pattern]).unwrap().admits(value));
}

#[rstest]
#[case("value", "no JSON object")]
#[case("[]", "no JSON object")]
#[case(r#"{"key": ["a"]}"#, "on \"value\" only")]
#[case(r#"{"$or": [{"value": ["a"]}, {"headers": ["a"]}]}"#, "on \"value\" only")]
#[case(r#"{"value": {"a": {"b": []}}}"#, "value.a.b is empty")]
#[case(r#"{"value": {}}"#, "value is empty")]
#[case(r#"{"value": {"a": "x"}}"#, "value.a is \"x\"")]
#[case(r#"{"value": {"a": [{"wildcard": "x*"}]}}"#, "Lambda has prefix")]
#[case(r#"{"value": {"a": [{"prefix": "x", "suffix": "y"}]}}"#, "one of them")]
#[case(r#"{"value": {"a": [{"prefix": 1}]}}"#, "prefix wants a text")]
#[case(r#"{"value": {"a": [{"exists": "yes"}]}}"#, "true or false")]
#[case(r#"{"value": {"a": [{"anything-but": ["x", 1]}]}}"#, "anything-but wants")]
#[case(r#"{"value": {"a": [{"anything-but": []}]}}"#, "anything-but wants")]
#[case(r#"{"value": {"a": [{"numeric": [">", 1, ">", 2]}]}}"#, "numeric wants")]
#[case(r#"{"value": {"a": [{"numeric": ["=", 1, "<", 2]}]}}"#, "numeric wants")]
#[case(r#"{"value": {"a": [{"numeric": [">"]}]}}"#, "numeric wants")]
#[case(r#"{"value": {"a": [["x"]]}}"#, "a rule is no list")]
#[case(r#"{"value": {"$or": [{"a": [1]}]}}"#, "at least two")]
fn a_bad_pattern_is_refused_with_its_place(#[case] pattern: &str, #[case] says: &str) {
    let error = Filters::parse(&[pattern]).unwrap_err().to_string();
    assert!(error.contains(says), "{error}");
}

#[test]
fn there_are_at_most_ten_patterns_of_bounded_length() {
    let many = vec![r#"{"value": ["a"]}"#; 11];
    assert!(Filters::parse(&many[1..]).is_ok());
    assert!(matches!(Filters::parse(&many), Err(FilterError::TooMany(11))));
    let long = format!(r#"{{"value": ["{}"]}}"#, "a".repeat(LONGEST_PATTERN));
    assert!(matches!(Filters::parse(&[long]), Err(FilterError::TooLong(_))));
}

proptest! {
    #[test]
    fn a_range_is_what_its_bounds_say(low in -100..100_i32, width in 0..50_i32, n in -200..200_i32) {
        let high = low + width;
        let pattern = json!({"value": {"n": [{"numeric": [">=", low, "<", high]}]}}).to_string();
        let message = json!({"n": n}).to_string();
        prop_assert_eq!(admits(&pattern, &message), (low..high).contains(&n));
    }

    #[test]
    fn anything_but_is_the_opposite_where_there_is_a_value(text in "[a-c]{0,2}") {
        let is = json!({"value": {"t": [&text]}}).to_string();
        let is_not = json!({"value": {"t": [{"anything-but": [&text]}]}}).to_string();
        for value in ["", "a", "ab", "c"] {
            let message = json!({"t": value}).to_string();
            prop_assert_ne!(admits(&is, &message), admits(&is_not, &message));
        }
    }
}
