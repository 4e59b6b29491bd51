//! What is to be done about each recipient of a page, before anything is done.

use flightpulse_contracts::SCHEMA_VERSION;
use flightpulse_contracts::notification_events::NotificationEvent;
use flightpulse_contracts::tasks::{Dispatch, Recipient};
use flightpulse_domain::booking::Booking;
use flightpulse_domain::cohort::Cohort;
use flightpulse_domain::message::facts::Facts;
use flightpulse_domain::message::{Author, Texts, render, templates};
use flightpulse_domain::notification::{Channel, notification_id, reach};
use flightpulse_domain::passenger::{Language, Passenger};
use flightpulse_store::{BookingRecord, NotificationClaim};

/// A notification, ready to be claimed and sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Planned {
    /// What is claimed before it is sent.
    pub claim: NotificationClaim,
    /// What is sent.
    pub event: NotificationEvent,
}

/// What is to be done about one recipient.
#[derive(Debug, Clone, PartialEq)]
pub enum Plan {
    /// Send these.
    Tell(Vec<Planned>),
    /// Nothing reaches the passenger.
    Unreachable,
    /// The booking has been cancelled since it was found.
    Cancelled,
    /// It cannot be done, for this reason.
    SetAside(String),
}

/// Decides what is to be done about one recipient.
#[must_use]
pub fn plan(dispatch: &Dispatch, recipient: &Recipient, record: &BookingRecord) -> Plan {
    let (booking, passenger) = match (&record.booking, &record.passenger) {
        (Some(booking), _) if !booking.is_affected() => return Plan::Cancelled,
        (Some(booking), Some(passenger)) => (booking, passenger),
        (None, _) => return Plan::SetAside("the booking is not in the table".to_owned()),
        (_, None) => {
            let id = &recipient.passenger_id;
            return Plan::SetAside(format!("passenger {id} is not in the table"));
        }
    };
    let channels = reach(passenger);
    if channels.is_empty() {
        return Plan::Unreachable;
    }
    let (texts, author) = texts_for(dispatch, passenger);
    let planned = channels.into_iter().map(|(channel, to)| {
        let rendered = render_for(dispatch, channel, &texts, author, passenger, booking)
            .ok_or_else(|| "no text fits one text message".to_owned())?;
        Ok(planned(dispatch, channel, to, rendered, passenger, booking))
    });
    match planned.collect() {
        Ok(planned) => Plan::Tell(planned),
        Err(reason) => Plan::SetAside(reason),
    }
}

// The cohort's texts; the template's where there are none (their composition failed, or the
// passenger changed tier or language since the cohorts were found).
fn texts_for(dispatch: &Dispatch, passenger: &Passenger) -> (Texts, Author) {
    let cohort = Cohort::from(passenger);
    match dispatch.texts.iter().find(|texts| texts.cohort == cohort) {
        Some(found) => (found.texts.clone(), found.author),
        None => (template(dispatch, passenger), Author::Template),
    }
}

fn template(dispatch: &Dispatch, passenger: &Passenger) -> Texts {
    templates::delay(&Facts::of(&dispatch.notice, Language::En), passenger.tier)
}

struct Rendered {
    subject: Option<String>,
    text: String,
    author: Author,
}

fn render_for(
    dispatch: &Dispatch,
    channel: Channel,
    texts: &Texts,
    author: Author,
    passenger: &Passenger,
    booking: &Booking,
) -> Option<Rendered> {
    if channel == Channel::Email {
        let subject = Some(render::email(&texts.email_subject, passenger, booking));
        let text = render::email(&texts.email_body, passenger, booking);
        return Some(Rendered {
            subject,
            text,
            author,
        });
    }
    let own = render::sms(&texts.sms, passenger, booking);
    own.map(|text| Rendered {
        subject: None,
        text,
        author,
    })
    .or_else(|| {
        let sms = template(dispatch, passenger).sms;
        let text = render::sms(&sms, passenger, booking)?;
        Some(Rendered {
            subject: None,
            text,
            author: Author::Template,
        })
    })
}

fn planned(
    dispatch: &Dispatch,
    channel: Channel,
    to: &str,
    rendered: Rendered,
    passenger: &Passenger,
    booking: &Booking,
) -> Planned {
    let notice = &dispatch.notice;
    let notification_id = notification_id(notice, &passenger.passenger_id, channel);
    let event_id = notice.version.event_id().clone();
    Planned {
        claim: NotificationClaim {
            notification_id: notification_id.clone(),
            event_id: event_id.clone(),
            flight_id: notice.flight_id.clone(),
            booking_id: booking.booking_id.clone(),
            channel,
        },
        event: NotificationEvent {
            schema_version: SCHEMA_VERSION,
            notification_id,
            event_id,
            correlation_id: dispatch.correlation_id.clone(),
            flight_id: notice.flight_id.clone(),
            booking_id: booking.booking_id.clone(),
            passenger_id: passenger.passenger_id.clone(),
            tier: passenger.tier,
            // The templates are in English, whoever reads them.
            language: match rendered.author {
                Author::Model => passenger.language,
                Author::Template => Language::En,
            }
            .code()
            .to_owned(),
            channel,
            to: to.to_owned(),
            subject: rendered.subject,
            text: rendered.text,
            author: rendered.author,
        },
    }
}
