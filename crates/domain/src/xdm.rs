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
use crate::reservation::{BookingEvent, ContactField, Feed, Order, Payment, Refund, Said};
use items::{Items, read_items};
use jiff::Timestamp;
use plain::{plain, tenant};
use serde_json::Value;
use std::collections::BTreeMap;
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
    let event = Fields::of(&*event, "")?;
    let kind = event.optional_text("eventType", MAX_NAME)?;
    let read_said = match kind.as_deref() {
        Some(PURCHASES) => purchased,
        Some(CREDIT_MEMO_ISSUED) => refunded,
        Some(ORDER_CANCELLED) => cancelled,
        _ => return Ok(Read::Other(kind)),
    };
    let head = Head::read(&event, feed)?;
    let occurred_at = event.timestamp("timestamp")?;
    if is_from_the_future(occurred_at, now) {
        let allowed = format!("at most {MAX_CLOCK_SKEW_MINUTES} minutes ahead of now ({now:.0})");
        return Err(event.invalid("timestamp", allowed));
    }
    let event_id = event_id(&event, &head, kind.as_deref().unwrap_or_default(), occurred_at)?;
    let said = read_said(&event, &head)?;
    Ok(Read::Booking(BookingEvent {
        version: FacetVersion::new(occurred_at, event_id),
        contact: contact(&event)?,
        pnr: head.pnr,
        order: head.order,
        said,
    }))
}

/// Whether anything is read of the field of this name at the top of an event: of an export with
/// hundreds of columns only these need be decoded.
#[must_use]
pub fn is_read(field: &str) -> bool {
    const READ: [&str; 8] = [
        "eventType",
        "timestamp",
        "commerce",
        "productListItems",
        "person",
        "personalEmail",
        "mobilePhone",
        "preferredLanguage",
    ];
    let plain = field.strip_prefix("xdm:").unwrap_or(field);
    READ.contains(&plain) || is_id_or_tenant(plain)
}

fn is_id_or_tenant(field: &str) -> bool {
    field == "@id" || (field.starts_with('_') && field != "_experience")
}

/// What every event about an order says of it.
struct Head {
    pnr: Pnr,
    order: Order,
    currency: Option<Currency>,
    feed: Feed,
}

impl Head {
    fn read(event: &Fields<'_>, feed: Feed) -> Result<Self, Rejection> {
        // Without it there is no telling which reservation is meant: an order's id is no record
        // locator, and the feed says itself that it need not be unique.
        let booking = booking(event)?;
        let pnr = booking.id("pnr", Pnr::new)?;
        let order = optional_order(event)?;
        let (id, currency) = match &order {
            Some(order) => (order.optional_text("purchaseID", MAX_NAME)?, currency(order)?),
            None => (None, None),
        };
        Ok(Self { pnr, order: Order::new(id), currency, feed })
    }
}

/// What the airline says of the booking.
fn booking<'a>(event: &Fields<'a>) -> Result<Fields<'a>, Rejection> {
    event.need(tenant(event)?, "tenant", "a JSON object")?.object("booking")
}

fn optional_order<'a>(event: &Fields<'a>) -> Result<Option<Fields<'a>>, Rejection> {
    match event.optional_object("commerce")? {
        Some(commerce) => commerce.optional_object("order"),
        None => Ok(None),
    }
}

/// The event's id. One that is no id of ours is hashed to one; where there is none, order, type and
/// time are what tells one event from another: of two that have these in common one counts.
fn event_id(
    event: &Fields<'_>,
    head: &Head,
    kind: &str,
    occurred_at: Timestamp,
) -> Result<EventId, Rejection> {
    let given = event.optional_text("_id", 1_000)?;
    let hashed = |name: String| format!("aep-{}", Uuid::new_v5(&NAMESPACE, name.as_bytes()));
    let id = match given {
        Some(id) if EventId::new(&id).is_ok() => id,
        Some(id) => hashed(format!("xdm#{id}")),
        None => {
            let order_id = head.order.id().unwrap_or(head.pnr.as_str());
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

fn purchased(event: &Fields<'_>, head: &Head) -> Result<Said, Rejection> {
    let Items { flights, others, .. } = read_items(event, head.currency)?;
    if flights.is_empty() {
        if others.is_empty() {
            return Err(Rejection::Missing {
                field: "productListItems[].flightNumber".to_owned(),
                allowed: "the number of a flight, in at least one item".to_owned(),
            });
        }
        // A bag that is bought a week after the flight.
        return Ok(Said::Extras(others));
    }
    let payments = payments(event, head)?;
    let flights = flights.into_iter().map(|(id, item)| {
        let purchased = item.purchased(payments.clone(), head.feed)?;
        Ok((id, purchased))
    });
    Ok(Said::Purchased(flights.collect::<Result<BTreeMap<_, _>, Rejection>>()?))
}

fn cancelled(event: &Fields<'_>, head: &Head) -> Result<Said, Rejection> {
    let items = read_items(event, head.currency)?;
    // A bag that is given up must not be taken for the whole order.
    if items.flights.is_empty() && !items.others.is_empty() {
        let allowed = "flights to cancel, or no products at all for the whole order";
        return Err(event.invalid("productListItems", allowed));
    }
    Ok(Said::Cancelled(items.flights.into_keys().collect()))
}

/// What the items say is the nearest; then the order's list of refunds; then its total, both for the
/// flights that the items name.
fn refunded(event: &Fields<'_>, head: &Head) -> Result<Said, Rejection> {
    let items = read_items(event, head.currency)?;
    let mut sum = Sum::default();
    let mut seats = BTreeMap::new();
    for (id, item) in &items.flights {
        if let Some(price) = item.price {
            sum.add(event, price)?;
            seats.insert(id.clone(), price.minor_units);
        }
    }
    let mut beside = Sum { currency: sum.currency, units: 0 };
    let sold = items.flights.values().flat_map(|item| &item.ancillaries);
    for price in
        sold.chain(items.others.iter().map(|extra| &extra.ancillary)).filter_map(|one| one.price)
    {
        beside.add(event, price)?;
    }
    let mut whole = Sum { currency: beside.currency, units: 0 };
    if whole.currency.is_none() {
        for money in refunds_of_the_order(event, head)? {
            whole.add(event, money)?;
        }
    }
    let currency = event.need(
        whole.currency,
        "commerce.order.refunds",
        "how much was given back: by item, as refunds of the order, or as its priceTotal",
    )?;
    Ok(Said::Refunded(Refund {
        order: head.order.clone(),
        currency,
        seats,
        ancillaries: beside.units,
        whole: whole.units,
        among: items.flights.into_keys().collect(),
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

fn refunds_of_the_order(event: &Fields<'_>, head: &Head) -> Result<Vec<Money>, Rejection> {
    let Some(fields) = optional_order(event)? else {
        return Ok(Vec::new());
    };
    let listed = fields.objects("refunds")?;
    if listed.is_empty() {
        return Ok(amount(&fields, "priceTotal", head.currency)?.into_iter().collect());
    }
    let amounts = listed.iter().map(|refund| amount(refund, "refundAmount", head.currency));
    Ok(amounts.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
}

fn payments(event: &Fields<'_>, head: &Head) -> Result<Vec<Payment>, Rejection> {
    let Some(fields) = optional_order(event)? else {
        return Ok(Vec::new());
    };
    let mut payments = Vec::new();
    for payment in fields.objects("payments")?.iter().take(MAX_PAYMENTS) {
        let method = payment.optional_text("paymentType", MAX_NAME)?.filter(|name| is_method(name));
        if let Some(amount) = amount(payment, "paymentAmount", head.currency)? {
            let method = method.unwrap_or_else(|| "unspecified".to_owned());
            payments.push(Payment { method, amount });
        }
    }
    Ok(payments)
}

/// The name of a way to pay has no more digits than `3-D Secure 2`: whoever put a card number there,
/// it goes no further.
fn is_method(name: &str) -> bool {
    name.bytes().filter(u8::is_ascii_digit).count() <= 4
}

/// Who is told, as far as the event says. What can be no address is left out: the booking counts
/// without it.
fn contact(event: &Fields<'_>) -> Result<BTreeMap<ContactField, String>, Rejection> {
    let booking = booking(event)?;
    let inside = |fields: &Fields<'_>, name: &str| fields.optional_text(name, MAX_EMAIL).ok()?;
    let below = |object: &str, name: &str| inside(&event.optional_object(object).ok()??, name);
    let part = |part: &str| {
        let person = event.optional_object("person").ok()??;
        let name = inside(&person.optional_object("name").ok()??, part)?;
        Some(name.trim().to_owned()).filter(|name| name.chars().count() <= MAX_NAME)
    };
    let email = inside(&booking, "contactEmail").or_else(|| below("personalEmail", "address"));
    let phone = inside(&booking, "contactPhone").or_else(|| below("mobilePhone", "number"));
    let language = inside(&booking, "language").or_else(|| inside(event, "preferredLanguage"));
    let said = [
        (ContactField::FirstName, part("firstName")),
        (ContactField::LastName, part("lastName")),
        (ContactField::Email, email.filter(|email| is_email(email))),
        (ContactField::Phone, phone.filter(|phone| is_phone(phone))),
        (ContactField::Language, language.filter(|tag| tag.len() <= MAX_NAME)),
    ];
    Ok(said.into_iter().filter_map(|(field, value)| Some((field, value?))).collect())
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
