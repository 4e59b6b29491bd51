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
    Tell {
        /// One for each channel that works.
        notifications: Vec<Planned>,
        /// Why another channel does not, when the passenger wants one that does not.
        unsendable: Option<String>,
    },
    /// Nothing reaches the passenger.
    Unreachable,
    /// The booking is not of this flight any more: cancelled, or changed to another, since it was
    /// found.
    Cancelled,
    /// It cannot be done, for this reason.
    SetAside(String),
}

/// Decides what is to be done about one recipient.
#[must_use]
pub fn plan(dispatch: &Dispatch, recipient: &Recipient, record: &BookingRecord) -> Plan {
    let (booking, passenger) = match (&record.booking, &record.passenger) {
        (Some(booking), _) if !is_concerned(booking, dispatch, recipient) => {
            return Plan::Cancelled;
        }
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
    let (mut notifications, mut unsendable) = (Vec::new(), None);
    for (channel, to) in channels {
        match render_for(dispatch, channel, &texts, author, passenger, booking) {
            Some(text) => {
                notifications.push(planned(dispatch, channel, to, text, passenger, booking))
            }
            None => unsendable = Some("no text fits one text message".to_owned()),
        }
    }
    Plan::Tell { notifications, unsendable }
}

fn is_concerned(booking: &Booking, dispatch: &Dispatch, recipient: &Recipient) -> bool {
    booking.is_affected()
        && booking.flight_id == dispatch.notice.flight_id
        && booking.passenger_id == recipient.passenger_id
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
    language: Language,
}

fn render_for(
    dispatch: &Dispatch,
    channel: Channel,
    texts: &Texts,
    author: Author,
    passenger: &Passenger,
    booking: &Booking,
) -> Option<Rendered> {
    // The templates are in English, whoever reads them.
    let language_of = |author| match author {
        Author::Model => passenger.language,
        Author::Template => Language::En,
    };
    let language = language_of(author);
    if channel == Channel::Email {
        let subject = Some(render::email(&texts.email_subject, passenger, booking, language));
        let text = render::email(&texts.email_body, passenger, booking, language);
        return Some(Rendered { subject, text, author, language });
    }
    let own = render::sms(&texts.sms, passenger, booking, language);
    own.map(|text| Rendered { subject: None, text, author, language }).or_else(|| {
        let (author, language) = (Author::Template, language_of(Author::Template));
        let text = render::sms(&template(dispatch, passenger).sms, passenger, booking, language)?;
        Some(Rendered { subject: None, text, author, language })
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
            language: rendered.language.code().to_owned(),
            channel,
            to: to.to_owned(),
            subject: rendered.subject,
            text: rendered.text,
            author: rendered.author,
        },
    }
}
