//! What a sign-in is for, as that is now.

use crate::domain::account::EndUserPolicy;
use crate::domain::oauth::authorization::error::AuthorizationError;
use crate::domain::oauth::authorization::request::AuthorizationRequest;
use crate::domain::primitives::display_text::Name;
use crate::domain::redirect_uri::ResolvedRedirectUri;
use crate::domain::resource::Resource;
use crate::services::sign_in::{ActiveClient, AuthorizationErrorResponse, InactiveClientReason, SignInError};

/// What a sign-in is for.
#[derive(Debug)]
pub enum SignInTarget {
    /// A client that wants to act for the person.
    Client(Box<ClientTarget>),
    /// The console.
    Console,
}

/// A client's authorization request, and the client.
#[derive(Debug)]
pub struct ClientTarget {
    /// The request that started the sign-in.
    pub request: AuthorizationRequest,
    /// The client, its account and the catalogue.
    pub active: ActiveClient,
}

impl SignInTarget {
    /// The ids of the client and its account, for the log; none for the console.
    pub(super) fn logged(&self) -> (Option<&str>, Option<&str>) {
        match self {
            Self::Client(target) => {
                let ClientTarget { request, .. } = &**target;
                (Some(request.client_id.as_str()), Some(request.account_id.as_str()))
            }
            Self::Console => (None, None),
        }
    }
}

impl ClientTarget {
    /// Checks that the client may still request this. Before a person `has_signed_in`, they decide whether it gets the error.
    pub(super) fn revalidate(&self, has_signed_in: bool) -> Result<(), SignInError> {
        let ActiveClient { client, account, catalogue } = &self.active;
        ResolvedRedirectUri::choose(&client.redirect_uris, Some(self.request.redirect.as_str()))
            .map_err(SignInError::InvalidRedirectUri)?;
        let find = |id: &_| catalogue.value.resources.get(id);
        self.request.still_allowed(client, &account.entitlements, find).map_err(|denied| {
            let error = self.error_response(denied.into());
            if has_signed_in { error } else { error.shown_first() }
        })
    }

    /// The error response for the client.
    #[must_use]
    pub fn error_response(&self, error: AuthorizationError) -> SignInError {
        let (redirect, state) = (self.request.redirect.clone(), self.request.state.clone());
        AuthorizationErrorResponse { redirect, state, error }.into()
    }

    /// The name of the client's account, if people sign in who do not know it as its members do.
    #[must_use]
    pub fn account_to_name(&self) -> Option<&Name> {
        let account = &self.active.account;
        (account.end_users == EndUserPolicy::Anyone).then_some(&account.account_name)
    }

    /// Requested resource.
    pub fn resource(&self) -> Result<&Resource, SignInError> {
        let resource = self.active.catalogue.value.resources.get(&self.request.resource);
        resource.ok_or(SignInError::ClientInactive(InactiveClientReason::ResourceDeleted))
    }
}
