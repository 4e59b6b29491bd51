//! A flight's totals as an item: a number for each sum.

use super::found::Found;
use crate::StoreError;
use flightpulse_domain::money::Currency;
use flightpulse_domain::reservation::{AncillaryCategory, Cabin, Totals};

const RESERVATIONS: &str = "reservations";
const PASSENGERS: &str = "passengers";
const REVENUE: &str = "revenue";
const ANCILLARY_REVENUE: &str = "ancillary_revenue";
const ANCILLARIES: &str = "ancillaries";

/// Totals as attributes, each a number of its own: ADD makes what is not there yet, which it cannot
/// within a map. There are as many as cabins, currencies and categories of ancillaries.
pub(super) fn attributes(totals: &Totals) -> Vec<(String, i64)> {
    let mut attributes = Vec::new();
    if totals.reservations != 0 {
        attributes.push((RESERVATIONS.to_owned(), totals.reservations));
    }
    let mut add =
        |kind: &str, of: &str, count: i64| attributes.push((format!("{kind}#{of}"), count));
    totals.passengers.iter().for_each(|(cabin, count)| add(PASSENGERS, cabin.name(), *count));
    totals.revenue.iter().for_each(|(currency, units)| add(REVENUE, currency.code(), *units));
    let beside = totals.ancillary_revenue.iter();
    beside.for_each(|(currency, units)| add(ANCILLARY_REVENUE, currency.code(), *units));
    totals.ancillaries.iter().for_each(|(one, count)| add(ANCILLARIES, one.name(), *count));
    attributes
}

/// Totals out of their item. What is none is left out: a sum that a newer function adds must not
/// keep an older one from showing the others.
pub(super) fn read(item: &Found) -> Result<Totals, StoreError> {
    let mut totals = Totals::default();
    for (name, value) in item.attributes()? {
        if name == "PK" || name == "SK" {
            continue;
        }
        match value.as_i64() {
            Some(0) => {}
            Some(count) if add_total(&mut totals, &name, count) => {}
            _ => {
                tracing::warn!(name, key = ?item.key().ok(), "an unknown total is left out")
            }
        }
    }
    Ok(totals)
}

/// Puts a sum where its name says; answers whether there is such a place.
fn add_total(totals: &mut Totals, name: &str, count: i64) -> bool {
    let (kind, of) = name.split_once('#').map_or((name, ""), |(kind, of)| (kind, of));
    let currency = || Currency::from_code(of).ok();
    match kind {
        RESERVATIONS => totals.reservations = count,
        PASSENGERS => drop(totals.passengers.insert(Cabin::named(of), count)),
        REVENUE => match currency() {
            Some(currency) => drop(totals.revenue.insert(currency, count)),
            None => return false,
        },
        ANCILLARY_REVENUE => match currency() {
            Some(currency) => drop(totals.ancillary_revenue.insert(currency, count)),
            None => return false,
        },
        ANCILLARIES => match AncillaryCategory::ALL.into_iter().find(|one| one.name() == of) {
            Some(category) => drop(totals.ancillaries.insert(category, count)),
            None => return false,
        },
        _ => return false,
    }
    true
}

#[cfg(test)]
mod tests {
    use super::super::found::text_of;
    use super::super::{item, number, text};
    use super::*;
    use crate::keys::Key;
    use flightpulse_domain::ids::FlightId;
    use serde_json::value::RawValue;

    #[test]
    fn what_is_no_total_that_is_known_is_left_out() {
        let mut item = item::key(&Key::flight_totals(&FlightId::new("F1").unwrap()));
        for (name, count) in
            [("passengers#economy", "3"), ("revenue#INR", "7"), ("revenue#ZZZ", "1"), ("new", "1")]
        {
            item.insert(name.to_owned(), number(count));
        }
        item.insert("revenue#USD".to_owned(), text("x"));
        let item = RawValue::from_string(text_of(item)).unwrap();
        let totals = read(&Found::new(&item)).unwrap();
        assert_eq!((totals.all_passengers(), totals.revenue.len()), (3, 1));
    }
}
