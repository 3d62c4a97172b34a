//! A request of an operator: to a page about the deployment, or about one of its accounts.

use crate::account_request::{AccountRequest, own_person, path_account};
use crate::error::ConsoleError;
use crate::frame::navigation::{FrameAccount, sees_operator_pages};
use crate::frame::seen::SeenFrame;
use crate::language;
use crate::session::PersonRequest;
use crate::state::ConsoleState;
use axum::extract::{FromRequest, Request};
use shared::domain::management::ManagementScope;
use std::ops::Deref;
use std::sync::Arc;

/// A request of a person who operates the deployment. Its account is the one in the path, or without one the person's own. For
/// everyone else the page does not exist.
pub struct OperatorRequest(AccountRequest);

impl FromRequest<Arc<ConsoleState>> for OperatorRequest {
    type Rejection = ConsoleError;

    async fn from_request(request: Request, state: &Arc<ConsoleState>) -> Result<Self, ConsoleError> {
        let (mut head, body) = request.into_parts();
        let session = PersonRequest::load(&head, state).await?;
        let person = own_person(state, &session.live, &head).await?;
        if !sees_operator_pages(&person.principal) {
            // As a path that is no page, whose request loads no session.
            return Err(ConsoleError::NotFound);
        }
        let texts = language::texts(state, &head.headers, &head.uri);
        let seen = SeenFrame::of(&head);
        seen.note_person(&session.live);
        seen.note_account(FrameAccount::of_operator(&person.principal, head.uri.path(), texts));
        let account = match path_account(&mut head, state).await {
            None => Arc::clone(&person.account),
            Some(id) => {
                person.principal.require_scope(ManagementScope::AccountsManage)?;
                let account = state.app().store.load_account(&id).await?;
                Arc::new(account.ok_or(ConsoleError::NotFound)?)
            }
        };
        let request = Request::from_parts(head, body);
        Ok(Self(AccountRequest::read(state, session, person, account, request).await?))
    }
}

impl Deref for OperatorRequest {
    type Target = AccountRequest;

    fn deref(&self) -> &AccountRequest {
        &self.0
    }
}

impl OperatorRequest {
    /// The same request, recognised when its form is sent again.
    pub fn recognised_by_form(self) -> Result<Self, ConsoleError> {
        Ok(Self(self.0.recognised_by_form()?))
    }
}
