//! What would be sent, and what must come of it.

use super::bookings::Bookings;
use super::delivery::Delivery;
use super::sign::{Scheme, Signer};
use super::truth::Truth;
use crate::stop::Stop;
use crate::terminal;
use flightpulse_domain::reservation::Totals;
use jiff::Timestamp;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Shows every request as a command for curl, then every flight; with `json` one document a line.
pub(super) fn run(
    url: &str,
    signer: &Signer,
    bookings: &Bookings,
    truth: &Truth,
    mut delivery: Delivery<'_>,
    json: bool,
) -> Result<(), Stop> {
    while let Some(batch) = delivery.next()? {
        let body = String::from_utf8_lossy(&batch.body).into_owned();
        let mut headers = signer.headers(&batch.body, Timestamp::now())?;
        if signer.scheme == Scheme::Bearer {
            // The token is the secret itself.
            headers.iter_mut().for_each(|(_, value)| *value = "Bearer $SECRET".to_owned());
        }
        if json {
            let headers: BTreeMap<_, _> = headers.into_iter().collect();
            terminal::line(json!({"url": url, "headers": headers, "body": body}));
            continue;
        }
        let headers = headers.iter().map(|(name, value)| format!(" -H \"{name}: {value}\""));
        // Without a new line at its end: the bytes are what is signed.
        let body = body.replace('\'', r"'\''");
        terminal::line(format_args!(
            "curl -sS -X POST \"{url}\" -H 'content-type: application/json'{} --data-binary '{body}'",
            headers.collect::<String>()
        ));
    }
    flights(bookings, truth, json);
    Ok(())
}

/// Shows what every flight must have in the end.
pub(super) fn flights(bookings: &Bookings, truth: &Truth, json: bool) {
    for flight in &bookings.flights {
        let Some((records, sums)) = truth.flights.get(&flight.id) else { continue };
        let line = line(flight.id.as_str(), *records, sums);
        if json { terminal::line(line) } else { terminal::line(format_args!("# {line}")) }
    }
}

fn line(flight: &str, records: u64, sums: &Totals) -> Value {
    json!({
        "flight_id": flight, "records": records, "reservations": sums.reservations,
        "passengers": sums.passengers, "revenue": sums.revenue,
        "ancillary_revenue": sums.ancillary_revenue, "ancillaries": sums.ancillaries,
    })
}
