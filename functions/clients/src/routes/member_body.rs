//! Members on the wire.

use crate::body::{Body, Unknown};
use serde::{Deserialize, Serialize};
use shared::adapters::grant_secrets::person_of;
use shared::domain::account::Member;
use shared::domain::email::EmailAddress;
use shared::domain::management::ManagementScope;
use shared::domain::person::Subject;
use shared::domain::text::Name;
use shared::domain::validation::Input;
use std::collections::BTreeSet;
use utoipa::ToSchema;

/// A person to be added.
#[derive(Deserialize, ToSchema)]
pub struct AddMember {
    /// Their address; case does not matter.
    #[serde(default)]
    #[schema(required = true, value_type = String, format = Email, example = "ann@acme.example")]
    pub email: Input<EmailAddress>,
    /// Their name; 1 to 100 characters.
    #[serde(default)]
    #[schema(required = true, value_type = String, min_length = 1, max_length = 100, example = "Ann")]
    pub name: Input<Name>,
    /// What they may manage: management scopes that the caller holds too; none if absent.
    #[serde(default)]
    #[schema(value_type = Vec<String>, example = json!(["clients:read", "clients:manage"]))]
    pub permissions: Input<Vec<ManagementScope>>,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

/// What is to change about a member.
#[derive(Deserialize, ToSchema)]
pub struct UpdateMember {
    /// Their name; 1 to 100 characters.
    #[serde(default)]
    #[schema(value_type = String, min_length = 1, max_length = 100)]
    pub name: Input<Name>,
    /// What they may manage. Nobody adds what they do not hold.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    pub permissions: Input<Vec<ManagementScope>>,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl Body for AddMember {
    fn unknown(&self) -> &Unknown {
        &self.unknown
    }
}

impl Body for UpdateMember {
    fn unknown(&self) -> &Unknown {
        &self.unknown
    }
}

/// A person of an account.
#[derive(Serialize, ToSchema)]
pub struct MemberView {
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

impl From<Member> for MemberView {
    fn from(member: Member) -> Self {
        let sub = person_of(&member).sub;
        let Member { account_id: _, email, name, permissions, created_at, updated_at, version: _ } = member;
        Self { sub, email, name, permissions, created_at, updated_at }
    }
}
