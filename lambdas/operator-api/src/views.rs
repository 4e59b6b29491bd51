//! What the store keeps, as clients see it.

use flightpulse_contracts::rest::operators::{ActionList, ActionView, HoldView, OutcomeView};
use flightpulse_store::{Action, ActionPage, Hold, Outcome};

pub(crate) fn hold_view(hold: Hold) -> HoldView {
    HoldView {
        held: hold.held,
        changed_at: hold.changed_at,
        changed_by: hold.changed_by,
        reason: hold.reason,
    }
}

pub(crate) fn list(page: ActionPage) -> ActionList {
    let actions: Vec<_> = page.actions.into_iter().map(action_view).collect();
    ActionList { count: actions.len(), actions, next: page.next }
}

fn action_view(action: Action) -> ActionView {
    ActionView {
        action_id: action.action_id,
        at: action.at,
        operator: action.operator,
        identity: action.identity,
        action: action.action,
        reason: action.reason,
        flight_id: action.flight_id,
        facets: action.facets,
        event_ids: action.event_ids,
        outcome: match action.outcome {
            Outcome::Requested => OutcomeView::Requested,
            Outcome::Done => OutcomeView::Done,
        },
    }
}
