//! Examples of what the API answers, of the sample airline. A test reads each as what it is an
//! example of.

use serde_json::{Value, json};

/// A cursor as a client sees it.
pub const CURSOR: &str =
    "AXQ1c2F2Zm1qN0h2eWc4S1dWZ0Q0bVJkTnFwTGJzWGMyTjI2LTExLTIyVDIxOjEwOjAwWiNTVzU2Nzg";

/// A challenge of Adobe I/O Events.
pub const CHALLENGE: &str = "8f3c1e52-0a57-4d2e-9c1b-6a7d0e5b2f44";

/// That the API answers.
#[must_use]
pub fn health() -> Value {
    json!({"status": "healthy", "timestamp": "2026-11-21T10:00:00Z", "service": "flightpulse-api"})
}

/// A delayed flight.
#[must_use]
pub fn flight() -> Value {
    json!({
        "flight_id": "SW5678", "origin": "DEN", "destination": "PHX",
        "scheduled_departure": "2026-11-22T21:10:00Z", "scheduled_arrival": "2026-11-22T23:05:00Z",
        "actual_departure": "2026-11-22T22:40:00Z", "actual_arrival": "2026-11-23T00:35:00Z",
        "status": "DELAYED", "gate": "B7", "aircraft": "Boeing 737 MAX 8", "capacity": 175, "delay_minutes": 90,
        "delay_reason": "MECHANICAL", "cancellation_reason": null, "booked_passengers": 8
    })
}

/// Delayed flights.
#[must_use]
pub fn flights() -> Value {
    json!({"flights": [flight()], "count": 1, "next": null})
}

/// A booking.
#[must_use]
pub fn booking() -> Value {
    json!({
        "booking_id": "B001", "confirmation_number": "K7QX2M", "passenger_id": "P001",
        "flight_id": "SW5678", "seat": "2A", "fare_class": "Business Select",
        "booking_status": "CHECKED_IN", "checked_in": true, "bags_checked": 1,
        "special_requests": [], "passenger_count": 1, "created_at": "2026-10-18T16:05:00Z"
    })
}

/// Bookings, with more to come.
#[must_use]
pub fn bookings() -> Value {
    json!({"bookings": [booking()], "count": 1, "next": CURSOR})
}

/// What a flight has of reservations.
#[must_use]
pub fn operations() -> Value {
    json!({
        "flight_id": "SW5678", "capacity": 175, "booked_passengers": 10, "load_factor": 0.0571,
        "totals": {
            "reservations": 1, "passengers": 2, "passengers_by_cabin": {"economy": 2},
            "revenue": [{"amount": "30000.00", "minor_units": 3_000_000, "currency": "INR"}],
            "ancillary_revenue": [{"amount": "1500.00", "minor_units": 150_000, "currency": "INR"}],
            "ancillaries": {"bag": 2}
        },
        "records": [{
            "flight_id": "SW5678", "flight_number": "SW5678", "pnr": "PNR123456",
            "order_id": "PNR123456", "route": "DEN-PHX", "origin": "DEN", "destination": "PHX",
            "departure_date": "2026-11-22", "status": "BOOKED", "passenger_count": 2,
            "cabin_class": "economy", "passengers_by_cabin": {"economy": 2},
            "revenue": {"amount": "30000.00", "minor_units": 3_000_000, "currency": "INR"},
            "refunded": [], "booking_timestamp": "2026-11-11T20:30:00Z",
            "purchased_at": "2026-11-11T20:30:00Z", "contact_email": "user@example.com",
            "payments": [{
                "method": "credit_card",
                "amount": {"amount": "31500.00", "minor_units": 3_150_000, "currency": "INR"}
            }],
            "ancillaries": [{
                "kind": "extra_bag", "category": "bag", "quantity": 2,
                "price": {"amount": "1500.00", "minor_units": 150_000, "currency": "INR"}
            }],
            "ancillaries_refunded": [], "source": "aep-streaming", "processed": true
        }],
        "count": 1, "next": null
    })
}

/// A reconciliation.
#[must_use]
pub fn reconciliation() -> Value {
    json!({
        "reconciliation_id": "20261130T063012Z-3f2a9c1b", "status": "COMPLETED", "reason": null,
        "bucket": "flightpulse-exports",
        "key": "exports/65f1c0/exportTime=202611300600/part-00000-c000.gz.parquet",
        "kind": "parquet", "size": 18_350_080, "dataset_id": "65f1c0",
        "exported_at": "2026-11-30T06:00:00Z", "started_at": "2026-11-30T06:30:12Z",
        "ended_at": "2026-11-30T06:30:31Z", "parts": 2, "rows": 138_536, "booking_events": 138_530,
        "ignored": 4, "untyped": 0, "rejected": 2, "discrepancies": 12, "missing": 10, "different": 2,
        "report": "reports/20261130T063012Z-3f2a9c1b/7d1e0b52/report.json"
    })
}

/// Reconciliations.
#[must_use]
pub fn reconciliations() -> Value {
    json!({"reconciliations": [reconciliation()], "count": 1, "next": null})
}

/// A passenger.
#[must_use]
pub fn passenger() -> Value {
    json!({
        "passenger_id": "P001", "first_name": "María", "last_name": "Iñárritu",
        "email": "maria.inarritu@example.com", "phone": "+13035550101",
        "rapid_rewards_number": "100000001", "tier": "A-LIST PREFERRED",
        "notification_preferences": {"email": true, "sms": true, "push": false}, "language": "es"
    })
}

/// What the passengers of a flight, or of a booking, were told.
#[must_use]
pub fn notifications() -> Value {
    json!({
        "notifications": [{
            "notification_id": "3f0c5f5e-8a53-5d0f-9b8e-5b1f0a7c2d44", "event_id": "evt-20261121-0001",
            "resend_id": null, "kind": "DELAY", "nature": "NEWS", "flight_id": "SW5678",
            "booking_id": "B001", "passenger_id": "P001", "channel": "email", "language": "es",
            "author": "MODEL", "headline": "Tu vuelo SW5678 sale más tarde: 15:40",
            "sent_at": "2026-11-21T10:00:04.512Z"
        }],
        "count": 1, "next": null
    })
}

/// That whoever registers the webhook reached us.
#[must_use]
pub fn challenge() -> Value {
    json!({"challenge": CHALLENGE})
}

/// A purchase as Adobe Experience Platform has it, in a batch of one.
#[must_use]
pub fn booking_events() -> Value {
    json!({"events": [{
        "_id": "9f2b1c34-6d1e-4f0a-8a37-2f6f0f6f4b10", "eventType": "commerce.purchases",
        "timestamp": "2026-11-21T10:00:00Z",
        "commerce": {
            "purchases": {"value": 1},
            "order": {"purchaseID": "K7QX2M", "priceTotal": 450.0, "currencyCode": "USD"}
        },
        "productListItems": [{
            "SKU": "FLIGHT-DEN-PHX-SW5678", "quantity": 2, "priceTotal": 450.0,
            "_airline": {
                "flightNumber": "SW5678", "origin": "DEN", "destination": "PHX",
                "departureDate": "2026-11-22", "cabinClass": "economy"
            }
        }],
        "_airline": {"booking": {"pnr": "K7QX2M", "passengerCount": 2}}
    }]})
}

/// That an event was taken.
#[must_use]
pub fn received() -> Value {
    json!({"received": 1})
}

/// Who asks, and why.
#[must_use]
pub fn signed() -> Value {
    json!({"operator": "jane", "reason": "wrong broadcast"})
}

/// To tell passengers again of the gate.
#[must_use]
pub fn resend() -> Value {
    json!({"operator": "jane", "reason": "passengers ask", "facet": "gate"})
}

/// To take back a wrong delay.
#[must_use]
pub fn correct() -> Value {
    json!({
        "operator": "jane", "reason": "a typing error",
        "correction": {"kind": "DELAY", "delay_minutes": 45, "cause": "WEATHER"}
    })
}

/// Notifications are held.
#[must_use]
pub fn hold() -> Value {
    json!({
        "held": true, "changed_at": "2026-11-21T10:00:00Z", "changed_by": "jane",
        "reason": "wrong broadcast"
    })
}

/// A correction that is on its way.
#[must_use]
pub fn accepted() -> Value {
    json!({
        "action_id": "20261121T100000.000000Z-5f0c2a91",
        "events": [{
            "event_id": "op-5b6f6f0e-0b57-4f2c-9c0b-3d5a2a1f7e10",
            "detail_type": "flight.delay.major"
        }]
    })
}

/// What operators did.
#[must_use]
pub fn actions() -> Value {
    json!({
        "actions": [{
            "action_id": "20261121T100000.000000Z-5f0c2a91", "at": "2026-11-21T10:00:00Z",
            "operator": "jane", "identity": "arn:aws:iam::123456789012:user/jane",
            "action": "correct", "reason": "a typing error", "flight_id": "SW5678",
            "facets": ["schedule"], "event_ids": ["op-5b6f6f0e-0b57-4f2c-9c0b-3d5a2a1f7e10"],
            "outcome": "DONE"
        }],
        "count": 1, "next": null
    })
}
