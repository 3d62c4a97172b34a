//! Old and new values of the members that matter for security. None of them can hold a secret: of keys there are the
//! thumbprints.

use crate::adapters::crypto::jws;
use crate::domain::account::{Account, Member};
use crate::domain::audit::{Change, ChangedMember};
use crate::domain::client::Client;
use crate::domain::client::client_keys::ClientKeys;
use crate::domain::client::federated_identity::FederatedIdentity;
use crate::domain::client::permission::Permission;
use crate::domain::client::secret::Secret;
use crate::domain::resource::Resource;
use serde::Serialize;
use serde_json::{Value, json};

/// Collects the changes from an item to its next version.
struct Changes<'a, T> {
    before: Option<&'a T>,
    after: Option<&'a T>,
    found: Vec<Change>,
}

impl<'a, T> Changes<'a, T> {
    fn new(before: Option<&'a T>, after: Option<&'a T>) -> Self {
        Self { before, after, found: Vec::new() }
    }

    /// Compares one member. What is empty on both sides, or equal, is no change.
    fn compare<V: Serialize>(mut self, member: ChangedMember, value: impl Fn(&'a T) -> V) -> Self {
        let json = |item: Option<&'a T>| item.map_or(Value::Null, |item| json!(value(item)));
        let (old, new) = (json(self.before), json(self.after));
        if old != new && !(is_empty(&old) && is_empty(&new)) {
            self.found.push(Change { member: member.into(), old, new });
        }
        self
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

/// Changes of a client: `before` is absent for a new one, of which the name is kept.
#[must_use]
pub fn of_client(before: Option<&Client>, after: &Client) -> Vec<Change> {
    Changes::new(before, Some(after))
        .compare(ChangedMember::ClientName, |client| before.is_none().then_some(&client.client_name))
        .compare(ChangedMember::Permissions, |client| {
            client.permissions.iter().map(permission).collect::<Vec<_>>()
        })
        .compare(ChangedMember::ClientUri, |client| &client.client_uri)
        .compare(ChangedMember::GrantTypes, |client| &client.grant_types)
        .compare(ChangedMember::TokenEndpointAuthMethod, |client| client.token_endpoint_auth_method)
        .compare(ChangedMember::Keys, |client| client.key_source.as_ref().map(keys))
        .compare(ChangedMember::FederatedIdentities, |client| {
            client.federated_identities.iter().map(FederatedIdentity::to_json).collect::<Vec<_>>()
        })
        .compare(ChangedMember::RedirectUris, |client| {
            client.redirect_uris.iter().map(|uri| uri.as_str().to_owned()).collect::<Vec<_>>()
        })
        .compare(ChangedMember::AllowedIps, |client| &client.allowed_ips)
        .compare(ChangedMember::Contacts, |client| &client.contacts)
        .compare(ChangedMember::SecretDisplay, |client| client.secret_display)
        .compare(ChangedMember::TokenGeneration, |client| later_generation(client.token_generation))
        .found
}

/// Changes of a client that is deleted: nothing else has its name afterwards.
#[must_use]
pub fn of_deleted_client(client: &Client) -> Vec<Change> {
    Changes::new(Some(client), None).compare(ChangedMember::ClientName, |client| &client.client_name).found
}

/// Changes of a secret.
#[must_use]
pub fn of_secret(before: &Secret, after: &Secret) -> Vec<Change> {
    Changes::new(Some(before), Some(after))
        .compare(ChangedMember::ExpiresAt, |secret| secret.expires_at)
        .compare(ChangedMember::Remind, |secret| secret.remind)
        .found
}

/// Changes of a member: one side is absent for a member that is added or removed.
#[must_use]
pub fn of_member(before: Option<&Member>, after: Option<&Member>) -> Vec<Change> {
    Changes::new(before, after)
        .compare(ChangedMember::Permissions, |member| &member.permissions)
        .compare(ChangedMember::ExternalIdentity, |member| member.external_identity.as_ref())
        .compare(ChangedMember::Email, |member| after.and(before).map(|_| &member.email))
        .compare(ChangedMember::PendingEmail, |member| {
            member.pending_email.as_ref().map(|pending| &pending.email)
        })
        .compare(ChangedMember::InvitedUntil, |member| member.invited_until)
        .compare(ChangedMember::TokenGeneration, |member| later_generation(member.token_generation))
        .found
}

/// Changes of an account.
#[must_use]
pub fn of_account(before: &Account, after: &Account) -> Vec<Change> {
    Changes::new(Some(before), Some(after))
        .compare(ChangedMember::Status, |account| account.status)
        .compare(ChangedMember::Entitlements, |account| &account.entitlements)
        .compare(ChangedMember::Claims, |account| &account.claims)
        .compare(ChangedMember::EndUsers, |account| account.end_users)
        .compare(ChangedMember::Limits, |account| &account.limits)
        .compare(ChangedMember::Contacts, |account| &account.contacts)
        .compare(ChangedMember::SecretLifetimeDays, |account| &account.secret_lifetime_days)
        .compare(ChangedMember::SignInMethods, |account| &account.sign_in_methods)
        .found
}

/// Changes of a resource: `before` is absent for a new one.
#[must_use]
pub fn of_resource(before: Option<&Resource>, after: &Resource) -> Vec<Change> {
    Changes::new(before, Some(after))
        .compare(ChangedMember::Audience, |resource| resource.audience.as_str().to_owned())
        .compare(ChangedMember::Scopes, |resource| resource.scope_names().to_string())
        .compare(ChangedMember::DefaultScopes, |resource| resource.default_scopes.to_string())
        .compare(ChangedMember::TokenSigningAlg, |resource| resource.token_signing_alg)
        .found
}

/// The generation of tokens; `None` for the first one, which nothing has changed yet.
fn later_generation(generation: u64) -> Option<u64> {
    (generation > 0).then_some(generation)
}

fn permission(permission: &Permission) -> Value {
    json!({ "resource": permission.resource, "scopes": permission.scopes })
}

/// Thumbprints (RFC 7638) of keys, and that of the certificate; or where the keys are.
fn keys(keys: &ClientKeys) -> Value {
    let thumbprints: Vec<_> = keys.inline_keys().iter().map(jws::thumbprint).collect();
    match keys {
        ClientKeys::JwksUri(uri) => json!({ "jwks_uri": uri }),
        ClientKeys::Jwks(_) => json!({ "jwks": thumbprints }),
        ClientKeys::PublicKeyPem(uploaded) => json!({
            "public_key_pem": thumbprints,
            "certificate": uploaded.certificate.as_ref().map(|certificate| &certificate.thumbprint),
        }),
    }
}
