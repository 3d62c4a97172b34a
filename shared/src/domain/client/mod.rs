//! The client (RFC 6749 §2, field names of RFC 7591 §2).

pub mod attention;
pub mod client_keys;
pub mod client_secret;
pub mod credential;
pub mod federated_identity;
pub mod metadata;
pub mod permission;
pub mod secret;
pub mod secret_expiry;
pub mod secret_rotation;
pub mod validation;

pub use metadata::{AuthMethod, GrantType, SecretDisplay, SecretStorage};
pub use validation::{MAX_CONTACTS, MAX_METADATA_BYTES};

use crate::domain::account::Status;
use crate::domain::client::client_keys::ClientKeys;
use crate::domain::client::credential::LastUses;
use crate::domain::client::federated_identity::FederatedIdentity;
use crate::domain::client::permission::Permission;
use crate::domain::net::ip_allowlist::IpNetwork;
use crate::domain::oauth::lifetime;
use crate::domain::primitives::display_text::{Description, Name};
use crate::domain::primitives::email::EmailAddress;
use crate::domain::primitives::ids::{AccountId, ClientId, SecretId};
use crate::domain::redirect_uri::RedirectUri;
use crate::domain::reminder::CertificateLastNotice;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One entry of [`Client::secrets`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecretSummary {
    /// Which secret.
    pub secret_id: SecretId,
    /// When it ends, or ended.
    pub expires_at: Timestamp,
    /// What is known of its value in Secrets Manager; `None` where it was never stored there, or by a version that did
    /// not write this down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stored_value: Option<StoredValue>,
}

/// Whether the value of a secret can be read from Secrets Manager.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StoredValue {
    /// It was stored.
    Present,
    /// It was stored, and is gone. The secret goes on working.
    Missing,
}

/// An OAuth client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Client {
    /// Its id; never changes, and is never used again after deletion.
    pub client_id: ClientId,
    /// The account that owns it.
    pub account_id: AccountId,
    /// For people.
    pub client_name: Name,
    /// For people.
    #[serde(default, skip_serializing_if = "Description::is_empty")]
    pub description: Description,
    /// The grants that it may use.
    pub grant_types: Vec<GrantType>,
    /// How it says that it will authenticate.
    pub token_endpoint_auth_method: AuthMethod,
    /// Its public keys.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_source: Option<ClientKeys>,
    /// Workloads that outside issuers vouch for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub federated_identities: Vec<FederatedIdentity>,
    /// When its keys and federated identities got a token last. Written beside the client, without a new
    /// version of it.
    #[serde(default)]
    pub last_uses: LastUses,
    /// What was said last about the end of its certificate. Written beside the client as well.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate_said: Option<CertificateLastNotice>,
    /// What it may ask tokens for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub permissions: Vec<Permission>,
    /// Seconds.
    pub access_token_lifetime: u32,
    /// Seconds.
    pub refresh_token_lifetime: u32,
    /// Where the code flow may send its users back to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub redirect_uris: Vec<RedirectUri>,
    /// Where it may call from; empty means anywhere.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allowed_ips: Vec<IpNetwork>,
    /// Who is told when its secret or certificate is about to expire, beside the account's members.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contacts: Vec<EmailAddress>,
    /// Where its secrets are kept, from the next one on.
    pub secret_storage: SecretStorage,
    /// Whether its secrets can be seen again, from the next one on.
    pub secret_display: SecretDisplay,
    /// Whether it may act.
    pub status: Status,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed, secrets included.
    pub updated_at: Timestamp,
    /// Counts its changes, secrets included, for `ETag` and as the lock of every change.
    pub version: u64,
    /// Its secrets, oldest first: enough for `attention` in a list, which never reads the digests.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub secrets: Vec<SecretSummary>,
}

impl Client {
    /// Notes that the value of a secret is no longer in Secrets Manager.
    pub fn mark_value_missing(&mut self, id: &SecretId) {
        for summary in self.secrets.iter_mut().filter(|summary| summary.secret_id == *id) {
            summary.stored_value = Some(StoredValue::Missing);
        }
    }

    /// Forgets what Secrets Manager had, where nothing is stored there any more.
    pub fn forget_unstored_values(&mut self) {
        if self.secret_storage == SecretStorage::DigestOnly {
            for summary in &mut self.secrets {
                summary.stored_value = None;
            }
        }
    }

    /// Whether the value of a secret should be in Secrets Manager.
    #[must_use]
    pub fn expects_value_of(&self, id: &SecretId) -> bool {
        let mut all = self.secrets.iter();
        all.any(|summary| summary.secret_id == *id && summary.stored_value == Some(StoredValue::Present))
    }

    /// The live secrets whose value was lost from Secrets Manager.
    pub fn missing_values(&self, now: Timestamp) -> impl Iterator<Item = &SecretSummary> {
        let is_missing = |summary: &&SecretSummary| summary.stored_value == Some(StoredValue::Missing);
        self.secrets.iter().filter(is_missing).filter(move |summary| now < summary.expires_at)
    }

    /// A client that says nothing but its name: the documented defaults.
    #[must_use]
    pub fn new(client_id: ClientId, account_id: AccountId, client_name: Name, now: Timestamp) -> Self {
        Self {
            client_id,
            account_id,
            client_name,
            description: Description::default(),
            grant_types: vec![GrantType::ClientCredentials],
            token_endpoint_auth_method: AuthMethod::ClientSecretBasic,
            key_source: None,
            federated_identities: Vec::new(),
            last_uses: LastUses::new(),
            certificate_said: None,
            permissions: Vec::new(),
            access_token_lifetime: lifetime::DEFAULT_ACCESS_SECONDS,
            refresh_token_lifetime: lifetime::DEFAULT_REFRESH_SECONDS,
            redirect_uris: Vec::new(),
            allowed_ips: Vec::new(),
            contacts: Vec::new(),
            secret_storage: SecretStorage::SecretsManager,
            secret_display: SecretDisplay::Once,
            status: Status::Active,
            created_at: now,
            updated_at: now,
            version: 1,
            secrets: Vec::new(),
        }
    }

    /// Whether it can authenticate by assertions.
    #[must_use]
    pub fn has_keys_or_identities(&self) -> bool {
        self.key_source.is_some() || !self.federated_identities.is_empty()
    }
}
