//! Members in responses.

use crate::adapters::crypto::token_crypto::subject_of_member;
use crate::adapters::store::AccountMail;
use crate::domain::account::{ExternalSubject, Member};
use crate::domain::management::ManagementScope;
use crate::domain::primitives::display_text::Name;
use crate::domain::primitives::email::EmailAddress;
use crate::domain::primitives::language::Language;
use crate::domain::sign_in::end_user::Subject;
use crate::services::members::{Losses, MailOutcome, NotSentReason};
use serde::Serialize;
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
    /// Until when an invited member has to sign in; then they are removed. Null once they have, and for members who were not
    /// invited.
    #[schema(value_type = Option<String>, format = DateTime)]
    invited_until: Option<jiff::Timestamp>,
    /// When the member last signed in, of those sign-ins that were the first of a day (UTC). Null: never, or
    /// not since this is recorded.
    #[schema(value_type = Option<String>, format = DateTime)]
    last_signed_in_at: Option<jiff::Timestamp>,
    /// The address that the member gets once its mailbox has confirmed it; null if there is none.
    pending_email: Option<PendingEmailResponse>,
    #[schema(value_type = String, format = DateTime)]
    created_at: jiff::Timestamp,
    #[schema(value_type = String, format = DateTime)]
    updated_at: jiff::Timestamp,
}

/// An address that waits to be confirmed.
#[derive(Serialize, ToSchema)]
pub struct PendingEmailResponse {
    #[schema(value_type = String)]
    email: EmailAddress,
    /// When it can no longer be confirmed.
    #[schema(value_type = String, format = DateTime)]
    expires_at: jiff::Timestamp,
}

/// A member, and what became of the e-mail to them.
#[derive(Serialize, ToSchema)]
pub struct NotifiedMemberResponse {
    #[serde(flatten)]
    member: MemberResponse,
    /// The invitation, or the e-mail that confirms a new address. Absent if none was to be sent, and in the response to a repeat.
    #[serde(skip_serializing_if = "Option::is_none")]
    email_delivery: Option<EmailDeliveryResponse>,
}

/// A member who was changed.
#[derive(Serialize, ToSchema)]
pub struct UpdatedMemberResponse {
    #[serde(flatten)]
    notified: NotifiedMemberResponse,
    /// What the account no longer has. Absent if there is nothing.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    warnings: Vec<WarningResponse>,
}

/// What a change means for the account.
#[derive(Serialize, ToSchema)]
pub struct WarningResponse {
    /// `no_one_reminded` or `no_one_manages_members`.
    code: &'static str,
    /// The same in words.
    detail: &'static str,
}

/// What became of an e-mail.
#[derive(Serialize, ToSchema)]
pub struct EmailDeliveryResponse {
    /// Whether it was sent.
    sent: bool,
    /// Why it was not.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "address_suppressed")]
    reason: Option<&'static str>,
    /// What can be done.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'static str>,
}

impl NotifiedMemberResponse {
    /// The member with the outcome of the e-mail.
    pub fn new(member: MemberResponse, mail: Option<MailOutcome>) -> Self {
        Self { member, email_delivery: mail.map(EmailDeliveryResponse::new) }
    }
}

impl UpdatedMemberResponse {
    /// The member, with the outcome of the e-mail, and what the account no longer has.
    #[must_use]
    pub fn new(member: MemberResponse, mail: Option<MailOutcome>, losses: Losses) -> Self {
        let reminders = losses.reminders.then_some(WarningResponse {
            code: "no_one_reminded",
            detail: "no one is reminded of all that ends",
        });
        let management = losses.management.then_some(WarningResponse {
            code: "no_one_manages_members",
            detail: "no member of the account manages members",
        });
        Self {
            notified: NotifiedMemberResponse::new(member, mail),
            warnings: [reminders, management].into_iter().flatten().collect(),
        }
    }
}

impl EmailDeliveryResponse {
    fn new(outcome: MailOutcome) -> Self {
        match outcome {
            MailOutcome::Sent => Self { sent: true, reason: None, detail: None },
            MailOutcome::NotSent(reason) => {
                Self { sent: false, reason: Some(reason.as_str()), detail: Some(remedy(reason)) }
            }
        }
    }
}

/// What can be done about an e-mail that was not sent.
const fn remedy(reason: NotSentReason) -> &'static str {
    match reason {
        NotSentReason::NotConfigured => "this deployment sends no e-mails; tell the person where to sign in",
        NotSentReason::AddressSuppressed => {
            "an e-mail to the address came back, or its reader stopped them; tell the person where to sign in"
        }
        NotSentReason::DailyLimit | NotSentReason::RecipientLimit => {
            "today's e-mails are used up; send it again tomorrow (POST …/invitation)"
        }
        NotSentReason::QuotaReserved | NotSentReason::Unavailable => "try again later (POST …/invitation)",
        NotSentReason::Rejected => {
            "the address may be wrong; check it, then send it again (POST …/invitation)"
        }
    }
}

/// An identity at the upstream provider.
#[derive(Serialize, ToSchema)]
pub struct ExternalIdentityResponse {
    issuer: String,
    subject: String,
}

impl MemberResponse {
    /// The member, with what is known of the account's e-mails.
    #[must_use]
    pub fn new(member: Member, account_mail: &AccountMail, now: jiff::Timestamp) -> Self {
        let sub = subject_of_member(&member).sub;
        let pending_email = member.pending_email(now).map(|pending| PendingEmailResponse {
            email: pending.email.clone(),
            expires_at: pending.expires_at,
        });
        let Member {
            email,
            name,
            permissions,
            mail,
            locale,
            external_identity,
            invited_until,
            last_signed_in_at,
            created_at,
            updated_at,
            ..
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
            invited_until,
            last_signed_in_at,
            pending_email,
            created_at,
            updated_at,
        }
    }
}
