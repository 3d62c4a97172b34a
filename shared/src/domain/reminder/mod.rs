//! Decides which notices are due about secrets and certificates that expire soon, or that have expired and are still
//! needed.

mod fair_order;
mod schedule;
mod sent;

#[cfg(test)]
mod tests;

pub use crate::domain::client::last_notice::{CertificateLastNotice, LastNotice, NoticeKind};
pub use fair_order::fair_order;
pub use schedule::{InvalidReminderSchedule, ReminderSchedule};
pub use sent::{CredentialName, SentReminder};

use crate::domain::account::Status;
use crate::domain::client::client_keys::{Certificate, ClientKeys, UploadedKey};
use crate::domain::client::credential::CredentialId;
use crate::domain::client::registration::Client;
use crate::domain::client::secret::{Secret, is_in_use};
use crate::domain::primitives::display_text::Name;
use crate::domain::primitives::ids::{ClientId, SecretId};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

/// How long after its expiry notices about a credential may be sent.
const NOTICE_WINDOW: SignedDuration = SignedDuration::from_hours(30 * 24);

/// A credential that expires.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ExpiringCredential {
    /// A secret.
    Secret {
        /// Its id.
        secret_id: SecretId,
        /// Its last four characters.
        hint: String,
    },
    /// The certificate of a client's key.
    Certificate {
        /// `x5t#S256` (RFC 7515 §4.1.8).
        thumbprint: String,
    },
}

/// A notice that is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Kind of the notice.
    pub kind: NoticeKind,
    /// The client.
    pub client_id: ClientId,
    /// Display name of the client.
    pub client_name: Name,
    /// The credential.
    pub ending: ExpiringCredential,
    /// When it was created; not known of a certificate.
    pub created_at: Option<Timestamp>,
    /// When it expires or expired.
    pub expires_at: Timestamp,
    /// The last day (UTC) on which it got a token.
    pub last_used_on: Option<Date>,
    /// For a secret that has a live successor, the newest one.
    pub newer: Option<NewerSecret>,
}

/// A secret that was created after the one that a notice is about, and has not expired.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewerSecret {
    /// Its last four characters.
    pub hint: String,
    /// The last day (UTC) on which it got a token.
    pub last_used_on: Option<Date>,
    /// Whether it is paused, so that no program can use it.
    pub is_paused: bool,
}

/// Identifies a credential of a client: two clients may have the same certificate.
pub type CredentialKey = (ClientId, ExpiringCredential);

impl Notice {
    /// The credential that it is about.
    #[must_use]
    pub fn credential_key(&self) -> CredentialKey {
        (self.client_id.clone(), self.ending.clone())
    }
}

/// A credential of an enabled client, with what the decision needs.
struct Candidate {
    ending: ExpiringCredential,
    created_at: Option<Timestamp>,
    expires_at: Timestamp,
    last_used_on: Option<Date>,
    newer: Option<NewerSecret>,
    last_notice: Option<LastNotice>,
    /// Whether a notice is due once it has expired.
    needs_expired_notice: bool,
}

/// The notices that are due at `now` about a client's secrets and certificate.
#[must_use]
pub fn notices(
    client: &Client,
    secrets: &[Secret],
    schedule: &ReminderSchedule,
    now: Timestamp,
) -> Vec<Notice> {
    let due = candidates(client, secrets, now)
        .into_iter()
        .filter_map(|candidate| Some((candidate.due(schedule, now)?, candidate)));
    due.map(|(kind, candidate)| Notice {
        kind,
        client_id: client.client_id.clone(),
        client_name: client.client_name.clone(),
        ending: candidate.ending,
        created_at: candidate.created_at,
        expires_at: candidate.expires_at,
        last_used_on: candidate.last_used_on,
        newer: candidate.newer,
    })
    .collect()
}

/// When the next notice about each of a client's credentials is due: at `now` if one is due that was not sent. Those that
/// no notice is left about are not among them.
#[must_use]
pub fn next_notices(
    client: &Client,
    secrets: &[Secret],
    schedule: &ReminderSchedule,
    now: Timestamp,
) -> Vec<(ExpiringCredential, Timestamp)> {
    let next = |candidate: Candidate| {
        let due = candidate.due(schedule, now).map(|_| now);
        Some((due.or_else(|| schedule.next_after(candidate.expires_at, now))?, candidate.ending))
    };
    let next = candidates(client, secrets, now).into_iter().filter_map(next);
    next.map(|(at, ending)| (ending, at)).collect()
}

/// The credentials of a client that notices are sent about; none of a disabled one.
fn candidates(client: &Client, secrets: &[Secret], now: Timestamp) -> Vec<Candidate> {
    if client.status == Status::Disabled {
        return Vec::new();
    }
    // Secrets that are not accepted any more need no notice.
    let accepted = if client.token_endpoint_auth_method.takes_secrets() { secrets } else { &[] };
    of_secrets(accepted, now).chain(of_certificate(client, secrets, now)).collect()
}

/// Whether a credential expired so long ago that no notice about it is sent.
#[must_use]
pub fn is_past_notice_window(expires_at: Timestamp, now: Timestamp) -> bool {
    now.duration_since(expires_at) > NOTICE_WINDOW
}

/// The last notice about the client's current certificate.
#[must_use]
pub fn certificate_last_notice(client: &Client) -> Option<&CertificateLastNotice> {
    let certificate = client.key_source.as_ref().and_then(ClientKeys::certificate)?;
    client.certificate_said.as_ref().filter(|known| known.thumbprint == certificate.thumbprint)
}

/// The newest secret that is not paused, and others that are in use.
fn of_secrets(secrets: &[Secret], now: Timestamp) -> impl Iterator<Item = Candidate> {
    let is_recent = move |secret: &&Secret| !is_past_notice_window(secret.expires_at, now);
    let recent = move || secrets.iter().filter(|secret| secret.status.is_active()).filter(is_recent);
    let newest = recent().max_by_key(|secret| (secret.created_at, &secret.secret_id));
    let needs_notices = move |secret: &&Secret| {
        secret.remind
            && (newest.is_some_and(|newest| newest.secret_id == secret.secret_id) || in_use(secret, now))
    };
    recent().filter(needs_notices).map(move |secret| Candidate {
        ending: ExpiringCredential::Secret { secret_id: secret.secret_id.clone(), hint: secret.hint.clone() },
        created_at: Some(secret.created_at),
        expires_at: secret.expires_at,
        last_used_on: secret.last_used_on,
        newer: newer_than(secret, secrets, now),
        last_notice: secret.said,
        needs_expired_notice: secret.tried_on.is_some(),
    })
}

/// The certificate of the client's key. Attempts with an expired certificate are not recorded, so that a notice of its
/// expiry is due if the client has no other way to authenticate.
fn of_certificate(client: &Client, secrets: &[Secret], now: Timestamp) -> Option<Candidate> {
    let Some(ClientKeys::PublicKeyPem(UploadedKey { jwk, certificate: Some(certificate) })) =
        &client.key_source
    else {
        return None;
    };
    let Certificate { thumbprint, expires_at, .. } = certificate;
    let takes_secrets = client.token_endpoint_auth_method.takes_secrets();
    let has_another = !client.federated_identities.is_empty()
        || (takes_secrets && secrets.iter().any(|secret| secret.is_usable(now)));
    (!is_past_notice_window(*expires_at, now)).then(|| Candidate {
        ending: ExpiringCredential::Certificate { thumbprint: thumbprint.clone() },
        created_at: None,
        expires_at: *expires_at,
        last_used_on: client.last_uses.get(&CredentialId::of_key(jwk)).copied(),
        newer: None,
        last_notice: certificate_last_notice(client).map(|known| known.said),
        needs_expired_notice: !has_another,
    })
}

/// The newest live secret that was created after this one.
fn newer_than(secret: &Secret, all: &[Secret], now: Timestamp) -> Option<NewerSecret> {
    let age = |secret: &Secret| (secret.created_at, secret.secret_id.clone());
    let newer = all.iter().filter(|other| other.is_live(now) && age(other) > age(secret));
    newer.max_by_key(|other| age(other)).map(|newest| NewerSecret {
        hint: newest.hint.clone(),
        last_used_on: newest.last_used_on,
        is_paused: !newest.status.is_active(),
    })
}

fn in_use(secret: &Secret, now: Timestamp) -> bool {
    secret.last_used_on.max(secret.tried_on).is_some_and(|day| is_in_use(day, now))
}

impl Candidate {
    /// The notice that is due, unless it, or a more urgent one, was sent about the same expiry.
    fn due(&self, schedule: &ReminderSchedule, now: Timestamp) -> Option<NoticeKind> {
        let kind = if now < self.expires_at {
            schedule.due_threshold(self.expires_at, now).map(NoticeKind::Expiring)
        } else {
            self.needs_expired_notice.then_some(NoticeKind::Expired)
        };
        let is_sent = |kind: &NoticeKind| {
            self.last_notice.is_some_and(|sent| {
                sent.expires_at == self.expires_at
                    // A notice that is not due yet was sent by a clock that has been set back since: it is ignored.
                    && sent.kind.is_reached(self.expires_at, now)
                    && sent.kind.at_least_as_urgent(*kind)
            })
        };
        kind.filter(|kind| !is_sent(kind))
    }
}
