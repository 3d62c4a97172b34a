//! Members in responses.

use serde::Serialize;
use shared::adapters::crypto::token_crypto::subject_of_member;
use shared::adapters::store::AccountMail;
use shared::domain::account::{ExternalSubject, Member};
use shared::domain::management::ManagementScope;
use shared::domain::primitives::display_text::Name;
use shared::domain::primitives::email::EmailAddress;
use shared::domain::primitives::language::Language;
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
    /// Whether the member gets reminders, if they have `clients:manage`.
    mail: bool,
    /// The language of e-mails to the member; null: the account's.
    #[schema(value_type = Option<String>, pattern = "^(en|de)$")]
    locale: Option<Language>,
    /// Since when reminders to the member's address are not sent, because one came back or was reported as spam, or because its
    /// reader stopped them. Null if they are.
    #[schema(value_type = Option<String>, format = DateTime)]
    mail_suppressed_since: Option<jiff::Timestamp>,
    /// The identity of the first sign-in at the upstream provider: another one with the same address is refused. Null
    /// before there is one.
    external_identity: Option<ExternalIdentityResponse>,
    #[schema(value_type = String, format = DateTime)]
    created_at: jiff::Timestamp,
    #[schema(value_type = String, format = DateTime)]
    updated_at: jiff::Timestamp,
}

/// An identity at the upstream provider.
#[derive(Serialize, ToSchema)]
pub struct ExternalIdentityResponse {
    issuer: String,
    subject: String,
}

impl MemberResponse {
    /// The member, with what is known of the account's e-mails.
    pub fn new(member: Member, account_mail: &AccountMail, now: jiff::Timestamp) -> Self {
        let sub = subject_of_member(&member).sub;
        let Member {
            email, name, permissions, mail, locale, external_identity, created_at, updated_at, ..
        } = member;
        let external_identity = external_identity
            .map(|ExternalSubject { issuer, subject }| ExternalIdentityResponse { issuer, subject });
        let mail_suppressed_since =
            account_mail.suppression(&email, now).map(|suppression| suppression.since);
        Self {
            sub,
            email,
            name,
            permissions,
            mail,
            locale,
            mail_suppressed_since,
            external_identity,
            created_at,
            updated_at,
        }
    }
}
