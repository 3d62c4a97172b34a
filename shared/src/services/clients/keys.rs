//! A client's keys as a caller sets them: `jwks`, `jwks_uri` and `public_key_pem`, of which it has one at most.

use crate::adapters::crypto::{jws, pem};
use crate::domain::client::Client;
use crate::domain::client::client_keys::{ClientKeys, JwkSet, UploadedKey};
use crate::domain::net::remote_url::JwksUri;
use crate::domain::primitives::validation::{Field, FieldError, FromJson, Validator, from_string};
use jiff::Timestamp;
use serde_json::Value;

/// `jwks` with usable keys only.
#[derive(Clone, Debug)]
pub struct ValidatedJwks(JwkSet);

impl FromJson for ValidatedJwks {
    fn from_json(value: &Value) -> Result<Self, Vec<FieldError>> {
        let set = JwkSet::from_json(value)?;
        let useless = set.keys.iter().enumerate().filter(|(_, key)| !jws::is_usable(&key.key));
        let errors: Vec<_> = useless
            .map(|(index, _)| FieldError::new(format!("keys/{index}"), "is not a point on its curve"))
            .collect();
        if errors.is_empty() { Ok(Self(set)) } else { Err(errors) }
    }
}

/// `public_key_pem`: a public key or a certificate.
#[derive(Clone, Debug)]
pub struct PublicKeyPem(UploadedKey);

impl FromJson for PublicKeyPem {
    fn from_json(value: &Value) -> Result<Self, Vec<FieldError>> {
        from_string(value, |text| {
            let uploaded = pem::read(text).map_err(|error| error.to_string())?;
            if jws::is_usable(&uploaded.jwk.key) {
                Ok(Self(uploaded))
            } else {
                Err("holds a point that is not on its curve".to_owned())
            }
        })
    }
}

const KEY_FIELDS: [&str; 3] = ["jwks", "jwks_uri", "public_key_pem"];

/// The three members by which a client's keys are set.
pub(super) struct KeyFields {
    pub(super) jwks: Field<Option<ValidatedJwks>>,
    pub(super) jwks_uri: Field<Option<JwksUri>>,
    pub(super) public_key_pem: Field<Option<PublicKeyPem>>,
}

impl KeyFields {
    /// Replaces the keys by the one member that is present. `null` removes the keys that the same member set.
    pub(super) fn apply(self, source: &mut Option<ClientKeys>, now: Timestamp, checked: &mut Validator) {
        let given = [
            checked.optional("jwks", self.jwks).map(|keys| keys.map(|keys| ClientKeys::Jwks(keys.0))),
            checked.optional("jwks_uri", self.jwks_uri).map(|uri| uri.map(ClientKeys::JwksUri)),
            checked
                .optional("public_key_pem", self.public_key_pem)
                .map(|pem| pem.map(|pem| ClientKeys::PublicKeyPem(pem.0))),
        ];
        let current = source.as_ref().map(ClientKeys::field_name);
        if given
            .iter()
            .zip(KEY_FIELDS)
            .any(|(given, name)| matches!(given, Some(None)) && current == Some(name))
        {
            *source = None;
        }
        let mut wanted = given.into_iter().flatten().flatten();
        let (first, second) = (wanted.next(), wanted.next());
        if let Some(second) = second {
            checked.error(
                second.field_name(),
                "a client has one of jwks, jwks_uri and public_key_pem, not several",
            );
        }
        if let Some(wanted) = first {
            replace(source, wanted, now, checked);
        }
    }
}

/// An expired certificate is an error, unless it is the present one. The bare key of the present certificate changes
/// nothing: responses show only that key, and it must not remove the expiry when it is sent back.
fn replace(source: &mut Option<ClientKeys>, wanted: ClientKeys, now: Timestamp, checked: &mut Validator) {
    if source.as_ref() == Some(&wanted) || is_key_of_certificate(&wanted, source.as_ref()) {
        return;
    }
    if let Some(expired) = wanted.certificate().filter(|certificate| certificate.expires_at <= now) {
        checked.error("public_key_pem", format!("is a certificate that ended at {}", expired.expires_at));
    }
    *source = Some(wanted);
}

fn is_key_of_certificate(wanted: &ClientKeys, current: Option<&ClientKeys>) -> bool {
    wanted.certificate().is_none()
        && current.is_some_and(|current| {
            current.certificate().is_some()
                && current.field_name() == wanted.field_name()
                && current.inline_keys() == wanted.inline_keys()
        })
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
