//! Whom an envelope of Adobe I/O Events, or of CloudEvents 1.0, is meant for.

use serde_json::Value;

/// The client id that an event is meant for.
pub(crate) fn recipient(envelope: &Value) -> Option<&str> {
    // Each envelope has its own name for it; the other's may be an attribute that its sender chose.
    let name = match envelope.get("specversion") {
        Some(_) => "recipientclientid",
        None => "recipient_client_id",
    };
    envelope.get(name).and_then(Value::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;
    use serde_json::json;

    #[rstest]
    #[case(json!({"recipient_client_id": "C"}), Some("C"))]
    #[case(json!({"specversion": "1.0", "recipientclientid": "C"}), Some("C"))]
    #[case(json!({"specversion": "1.0", "recipientclientid": "C", "recipient_client_id": "X"}), Some("C"))]
    #[case(json!({"specversion": "1.0", "recipient_client_id": "C"}), None)]
    #[case(json!({"recipientclientid": "C"}), None)]
    #[case(json!({"recipient_client_id": 7}), None)]
    #[case(json!({"event": {"recipient_client_id": "C"}}), None)]
    #[case(json!("C"), None)]
    fn an_envelope_says_whom_it_is_for(#[case] envelope: Value, #[case] expected: Option<&str>) {
        assert_eq!(recipient(&envelope), expected);
    }
}
