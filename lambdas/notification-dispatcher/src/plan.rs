//! What is to be done about each recipient of a page, before anything is done.

use flightpulse_contracts::SCHEMA_VERSION;
use flightpulse_contracts::notification_events::NotificationEvent;
use flightpulse_contracts::tasks::{Dispatch, Pass, Recipient};
use flightpulse_domain::booking::Booking;
use flightpulse_domain::cohort::Cohort;
use flightpulse_domain::message::render::{self, Personal};
use flightpulse_domain::message::{Author, Texts, template_texts};
use flightpulse_domain::notice::Notice;
use flightpulse_domain::notification::{Channel, notification_id, reach};
use flightpulse_domain::passenger::Passenger;
use flightpulse_store::{BookingRecord, NotificationClaim};

/// A notification, ready to be claimed and sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Planned {
    /// What is claimed before it is sent.
    pub claim: NotificationClaim,
    /// What is sent.
    pub event: NotificationEvent,
}

/// The most of a text that is kept with its claim, in characters: more than a text message has, and
/// little enough that it costs one write unit.
const MAX_HEADLINE: usize = 200;

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
pub fn plan(
    dispatch: &Dispatch,
    recipient: &Recipient,
    record: &BookingRecord,
    rebooking_url: &str,
) -> Plan {
    let (booking, passenger) = match (&record.booking, &record.passenger) {
        (Some(booking), _) if !is_concerned(booking, dispatch) => return Plan::Cancelled,
        (Some(booking), _) if booking.passenger_id != recipient.passenger_id => {
            return Plan::SetAside("the entry under the flight names another passenger".to_owned());
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
    let (texts, author) = texts_for(dispatch, Cohort::from(passenger));
    let personal = Personal { passenger, booking, rebooking_url, language: passenger.language };
    let (mut notifications, mut unsendable) = (Vec::new(), None);
    for (channel, to) in channels.into_iter().filter(|(channel, _)| is_in(dispatch.pass, *channel))
    {
        match render_for(&dispatch.notice, channel, &texts, author, &personal) {
            Some(text) => {
                notifications.push(planned(dispatch, channel, to, text, passenger, booking))
            }
            None => unsendable = Some("no text fits one text message".to_owned()),
        }
    }
    Plan::Tell { notifications, unsendable }
}

fn is_in(pass: Pass, channel: Channel) -> bool {
    match pass {
        Pass::All => true,
        Pass::Sms => channel == Channel::Sms,
        Pass::Email => channel == Channel::Email,
    }
}

fn is_concerned(booking: &Booking, dispatch: &Dispatch) -> bool {
    booking.is_affected() && booking.flight_id == dispatch.notice.flight_id
}

// The cohort's texts; the template's where there are none (their composition failed, or the
// passenger changed tier or language since the cohorts were found).
fn texts_for(dispatch: &Dispatch, cohort: Cohort) -> (Texts, Author) {
    match dispatch.texts.iter().find(|texts| texts.cohort == cohort) {
        Some(found) => (found.texts.clone(), found.author),
        None => (template_texts(&dispatch.notice, cohort), Author::Template),
    }
}

struct Rendered {
    subject: Option<String>,
    text: String,
    author: Author,
}

fn render_for(
    notice: &Notice,
    channel: Channel,
    texts: &Texts,
    author: Author,
    personal: &Personal<'_>,
) -> Option<Rendered> {
    if channel == Channel::Email {
        let subject = Some(render::email(&texts.email_subject, personal));
        let text = render::email(&texts.email_body, personal);
        return Some(Rendered { subject, text, author });
    }
    let own = render::sms(&texts.sms, personal);
    own.map(|text| Rendered { subject: None, text, author }).or_else(|| {
        let template = template_texts(notice, Cohort::from(personal.passenger));
        let text = render::sms(&template.sms, personal)?;
        Some(Rendered { subject: None, text, author: Author::Template })
    })
}

// What answers "what was this passenger told": the subject of an email, a whole text message.
fn headline(text: &str) -> String {
    text.chars().take(MAX_HEADLINE).collect()
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
    let headline = headline(rendered.subject.as_deref().unwrap_or(&rendered.text));
    Planned {
        claim: NotificationClaim {
            notification_id: notification_id.clone(),
            event_id: event_id.clone(),
            flight_id: notice.flight_id.clone(),
            booking_id: booking.booking_id.clone(),
            channel,
            passenger_id: passenger.passenger_id.clone(),
            kind: notice.subject.kind().to_owned(),
            nature: notice.nature,
            language: passenger.language,
            author: rendered.author,
            resend_id: notice.resend_id.clone(),
            headline,
        },
        event: NotificationEvent {
            schema_version: SCHEMA_VERSION,
            notification_id,
            event_id,
            correlation_id: dispatch.correlation_id.clone(),
            kind: notice.subject.kind().to_owned(),
            nature: notice.nature,
            resend_id: notice.resend_id.clone(),
            flight_id: notice.flight_id.clone(),
            booking_id: booking.booking_id.clone(),
            passenger_id: passenger.passenger_id.clone(),
            tier: passenger.tier,
            language: passenger.language.code().to_owned(),
            channel,
            to: to.to_owned(),
            subject: rendered.subject,
            text: rendered.text,
            author: rendered.author,
        },
    }
}
