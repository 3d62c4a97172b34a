//! One secret or certificate that ends.

use crate::adapters::crypto::digest::sha256_hex;
use crate::adapters::store::ClientWithSecrets;
use crate::domain::client::client_keys::{ClientKeys, UploadedKey};
use crate::domain::client::credential::CredentialId;
use crate::domain::client::secret::{Secret, SecretState};
use crate::domain::primitives::display_text::{Label, Name};
use crate::domain::primitives::email::EmailAddress;
use crate::domain::primitives::ids::ClientId;
use crate::domain::reminder::{
    CredentialName, ExpiringCredential, ReminderSchedule, SentReminder, next_notices,
};
use crate::services::members::recipients::MailRecipients;
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use strum::{IntoStaticStr, VariantArray};

/// What a credential that ends is at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum ExpiryState {
    /// It works, and has been used.
    InUse,
    /// It works, and was never used.
    NotUsed,
    /// It is paused.
    Paused,
    /// It has expired.
    Expired,
    /// It has expired, and was presented since.
    ExpiredInUse,
}

impl ExpiryState {
    /// The name in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// The next reminder about a credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NextReminder {
    /// When it is due. Reminders are sent every hour.
    pub at: Timestamp,
    /// Who would get it now.
    pub recipients: BTreeSet<EmailAddress>,
}

/// A secret or certificate that ends.
#[derive(Clone, Debug)]
pub struct Expiry {
    /// The client.
    pub client_id: ClientId,
    /// Its name.
    pub client_name: Name,
    /// The credential.
    pub credential: ExpiringCredential,
    /// What people call the secret.
    pub label: Option<Label>,
    /// The subject of the certificate, if it is known.
    pub subject: Option<String>,
    /// When it was created; not known of a certificate.
    pub created_at: Option<Timestamp>,
    /// When it ends.
    pub expires_at: Timestamp,
    /// The last day (UTC) on which it got a token.
    pub last_used_on: Option<Date>,
    /// What it is now.
    pub state: ExpiryState,
    /// The reminders that were sent about this end, oldest first.
    pub reminders: Vec<SentReminder>,
    /// The next one; `None` if no more are sent.
    pub next_reminder: Option<NextReminder>,
}

impl Expiry {
    /// What identifies the credential in calendars. It says nothing about it, and stays when its end moves.
    #[must_use]
    pub fn uid(&self) -> String {
        let name = match &self.credential {
            ExpiringCredential::Secret { secret_id, .. } => secret_id.as_str(),
            ExpiringCredential::Certificate { thumbprint } => thumbprint,
        };
        let mut uid = sha256_hex(&[self.client_id.as_str().as_bytes(), b"/", name.as_bytes()]);
        uid.truncate(32);
        uid
    }
}

/// What the rows of a client depend on besides the client.
pub(super) struct RowContext<'a> {
    pub recipients: &'a MailRecipients,
    pub reminders: &'a [SentReminder],
    pub schedule: &'a ReminderSchedule,
    pub now: Timestamp,
}

impl RowContext<'_> {
    /// The rows of a client's secrets and certificate, in no order.
    pub fn rows<'k>(&'k self, known: &'k ClientWithSecrets) -> impl Iterator<Item = Expiry> + 'k {
        let ClientWithSecrets { client, secrets } = known;
        let next: BTreeMap<CredentialName, Timestamp> =
            next_notices(client, secrets, self.schedule, self.now)
                .into_iter()
                .map(|(ending, at)| (ending.name(), at))
                .collect();
        let rows =
            secrets.iter().map(|secret| self.of_secret(known, secret)).chain(self.of_certificate(known));
        rows.map(move |row| {
            let name = row.credential.name();
            let next_reminder = next.get(&name).map(|at| NextReminder {
                at: *at,
                recipients: self.recipients.of(&client.contacts, self.now),
            });
            Expiry { reminders: self.sent(&row, &name), next_reminder, ..row }
        })
    }

    fn of_secret(&self, known: &ClientWithSecrets, secret: &Secret) -> Expiry {
        let state = match secret.state(self.now) {
            SecretState::Expired if secret.tried_on.is_some() => ExpiryState::ExpiredInUse,
            SecretState::Expired => ExpiryState::Expired,
            SecretState::Paused => ExpiryState::Paused,
            SecretState::Active => used(secret.last_used_on),
        };
        let (secret_id, hint) = (secret.secret_id.clone(), secret.hint.clone());
        Expiry {
            client_id: known.client.client_id.clone(),
            client_name: known.client.client_name.clone(),
            credential: ExpiringCredential::Secret { secret_id, hint },
            label: secret.label.clone(),
            subject: None,
            created_at: Some(secret.created_at),
            expires_at: secret.expires_at,
            last_used_on: secret.last_used_on,
            state,
            reminders: Vec::new(),
            next_reminder: None,
        }
    }

    fn of_certificate(&self, known: &ClientWithSecrets) -> Option<Expiry> {
        let Some(ClientKeys::PublicKeyPem(UploadedKey { jwk, certificate: Some(certificate) })) =
            &known.client.key_source
        else {
            return None;
        };
        let last_used_on = known.client.last_uses.get(&CredentialId::of_key(jwk)).copied();
        let is_expired = certificate.expires_at <= self.now;
        Some(Expiry {
            client_id: known.client.client_id.clone(),
            client_name: known.client.client_name.clone(),
            credential: ExpiringCredential::Certificate { thumbprint: certificate.thumbprint.clone() },
            label: None,
            subject: certificate.subject.clone(),
            created_at: None,
            expires_at: certificate.expires_at,
            last_used_on,
            state: if is_expired { ExpiryState::Expired } else { used(last_used_on) },
            reminders: Vec::new(),
            next_reminder: None,
        })
    }

    /// The reminders that were sent about this end, oldest first.
    fn sent(&self, row: &Expiry, name: &CredentialName) -> Vec<SentReminder> {
        let is_about = |sent: &&SentReminder| {
            sent.client_id == row.client_id && sent.credential == *name && sent.expires_at == row.expires_at
        };
        let mut sent: Vec<_> = self.reminders.iter().filter(is_about).cloned().collect();
        sent.sort_by_key(|reminder| reminder.sent_at);
        sent
    }
}

const fn used(last_used_on: Option<Date>) -> ExpiryState {
    if last_used_on.is_some() { ExpiryState::InUse } else { ExpiryState::NotUsed }
}
