//! Members on the wire.

use crate::json_body::{RequestBody, UnknownFields};
use serde::{Deserialize, Serialize};
use shared::adapters::crypto::token_crypto::subject_of_member;
use shared::domain::account::Member;
use shared::domain::management::ManagementScope;
use shared::domain::primitives::display_text::Name;
use shared::domain::primitives::email::EmailAddress;
use shared::domain::primitives::validation::Field;
use shared::domain::sign_in::end_user::Subject;
use std::collections::BTreeSet;
use utoipa::ToSchema;

/// A person to be added.
#[derive(Deserialize, ToSchema)]
pub struct AddMemberRequest {
    /// Their address; case does not matter.
    #[serde(default)]
    #[schema(required = true, value_type = String, format = Email, example = "ann@acme.example")]
    pub email: Field<EmailAddress>,
    /// Their name; 1 to 100 characters.
    #[serde(default)]
    #[schema(required = true, value_type = String, min_length = 1, max_length = 100, example = "Ann")]
    pub name: Field<Name>,
    /// What they may manage: management scopes that the caller holds too; none if absent.
    #[serde(default)]
    #[schema(value_type = Vec<String>, example = json!(["clients:read", "clients:manage"]))]
    pub permissions: Field<Vec<ManagementScope>>,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: UnknownFields,
}

/// What is to change about a member.
#[derive(Deserialize, ToSchema)]
pub struct UpdateMemberRequest {
    /// Their name; 1 to 100 characters.
    #[serde(default)]
    #[schema(value_type = String, min_length = 1, max_length = 100)]
    pub name: Field<Name>,
    /// What they may manage. Nobody adds what they do not hold.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    pub permissions: Field<Vec<ManagementScope>>,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: UnknownFields,
}

impl RequestBody for AddMemberRequest {
    fn unknown(&self) -> &UnknownFields {
        &self.unknown
    }
}

impl RequestBody for UpdateMemberRequest {
    fn unknown(&self) -> &UnknownFields {
        &self.unknown
    }
}

/// A person of an account.
#[derive(Serialize, ToSchema)]
pub struct MemberResponse {
    /// Who they are in tokens that a client got on their word (RFC 9068 §2.2). Whoever joins again is somebody else.
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
        let Member { account_id: _, email, name, permissions, created_at, updated_at, version: _ } = member;
        Self { sub, email, name, permissions, created_at, updated_at }
    }
}
