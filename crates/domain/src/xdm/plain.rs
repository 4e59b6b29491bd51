//! An event with every name as live payloads have it.

use serde_json::{Map, Value};

/// How deep an event is read; what is deeper says nothing about bookings.
const MAX_DEPTH: usize = 16;

/// The event without the prefix `xdm:`, with `_id` for JSON-LD's `@id`, and with what stands under
/// the tenant's name as `tenant`: that of the event and that of each product.
pub(super) fn plain(event: &Value) -> Value {
    let mut event = without_prefixes(event, MAX_DEPTH);
    name_tenant(&mut event);
    if let Some(items) = event.get_mut("productListItems").and_then(Value::as_array_mut) {
        items.iter_mut().for_each(name_tenant);
    }
    event
}

fn without_prefixes(value: &Value, depth: usize) -> Value {
    match value {
        Value::Object(_) | Value::Array(_) if depth == 0 => Value::Null,
        Value::Object(map) => {
            let mut plain = Map::new();
            for (name, value) in map {
                let value = without_prefixes(value, depth - 1);
                match live(name) {
                    // A name that is there in both forms: the live one counts.
                    Some(live) => drop(plain.entry(live).or_insert(value)),
                    None => drop(plain.insert(name.clone(), value)),
                }
            }
            Value::Object(plain)
        }
        Value::Array(values) => {
            values.iter().map(|value| without_prefixes(value, depth - 1)).collect()
        }
        other => other.clone(),
    }
}

/// A name as live payloads have it; none for one that is such already.
fn live(name: &str) -> Option<&str> {
    match name {
        "@id" => Some("_id"),
        _ => name.strip_prefix("xdm:"),
    }
}

/// Several tenants of one event are read as one: an airline has one, Adobe's own (`_experience`)
/// says nothing of bookings.
fn name_tenant(value: &mut Value) {
    let Some(map) = value.as_object_mut() else {
        return;
    };
    let mut tenant = Map::new();
    for (name, value) in map.iter() {
        if name.starts_with('_')
            && name != "_experience"
            && let Some(own) = value.as_object()
        {
            tenant.extend(own.clone());
        }
    }
    // A field that is itself called so is no tenant's: of an export it would not even be decoded.
    map.remove("tenant");
    if !tenant.is_empty() {
        map.insert("tenant".to_owned(), Value::Object(tenant));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_field_that_is_called_tenant_is_no_tenants() {
        let mut event = json!({"tenant": {"booking": {"pnr": "AAA111"}}, "eventType": "x"});
        name_tenant(&mut event);
        assert_eq!(event, json!({"eventType": "x"}));
        let mut event = json!({"tenant": {"pnr": "AAA111"}, "_tlpairways": {"pnr": "BBB222"}});
        name_tenant(&mut event);
        assert_eq!(event["tenant"], json!({"pnr": "BBB222"}));
    }
}
