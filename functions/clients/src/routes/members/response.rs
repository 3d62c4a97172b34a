//! Members in responses.

use serde::Serialize;
use shared::adapters::crypto::token_crypto::subject_of_member;
use shared::domain::account::Member;
use shared::domain::management::ManagementScope;
use shared::domain::primitives::display_text::Name;
use shared::domain::primitives::email::EmailAddress;
use shared::domain::sign_in::end_user::Subject;
use std::collections::BTreeSet;
use utoipa::ToSchema;

/// A member of an account.
#[derive(Serialize, ToSchema)]
pub struct MemberResponse {
    /// `sub` of tokens that act for the member (RFC 9068 §2.2). A member who is removed and added again gets another one.
    #[schema(value_type = String)]
    sub: Subject,
    #[schema(value_type = String)]
    email: EmailAddress,
    #[schema(value_type = String)]
    name: Name,
    #[schema(value_type = Vec<String>)]
    permissions: BTreeSet<ManagementScope>,
    #[schema(value_type = String, format = DateTime)]
    created_at: jiff::Timestamp,
    #[schema(value_type = String, format = DateTime)]
    updated_at: jiff::Timestamp,
}

impl From<Member> for MemberResponse {
    fn from(member: Member) -> Self {
        let sub = subject_of_member(&member).sub;
        let Member {
            account_id: _,
            email,
            name,
            permissions,
            created_at,
            updated_at,
            version: _,
            unknown: _,
        } = member;
        Self { sub, email, name, permissions, created_at, updated_at }
    }
}
