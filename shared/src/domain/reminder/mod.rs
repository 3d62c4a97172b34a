//! Who is told, and when, that a secret or a certificate is about to end, or has ended and is missed. The
//! decision is pure; remembering it and sending it are the adapters'.

mod schedule;

#[cfg(test)]
mod tests;

pub use schedule::{InvalidReminderSchedule, ReminderSchedule};

use crate::domain::account::Status;
use crate::domain::client::Client;
use crate::domain::client::client_keys::{Certificate, ClientKeys, UploadedKey};
use crate::domain::client::credential::CredentialId;
use crate::domain::client::secret::Secret;
use crate::domain::primitives::display_text::Name;
use crate::domain::primitives::ids::{ClientId, SecretId};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

/// A secret that is not the newest counts as in use for so many days after its last use.
const IN_USE_DAYS: i64 = 7;

/// For how long after its end a credential may still be spoken of.
const NOTICE_WINDOW: SignedDuration = SignedDuration::from_hours(30 * 24);

/// A credential that ends.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ExpiringCredential {
    /// A secret.
    Secret {
        /// Which one.
        secret_id: SecretId,
        /// Its last four characters.
        hint: String,
    },
    /// The certificate that a client's key came in.
    Certificate {
        /// `x5t#S256` (RFC 7515 §4.1.8).
        thumbprint: String,
    },
}

/// What somebody is told about a credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeKind {
    /// It ends within so many days.
    Expiring(u16),
    /// It has ended, and it is missed: somebody tried the secret since, or the client of the certificate has
    /// nothing else to authenticate with.
    Expired,
}

/// What was said last about a credential. Another `expires_at` makes it void.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastNotice {
    /// What.
    pub kind: NoticeKind,
    /// About which end.
    pub expires_at: Timestamp,
}

/// What was said last about a client's certificate. Another certificate makes it void.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertificateLastNotice {
    /// About which one.
    pub thumbprint: String,
    /// What.
    pub said: LastNotice,
}

/// A credential that somebody must be told of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// What to say.
    pub kind: NoticeKind,
    /// The client.
    pub client_id: ClientId,
    /// For people.
    pub client_name: Name,
    /// What ends, or ended.
    pub ending: ExpiringCredential,
    /// When.
    pub expires_at: Timestamp,
    /// The last day on which it got a token.
    pub last_used_on: Option<Date>,
}

/// Which credential of which client: two clients may have the same certificate.
pub type CredentialKey = (ClientId, ExpiringCredential);

impl Notice {
    /// What it is about.
    #[must_use]
    pub fn subject(&self) -> CredentialKey {
        (self.client_id.clone(), self.ending.clone())
    }
}

/// A credential of an enabled client, as far as the decision needs it.
struct Candidate {
    ending: ExpiringCredential,
    expires_at: Timestamp,
    last_used_on: Option<Date>,
    said: Option<LastNotice>,
    /// Whether it is missed if it has ended.
    needs_expired_notice: bool,
}

/// Everything that must be said about a client's secrets and its certificate at this instant.
#[must_use]
pub fn notices(
    client: &Client,
    secrets: &[Secret],
    schedule: &ReminderSchedule,
    now: Timestamp,
) -> Vec<Notice> {
    if client.status == Status::Disabled {
        return Vec::new();
    }
    // A secret that counts no more is nobody's loss.
    let counting = if client.token_endpoint_auth_method.takes_secrets() { secrets } else { &[] };
    let candidates = of_secrets(counting, now).chain(of_certificate(client, secrets, now));
    let due = candidates.filter_map(|candidate| Some((candidate.due(schedule, now)?, candidate)));
    due.map(|(kind, candidate)| Notice {
        kind,
        client_id: client.client_id.clone(),
        client_name: client.client_name.clone(),
        ending: candidate.ending,
        expires_at: candidate.expires_at,
        last_used_on: candidate.last_used_on,
    })
    .collect()
}

/// Whether a credential ended so long ago that nobody is told of it any more.
#[must_use]
pub fn is_past_notice_window(expires_at: Timestamp, now: Timestamp) -> bool {
    now.duration_since(expires_at) > NOTICE_WINDOW
}

/// What was said about the certificate that a client has now.
#[must_use]
pub fn certificate_last_notice(client: &Client) -> Option<&CertificateLastNotice> {
    let certificate = client.key_source.as_ref().and_then(ClientKeys::certificate)?;
    client.certificate_said.as_ref().filter(|known| known.thumbprint == certificate.thumbprint)
}

/// The newest secret, and whichever else is in use.
fn of_secrets(secrets: &[Secret], now: Timestamp) -> impl Iterator<Item = Candidate> {
    let known = move || secrets.iter().filter(move |secret| !is_past_notice_window(secret.expires_at, now));
    let newest = known().max_by_key(|secret| (secret.created_at, &secret.secret_id));
    let concerned = move |secret: &&Secret| {
        secret.remind
            && (newest.is_some_and(|newest| newest.secret_id == secret.secret_id) || in_use(secret, now))
    };
    known().filter(concerned).map(|secret| Candidate {
        ending: ExpiringCredential::Secret { secret_id: secret.secret_id.clone(), hint: secret.hint.clone() },
        expires_at: secret.expires_at,
        last_used_on: secret.last_used_on,
        said: secret.said,
        needs_expired_notice: secret.tried_on.is_some(),
    })
}

/// Of a certificate nobody notes who tries it after its end: it is missed where nothing else is left.
fn of_certificate(client: &Client, secrets: &[Secret], now: Timestamp) -> Option<Candidate> {
    let Some(ClientKeys::PublicKeyPem(UploadedKey { jwk, certificate: Some(certificate) })) =
        &client.key_source
    else {
        return None;
    };
    let Certificate { thumbprint, expires_at } = certificate;
    let takes_secrets = client.token_endpoint_auth_method.takes_secrets();
    let has_another = !client.federated_identities.is_empty()
        || (takes_secrets && secrets.iter().any(|secret| secret.is_live(now)));
    (!is_past_notice_window(*expires_at, now)).then(|| Candidate {
        ending: ExpiringCredential::Certificate { thumbprint: thumbprint.clone() },
        expires_at: *expires_at,
        last_used_on: client.last_uses.get(&CredentialId::of_key(jwk)).copied(),
        said: certificate_last_notice(client).map(|known| known.said),
        needs_expired_notice: !has_another,
    })
}

fn in_use(secret: &Secret, now: Timestamp) -> bool {
    let today = now.to_zoned(TimeZone::UTC).date();
    let since = today.checked_sub(IN_USE_DAYS.days()).unwrap_or(Date::MIN);
    secret.last_used_on.max(secret.tried_on).is_some_and(|day| day >= since)
}

impl Candidate {
    /// What must be said now, unless this, or something more pressing, was said about the same end. What was said
    /// before its time was said by a clock that has been set back since, and does not count.
    fn due(&self, schedule: &ReminderSchedule, now: Timestamp) -> Option<NoticeKind> {
        let kind = if now < self.expires_at {
            schedule.due_threshold(self.expires_at, now).map(NoticeKind::Expiring)
        } else {
            self.needs_expired_notice.then_some(NoticeKind::Expired)
        };
        let is_said = |kind: &NoticeKind| {
            self.said.is_some_and(|said| {
                said.expires_at == self.expires_at
                    && said.kind.is_reached(self.expires_at, now)
                    && said.kind.at_least_as_urgent(*kind)
            })
        };
        kind.filter(|kind| !is_said(kind))
    }
}

impl NoticeKind {
    /// Whether it can be said at this instant of something that ends then.
    fn is_reached(self, expires_at: Timestamp, now: Timestamp) -> bool {
        let left = expires_at.duration_since(now);
        match self {
            Self::Expiring(days) => left <= SignedDuration::from_hours(24 * i64::from(days)),
            Self::Expired => !left.is_positive(),
        }
    }

    /// Whether it is as pressing as `other`, or more.
    fn at_least_as_urgent(self, other: Self) -> bool {
        match (self, other) {
            (Self::Expired, _) => true,
            (Self::Expiring(_), Self::Expired) => false,
            (Self::Expiring(said), Self::Expiring(due)) => said <= due,
        }
    }
}
