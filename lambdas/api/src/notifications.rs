//! What passengers were told.

use crate::answer::Answer;
use crate::api::Api;
use crate::bookings::booking_id;
use crate::failure::problem;
use crate::flights::flight_id;
use crate::router::Question;
use flightpulse_contracts::rest::notifications::{NotificationList, NotificationView};
use flightpulse_rest_kit::cursor::Scope;
use flightpulse_rest_kit::problem::Problem;
use flightpulse_secrets::SecretReader;
use flightpulse_store::{
    BookingLookup, FlightReader, NotificationReader, SentNotification, ToldOf,
};
use serde_json::{Value, from_value};

impl<S, K> Api<S, K>
where
    S: NotificationReader + BookingLookup + FlightReader,
    K: SecretReader,
{
    pub(crate) async fn notifications_of_flight(
        &self,
        asked: &Question<'_>,
    ) -> Result<Answer, Problem> {
        let id = flight_id(asked.id)?;
        self.notifications(asked, &ToldOf::Flight(id.clone()), self.known_flight(&id)).await
    }

    pub(crate) async fn notifications_of_booking(
        &self,
        asked: &Question<'_>,
    ) -> Result<Answer, Problem> {
        let id = booking_id(asked.id)?;
        self.notifications(asked, &ToldOf::Booking(id.clone()), self.known_booking(&id)).await
    }

    async fn notifications<O>(
        &self,
        asked: &Question<'_>,
        of: &ToldOf,
        owner: impl Future<Output = Result<O, Problem>>,
    ) -> Result<Answer, Problem> {
        let scope = Scope::new(asked.route.operation_id).and(asked.id);
        let wanted = self.wanted(scope, &asked.query, asked.now).await?;
        let page = self.store.notifications_of(of, wanted.after.as_deref(), wanted.limit);
        let (owner, page) = futures::join!(owner, page);
        owner?;
        let page = page.map_err(problem)?;
        let notifications: Vec<_> = page.items.into_iter().map(view).collect();
        let next = self.next(&wanted, page.next, asked.now).await?;
        Answer::json(&NotificationList { count: notifications.len(), notifications, next })
    }
}

fn view(sent: SentNotification) -> NotificationView {
    NotificationView {
        notification_id: sent.notification_id,
        event_id: sent.event_id,
        resend_id: sent.resend_id,
        // A kind that is not known here is shown as one that was not kept.
        kind: sent.kind.and_then(|kind| from_value(Value::from(kind)).ok()),
        nature: sent.nature,
        flight_id: sent.flight_id,
        booking_id: sent.booking_id,
        passenger_id: sent.passenger_id,
        channel: sent.channel,
        language: sent.language,
        author: sent.author,
        headline: sent.headline,
        sent_at: sent.sent_at,
    }
}
