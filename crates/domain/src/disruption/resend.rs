//! Telling passengers once more of what is true: an operator asks for it.

use super::notices;
use crate::facet::Facet;
use crate::flight::{Flight, FlightStatus};
use crate::ids::EventId;
use crate::notice::{Nature, Notice, Subject};

/// What passengers are told again of a facet, and the flight with that being told. None when
/// there is nothing to tell: passengers were never told of the facet, or the flight does not wait for
/// its passengers any more.
///
/// It is told of the version that is true, so that newer news overtake it as they would the first
/// telling; `resend_id` makes it another notification.
#[must_use]
pub fn decide_resend(
    flight: &Flight,
    facet: Facet,
    resend_id: EventId,
) -> Option<(Flight, Notice)> {
    // What was never told cannot be told again.
    let version = flight.versions.of(facet).filter(|_| !flight.news(facet).is_empty())?.clone();
    let is_cancelled = flight.status == FlightStatus::Cancelled;
    let subject = match facet {
        Facet::Status if is_cancelled => notices::cancellation(flight),
        _ if !flight.status.is_waiting() => return None,
        Facet::Status => notices::reinstatement(flight),
        Facet::Schedule => notices::delay(flight),
        Facet::Gate => {
            let news = &flight.gate_news;
            let said = news.telling.as_ref().or(news.told.as_ref()).or(news.maybe_told.as_ref());
            let terminal_change = said.is_some_and(|told| told.said.terminal_change);
            let old_gate = said.and_then(|told| told.said.old_gate.clone());
            flight.gate.as_ref()?;
            notices::gate_change(flight, old_gate, terminal_change)
        }
    };
    let nature = match subject {
        Subject::Reinstatement { .. } | Subject::Delay { delay_minutes: 0, .. } => {
            Nature::Improvement
        }
        _ => Nature::News,
    };
    let mut notice = notices::notice(flight, subject, version, nature);
    notice.resend_id = Some(resend_id);
    let mut telling = super::revised(flight);
    notices::begin(&mut telling, &notice);
    Some((telling, notice))
}
