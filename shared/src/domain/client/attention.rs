//! Conditions of a client that need a person's attention.

use crate::domain::account::Entitlements;
use crate::domain::client::client_keys::ClientKeys;
use crate::domain::client::client_keys::key_check::KeysFound;
use crate::domain::client::credential::CredentialId;
use crate::domain::client::permission::Permission;
use crate::domain::client::registration::{Client, SecretSummary};
use crate::domain::client::secret::is_in_use;
use crate::domain::net::ip_allowlist;
use crate::domain::net::remote_url::JwksUri;
use crate::domain::primitives::ids::ResourceId;
use crate::domain::primitives::validation::{FieldError, FromJson, from_name};
use crate::domain::redirect_uri::RedirectUri;
use crate::domain::resource::Resource;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use strum::{EnumString, IntoStaticStr, VariantArray};

/// How long before its expiry a credential is reported as expiring: 14 days.
pub const EXPIRING_WITHIN: SignedDuration = SignedDuration::from_hours(14 * 24);

/// A condition that needs attention. It is computed on each read, and not stored. They are in the order of their severity, the
/// worst first: what fails already, then what ends soon, then what is unsafe, then what is worth knowing.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    EnumString,
    IntoStaticStr,
    VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Attention {
    /// Its newest secret has expired.
    SecretExpired,
    /// The certificate of its key has expired.
    CertificateExpired,
    /// It has no credentials, or all its secrets are paused, and is not a public client.
    NoCredentials,
    /// There was no key that can verify at its `jwks_uri` or issuer when they were last looked at.
    NoUsableKey,
    /// The keys at its `jwks_uri` or issuer could not be fetched when they were last looked at, or were not looked at because
    /// the account had done so too often.
    KeysUnavailable,
    /// The value of a live secret is missing in Secrets Manager: a workload that reads it there needs a new secret.
    StoredSecretMissing,
    /// It has no permissions.
    NoPermissions,
    /// Its account is not entitled to all of its permissions.
    NotEntitled,
    /// Its newest secret expires within 14 days.
    SecretExpiring,
    /// The certificate of its key expires within 14 days.
    CertificateExpiring,
    /// An older secret, which was used within the last 7 days, expires within 14 days.
    OlderSecretExpiring,
    /// Another resource has the audience of one of its resources.
    SharedAudience,
    /// Its allowlist allows every address of a family.
    OpenAllowlist,
    /// A redirect URI has a wildcard.
    WildcardRedirect,
    /// Its `jwks_uri`, or the issuer of a federated identity, is on a port or below a name that is not permitted any more.
    JwksUriNotAllowed,
    /// No one would get a reminder about it: none of its contacts, and no member of its account.
    NoRecipients,
    /// Reminders about it wait: for the quota of e-mails, or for the next day, because its account has written to as many
    /// people today as it may.
    MailDeferred,
    /// Its allowlist names a network without any address of the Internet: private, reserved, or for documentation.
    UnroutableAllowlist,
}

impl Attention {
    /// Every condition, the worst first.
    pub const ALL: &[Self] = Self::VARIANTS;

    /// The name in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

impl FromJson for Attention {
    fn from_json(value: &Value) -> Result<Self, Vec<FieldError>> {
        from_name(value)
    }
}

/// What the conditions of a client depend on besides the client.
#[derive(Clone, Copy, Debug)]
pub struct AttentionContext<'a> {
    /// The current time.
    pub now: Timestamp,
    /// What the client's account is entitled to.
    pub entitlements: &'a Entitlements,
    /// All resources.
    pub resources: &'a BTreeMap<ResourceId, Resource>,
    /// The resources with an audience that another one has too.
    pub shared_audiences: &'a BTreeSet<ResourceId>,
    /// Whether reminders about it wait.
    pub is_mail_deferred: bool,
    /// Whether someone would get a reminder about it.
    pub has_recipients: bool,
}

/// The conditions of this client, the worst first.
#[must_use]
pub fn attention(client: &Client, context: &AttentionContext<'_>) -> Vec<Attention> {
    let now = context.now;
    let mut reasons = Vec::new();
    if client.permissions.is_empty() {
        reasons.push(Attention::NoPermissions);
    }
    let newest_secret = client.newest_secret();
    let needs_credentials = !client.token_endpoint_auth_method.is_public();
    if needs_credentials && newest_secret.is_none() && !client.has_keys_or_identities() {
        reasons.push(Attention::NoCredentials);
    }
    if let Some(secret) = newest_secret {
        let (expiring, expired) = (Attention::SecretExpiring, Attention::SecretExpired);
        reasons.extend(expiry(secret.expires_at, now, expiring, expired));
        if client.secrets.iter().any(|older| is_older_expiring(client, older, secret, now)) {
            reasons.push(Attention::OlderSecretExpiring);
        }
    }
    if let Some(certificate) = client.key_source.as_ref().and_then(ClientKeys::certificate) {
        let (expiring, expired) = (Attention::CertificateExpiring, Attention::CertificateExpired);
        reasons.extend(expiry(certificate.expires_at, now, expiring, expired));
    }
    if client.redirect_uris.iter().any(RedirectUri::has_wildcard) {
        reasons.push(Attention::WildcardRedirect);
    }
    if client.missing_values(now).next().is_some() {
        reasons.push(Attention::StoredSecretMissing);
    }
    if client.permissions.iter().any(|permission| !is_entitled(permission, context)) {
        reasons.push(Attention::NotEntitled);
    }
    if client.permissions.iter().any(|permission| context.shared_audiences.contains(&permission.resource)) {
        reasons.push(Attention::SharedAudience);
    }
    if ip_allowlist::is_open(&client.allowed_ips) {
        reasons.push(Attention::OpenAllowlist);
    }
    if !has_permitted_key_sources(client) {
        reasons.push(Attention::JwksUriNotAllowed);
    }
    if context.is_mail_deferred {
        reasons.push(Attention::MailDeferred);
    }
    if !context.has_recipients && client.next_end(now).is_some() {
        reasons.push(Attention::NoRecipients);
    }
    let found = |wanted: &[KeysFound]| {
        client
            .key_checks
            .iter()
            .any(|check| wanted.contains(&check.keys) && check.is_current(&client.last_uses))
    };
    if found(&[KeysFound::Unavailable, KeysFound::NotChecked]) {
        reasons.push(Attention::KeysUnavailable);
    }
    if found(&[KeysFound::NoneUsable]) {
        reasons.push(Attention::NoUsableKey);
    }
    if ip_allowlist::has_unroutable(&client.allowed_ips) {
        reasons.push(Attention::UnroutableAllowlist);
    }
    reasons.sort_unstable();
    reasons
}

/// Whether a secret is in use, although there is a newer one, and expires soon.
fn is_older_expiring(client: &Client, older: &SecretSummary, newest: &SecretSummary, now: Timestamp) -> bool {
    let left = older.expires_at.duration_since(now);
    let last_used_on = client.last_uses.get(&CredentialId::of_secret(&older.secret_id));
    older.secret_id != newest.secret_id
        && older.status.is_active()
        && left.is_positive()
        && left <= EXPIRING_WITHIN
        && last_used_on.is_some_and(|day| is_in_use(*day, now))
}

/// Whether the account may use all of a permission that the resource still offers.
fn is_entitled(permission: &Permission, context: &AttentionContext<'_>) -> bool {
    let Some(resource) = context.resources.get(&permission.resource) else { return true };
    let offered = permission.scopes.intersection(&resource.scope_names());
    context.entitlements.permitted_scopes(resource).is_some_and(|permitted| offered.is_subset(&permitted))
}

fn has_permitted_key_sources(client: &Client) -> bool {
    let uri = client.key_source.as_ref().and_then(ClientKeys::jwks_uri);
    uri.is_none_or(JwksUri::is_permitted)
        && client.federated_identities.iter().all(|identity| identity.issuer.is_permitted())
}

fn expiry(
    expires_at: Timestamp,
    now: Timestamp,
    expiring: Attention,
    expired: Attention,
) -> Option<Attention> {
    let left = expires_at.duration_since(now);
    if !left.is_positive() {
        Some(expired)
    } else if left <= EXPIRING_WITHIN {
        Some(expiring)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::Attention;

    #[test]
    fn what_fails_already_is_worse_than_what_ends_soon_is_unsafe_or_is_a_hint() {
        let worst_first: Vec<Attention> = [
            "secret_expired certificate_expired no_credentials no_usable_key keys_unavailable",
            "stored_secret_missing no_permissions not_entitled",
            "secret_expiring certificate_expiring older_secret_expiring",
            "shared_audience open_allowlist wildcard_redirect jwks_uri_not_allowed",
            "no_recipients mail_deferred unroutable_allowlist",
        ]
        .iter()
        .flat_map(|names| names.split(' '))
        .map(|name| name.parse().unwrap())
        .collect();
        assert_eq!(Attention::ALL, worst_first);
        assert!(Attention::ALL.is_sorted());
    }
}
