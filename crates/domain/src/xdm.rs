//! XDM ExperienceEvents of Adobe Experience Platform: what they say of bookings.
//!
//! Names are read as live payloads have them and with the `xdm:` prefix of Adobe's examples. What an
//! airline adds stands under its tenant's name (`_tlpairways`), which differs from airline to
//! airline: it is whatever object's name begins with an underscore.
//!
//! Sources: <https://experienceleague.adobe.com/en/docs/experience-platform/xdm/data-types/order>
//! (order, refunds, payments), <https://github.com/adobe/xdm> (flight reservations, whose example
//! and schema name airports and dates differently: both are read).

mod items;
mod plain;

use crate::facet::FacetVersion;
use crate::fields::Fields;
use crate::ids::{EventId, Pnr};
use crate::inbound::{MAX_CLOCK_SKEW_MINUTES, Rejection, is_from_the_future};
use crate::money::{Currency, Money};
use crate::notification::NAMESPACE;
use crate::passenger::Language;
use crate::reservation::{BookingEvent, Contact, Feed, Payment, Refund, Said};
use items::{Items, read_items};
use jiff::Timestamp;
use plain::plain;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Something was bought.
pub const PURCHASES: &str = "commerce.purchases";
/// Money was given back.
pub const CREDIT_MEMO_ISSUED: &str = "commerce.backofficeCreditMemoIssued";
/// An order was given up.
pub const ORDER_CANCELLED: &str = "commerce.backofficeOrderCancelled";

/// The longest name of an order, an event type or a payment method, in characters.
const MAX_NAME: usize = 64;
/// The most payments of an order that are kept.
const MAX_PAYMENTS: usize = 10;
/// The longest email address (RFC 5321, 4.5.3.1.3, less its brackets).
const MAX_EMAIL: usize = 254;

/// What an ExperienceEvent is to us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Read {
    /// It tells of a booking.
    Booking(BookingEvent),
    /// It is about something else, and says nothing to us; with its type, if it has one.
    Other(Option<String>),
}

/// Reads an event. `now` is the time of reading, `feed` the way that it came.
///
/// # Errors
/// [`Rejection`] with a sentence for whoever mends the event: it is about bookings and cannot be
/// understood.
pub fn read(event: &Value, feed: Feed, now: Timestamp) -> Result<Read, Rejection> {
    let event = plain(event);
    let event = Fields::of(&event, "")?;
    let kind = event.optional_text("eventType", MAX_NAME)?;
    let read_said = match kind.as_deref() {
        Some(PURCHASES) => purchased,
        Some(CREDIT_MEMO_ISSUED) => refunded,
        Some(ORDER_CANCELLED) => cancelled,
        _ => return Ok(Read::Other(kind)),
    };
    let order = Order::read(&event)?;
    let occurred_at = event.timestamp("timestamp")?;
    if is_from_the_future(occurred_at, now) {
        let allowed = format!("at most {MAX_CLOCK_SKEW_MINUTES} minutes ahead of now ({now:.0})");
        return Err(event.invalid("timestamp", allowed));
    }
    let event_id = event_id(&event, &order, kind.as_deref().unwrap_or_default(), occurred_at)?;
    let said = read_said(&event, &order, feed)?;
    let version = FacetVersion::new(occurred_at, event_id);
    Ok(Read::Booking(BookingEvent { pnr: order.pnr, version, said }))
}

/// What every event about an order says of it.
struct Order {
    pnr: Pnr,
    order_id: Option<String>,
    currency: Option<Currency>,
}

impl Order {
    fn read(event: &Fields<'_>) -> Result<Self, Rejection> {
        // Without it there is no telling which reservation is meant: an order's id is no record
        // locator, and the feed says itself that it need not be unique.
        let booking = event.object("tenant")?.object("booking")?;
        let pnr = booking.id("pnr", Pnr::new)?;
        let order = optional_order(event)?;
        let (order_id, currency) = match &order {
            Some(order) => (order.optional_text("purchaseID", MAX_NAME)?, currency(order)?),
            None => (None, None),
        };
        Ok(Self { pnr, order_id, currency })
    }
}

fn optional_order<'a>(event: &Fields<'a>) -> Result<Option<Fields<'a>>, Rejection> {
    match event.optional_object("commerce")? {
        Some(commerce) => commerce.optional_object("order"),
        None => Ok(None),
    }
}

/// The event's id. One that is no id of ours is hashed to one; where there is none, order, type and
/// time are what tells one event from another.
fn event_id(
    event: &Fields<'_>,
    order: &Order,
    kind: &str,
    occurred_at: Timestamp,
) -> Result<EventId, Rejection> {
    let given = event.optional_text("_id", 1_000)?;
    let hashed = |name: String| format!("aep-{}", Uuid::new_v5(&NAMESPACE, name.as_bytes()));
    let id = match given {
        Some(id) if EventId::new(&id).is_ok() => id,
        Some(id) => hashed(format!("xdm#{id}")),
        None => {
            let order_id = order.order_id.as_deref().unwrap_or(order.pnr.as_str());
            hashed(format!("xdm#{order_id}#{kind}#{occurred_at:.6}"))
        }
    };
    EventId::new(id).map_err(|_| event.invalid("_id", "an id"))
}

/// The currency of an object; none when it does not say.
fn currency(fields: &Fields<'_>) -> Result<Option<Currency>, Rejection> {
    let code = fields.optional_text("currencyCode", 10)?;
    let known = code.map(|code| Currency::from_code(&code)).transpose();
    known.map_err(|_| fields.invalid("currencyCode", "a currency of ISO 4217, like INR"))
}

/// An amount of an object, in its own currency or else in the order's.
fn amount(
    fields: &Fields<'_>,
    name: &str,
    order: Option<Currency>,
) -> Result<Option<Money>, Rejection> {
    let Some(value) = fields.get(name) else {
        return Ok(None);
    };
    let currency =
        fields.need(currency(fields)?.or(order), "currencyCode", "a currency of ISO 4217")?;
    let money = Money::read(value, currency);
    money.map(Some).map_err(|why| fields.invalid(name, format!("an amount: {why}")))
}

fn purchased(event: &Fields<'_>, order: &Order, feed: Feed) -> Result<Said, Rejection> {
    let Items { flights, .. } = read_items(event, order.currency)?;
    if flights.is_empty() {
        return Err(Rejection::Missing {
            field: "productListItems[].flightNumber".to_owned(),
            allowed: "the number of a flight, in at least one item".to_owned(),
        });
    }
    let payments = payments(event, order)?;
    let flights = flights.into_iter().map(|(id, item)| {
        let purchased = item.purchased(order.order_id.clone(), payments.clone(), feed)?;
        Ok((id, purchased))
    });
    let flights = flights.collect::<Result<BTreeMap<_, _>, Rejection>>()?;
    Ok(Said::Purchased { contact: contact(event)?, flights })
}

fn cancelled(event: &Fields<'_>, order: &Order, _: Feed) -> Result<Said, Rejection> {
    let items = read_items(event, order.currency)?;
    let flights: BTreeSet<_> = items.flights.into_keys().collect();
    Ok(Said::Cancelled { order_id: order.order_id.clone(), flights })
}

/// What the items say is the nearest; then the order's list of refunds; then its total.
fn refunded(event: &Fields<'_>, order: &Order, _: Feed) -> Result<Said, Rejection> {
    let items = read_items(event, order.currency)?;
    let mut sum = Sum::default();
    let mut flights = BTreeMap::new();
    for (id, item) in &items.flights {
        if let Some(price) = item.price {
            sum.add(event, price)?;
            flights.insert(id.clone(), price.minor_units);
        }
        for price in item.ancillaries.iter().filter_map(|ancillary| ancillary.price) {
            sum.add(event, price)?;
            *flights.entry(id.clone()).or_default() += price.minor_units;
        }
    }
    let mut whole = Sum { currency: sum.currency, units: 0 };
    for price in items.others.iter().filter_map(|ancillary| ancillary.price) {
        whole.add(event, price)?;
    }
    if whole.currency.is_none() {
        for money in refunds_of_the_order(event, order)? {
            whole.add(event, money)?;
        }
    }
    let currency = event.need(
        whole.currency,
        "commerce.order.refunds",
        "how much was given back: by item, as refunds of the order, or as its priceTotal",
    )?;
    Ok(Said::Refunded(Refund {
        order_id: order.order_id.clone(),
        currency,
        flights,
        order: whole.units,
    }))
}

/// Amounts of one currency, added up.
#[derive(Default)]
struct Sum {
    currency: Option<Currency>,
    units: i64,
}

impl Sum {
    fn add(&mut self, event: &Fields<'_>, money: Money) -> Result<(), Rejection> {
        let currency = *self.currency.get_or_insert(money.currency);
        if currency != money.currency {
            return Err(event.invalid("productListItems", "amounts of one currency in one refund"));
        }
        self.units += money.minor_units;
        Ok(())
    }
}

fn refunds_of_the_order(event: &Fields<'_>, order: &Order) -> Result<Vec<Money>, Rejection> {
    let Some(fields) = optional_order(event)? else {
        return Ok(Vec::new());
    };
    let listed = fields.objects("refunds")?;
    if listed.is_empty() {
        return Ok(amount(&fields, "priceTotal", order.currency)?.into_iter().collect());
    }
    let amounts = listed.iter().map(|refund| amount(refund, "refundAmount", order.currency));
    Ok(amounts.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
}

fn payments(event: &Fields<'_>, order: &Order) -> Result<Vec<Payment>, Rejection> {
    let Some(fields) = optional_order(event)? else {
        return Ok(Vec::new());
    };
    let mut payments = Vec::new();
    for payment in fields.objects("payments")?.iter().take(MAX_PAYMENTS) {
        let method = payment.optional_text("paymentType", MAX_NAME)?;
        if let Some(amount) = amount(payment, "paymentAmount", order.currency)? {
            let method = method.unwrap_or_else(|| "unspecified".to_owned());
            payments.push(Payment { method, amount });
        }
    }
    Ok(payments)
}

/// Who is told. An address that can be none is left out: the booking counts without it.
fn contact(event: &Fields<'_>) -> Result<Contact, Rejection> {
    let tenant = event.object("tenant")?;
    let booking = tenant.object("booking")?;
    let name = match event.optional_object("person")? {
        Some(person) => person.optional_object("name")?,
        None => None,
    };
    let part = |part: &str| {
        let name = name.as_ref()?.optional_text(part, MAX_NAME).ok()?;
        name.map(|name| name.trim().to_owned())
    };
    let inside = |object: &str, name: &str| {
        let object = event.optional_object(object).ok()??;
        object.optional_text(name, MAX_EMAIL).ok()?
    };
    let of_booking = |name: &str| booking.optional_text(name, MAX_EMAIL).ok().flatten();
    let email = of_booking("contactEmail").or_else(|| inside("personalEmail", "address"));
    let phone = of_booking("contactPhone").or_else(|| inside("mobilePhone", "number"));
    let language = of_booking("language")
        .or_else(|| event.optional_text("preferredLanguage", MAX_NAME).ok().flatten());
    Ok(Contact {
        first_name: part("firstName"),
        last_name: part("lastName"),
        email: email.filter(|email| is_email(email)),
        phone: phone.filter(|phone| is_phone(phone)),
        language: language.map(Language::from).unwrap_or_default(),
    })
}

fn is_email(text: &str) -> bool {
    let printable = text.chars().all(|c| !c.is_whitespace() && !c.is_control());
    let parts = text.rsplit_once('@');
    printable && parts.is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty())
}

/// E.164: a plus and up to 15 digits.
fn is_phone(text: &str) -> bool {
    text.strip_prefix('+').is_some_and(|digits| {
        (7..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests;
