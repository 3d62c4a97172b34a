//! A request to a page that depends on all members of its account, such as one that names who gets reminders.

use super::AccountRequest;
use super::person::WantedMembers;
use crate::error::ConsoleError;
use crate::state::ConsoleState;
use axum::extract::{FromRequest, Request};
use shared::domain::account::Member;
use std::sync::Arc;

/// A request of a person in an account, with its members. They are read together with the account, by the same query.
pub struct MembersRequest {
    /// The request.
    pub request: AccountRequest,
    /// All members of the account of the page.
    pub members: Vec<Member>,
}

impl FromRequest<Arc<ConsoleState>> for MembersRequest {
    type Rejection = ConsoleError;

    async fn from_request(request: Request, state: &Arc<ConsoleState>) -> Result<Self, ConsoleError> {
        let (request, members) = AccountRequest::load(request, state, WantedMembers::All).await?;
        Ok(Self { request, members })
    }
}
