//! The client as it is registered and stored (field names of RFC 7591 §2).

pub mod name_pattern;
pub mod template;

use crate::domain::account::Status;
use crate::domain::client::client_keys::ClientKeys;
use crate::domain::client::client_keys::key_check::KeyCheck;
use crate::domain::client::credential::LastUses;
use crate::domain::client::federated_identity::FederatedIdentity;
use crate::domain::client::last_notice::CertificateLastNotice;
use crate::domain::client::metadata::{AuthMethod, GrantType, SecretDisplay, SecretStorage};
use crate::domain::client::permission::Permission;
use crate::domain::client::secret::SecretStatus;
use crate::domain::net::ip_allowlist::IpNetwork;
use crate::domain::oauth::lifetime;
use crate::domain::oauth::token_generation::is_first_generation;
use crate::domain::primitives::display_text::{Description, Label, Name};
use crate::domain::primitives::email::EmailAddress;
use crate::domain::primitives::ids::{AccountId, ClientId, SecretId, TemplateId};
use crate::domain::primitives::link_url::LinkUrl;
use crate::domain::primitives::unknown_attributes::UnknownAttributes;
use crate::domain::redirect_uri::RedirectUri;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// Summary of a secret in the client's own item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecretSummary {
    /// The secret.
    pub secret_id: SecretId,
    /// It works while `now < expires_at`.
    pub expires_at: Timestamp,
    /// Whether it is paused.
    #[serde(default, skip_serializing_if = "SecretStatus::is_active")]
    pub status: SecretStatus,
    /// What people call it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<Label>,
    /// State of its value in Secrets Manager; `None` if it was not stored there, or by a version that did not record
    /// this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stored_value: Option<StoredValue>,
    /// Attributes of a later version.
    #[serde(flatten)]
    pub unknown: UnknownAttributes,
}

/// Whether the value of a secret can be read from Secrets Manager.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StoredValue {
    /// It was stored.
    Present,
    /// It was stored, and is no longer there. The secret itself still works.
    Missing,
}

/// An OAuth client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Client {
    /// `client_id`; never changes, and is not reused after deletion.
    pub client_id: ClientId,
    /// The account that owns it.
    pub account_id: AccountId,
    /// Display name.
    pub client_name: Name,
    /// Description, for people.
    #[serde(default, skip_serializing_if = "Description::is_empty")]
    pub description: Description,
    /// A web page about it, for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_uri: Option<LinkUrl>,
    /// The template that it was created with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<TemplateId>,
    /// Grant types that it may use.
    pub grant_types: Vec<GrantType>,
    /// Its registered authentication method.
    pub token_endpoint_auth_method: AuthMethod,
    /// Its public keys, or where to fetch them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_source: Option<ClientKeys>,
    /// Workload identities of external issuers that it may authenticate as.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub federated_identities: Vec<FederatedIdentity>,
    /// Last uses of its credentials, so that lists have them without reading more. Updated without incrementing `version`.
    #[serde(default)]
    pub last_uses: LastUses,
    /// What was found when its keys were last looked at.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub key_checks: Vec<KeyCheck>,
    /// The last expiry notice about its certificate. Updated without incrementing `version`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate_said: Option<CertificateLastNotice>,
    /// Resources and scopes that it may request tokens for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub permissions: Vec<Permission>,
    /// Lifetime of its access tokens, in seconds.
    pub access_token_lifetime: u32,
    /// When the last of the access tokens ends that were issued while their lifetime was longer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub longer_tokens_end: Option<Timestamp>,
    /// Lifetime of its refresh tokens, in seconds.
    pub refresh_token_lifetime: u32,
    /// Registered redirect URIs of the code flow.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub redirect_uris: Vec<RedirectUri>,
    /// Networks that it may call from; empty means any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allowed_ips: Vec<IpNetwork>,
    /// Additional recipients of expiry notices, beside the account's members.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contacts: Vec<EmailAddress>,
    /// Where its secrets are stored; applies from the next secret on.
    pub secret_storage: SecretStorage,
    /// Whether its secrets can be revealed again; applies from the next secret on.
    pub secret_display: SecretDisplay,
    /// Whether it is enabled.
    pub status: Status,
    /// Its tokens of an earlier generation are not active.
    #[serde(default, skip_serializing_if = "is_first_generation")]
    pub token_generation: u64,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it, or one of its secrets, was last changed.
    pub updated_at: Timestamp,
    /// Incremented by each change of it or its secrets: its `ETag`, and the optimistic lock of all changes.
    pub version: u64,
    /// Its secrets, oldest first. Lists compute `attention` from these, without reading the secrets' items.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub secrets: Vec<SecretSummary>,
    /// Attributes of a later version.
    #[serde(flatten)]
    pub unknown: UnknownAttributes,
}

impl Client {
    /// When the secret or certificate that ends next ends; `None` if none does.
    #[must_use]
    pub fn next_end(&self, now: Timestamp) -> Option<Timestamp> {
        let certificate = self.key_source.as_ref().and_then(ClientKeys::certificate);
        let secrets = self.secrets.iter().map(|secret| secret.expires_at);
        secrets.chain(certificate.map(|certificate| certificate.expires_at)).filter(|end| *end > now).min()
    }

    /// The secret whose end is the client's: the newest that is not paused, if it signs in with secrets.
    #[must_use]
    pub fn newest_secret(&self) -> Option<&SecretSummary> {
        let mut newest_first =
            self.secrets.iter().rev().filter(|_| self.token_endpoint_auth_method.takes_secrets());
        newest_first.find(|secret| secret.status.is_active())
    }

    /// When the last of its access tokens ends that were issued until `now`.
    #[must_use]
    pub fn tokens_end(&self, now: Timestamp) -> Timestamp {
        let lifetime = SignedDuration::from_secs(i64::from(self.access_token_lifetime));
        let end = now.saturating_add(lifetime).unwrap_or(Timestamp::MAX);
        self.longer_tokens_end.map_or(end, |longer| longer.max(end))
    }

    /// Keeps when the tokens end that were issued before this change, if those that are issued from now on live shorter.
    pub fn remember_longer_tokens(&mut self, before: &Self, now: Timestamp) {
        if self.access_token_lifetime < before.access_token_lifetime {
            self.longer_tokens_end = Some(before.tokens_end(now));
        }
        self.longer_tokens_end = self.longer_tokens_end.filter(|end| *end > now);
    }

    /// Records that the value of a secret is no longer in Secrets Manager.
    pub fn mark_value_missing(&mut self, id: &SecretId) {
        for summary in self.secrets.iter_mut().filter(|summary| summary.secret_id == *id) {
            summary.stored_value = Some(StoredValue::Missing);
        }
    }

    /// Clears the state of stored values if the client's secrets are no longer stored in Secrets Manager.
    pub fn forget_unstored_values(&mut self) {
        if self.secret_storage == SecretStorage::DigestOnly {
            for summary in &mut self.secrets {
                summary.stored_value = None;
            }
        }
    }

    /// Whether the value of a secret is expected to be in Secrets Manager.
    #[must_use]
    pub fn expects_value_of(&self, id: &SecretId) -> bool {
        let mut all = self.secrets.iter();
        all.any(|summary| summary.secret_id == *id && summary.stored_value == Some(StoredValue::Present))
    }

    /// Live secrets whose value is missing in Secrets Manager.
    pub fn missing_values(&self, now: Timestamp) -> impl Iterator<Item = &SecretSummary> {
        let is_missing = |summary: &&SecretSummary| summary.stored_value == Some(StoredValue::Missing);
        self.secrets.iter().filter(is_missing).filter(move |summary| now < summary.expires_at)
    }

    /// A client with the documented defaults.
    #[must_use]
    pub fn new(client_id: ClientId, account_id: AccountId, client_name: Name, now: Timestamp) -> Self {
        Self {
            client_id,
            account_id,
            client_name,
            description: Description::default(),
            client_uri: None,
            template: None,
            grant_types: vec![GrantType::ClientCredentials],
            token_endpoint_auth_method: AuthMethod::ClientSecretBasic,
            key_source: None,
            federated_identities: Vec::new(),
            last_uses: LastUses::new(),
            key_checks: Vec::new(),
            certificate_said: None,
            permissions: Vec::new(),
            access_token_lifetime: lifetime::DEFAULT_ACCESS_SECONDS,
            longer_tokens_end: None,
            refresh_token_lifetime: lifetime::DEFAULT_REFRESH_SECONDS,
            redirect_uris: Vec::new(),
            allowed_ips: Vec::new(),
            contacts: Vec::new(),
            secret_storage: SecretStorage::SecretsManager,
            secret_display: SecretDisplay::Once,
            status: Status::Active,
            token_generation: 0,
            created_at: now,
            updated_at: now,
            version: 1,
            secrets: Vec::new(),
            unknown: UnknownAttributes::default(),
        }
    }

    /// Whether it can authenticate with assertions.
    #[must_use]
    pub fn has_keys_or_identities(&self) -> bool {
        self.key_source.is_some() || !self.federated_identities.is_empty()
    }
}
