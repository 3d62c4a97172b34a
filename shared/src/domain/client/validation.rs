//! Consistency between a client's members, and their total size.

use crate::domain::client::client_keys::ClientKeys;
use crate::domain::client::federated_identity::MAX_FEDERATED_IDENTITIES;
use crate::domain::client::metadata::{AuthMethod, GrantType, SecretDisplay, SecretStorage};
use crate::domain::client::registration::Client;
use crate::domain::net::ip_allowlist::{self, MAX_NETWORKS};
use crate::domain::primitives::display_text::Label;
use crate::domain::primitives::validation::FieldError;
use crate::domain::redirect_uri::MAX_REDIRECT_URIS;

/// The most contacts of one client.
pub const MAX_CONTACTS: usize = 10;

/// Maximum total size of a client's free-form members, in bytes: name, description, website, template, redirect URIs, contacts, allowlist,
/// permissions, keys, federated identities and labels of secrets. It keeps a client and its two secrets within the 4,096 bytes of one read
/// unit. A client that was stored with more goes on, and cannot get larger.
pub const MAX_METADATA_BYTES: usize = 1_808;

/// Overhead of a label, in bytes.
const LABEL: usize = 8;

const OPEN_TO_IPV6_ONLY: &str = "allows every IPv6 address, but not every IPv4 address: add 0.0.0.0/0, or leave the list \
                                 empty, to allow all; else name the networks";

impl Client {
    /// Total size of its free-form members, in bytes.
    #[must_use]
    pub fn metadata_bytes(&self) -> usize {
        /// Overhead of a list or map element.
        const ELEMENT: usize = 4;
        /// Overhead of the id of a template.
        const TEMPLATE: usize = 10;
        /// Overhead of a federated identity, including the day of its last use.
        const IDENTITY: usize = 48;
        let texts =
            |items: &mut dyn Iterator<Item = usize>| items.map(|bytes| bytes + ELEMENT).sum::<usize>();
        self.client_name.as_str().len()
            + self.description.as_str().len()
            + self.client_uri.as_ref().map_or(0, |uri| uri.as_str().len())
            + self.template.as_ref().map_or(0, |template| template.as_str().len() + TEMPLATE)
            + texts(&mut self.redirect_uris.iter().map(|uri| uri.as_str().len()))
            + texts(&mut self.contacts.iter().map(|contact| contact.as_str().len()))
            + texts(&mut self.allowed_ips.iter().map(|network| network.to_string().len()))
            + texts(&mut self.permissions.iter().map(|permission| {
                24 + permission.resource.as_str().len()
                    + permission.scopes.iter().map(|scope| scope.as_str().len() + ELEMENT).sum::<usize>()
            }))
            + self
                .secrets
                .iter()
                .filter_map(|secret| Some(secret.label.as_ref()?.as_str().len() + LABEL))
                .sum::<usize>()
            + self.key_source.as_ref().map_or(0, ClientKeys::bytes)
            + self.federated_identities.iter().map(|identity| identity.bytes() + IDENTITY).sum::<usize>()
    }

    /// Whether a secret with this label keeps it within its size.
    #[must_use]
    pub fn has_room_for(&self, label: &Label) -> bool {
        self.metadata_bytes() + label.as_str().len() + LABEL <= MAX_METADATA_BYTES
    }

    /// Errors of its members in combination.
    #[must_use]
    pub fn validate(&self) -> Vec<FieldError> {
        let mut errors = Vec::new();
        let mut limit = |path: &str, count: usize, most: usize| {
            if count > most {
                errors.push(FieldError::new(path, format!("must hold at most {most} entries")));
            }
        };
        limit("redirect_uris", self.redirect_uris.len(), MAX_REDIRECT_URIS);
        limit("allowed_ips", self.allowed_ips.len(), MAX_NETWORKS);
        limit("contacts", self.contacts.len(), MAX_CONTACTS);
        limit("federated_identities", self.federated_identities.len(), MAX_FEDERATED_IDENTITIES);
        for (index, identity) in self.federated_identities.iter().enumerate() {
            if self.federated_identities[..index].contains(identity) {
                errors.push(FieldError::new(format!("federated_identities/{index}"), "is there twice"));
            }
        }
        errors.extend(self.auth_method_error());
        errors.extend(self.grant_types_error());
        if self.secret_display == SecretDisplay::OnRequest && self.secret_storage == SecretStorage::DigestOnly
        {
            errors.push(FieldError::new(
                "secret_display",
                "on_request needs secret_storage secrets_manager: a digest cannot be shown",
            ));
        }
        errors
    }

    /// Errors of values that `before` does not have, against rules that stored values may be older than: those go on.
    #[must_use]
    pub fn validate_new_values(&self, before: &Self) -> Vec<FieldError> {
        let mut errors = Vec::new();
        let bytes = self.metadata_bytes();
        if bytes > MAX_METADATA_BYTES && bytes > before.metadata_bytes() {
            errors.push(FieldError::new(
                "",
                format!(
                    "name, description, client_uri, redirect_uris, contacts, allowed_ips, permissions, keys, \
                     federated_identities and labels of secrets take {bytes} bytes together; {MAX_METADATA_BYTES} are allowed"
                ),
            ));
        }
        let uri = |client: &'_ Self| client.key_source.as_ref().and_then(ClientKeys::jwks_uri).cloned();
        if uri(self) != uri(before)
            && let Some(detail) = uri(self).and_then(|uri| uri.not_permitted())
        {
            errors.push(FieldError::new("jwks_uri", detail));
        }
        for (index, identity) in self.federated_identities.iter().enumerate() {
            let is_stored = before.federated_identities.iter().any(|stored| stored.issuer == identity.issuer);
            let refused = identity.issuer.not_permitted().or_else(|| identity.issuer.never_matches());
            if let Some(detail) = refused.filter(|_| !is_stored) {
                errors.push(FieldError::new(format!("federated_identities/{index}/issuer"), detail));
            }
        }
        if self.allowed_ips != before.allowed_ips && ip_allowlist::is_open_to_ipv6_only(&self.allowed_ips) {
            errors.push(FieldError::new("allowed_ips", OPEN_TO_IPV6_ONLY));
        }
        errors
    }

    /// An inconsistency between its authentication method and its credentials.
    fn auth_method_error(&self) -> Option<FieldError> {
        let why = match self.token_endpoint_auth_method {
            AuthMethod::PrivateKeyJwt if !self.has_keys_or_identities() => {
                "private_key_jwt needs jwks, jwks_uri, public_key_pem or federated_identities"
            }
            AuthMethod::None if self.has_keys_or_identities() => {
                "none is for programs without credentials: take its keys and federated_identities away"
            }
            AuthMethod::ClientSecretBasic
            | AuthMethod::ClientSecretPost
            | AuthMethod::PrivateKeyJwt
            | AuthMethod::None => return None,
        };
        Some(FieldError::new("token_endpoint_auth_method", why))
    }

    fn grant_types_error(&self) -> Option<FieldError> {
        let held = |grant| self.grant_types.contains(&grant);
        let twice = (1..self.grant_types.len())
            .any(|index| self.grant_types[..index].contains(&self.grant_types[index]));
        let why = if self.grant_types.is_empty() {
            "must name at least one grant"
        } else if twice {
            "must name each grant once"
        } else if self.grant_types.iter().all(|grant| *grant == GrantType::RefreshToken) {
            "refresh_token stands beside authorization_code or client_credentials, which give the first one"
        } else if held(GrantType::ClientCredentials) && self.token_endpoint_auth_method.is_public() {
            "client_credentials needs a client that authenticates: its token_endpoint_auth_method is none"
        } else if held(GrantType::AuthorizationCode) && self.redirect_uris.is_empty() {
            "authorization_code needs redirect_uris"
        } else {
            return None;
        };
        Some(FieldError::new("grant_types", why))
    }
}
