//! An event with every name as live payloads have it.

use crate::fields::Fields;
use crate::inbound::Rejection;
use serde_json::{Map, Value};
use std::borrow::Cow;

/// The products of an event.
const PRODUCTS: &str = "productListItems";
/// How deep an event is read; what is deeper says nothing about bookings.
const MAX_DEPTH: usize = 16;

/// The field that the tenant's own stand under where an event had to be copied.
const TENANT: &str = "tenant";

/// The event without the prefix `xdm:`, with `_id` for JSON-LD's `@id`, and with what stands under
/// the tenant's name as `tenant`: that of the event and that of each product. One that is such but for
/// the tenant's name, as those of exports are, is not copied: [`tenant`] finds what stands under it.
pub(super) fn plain(event: &Value) -> Cow<'_, Value> {
    if is_plain(event) {
        return Cow::Borrowed(event);
    }
    let mut event = without_prefixes(event, MAX_DEPTH);
    name_tenant(&mut event);
    if let Some(items) = event.get_mut(PRODUCTS).and_then(Value::as_array_mut) {
        items.iter_mut().for_each(name_tenant);
    }
    Cow::Owned(event)
}

/// What stands under the tenant's name in a plain event or in a product of it; none where nothing does.
///
/// # Errors
/// [`Rejection`] when it is no object.
pub(super) fn tenant<'a>(fields: &Fields<'a>) -> Result<Option<Fields<'a>>, Rejection> {
    if let Some(copied) = fields.optional_object(TENANT)? {
        return Ok(Some(copied));
    }
    let own = fields.entries().find(|(name, value)| is_tenant(name, value));
    own.map(|(_, own)| Fields::of(own, fields.field(TENANT))).transpose()
}

/// Whether an event can be read as it is: all of its names are live ones, and the tenant is one.
fn is_plain(event: &Value) -> bool {
    let products = event.get(PRODUCTS).and_then(Value::as_array).into_iter().flatten();
    has_live_names(event, MAX_DEPTH) && [event].into_iter().chain(products).all(has_one_tenant)
}

fn has_live_names(value: &Value, depth: usize) -> bool {
    match value {
        Value::Object(_) | Value::Array(_) if depth == 0 => false,
        Value::Object(map) => {
            map.iter().all(|(name, value)| live(name).is_none() && has_live_names(value, depth - 1))
        }
        Value::Array(values) => values.iter().all(|value| has_live_names(value, depth - 1)),
        _ => true,
    }
}

fn has_one_tenant(value: &Value) -> bool {
    let Some(map) = value.as_object() else {
        return true;
    };
    let tenants = map.iter().filter(|(name, value)| is_tenant(name, value)).count();
    tenants <= 1 && !map.contains_key(TENANT)
}

/// Adobe's own (`_experience`) says nothing of bookings, nor does one that has nothing.
fn is_tenant(name: &str, value: &Value) -> bool {
    name.starts_with('_')
        && name != "_experience"
        && value.as_object().is_some_and(|own| !own.is_empty())
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

/// Several tenants of one event are read as one: an airline has one.
fn name_tenant(value: &mut Value) {
    let Some(map) = value.as_object_mut() else {
        return;
    };
    let mut tenant = Map::new();
    for (_, value) in map.iter().filter(|(name, value)| is_tenant(name, value)) {
        if let Some(own) = value.as_object() {
            tenant.extend(own.clone());
        }
    }
    // A field that is itself called so is no tenant's: of an export it would not even be decoded.
    map.remove(TENANT);
    if !tenant.is_empty() {
        map.insert(TENANT.to_owned(), Value::Object(tenant));
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

    #[test]
    fn an_event_is_copied_only_where_its_names_are_other_than_live_ones() {
        let event = json!({
            "_id": "e1", "_experience": {"x": 1}, "_tlpairways": {"booking": {"pnr": "AAA111"}},
            "productListItems": [{"_tlpairways": {"flightNumber": "TL1"}}, {"SKU": "BAG"}],
        });
        assert!(matches!(plain(&event), Cow::Borrowed(_)));
        for (place, other) in [
            ("xdm:eventType", json!("x")),
            ("@id", json!("e1")),
            ("_other", json!({"booking": {}})),
            ("tenant", json!({"booking": {"pnr": "BBB222"}})),
            ("productListItems", json!([{"_a": {"x": 1}, "_b": {"x": 2}}])),
            ("productListItems", json!([{"xdm:SKU": "BAG"}])),
        ] {
            let mut event = event.clone();
            event[place] = other;
            assert!(matches!(plain(&event), Cow::Owned(_)), "{event}");
        }
    }

    #[test]
    fn what_is_read_is_the_same_whether_it_was_copied_or_not() {
        let event = json!({
            "_tlpairways": {"booking": {"pnr": "AAA111"}}, "_experience": {"booking": {"pnr": "BBB222"}},
        });
        let mut copied = without_prefixes(&event, MAX_DEPTH);
        name_tenant(&mut copied);
        for event in [&event, &copied] {
            let fields = Fields::of(event, "").unwrap();
            let own = tenant(&fields).unwrap().unwrap();
            let pnr = own.object("booking").unwrap().text("pnr", 10).unwrap();
            assert_eq!((own.place(), pnr.as_str()), ("tenant", "AAA111"));
        }
        let nothing = json!({"_tlpairways": {}, "_id": "e1"});
        assert!(tenant(&Fields::of(&nothing, "").unwrap()).unwrap().is_none());
    }
}
