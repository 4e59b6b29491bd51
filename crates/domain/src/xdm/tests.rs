//! Events as Adobe and the airline's document have them, and what is no event.

use super::*;
use crate::ids::FlightId;
use crate::reservation::{Cabin, Purchased};
use proptest::prelude::*;
use rstest::rstest;
use serde_json::json;

fn now() -> Timestamp {
    "2026-12-01T00:00:00Z".parse().unwrap()
}

/// The document's own example.
fn purchase() -> Value {
    json!({
        "eventType": "commerce.purchases",
        "timestamp": "2025-12-11T20:30:00Z",
        "commerce": {
            "purchases": {"value": 1},
            "order": {"purchaseID": "PNR123456", "priceTotal": 45000, "currencyCode": "INR"}
        },
        "productListItems": [{
            "SKU": "FLIGHT-DEL-BOM-TL123", "name": "Delhi to Mumbai",
            "quantity": 2, "priceTotal": 30000,
            "_tlpairways": {
                "flightNumber": "TL123", "origin": "DEL", "destination": "BOM",
                "departureDate": "2025-12-15", "cabinClass": "economy"
            }
        }],
        "_tlpairways": {
            "booking": {"pnr": "PNR123456", "passengerCount": 2, "contactEmail": "user@example.com"}
        }
    })
}

fn booking(event: &Value) -> BookingEvent {
    match read(event, Feed::Streaming, now()).unwrap() {
        Read::Booking(booking) => booking,
        other => panic!("{other:?}"),
    }
}

fn refusal(event: &Value) -> String {
    read(event, Feed::Streaming, now()).unwrap_err().to_string()
}

fn with(pointer: &str, value: Value) -> Value {
    let mut event = purchase();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let parent = event.pointer_mut(parent).unwrap();
    match parent {
        Value::Object(map) => drop(map.insert(name.to_owned(), value)),
        Value::Array(list) if name == "-" => list.push(value),
        other => panic!("{other}"),
    }
    event
}

fn without(pointer: &str) -> Value {
    let mut event = purchase();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    event.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(name).unwrap();
    event
}

fn flights(event: &BookingEvent) -> &BTreeMap<FlightId, Purchased> {
    match &event.said {
        Said::Purchased(flights) => flights,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_documents_example_is_read_as_the_document_says() {
    let event = booking(&purchase());
    assert_eq!(event.pnr.as_str(), "PNR123456");
    let (id, bought) = flights(&event).first_key_value().unwrap();
    assert_eq!(id.as_str(), "TL123-2025-12-15-DEL");
    assert_eq!((bought.origin.as_str(), bought.destination.as_str()), ("DEL", "BOM"));
    assert_eq!(bought.passengers, BTreeMap::from([(Cabin::Economy, 2)]));
    assert_eq!(
        (bought.price.decimal().as_str(), bought.price.currency.code()),
        ("30000.00", "INR")
    );
    assert_eq!(event.version.occurred_at().to_string(), "2025-12-11T20:30:00Z");
    assert_eq!(event.order.id(), Some("PNR123456"));
    let known: Vec<_> = event.contact.iter().collect();
    assert_eq!(known, [(&ContactField::Email, &"user@example.com".to_owned())]);
}

#[test]
fn prefixed_names_say_the_same() {
    fn prefixed(value: &Value) -> Value {
        match value {
            Value::Object(map) => map
                .iter()
                .map(|(name, value)| {
                    let name =
                        if name.starts_with('_') { name.clone() } else { format!("xdm:{name}") };
                    (name, prefixed(value))
                })
                .collect(),
            Value::Array(values) => values.iter().map(prefixed).collect(),
            other => other.clone(),
        }
    }
    assert_eq!(booking(&prefixed(&purchase())), booking(&purchase()));
}

#[test]
fn what_is_not_read_of_an_event_changes_nothing() {
    let whole = purchase();
    let mut read = whole.clone();
    let fields = read.as_object_mut().unwrap();
    fields.insert("web".into(), json!({"webPageDetails": {"URL": "https://example.com"}}));
    fields.insert("_experience".into(), json!({"analytics": {}}));
    fields.retain(|name, _| is_read(name));
    assert_eq!(booking(&read), booking(&whole));
    assert!(!is_read("web") && !is_read("xdm:web") && is_read("xdm:commerce") && is_read("@id"));
}

#[test]
fn an_event_keeps_its_id_where_it_can() {
    let id = |name: &str, id: &str| {
        booking(&with(&format!("/{name}"), json!(id))).version.event_id().to_string()
    };
    assert_eq!((id("_id", "evt:1").as_str(), id("@id", "evt:1").as_str()), ("evt:1", "evt:1"));
    let hashed = id("_id", "http://x/1#2");
    assert!(hashed.starts_with("aep-") && hashed.len() == 40, "{hashed}");
    assert_eq!(hashed, id("@id", "http://x/1#2"));
    assert_ne!(hashed, id("_id", "http://x/1#3"));
}

#[test]
fn without_an_id_order_type_and_time_make_one() {
    let id = |event: &Value| booking(event).version.event_id().clone();
    let first = id(&purchase());
    assert_eq!(first, id(&with("/productListItems/0/priceTotal", json!(1))));
    assert_ne!(first, id(&with("/timestamp", json!("2025-12-11T20:30:01Z"))));
    assert_ne!(first, id(&with("/commerce/order/purchaseID", json!("OTHER"))));
}

#[rstest]
#[case("flightDate", "departureAirportCode", "arrivalAirportCode", "2025-12-15T06:10:00+05:30")]
#[case("departureDate", "departureLocation", "arrivalLocation", "2025-12-15")]
fn a_flight_reservation_of_the_xdm_repository_is_read_by_either_of_its_names(
    #[case] date: &str,
    #[case] origin: &str,
    #[case] destination: &str,
    #[case] day: &str,
) {
    let own = json!({"flightNumber": "tl 123", date: day, origin: "del", destination: "BOM"});
    let event = booking(&with("/productListItems/0/_tlpairways", own));
    let (id, bought) = flights(&event).first_key_value().unwrap();
    assert_eq!(id.as_str(), "TL123-2025-12-15-DEL");
    assert_eq!(bought.passengers, BTreeMap::from([(Cabin::Unspecified, 2)]));
}

#[test]
fn two_fares_of_one_flight_are_one_record() {
    let mut child = purchase()["productListItems"][0].clone();
    child["quantity"] = json!(1);
    child["priceTotal"] = json!("10000.50");
    child["_tlpairways"]["cabinClass"] = json!("Premium Economy");
    let event = booking(&with("/productListItems/-", child));
    let bought = flights(&event).first_key_value().unwrap().1;
    let expected = BTreeMap::from([(Cabin::Economy, 2), (Cabin::PremiumEconomy, 1)]);
    assert_eq!((&bought.passengers, bought.price.minor_units), (&expected, 4_000_050));
}

#[test]
fn of_two_fares_in_one_cabin_each_counts_its_own() {
    let mut event = purchase();
    event["_tlpairways"]["booking"]["passengerCount"] = json!(4);
    let mut child = event["productListItems"][0].clone();
    child["quantity"] = json!(1);
    event["productListItems"].as_array_mut().unwrap().push(child);
    let event = booking(&event);
    let bought = flights(&event).first_key_value().unwrap().1;
    assert_eq!(bought.passengers, BTreeMap::from([(Cabin::Economy, 3)]));
}

#[test]
fn what_is_sold_beside_goes_with_its_flight() {
    let item = json!({"SKU": "Extra Bag 23kg!", "quantity": 3, "priceTotal": 15000});
    let event = booking(&with("/productListItems/-", item));
    let bought = flights(&event).first_key_value().unwrap().1;
    assert_eq!(
        (bought.ancillaries[0].kind.as_str(), bought.ancillaries[0].quantity),
        ("extra_bag_23kg", 3)
    );
    assert_eq!(bought.price.minor_units, 3_000_000);
}

#[test]
fn payments_are_kept_without_what_identifies_a_card() {
    let payments = json!([
        {"transactionID": "4111111111111111", "paymentAmount": 45000, "paymentType": "credit_card"},
        {"paymentAmount": 1, "paymentType": "4111 1111 1111 1111"}
    ]);
    let event = booking(&with("/commerce/order/payments", payments));
    let text = format!("{event:?}");
    assert!(text.contains("credit_card") && !text.contains("4111"), "{text}");
}

#[test]
fn a_bag_bought_later_is_no_flight() {
    let items = json!([
        {"SKU": "Extra bag", "priceTotal": 15, "_tlpairways": {"flightNumber": "TL0123", "ancillaryType": "bag"}},
        {"SKU": "MEAL"}
    ]);
    let Said::Extras(extras) = booking(&with("/productListItems", items)).said else { panic!() };
    let named: Vec<_> = extras
        .iter()
        .map(|extra| (extra.flight_number.as_deref(), extra.ancillary.kind.as_str()))
        .collect();
    assert_eq!(named, [(Some("TL123"), "bag"), (None, "meal")]);
}

#[rstest]
#[case(json!("John"))]
#[case(json!({"name": "John Smith"}))]
#[case(json!({"name": {"firstName": ["J"]}}))]
fn a_name_that_is_none_keeps_nobody_from_flying(#[case] person: Value) {
    let event = booking(&with("/person", person));
    assert_eq!(event.contact.len(), 1);
}

#[rstest]
#[case("2025-12-14T20:30:00Z", "TL123-2025-12-15-DEL")]
#[case("2025-12-15T23:59:00", "TL123-2025-12-15-DEL")]
#[case("2025-12-15T06:10:00+05:30", "TL123-2025-12-15-DEL")]
fn a_moment_is_on_the_day_that_it_is_at_the_airport(#[case] date: &str, #[case] id: &str) {
    let event = booking(&with("/productListItems/0/_tlpairways/departureDate", json!(date)));
    assert_eq!(flights(&event).first_key_value().unwrap().0.as_str(), id);
}

#[rstest]
#[case("TL0123", "TL123")]
#[case("9w 007", "9W7")]
#[case("TL-12", "TL12")]
#[case("TL000", "TL0")]
#[case("ABC123", "ABC123")]
fn a_flights_number_is_spelled_in_one_way(#[case] number: &str, #[case] spelled: &str) {
    let event = booking(&with("/productListItems/0/_tlpairways/flightNumber", json!(number)));
    assert_eq!(flights(&event).first_key_value().unwrap().1.flight_number, spelled);
}

#[rstest]
#[case("user@example.com", Some("user@example.com"))]
#[case("no address", None)]
#[case("@example.com", None)]
#[case("", None)]
fn an_address_that_can_be_none_is_left_out(#[case] email: &str, #[case] kept: Option<&str>) {
    let event = booking(&with("/_tlpairways/booking/contactEmail", json!(email)));
    assert_eq!(event.contact.get(&ContactField::Email).map(String::as_str), kept);
}

fn refund_of(order: Value, items: Value) -> Value {
    let mut event = purchase();
    event["eventType"] = json!(CREDIT_MEMO_ISSUED);
    event["commerce"]["order"] = order;
    event["productListItems"] = items;
    event
}

#[test]
fn a_refund_is_read_from_its_items_then_the_orders_refunds_then_its_total() {
    let units = |event: &Value| match booking(event).said {
        Said::Refunded(refund) => {
            (refund.seats.into_values().sum::<i64>(), refund.whole, refund.ancillaries)
        }
        other => panic!("{other:?}"),
    };
    let items = purchase()["productListItems"].clone();
    let order = json!({
        "purchaseID": "PNR123456", "priceTotal": 400, "currencyCode": "INR",
        "refunds": [{"refundAmount": 100.5}, {"refundAmount": 50, "currencyCode": "INR"}]
    });
    assert_eq!(units(&refund_of(order.clone(), items)), (3_000_000, 0, 0));
    assert_eq!(units(&refund_of(order.clone(), json!([]))), (0, 15_050, 0));
    let total = json!({"priceTotal": 400, "currencyCode": "INR"});
    assert_eq!(units(&refund_of(total, json!([]))), (0, 40_000, 0));
    let bag = json!([{"SKU": "BAG", "priceTotal": 20}]);
    assert_eq!(units(&refund_of(order, bag)), (0, 0, 2_000));
    let nothing = refund_of(json!({"purchaseID": "PNR123456"}), json!([]));
    assert!(refusal(&nothing).contains("how much was given back"), "{}", refusal(&nothing));
}

#[test]
fn a_cancellation_names_its_flights_or_means_the_order() {
    let mut event = purchase();
    event["eventType"] = json!(ORDER_CANCELLED);
    let named = |event: &Value| match booking(event).said {
        Said::Cancelled(flights) => flights.len(),
        other => panic!("{other:?}"),
    };
    assert_eq!(named(&event), 1);
    event["productListItems"] = json!([]);
    assert_eq!(named(&event), 0);
    // A bag that is given up is not the whole order.
    event["productListItems"] = json!([{"SKU": "BAG", "quantity": 1}]);
    assert!(refusal(&event).contains("flights to cancel"), "{}", refusal(&event));
}

#[rstest]
#[case(json!({"eventType": "web.webpagedetails.pageViews"}), Some("web.webpagedetails.pageViews"))]
#[case(json!({"eventType": "commerce.backofficeOrderPlaced"}), Some("commerce.backofficeOrderPlaced"))]
// A profile, as the HTTP destination exports it.
#[case(json!({"identityMap": {}, "segmentMembership": {"ups": {}}}), None)]
fn what_is_about_something_else_says_nothing(#[case] event: Value, #[case] kind: Option<&str>) {
    let read = read(&event, Feed::Streaming, now());
    assert_eq!(read, Ok(Read::Other(kind.map(str::to_owned))));
}

#[rstest]
#[case(without("/_tlpairways/booking/pnr"), "tenant.booking.pnr is missing")]
#[case(with("/_tlpairways/booking/pnr", json!("A#1")), "tenant.booking.pnr must be")]
#[case(without("/_tlpairways"), "tenant is missing")]
#[case(with("/productListItems", json!([])), "flightNumber is missing")]
#[case(without("/productListItems/0/_tlpairways/flightNumber"), "flightNumber is missing")]
#[case(
    without("/productListItems/0/_tlpairways/origin"),
    "productListItems[0].tenant.origin is missing"
)]
#[case(without("/productListItems/0/_tlpairways/destination"), "tenant.destination is missing")]
#[case(with("/productListItems/0/_tlpairways/origin", json!("XX1")), "origin must be the IATA code")]
#[case(without("/productListItems/0/priceTotal"), "priceTotal is missing")]
#[case(with("/productListItems/0/priceTotal", json!(-1)), "priceTotal must be an amount: zero or more; got -1")]
#[case(with("/productListItems/0/priceTotal", json!(0.001)), "no finer than")]
#[case(with("/commerce/order/currencyCode", json!("RUPEES")), "currencyCode must be a currency of ISO 4217")]
#[case(without("/commerce/order/currencyCode"), "currencyCode is missing")]
#[case(with("/productListItems/0/_tlpairways/departureDate", json!("2025-02-30")), "departureDate must be a day")]
#[case(with("/productListItems/0/_tlpairways/departureDate", json!("2025-12-1é")), "departureDate must be a day")]
#[case(with("/productListItems/0/_tlpairways/departureDate", json!("0025-12-15")), "departureDate must be a day")]
#[case(with("/timestamp", json!("yesterday")), "timestamp must be a time")]
#[case(without("/timestamp"), "timestamp is missing")]
#[case(with("/timestamp", json!("2027-01-01T00:00:00Z")), "timestamp must be at most 10 minutes ahead")]
#[case(with("/_tlpairways/booking/passengerCount", json!(0)), "passengerCount must be a whole number from 1")]
#[case(with("/productListItems/0/quantity", json!(1.5)), "quantity must be a whole number")]
#[case(json!([]), "the value must be a JSON object")]
#[case(json!("text"), "the value must be a JSON object")]
fn what_cannot_be_understood_is_told_in_a_sentence(#[case] event: Value, #[case] sentence: &str) {
    let refusal = refusal(&event);
    assert!(refusal.contains(sentence), "{refusal}");
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(|number| json!(number)),
        any::<i64>().prop_map(Value::from),
        "[ -~é\u{10ffff}]{0,14}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 20, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::btree_map("[a-z_:@]{1,8}", inner, 0..3)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

const PLACES: [&str; 16] = [
    "/timestamp",
    "/_id",
    "/commerce",
    "/commerce/order",
    "/commerce/order/purchaseID",
    "/commerce/order/currencyCode",
    "/commerce/order/refunds",
    "/commerce/order/payments",
    "/productListItems",
    "/productListItems/0/priceTotal",
    "/productListItems/0/quantity",
    "/productListItems/0/_tlpairways",
    "/productListItems/0/_tlpairways/departureDate",
    "/_tlpairways",
    "/_tlpairways/booking",
    "/_tlpairways/booking/pnr",
];

proptest! {
    #[test]
    fn nothing_in_any_place_makes_it_panic(
        place in prop::sample::select(PLACES.to_vec()),
        value in any_json(),
        kind in prop::sample::select(vec![PURCHASES, CREDIT_MEMO_ISSUED, ORDER_CANCELLED]),
    ) {
        let mut event = with(place, value);
        event["eventType"] = json!(kind);
        let _ = read(&event, Feed::Streaming, now());
    }
}
