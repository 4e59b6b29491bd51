use serde_json::json;

use super::*;
use crate::fixtures::{batch, record, source};

#[test]
fn the_self_managed_form() {
    let mut first = record(0, 15);
    first.key = Some("YWJj".into());
    first.headers = vec![BTreeMap::from([("näme".to_owned(), signed("é\u{0}".as_bytes()))])];
    let mut second = record(0, 16);
    second.value = None;
    let records = BTreeMap::from([("flights-0".to_owned(), vec![first, second])]);
    let event = KafkaEvent::new(&source(), records);
    assert_eq!(
        serde_json::to_value(&event).unwrap(),
        json!({
            "eventSource": "SelfManagedKafka",
            "bootstrapServers": "127.0.0.1:9092",
            "records": {"flights-0": [
                {"topic": "flights", "partition": 0, "offset": 15,
                 "timestamp": 1_700_000_000_015_i64, "timestampType": "CREATE_TIME",
                 "key": "YWJj", "value": "e30=", "headers": [{"näme": [-61, -87, 0]}]},
                {"topic": "flights", "partition": 0, "offset": 16,
                 "timestamp": 1_700_000_000_016_i64, "timestampType": "CREATE_TIME",
                 "key": null, "value": null, "headers": []},
            ]},
        })
    );
}

#[test]
fn the_msk_form_names_the_cluster() {
    let arn = "arn:aws:kafka:us-east-1:123456789012:cluster/ops/abc";
    let source = Source { event_source_arn: Some(arn.into()), ..source() };
    let event = serde_json::to_value(batch(&[(3, 0, 1)]).event(&source)).unwrap();
    assert_eq!(event["eventSource"], "aws:kafka");
    assert_eq!(event["eventSourceArn"], arn);
    assert_eq!(event["bootstrapServers"], "127.0.0.1:9092");
    assert_eq!(event["records"]["flights-3"][0]["offset"], 0);
}
