//! Doing what an operator asks for, and keeping who did it.
//!
//! An action is noted before it is done and marked after, so that none is done that is not noted;
//! one that stays REQUESTED was cut short, and asking again does it.

use flightpulse_bus::{Event, EventPublisher};
use flightpulse_contracts::SCHEMA_VERSION;
use flightpulse_contracts::flight_events::{FlightEvent, FlightSummary, Head, ResendEvent};
use flightpulse_contracts::names::{SOURCE_OPERATOR_API, flight_resend};
use flightpulse_contracts::rest::operators::{Accepted, Correct, Published, Resend, Signed};
use flightpulse_domain::disruption::decide_resend;
use flightpulse_domain::facet::Facet;
use flightpulse_domain::flight::{Flight, FlightStatus};
use flightpulse_domain::ids::{CorrelationId, EventId, FlightId};
use flightpulse_domain::inbound::OperationsEvent;
use flightpulse_rest_kit::problem::Problem;
use flightpulse_store::{
    Action, ActionLog, ActionPage, FlightReader, Hold, Outcome, StoreError, SwitchWriter,
};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

/// What the function works with.
pub struct Operators<S, B> {
    /// Reads flights, turns the switch, keeps actions.
    pub store: S,
    /// Takes the events.
    pub bus: B,
}

/// Who asks, why and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct By<'a> {
    /// Who signed the request.
    pub identity: &'a str,
    /// Who they say they are.
    pub operator: &'a str,
    /// Why.
    pub reason: &'a str,
    /// When.
    pub now: Timestamp,
}

impl By<'_> {
    fn action(&self, action: &str) -> Action {
        // At a fixed width, so that the order of ids is the order of time.
        let time: String = format!("{:.6}", self.now).replace([':', '-'], "");
        Action {
            action_id: format!("{time}-{:08x}", Uuid::new_v4().as_fields().0),
            at: self.now,
            operator: self.operator.to_owned(),
            identity: self.identity.to_owned(),
            action: action.to_owned(),
            reason: self.reason.to_owned(),
            flight_id: None,
            facets: Vec::new(),
            event_ids: Vec::new(),
            outcome: Outcome::Requested,
        }
    }
}

impl<S, B> Operators<S, B>
where
    S: FlightReader + SwitchWriter + ActionLog,
    B: EventPublisher,
{
    /// Whether notifications are held.
    ///
    /// # Errors
    /// A problem for the client.
    pub async fn hold(&self) -> Result<Hold, Problem> {
        self.store.hold().await.map_err(problem)
    }

    /// Holds or releases all notifications.
    ///
    /// # Errors
    /// A problem for the client.
    pub async fn turn(
        &self,
        held: bool,
        asked: &Signed,
        identity: &str,
        now: Timestamp,
    ) -> Result<Hold, Problem> {
        let by = By { identity, operator: &asked.operator, reason: &asked.reason, now };
        let hold = Hold {
            held,
            changed_at: Some(now),
            changed_by: Some(asked.operator.clone()),
            reason: Some(asked.reason.clone()),
        };
        let name = if held { "hold" } else { "release" };
        let action = Action { outcome: Outcome::Done, ..by.action(name) };
        self.store.turn(&hold, &action).await.map_err(problem)?;
        Ok(hold)
    }

    /// Has passengers told again what is true.
    ///
    /// # Errors
    /// A problem for the client: no such flight, or nothing to tell.
    pub async fn resend(
        &self,
        flight_id: &str,
        asked: &Resend,
        identity: &str,
        now: Timestamp,
    ) -> Result<Accepted, Problem> {
        let flight = self.flight(flight_id).await?;
        let by = By { identity, operator: &asked.operator, reason: &asked.reason, now };
        let mut action = by.action("resend");
        let facets: Vec<_> = match asked.facet {
            Some(facet) => vec![facet],
            // Of a cancelled flight nothing else matters.
            None if flight.status == FlightStatus::Cancelled => vec![Facet::Status],
            None => vec![Facet::Status, Facet::Schedule, Facet::Gate],
        };
        let mut events = Vec::new();
        for facet in facets {
            // Asked for by name it is told even so: the telling under way may be stuck.
            if asked.facet.is_none() && flight.news(facet).is_under_way() {
                continue;
            }
            let head = head(&flight, &action, now)?;
            if decide_resend(&flight, facet, head.event_id.clone()).is_some() {
                let (event_id, detail) = (head.event_id.clone(), ResendEvent { head, facet });
                let event = Event::new(SOURCE_OPERATOR_API, flight_resend(facet), &detail);
                events.push((event_id, event.map_err(internal)?));
                action.facets.push(facet);
            }
        }
        if events.is_empty() {
            let id = &flight.flight_id;
            return Err(Problem::conflict(format!(
                "There is nothing to tell again of flight {id}: its passengers were never told, are being told just now, or the flight does not wait for them any more."
            )));
        }
        self.publish(action, &flight.flight_id, events).await
    }

    /// Takes back a wrong broadcast: the flight becomes what is true, and passengers are told to
    /// disregard what they were told before.
    ///
    /// # Errors
    /// A problem for the client: no such flight, or one that has left.
    pub async fn correct(
        &self,
        flight_id: &str,
        asked: Correct,
        identity: &str,
        now: Timestamp,
    ) -> Result<Accepted, Problem> {
        let flight = self.flight(flight_id).await?;
        if flight.status.has_left() {
            let (id, status) = (&flight.flight_id, flight.status.name());
            return Err(Problem::conflict(format!(
                "Flight {id} is {status}: nothing about its departure can be corrected any more."
            )));
        }
        let by = By { identity, operator: &asked.operator, reason: &asked.reason, now };
        let mut action = by.action("correct");
        let change = asked.correction.change();
        let facet = change.facet();
        if flight.status == FlightStatus::Cancelled && facet != Facet::Status {
            return Err(Problem::conflict(format!(
                "Flight {} is CANCELLED: its passengers are not told of its time or gate. Correct that first, if it operates.",
                flight.flight_id
            )));
        }
        // An operator has the last word, also against an event whose sender's clock is ahead.
        let known = flight.versions.of(facet).map(|known| known.occurred_at());
        let after = |time: Timestamp| time + SignedDuration::from_micros(1);
        let occurred_at = known.map_or(now, |known| now.max(after(known)));
        let head = head(&flight, &action, occurred_at)?;
        let event = OperationsEvent {
            event_id: head.event_id.clone(),
            occurred_at,
            source: head.reported_by.clone(),
            flight_id: flight.flight_id.clone(),
            change,
        };
        let mut detail = FlightEvent::new(event, head.correlation_id.clone(), Some(&flight));
        detail.retracts = true;
        let event = Event::new(SOURCE_OPERATOR_API, detail.detail_type(), &detail);
        action.facets.push(facet);
        let events = vec![(head.event_id, event.map_err(internal)?)];
        self.publish(action, &flight.flight_id, events).await
    }

    /// What operators did, newest first.
    ///
    /// # Errors
    /// A problem for the client.
    pub async fn actions(&self, cursor: Option<&str>, limit: usize) -> Result<ActionPage, Problem> {
        self.store.actions(cursor, limit).await.map_err(problem)
    }

    async fn flight(&self, id: &str) -> Result<Flight, Problem> {
        let shown: String = id.chars().filter(|c| !c.is_control()).take(100).collect();
        let unknown = || Problem::not_found(format!("There is no flight {shown}."));
        let id = FlightId::new(id).map_err(|_| unknown())?;
        self.store.flight(&id).await.map_err(problem)?.ok_or_else(unknown)
    }

    async fn publish(
        &self,
        mut action: Action,
        flight_id: &FlightId,
        events: Vec<(EventId, Event)>,
    ) -> Result<Accepted, Problem> {
        action.flight_id = Some(flight_id.clone());
        action.event_ids = events.iter().map(|(id, _)| id.clone()).collect();
        self.store.note(&action).await.map_err(problem)?;
        let (ids, events): (Vec<_>, Vec<_>) = events.into_iter().unzip();
        for answer in self.bus.publish(&events).await {
            if let Err(error) = answer {
                tracing::error!(%error, action_id = action.action_id, "the action is not done");
                return Err(Problem::unavailable());
            }
        }
        let published = ids.into_iter().zip(&events);
        let events = published
            .map(|(event_id, event)| Published {
                event_id,
                detail_type: event.detail_type.to_owned(),
            })
            .collect();
        action.outcome = Outcome::Done;
        // It is done: that this could not be noted must not make the operator do it twice.
        if let Err(error) = self.store.note(&action).await {
            tracing::error!(%error, action_id = action.action_id, "the action stays REQUESTED");
        }
        Ok(Accepted { action_id: action.action_id, events })
    }
}

fn head(flight: &Flight, action: &Action, occurred_at: Timestamp) -> Result<Head, Problem> {
    Ok(Head {
        schema_version: SCHEMA_VERSION,
        event_id: EventId::new(format!("op-{}", Uuid::new_v4())).map_err(internal)?,
        correlation_id: CorrelationId::new(action.action_id.clone()).map_err(internal)?,
        occurred_at,
        // Not who: names stay in the log of actions, which the correlation id leads to.
        reported_by: "operator".to_owned(),
        flight_id: flight.flight_id.clone(),
        flight: Some(FlightSummary::from(flight)),
    })
}

fn internal(error: impl std::fmt::Display) -> Problem {
    tracing::error!(%error, "the request could not be answered");
    Problem::internal()
}

fn problem(error: StoreError) -> Problem {
    tracing::error!(%error, "the request could not be answered");
    if error.is_transient() { Problem::unavailable() } else { Problem::internal() }
}
