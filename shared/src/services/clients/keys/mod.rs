//! A client's keys as a caller sets them: `jwks`, `jwks_uri` and `public_key_pem`, of which it has one at most.

pub mod checks;
mod one_credential;

pub use crate::adapters::crypto::key_reader::SuppliedKeys;

use crate::domain::client::Client;
use crate::domain::client::client_keys::key_check::{KeyCheck, KeysFound};
use crate::domain::client::client_keys::{Certificate, ClientKeys};
use crate::domain::net::remote_url::JwksUri;
use crate::domain::primitives::validation::{Field, FieldError, Validator};
use jiff::Timestamp;
use jiff::tz::TimeZone;

const KEY_FIELDS: [&str; 3] = ["jwks", "jwks_uri", "public_key_pem"];

/// The three members by which a client's keys are set. What is sent in one of the first two decides what it is, not the
/// member: a certificate or a URL in `jwks` is taken as such.
pub(super) struct KeyFields {
    pub(super) jwks: Field<Option<SuppliedKeys>>,
    pub(super) jwks_uri: Field<Option<JwksUri>>,
    pub(super) public_key_pem: Field<Option<SuppliedKeys>>,
}

impl KeyFields {
    /// Replaces the keys by the one member that is present. `null` removes the keys that the same member set.
    pub(super) fn apply(self, client: &mut Client, now: Timestamp, checked: &mut Validator) {
        let at_uri = |uri| SuppliedKeys { keys: ClientKeys::JwksUri(uri), ignored: Vec::new() };
        let given = [
            checked.optional("jwks", self.jwks),
            checked.optional("jwks_uri", self.jwks_uri).map(|uri| uri.map(at_uri)),
            checked.optional("public_key_pem", self.public_key_pem),
        ];
        let current = client.key_source.as_ref().map(ClientKeys::field_name);
        let is_removal = |(given, name): (&Option<Option<SuppliedKeys>>, &str)| {
            matches!(given, Some(None)) && current == Some(name)
        };
        if given.iter().zip(KEY_FIELDS).any(is_removal) {
            client.key_source = None;
        }
        let mut wanted =
            given.into_iter().zip(KEY_FIELDS).filter_map(|(given, name)| Some((given.flatten()?, name)));
        let (first, second) = (wanted.next(), wanted.next());
        if let Some((_, name)) = second {
            checked.error(name, "a client has one of jwks, jwks_uri and public_key_pem, not several");
        }
        if let Some((wanted, name)) = first {
            replace(client, wanted, name, now, checked);
        }
    }
}

/// An expired certificate is an error, unless it is the present one. The bare key of the present certificate changes
/// nothing: responses show only that key, and it must not remove the expiry when it is sent back.
fn replace(client: &mut Client, wanted: SuppliedKeys, name: &str, now: Timestamp, checked: &mut Validator) {
    let SuppliedKeys { keys, ignored } = wanted;
    let found = (!ignored.is_empty()).then(|| KeyCheck {
        credential: None,
        keys: KeysFound::Found,
        checked_on: now.to_zoned(TimeZone::UTC).date(),
        ignored,
    });
    if client.key_source.as_ref() != Some(&keys) && !is_shown_key(&keys, client.key_source.as_ref()) {
        let present = client.key_source.as_ref().and_then(ClientKeys::certificate);
        let is_present =
            |sent: &Certificate| present.is_some_and(|present| present.thumbprint == sent.thumbprint);
        let expired = keys
            .certificate()
            .filter(|certificate| certificate.expires_at <= now && !is_present(certificate));
        if let Some(expired) = expired {
            checked.error(name, format!("is a certificate that ended at {}", expired.expires_at));
        }
        client.key_source = Some(keys);
    } else if client.key_source.as_ref() != Some(&keys) {
        return;
    }
    client.key_checks.retain(|check| check.credential.is_some());
    client.key_checks.extend(found);
}

/// Whether it is the key as responses show it: without certificate, and without the algorithm that it is restricted to.
fn is_shown_key(wanted: &ClientKeys, current: Option<&ClientKeys>) -> bool {
    match (wanted, current) {
        (ClientKeys::PublicKeyPem(wanted), Some(ClientKeys::PublicKeyPem(current))) => {
            wanted.certificate.is_none() && wanted.jwk.alg.is_none() && wanted.jwk.key == current.jwk.key
        }
        _ => false,
    }
}

/// Errors between a client's members, and identities of this issuer, whose tokens are no credentials. Members that
/// could not be read are left out.
pub(super) fn validate_credentials(client: &Client, issuer: &str, checked: &Validator) -> Vec<FieldError> {
    let unread = KEY_FIELDS.iter().chain(&["federated_identities"]).any(|name| checked.has_error(name));
    // The client has its former value where a member could not be read; an error about that one would mislead.
    let grants_unread = ["grant_types", "redirect_uris"].iter().any(|name| checked.has_error(name));
    let mut errors = client.validate();
    errors.retain(|error| match error.path.as_str() {
        "token_endpoint_auth_method" => !unread,
        "grant_types" => !grants_unread,
        _ => true,
    });
    let identities = client.federated_identities.iter().enumerate();
    let own = identities.filter(|(_, identity)| identity.issuer.as_str().trim_end_matches('/') == issuer);
    errors.extend(own.map(|(index, _)| {
        let path = format!("federated_identities/{index}/issuer");
        FieldError::new(path, "must be another issuer than this one")
    }));
    errors
}
