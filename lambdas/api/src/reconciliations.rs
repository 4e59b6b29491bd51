//! Reconciliations.

use crate::answer::Answer;
use crate::api::Api;
use crate::failure::problem;
use crate::router::Question;
use flightpulse_contracts::rest::reconciliations::{ReconciliationList, ReconciliationView};
use flightpulse_domain::reconciliation::RunId;
use flightpulse_rest_kit::cursor::Scope;
use flightpulse_rest_kit::path::shown;
use flightpulse_rest_kit::problem::Problem;
use flightpulse_secrets::SecretReader;
use flightpulse_store::ReconciliationReader;

impl<S: ReconciliationReader, K: SecretReader> Api<S, K> {
    pub(crate) async fn reconciliations(&self, asked: &Question<'_>) -> Result<Answer, Problem> {
        let scope = Scope::new(asked.route.operation_id);
        let wanted = self.wanted(scope, &asked.query, asked.now).await?;
        let page = self.store.runs(wanted.after.as_deref(), wanted.limit).await;
        let page = page.map_err(problem)?;
        let next = self.next(&wanted, page.next, asked.now).await?;
        Answer::json(&ReconciliationList::new(page.items, next))
    }

    pub(crate) async fn reconciliation(&self, asked: &Question<'_>) -> Result<Answer, Problem> {
        let none =
            || Problem::not_found(format!("There is no reconciliation {}.", shown(asked.id)));
        // What cannot be an id is the id of nothing.
        let id = RunId::new(asked.id).map_err(|_| none())?;
        let run = self.store.run(&id).await.map_err(problem)?.ok_or_else(none)?;
        Answer::json(&ReconciliationView::from(run))
    }
}
