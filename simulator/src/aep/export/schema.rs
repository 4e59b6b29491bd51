//! The columns of an export in Parquet: what the data lake of Experience Platform has for the airline's
//! schema of events. A field of an event that is none of these columns is a fault, and not left out.

use arrow_schema::{DataType, Field, Fields, Schema, SchemaRef, TimeUnit};
use std::sync::Arc;

/// The columns.
pub(super) fn columns() -> SchemaRef {
    Arc::new(Schema::new(vec![
        text("_id"),
        // As Spark writes it, which writes the exports.
        Field::new(
            "timestamp",
            DataType::Timestamp(TimeUnit::Millisecond, Some("+00:00".into())),
            true,
        ),
        text("eventType"),
        record("commerce", commerce()),
        list("productListItems", item()),
        record("person", vec![record("name", vec![text("firstName"), text("lastName")])]),
        record(
            "_tlpairways",
            vec![record(
                "booking",
                vec![
                    text("pnr"),
                    Field::new("passengerCount", DataType::Int64, true),
                    text("contactEmail"),
                    text("contactPhone"),
                ],
            )],
        ),
    ]))
}

fn commerce() -> Vec<Field> {
    let measure = |name| record(name, vec![number("value")]);
    let payment = vec![text("transactionID"), text("paymentType"), number("paymentAmount")];
    vec![
        record(
            "order",
            vec![
                text("purchaseID"),
                text("currencyCode"),
                number("priceTotal"),
                list("payments", payment),
                list("refunds", vec![number("refundAmount")]),
            ],
        ),
        measure("purchases"),
        measure("backofficeCreditMemoIssued"),
        measure("backofficeOrderCancelled"),
    ]
}

fn item() -> Vec<Field> {
    let own = ["flightNumber", "origin", "destination", "departureDate", "cabinClass"];
    let own = own.into_iter().chain(["ancillaryType"]).map(text).collect();
    vec![
        text("SKU"),
        text("name"),
        Field::new("quantity", DataType::Int64, true),
        number("priceTotal"),
        record("_tlpairways", own),
    ]
}

fn text(name: &str) -> Field {
    Field::new(name, DataType::Utf8, true)
}

fn number(name: &str) -> Field {
    Field::new(name, DataType::Float64, true)
}

fn record(name: &str, fields: Vec<Field>) -> Field {
    Field::new(name, DataType::Struct(Fields::from(fields)), true)
}

fn list(name: &str, fields: Vec<Field>) -> Field {
    let element = Field::new("element", DataType::Struct(Fields::from(fields)), true);
    Field::new(name, DataType::List(Arc::new(element)), true)
}
