//! Consents in responses.

use crate::domain::primitives::email::EmailAddress;
use crate::domain::primitives::ids::ResourceId;
use crate::domain::resource::scope::ScopeSet;
use crate::domain::sign_in::consent::Consent;
use crate::domain::sign_in::end_user::{Subject, SubjectType};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// What one person allows one client.
#[derive(Serialize, ToSchema)]
pub struct ConsentResponse {
    /// The person, as `sub` of the tokens (RFC 9068 §2.2).
    #[schema(value_type = String)]
    sub: Subject,
    /// `end_user`: the person is no member of the account.
    #[schema(value_type = String, pattern = "^(member|end_user)$")]
    subject_type: SubjectType,
    /// The person's address.
    #[schema(value_type = String, format = Email)]
    email: EmailAddress,
    /// What is allowed.
    granted: Vec<ResourceGrantResponse>,
    /// The time when it was first given.
    #[schema(value_type = String, format = DateTime)]
    given_at: Timestamp,
    /// The time when it was last given or used, by signing in.
    #[schema(value_type = String, format = DateTime)]
    used_at: Timestamp,
    /// The time when it expires, unless it is used before.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

/// What is allowed at one resource.
#[derive(Serialize, ToSchema)]
pub struct ResourceGrantResponse {
    #[schema(value_type = String, example = "backoffice_api")]
    resource: ResourceId,
    #[schema(value_type = Vec<String>, example = json!(["orders:read"]))]
    scopes: ScopeSet,
}

impl From<Consent> for ConsentResponse {
    fn from(consent: Consent) -> Self {
        let Consent { sub, email, granted, given_at, used_at, expires_at, .. } = consent;
        let granted = granted
            .into_iter()
            .map(|(resource, scopes)| ResourceGrantResponse { resource, scopes })
            .collect();
        Self { subject_type: sub.subject_type(), sub, email, granted, given_at, used_at, expires_at }
    }
}
