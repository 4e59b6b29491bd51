//! What a flight has of reservations.

use super::*;
use flightpulse_domain::ids::Pnr;
use flightpulse_domain::reservation::{Feed, Reservation, ReservationChange};
use flightpulse_domain::xdm;
use flightpulse_store::ReservationWriter;
use serde_json::json;

const FLIGHT: &str = "TL123-2026-12-15-DEL";

/// A purchase of a party, as the feed tells of it.
async fn buy(api: &Api<MemoryStore, MemorySecret>, pnr: &str, party: u32) {
    let event = json!({
        "eventType": "commerce.purchases", "timestamp": "2026-11-20T20:30:00Z",
        "commerce": {"order": {
            "purchaseID": pnr, "priceTotal": 31500, "currencyCode": "INR",
            "payments": [{"paymentType": "credit_card", "paymentAmount": 31500}]
        }},
        "productListItems": [
            {"SKU": "FLIGHT", "quantity": party, "priceTotal": 30000, "_tlpairways": {
                "flightNumber": "TL123", "origin": "DEL", "destination": "BOM",
                "departureDate": "2026-12-15", "cabinClass": "economy"
            }},
            {"SKU": "Extra bag", "quantity": 2, "priceTotal": 1500}
        ],
        "_tlpairways": {
            "booking": {"pnr": pnr, "passengerCount": party, "contactEmail": "user@example.com"}
        }
    });
    let Ok(xdm::Read::Booking(event)) = xdm::read(&event, Feed::Streaming, now()) else {
        panic!("it is a booking");
    };
    let before = Reservation::new(Pnr::new(pnr).unwrap());
    let mut after = before.clone();
    after.apply(&event).unwrap();
    let change = ReservationChange::between(&before, after).unwrap().unwrap();
    api.store.write_reservation(&change).await.unwrap();
}

#[tokio::test]
async fn a_flight_shows_who_is_on_it_by_totals_and_records() {
    let (api, _) = empty();
    let mut scheduled = flight(FLIGHT);
    (scheduled.capacity, scheduled.booked_passengers) = (Some(180), 3);
    api.store.put_flight(&scheduled).await.unwrap();
    buy(&api, "PNR123456", 2).await;
    let got = ask(&api, &get(&format!("/flights/{FLIGHT}/operations"))).await;
    assert_eq!(got.status, 200, "{}", got.text);
    insta::assert_json_snapshot!("operations", got.body());
    // However they came, they are booked.
    let seen = ask(&api, &get(&format!("/flights/{FLIGHT}"))).await.body();
    assert_eq!((&seen["booked_passengers"], &seen["capacity"]), (&json!(5), &json!(180)));
    let list = ask(&api, &get("/flights?status=SCHEDULED")).await.body();
    assert_eq!(list["flights"][0]["booked_passengers"], 5);
}

#[tokio::test]
async fn reservations_may_be_known_before_their_flight_is() {
    let (api, _) = empty();
    buy(&api, "PNR123456", 2).await;
    let got = ask(&api, &get(&format!("/flights/{FLIGHT}/operations"))).await;
    let body = got.body();
    assert_eq!((got.status, &body["booked_passengers"]), (200, &json!(2)));
    assert_eq!((&body["capacity"], &body["load_factor"]), (&Value::Null, &Value::Null));
}

#[tokio::test]
async fn records_come_in_pages_and_totals_on_each() {
    let (api, _) = empty();
    for nth in 0..7 {
        buy(&api, &format!("PNR{nth}"), 1).await;
    }
    let (mut pnrs, mut asked) = (Vec::new(), get(&format!("/flights/{FLIGHT}/operations?limit=3")));
    loop {
        let body = ask(&api, &asked).await.body();
        assert_eq!(
            (&body["totals"]["reservations"], &body["booked_passengers"]),
            (&json!(7), &json!(7))
        );
        let records = body["records"].as_array().unwrap();
        assert_eq!(body["count"], records.len());
        pnrs.extend(records.iter().map(|record| record["pnr"].as_str().unwrap().to_owned()));
        asked = get(&format!("/flights/{FLIGHT}/operations?limit=3"));
        match body["next"].as_str() {
            Some(next) => asked.query.push(("cursor".to_owned(), next.to_owned())),
            None => break,
        }
    }
    assert_eq!(pnrs, (0..7).map(|nth| format!("PNR{nth}")).collect::<Vec<_>>());
}
