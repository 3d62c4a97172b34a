//! The keys of the items of the grants table.

use super::{INTENTS, Key, SENT_PREFIX};
use crate::adapters::crypto::digest::sha256_hex;
use crate::domain::oauth::refresh_token_family::FamilyId;
use crate::domain::primitives::email::EmailAddress;
use crate::domain::primitives::ids::{AccountId, ClientId, ResourceId};
use crate::domain::reminder::{CredentialName, NoticeKind, SentReminder};
use crate::domain::sign_in::end_user::Subject;
use crate::domain::sign_in::rate_limit::Counter;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// An idempotency record, by the digest of its key.
pub(in crate::adapters::store) fn idempotency(digest: &str) -> Key {
    Key::new(format!("IDEMPOTENCY#{digest}"), "IDEMPOTENCY")
}

/// A used client assertion: by client, because two may choose the same `jti`.
pub(in crate::adapters::store) fn spent_assertion(client: &ClientId, jti: &str) -> Key {
    Key::new(format!("JTI#{}", sha256_hex(&[client.as_str().as_bytes(), jti.as_bytes()])), "JTI")
}

/// A revoked access token, by the digest of its `jti`.
pub(in crate::adapters::store) fn revoked_token(jti: &str) -> Key {
    Key::new(format!("REVOKED#{}", sha256_hex(&[jti.as_bytes()])), "REVOKED")
}

/// An authorization code, by its digest.
pub(in crate::adapters::store) fn code(digest: &str) -> Key {
    Key::new(format!("CODE#{digest}"), "CODE")
}

/// A pending sign-in, by the digest of its id.
pub(in crate::adapters::store) fn sign_in(digest: &str) -> Key {
    Key::new(format!("SIGNIN#{digest}"), "SIGNIN")
}

/// Partition of the console sessions of a person, by the digest of their address.
pub(in crate::adapters::store) fn console_sessions(person: &str) -> String {
    format!("CONSOLE#{person}")
}

/// A session of the console, by the digest of its cookie.
pub(in crate::adapters::store) fn console_session(person: &str, digest: &str) -> Key {
    Key::new(console_sessions(person), digest)
}

/// A form of a person, by the digest of their address and its place among their forms. It is not among their sessions.
pub(in crate::adapters::store) fn form_draft(person: &str, slot: u8) -> Key {
    Key::new(format!("CONSOLE#DRAFTS#{person}"), format!("DRAFT#{slot}"))
}

/// A console link, by the digest of its token.
pub(in crate::adapters::store) fn console_link(digest: &str) -> Key {
    Key::new(format!("CONSOLE_LINK#{digest}"), "CONSOLE_LINK")
}

/// A counter of a rate limit in one window of time. The counted value is in the key only as a digest.
pub(in crate::adapters::store) fn limit(counter: &Counter, window: i64) -> Key {
    let digest = sha256_hex(&[counter.limit.kind.as_bytes(), counter.key.as_bytes()]);
    Key::new(format!("LIMIT#{digest}"), format!("LIMIT#{window}"))
}

/// A source that a member has signed in from, by the keyed digest of the member's address and the source.
pub(in crate::adapters::store) fn known_source(digest: &str) -> Key {
    Key::new(format!("KNOWN#{digest}"), "KNOWN")
}

/// Failures of fetching from a host, by the digest of what is fetched.
pub(in crate::adapters::store) fn fetch_failures(source: &str) -> Key {
    Key::new(format!("FETCH#{}", sha256_hex(&[source.as_bytes()])), "FETCH")
}

/// Partition of the refusals of a client.
pub(in crate::adapters::store) fn refusals_partition(client: &ClientId) -> String {
    format!("REFUSALS#{client}")
}

/// The refusals of a client for one reason in one hour.
pub(in crate::adapters::store) fn refusal(client: &ClientId, hour: Timestamp, reason: &str) -> Key {
    Key::new(refusals_partition(client), format!("{hour}#{reason}"))
}

/// Partition of the refusals of all clients of an account. No client's partition: an id has no `#`.
pub(in crate::adapters::store) fn account_refusals_partition(account: &AccountId) -> String {
    format!("REFUSALS#ACCOUNT#{account}")
}

/// The refusals of one of an account's clients for one reason in one hour.
pub(in crate::adapters::store) fn account_refusal(
    account: &AccountId,
    hour: Timestamp,
    client: &ClientId,
    reason: &str,
) -> Key {
    Key::new(account_refusals_partition(account), format!("{hour}#{client}#{reason}"))
}

/// A family of refresh tokens.
pub(in crate::adapters::store) fn family(id: &FamilyId) -> Key {
    Key::new(format!("FAMILY#{id}"), "FAMILY")
}

/// The live families of client credentials of a client for a resource.
pub(in crate::adapters::store) fn live_families(client: &ClientId, resource: &ResourceId) -> Key {
    Key::new(format!("FAMILIES#{client}#{resource}"), "FAMILIES")
}

/// Partition of the families that act for a person.
pub(in crate::adapters::store) fn families_of_person(sub: &Subject) -> String {
    format!("FAMILIES#{sub}")
}

/// One of them.
pub(in crate::adapters::store) fn family_of_person(sub: &Subject, family: &FamilyId) -> Key {
    Key::new(families_of_person(sub), family.as_str())
}

/// Progress of the job's walk over all accounts, in the grants table.
pub(in crate::adapters::store) fn account_walk() -> Key {
    Key::new("JOB", "ACCOUNTS")
}

/// Partition of a client's consents.
pub(in crate::adapters::store) fn consents_partition(client: &ClientId) -> String {
    format!("CONSENTS#{client}")
}

/// An end user's consent to a client.
pub(in crate::adapters::store) fn consent(client: &ClientId, sub: &Subject) -> Key {
    Key::new(consents_partition(client), sub.as_str())
}

/// The intent to create a client: one at a time for each id.
pub(in crate::adapters::store) fn creation_intent(client: &ClientId) -> Key {
    Key::new(INTENTS, client.as_str())
}

/// Any other intent on a client's secrets: one for each request.
pub(in crate::adapters::store) fn change_intent(client: &ClientId, operation: &str) -> Key {
    Key::new(INTENTS, format!("{client}#{operation}"))
}

/// The notices sent to a recipient. The address is in the key only as a digest.
pub(in crate::adapters::store) fn notification_log(account: &AccountId, recipient: &EmailAddress) -> Key {
    Key::new(format!("LETTERS#{account}"), sha256_hex(&[recipient.as_str().as_bytes()]))
}

/// The recipients of an account's e-mails on one day (UTC).
pub(in crate::adapters::store) fn daily_recipients(account: &AccountId, date: Date) -> Key {
    Key::new(format!("MAILED#{account}"), date.to_string())
}

/// A notice that was sent: by the date of the expiry, client, credential, and kind of notice. It is with what is known of the
/// account's e-mails, before all else, so that one query reads both.
pub(in crate::adapters::store) fn sent_reminder(account: &AccountId, sent: &SentReminder) -> Key {
    let credential = match &sent.credential {
        CredentialName::SecretId(id) => id.as_str(),
        CredentialName::Thumbprint(thumbprint) => thumbprint,
    };
    let kind = match sent.kind {
        NoticeKind::Expiring(days) => days,
        NoticeKind::Expired => 0,
    };
    let end = sent_reminders_of(sent.expires_at.to_zoned(TimeZone::UTC).date());
    Key::new(mail_partition(account), format!("{end}#{}#{credential}#{kind}", sent.client_id))
}

/// What the sort keys of the notices start with that were sent about credentials which end on this date (UTC).
pub(in crate::adapters::store) fn sent_reminders_of(date: Date) -> String {
    format!("{SENT_PREFIX}{date}")
}

/// Partition of the e-mails of an account: the notices that were sent, and what is known of its recipients.
pub(in crate::adapters::store) fn mail_partition(account: &AccountId) -> String {
    format!("MAIL#{account}")
}

/// An item of it: its kind, and for an address the digest of it.
pub(in crate::adapters::store) fn account_mail(account: &AccountId, kind: &str, digest: &str) -> Key {
    Key::new(mail_partition(account), format!("{kind}{digest}"))
}
