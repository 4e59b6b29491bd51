//! The products of an order: flights, and what was sold beside them.

use super::{Currency, MAX_NAME, Money, amount, tenant};
use crate::airport;
use crate::fields::Fields;
use crate::ids::FlightId;
use crate::inbound::Rejection;
use crate::reservation::{Ancillary, Cabin, Extra, Feed, Payment, Purchased};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use std::collections::BTreeMap;

/// The most products of one order that are read.
const MAX_ITEMS: usize = 200;
/// The largest party.
const MAX_PARTY: u32 = 999;
/// The most of one ancillary.
const MAX_QUANTITY: u32 = 9_999;
/// The longest name of a kind of ancillary, in characters.
const MAX_KIND: usize = 40;

/// What only a flight has.
const OF_FLIGHTS: [&str; 3] = ["departureDate", "flightDate", "cabinClass"];

/// The products of an order.
#[derive(Default)]
pub(super) struct Items {
    /// By flight, with what was sold beside it.
    pub(super) flights: BTreeMap<FlightId, FlightItem>,
    /// What was sold beside no flight of the event.
    pub(super) others: Vec<Extra>,
}

/// What an order says of one flight. Two products of one flight (an adult's and a child's fare, two
/// cabins) are one.
pub(super) struct FlightItem {
    number: String,
    origin: String,
    destination: Option<String>,
    date: Date,
    passengers: BTreeMap<Cabin, u32>,
    /// How many products it is.
    products: usize,
    /// What its seats cost; none when no product says.
    pub(super) price: Option<Money>,
    pub(super) ancillaries: Vec<Ancillary>,
    place: String,
}

impl FlightItem {
    pub(super) fn purchased(
        self,
        payments: Vec<Payment>,
        feed: Feed,
    ) -> Result<Purchased, Rejection> {
        let missing = |name: &str, allowed: &str| Rejection::Missing {
            field: format!("{}.{name}", self.place),
            allowed: allowed.to_owned(),
        };
        Ok(Purchased {
            destination: self
                .destination
                .clone()
                .ok_or_else(|| missing("destination", "the IATA code of an airport"))?,
            price: self.price.ok_or_else(|| missing("priceTotal", "what its seats cost"))?,
            flight_number: self.number,
            origin: self.origin,
            departure_date: self.date,
            passengers: self.passengers,
            ancillaries: self.ancillaries,
            payments,
            feed,
        })
    }

    /// Another product of the same flight.
    fn join(&mut self, other: Self) -> Result<(), Rejection> {
        self.products += other.products;
        for (cabin, count) in other.passengers {
            *self.passengers.entry(cabin).or_default() += count;
        }
        self.price = match (self.price, other.price) {
            (Some(one), Some(other_price)) if one.currency == other_price.currency => {
                Some(Money { minor_units: one.minor_units + other_price.minor_units, ..one })
            }
            (Some(_), Some(_)) => {
                return Err(Rejection::Invalid {
                    field: format!("{}.currencyCode", other.place),
                    allowed: "one currency for one flight".to_owned(),
                    got: "two".to_owned(),
                });
            }
            (one, other) => one.or(other),
        };
        self.destination = self.destination.take().or(other.destination);
        self.ancillaries.extend(other.ancillaries);
        Ok(())
    }
}

/// The products of an event; none when it lists none.
pub(super) fn read_items(event: &Fields<'_>, order: Option<Currency>) -> Result<Items, Rejection> {
    let products = event.objects("productListItems")?;
    if products.len() > MAX_ITEMS {
        return Err(event.invalid("productListItems", format!("at most {MAX_ITEMS} products")));
    }
    let mut items = Items::default();
    let mut beside = Vec::new();
    for product in &products {
        let tenant = tenant(product)?;
        let own = tenant.as_ref();
        let number =
            own.map(|own| own.optional_text("flightNumber", MAX_NAME)).transpose()?.flatten();
        let kind =
            own.map(|own| own.optional_text("ancillaryType", MAX_NAME)).transpose()?.flatten();
        match (own, number) {
            (Some(own), Some(number)) if kind.is_none() => {
                let (id, item) = flight(product, own, &number, order)?;
                match items.flights.get_mut(&id) {
                    Some(known) => known.join(item)?,
                    None => drop(items.flights.insert(id, item)),
                }
            }
            // What has a flight's fields and no number is a flight that cannot be told from others.
            (Some(own), None)
                if kind.is_none() && OF_FLIGHTS.iter().any(|name| own.get(name).is_some()) =>
            {
                return Err(Rejection::Missing {
                    field: own.field("flightNumber"),
                    allowed: "the number of a flight".to_owned(),
                });
            }
            (_, number) => beside.push((number, ancillary(product, kind, order)?)),
        }
    }
    share_party(event, &mut items)?;
    // What names no flight goes with the first that leaves.
    let first = items.flights.iter().min_by_key(|(_, item)| item.date).map(|(id, _)| id.clone());
    for (number, ancillary) in beside {
        let number = number.map(|number| spelled(&number));
        let named = items
            .flights
            .iter()
            .find(|(_, item)| number.as_ref() == Some(&item.number))
            .map(|(id, _)| id.clone());
        let flight = named.or_else(|| first.clone()).and_then(|id| items.flights.get_mut(&id));
        match flight {
            Some(flight) => flight.ancillaries.push(ancillary),
            None => items.others.push(Extra { flight_number: number, ancillary }),
        }
    }
    Ok(items)
}

/// The party's size holds for every flight that is one product; where a flight is several, each
/// product's quantity counts.
fn share_party(event: &Fields<'_>, items: &mut Items) -> Result<(), Rejection> {
    let Some(booking) = tenant(event)? else {
        return Ok(());
    };
    let Some(booking) = booking.optional_object("booking")? else {
        return Ok(());
    };
    let Some(party) = booking.optional_whole_number("passengerCount", 1..=MAX_PARTY)? else {
        return Ok(());
    };
    for item in items.flights.values_mut().filter(|item| item.products == 1) {
        item.passengers.values_mut().for_each(|count| *count = party);
    }
    Ok(())
}

fn flight(
    product: &Fields<'_>,
    own: &Fields<'_>,
    number: &str,
    order: Option<Currency>,
) -> Result<(FlightId, FlightItem), Rejection> {
    let number = spelled(number);
    if !(2..=8).contains(&number.len()) || !number.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return Err(own.invalid("flightNumber", "2 to 8 letters and digits, like TL123"));
    }
    let origin = airport_of(own, &["origin", "departureAirportCode", "departureLocation"])?;
    let origin = own.need(origin, "origin", "the IATA code of an airport")?;
    let destination = airport_of(own, &["destination", "arrivalAirportCode", "arrivalLocation"])?;
    let date = date_of(own, &["departureDate", "flightDate"], &origin)?;
    let id = FlightId::new(format!("{number}-{date}-{origin}"))
        .map_err(|_| own.invalid("flightNumber", "the number of a flight"))?;
    let cabin = own.optional_text("cabinClass", MAX_NAME)?;
    let cabin = cabin.map_or(Cabin::Unspecified, |name| Cabin::named(&name));
    let count = product.optional_whole_number("quantity", 1..=MAX_PARTY)?.unwrap_or(1);
    let item = FlightItem {
        number,
        origin,
        destination,
        date,
        passengers: BTreeMap::from([(cabin, count)]),
        products: 1,
        price: amount(product, "priceTotal", order)?,
        ancillaries: Vec::new(),
        place: own.place().to_owned(),
    };
    Ok((id, item))
}

/// A flight number as airlines write it: `tl 0123` is `TL123`. The first two characters are the
/// airline's, and may be a digit.
fn spelled(number: &str) -> String {
    let number: String = number.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
    let number = number.to_ascii_uppercase();
    match number.split_at_checked(2) {
        Some((airline, digits)) if digits.starts_with(|c: char| c.is_ascii_digit()) => {
            let digits = digits.trim_start_matches('0');
            let digits = if digits.is_empty() { "0" } else { digits };
            format!("{airline}{digits}")
        }
        _ => number,
    }
}

fn airport_of(own: &Fields<'_>, names: &[&str]) -> Result<Option<String>, Rejection> {
    for name in names {
        if let Some(code) = own.optional_text(name, MAX_NAME)? {
            let code = code.trim().to_ascii_uppercase();
            if !airport::is_known(&code) {
                return Err(own.invalid(name, "the IATA code of an airport"));
            }
            return Ok(Some(code));
        }
    }
    Ok(None)
}

/// The day of departure by the clock of its airport: a day, alone or with a time of day, is that; a
/// moment with an offset is on the day that it is there.
fn date_of(own: &Fields<'_>, names: &[&str], origin: &str) -> Result<Date, Rejection> {
    const ALLOWED: &str = "a day from 2000 to 2100, like 2026-12-15";
    for name in names {
        if let Some(text) = own.optional_text(name, MAX_NAME)? {
            let there = |moment: Timestamp| {
                airport::time_zone(origin).map(|zone| moment.to_zoned(zone).date())
            };
            let date = text
                .parse::<Timestamp>()
                .ok()
                .and_then(there)
                .or_else(|| text.parse::<DateTime>().ok().map(DateTime::date));
            return date
                .filter(|date| (2000..=2100).contains(&date.year()))
                .ok_or_else(|| own.invalid(name, ALLOWED));
        }
    }
    own.need(None, names[0], ALLOWED)
}

fn ancillary(
    product: &Fields<'_>,
    kind: Option<String>,
    order: Option<Currency>,
) -> Result<Ancillary, Rejection> {
    let named = match kind {
        Some(kind) => Some(kind),
        None => match product.optional_text("SKU", 200)? {
            Some(sku) => Some(sku),
            None => product.optional_text("name", 200)?,
        },
    };
    let quantity = product.optional_whole_number("quantity", 1..=MAX_QUANTITY)?.unwrap_or(1);
    Ok(Ancillary {
        kind: slug(&named.unwrap_or_default()),
        quantity,
        price: amount(product, "priceTotal", order)?,
    })
}

/// A name of small letters, digits and `_`: it is part of an attribute's name in the table.
fn slug(name: &str) -> String {
    let mut slug = String::new();
    for c in name.chars().take(MAX_KIND) {
        match c.to_ascii_lowercase() {
            c if c.is_ascii_alphanumeric() => slug.push(c),
            _ if slug.ends_with('_') || slug.is_empty() => {}
            _ => slug.push('_'),
        }
    }
    let slug = slug.trim_end_matches('_');
    if slug.is_empty() { "other".to_owned() } else { slug.to_owned() }
}
