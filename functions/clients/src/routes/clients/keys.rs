//! A client's keys as they are sent and answered: `jwks`, `jwks_uri`, `public_key_pem`, of which it has one at
//! most; and what it can authenticate with.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use serde_json::Value;
use shared::adapters::crypto::jws;
use shared::adapters::crypto::pem;
use shared::domain::client::Client;
use shared::domain::client::client_keys::{ClientKeys, JwkSet, UploadedKey};
use shared::domain::client::credential::{CredentialId, active_last_uses};
use shared::domain::jose::jwk::PublicJwk;
use shared::domain::net::remote_url::JwksUri;
use shared::domain::primitives::validation::{Field, FieldError, FromJson, Validator, from_string};
use utoipa::ToSchema;

/// `jwks`, every key of which can be used.
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
pub struct KeyFields {
    pub jwks: Field<Option<ValidatedJwks>>,
    pub jwks_uri: Field<Option<JwksUri>>,
    pub public_key_pem: Field<Option<PublicKeyPem>>,
}

impl KeyFields {
    /// Puts what was given in the place of what there was. `null` takes away what that member had set.
    pub fn apply(self, source: &mut Option<ClientKeys>, now: Timestamp, checked: &mut Validator) {
        let given = [
            checked.optional("jwks", self.jwks).map(|keys| keys.map(|keys| ClientKeys::Jwks(keys.0))),
            checked.optional("jwks_uri", self.jwks_uri).map(|uri| uri.map(ClientKeys::JwksUri)),
            checked
                .optional("public_key_pem", self.public_key_pem)
                .map(|pem| pem.map(|pem| ClientKeys::PublicKeyPem(pem.0))),
        ];
        let current = source.as_ref().map(ClientKeys::member);
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
            checked
                .error(second.member(), "a client has one of jwks, jwks_uri and public_key_pem, not several");
        }
        if let Some(wanted) = first {
            replace(source, wanted, now, checked);
        }
    }
}

/// A certificate that has ended would be of no use; it may only stay. Its bare key is what answers show of it,
/// and does not take its end away when it is sent back.
fn replace(source: &mut Option<ClientKeys>, wanted: ClientKeys, now: Timestamp, checked: &mut Validator) {
    if source.as_ref() == Some(&wanted) || is_key_of_certificate(&wanted, source.as_ref()) {
        return;
    }
    if let Some(ended) = wanted.certificate().filter(|certificate| certificate.expires_at <= now) {
        checked.error("public_key_pem", format!("is a certificate that ended at {}", ended.expires_at));
    }
    *source = Some(wanted);
}

fn is_key_of_certificate(wanted: &ClientKeys, current: Option<&ClientKeys>) -> bool {
    wanted.certificate().is_none()
        && current.is_some_and(|current| {
            current.certificate().is_some()
                && current.member() == wanted.member()
                && current.inline_keys() == wanted.inline_keys()
        })
}

/// What is wrong between a client's members, and with identities that our own tokens would make: they are no
/// credentials. A client whose keys could not be read is not told that it has none.
pub fn validate(client: &Client, issuer: &str, checked: &Validator) -> Vec<FieldError> {
    let unread = KEY_FIELDS.iter().chain(&["federated_identities"]).any(|name| checked.has_error(name));
    // What could not be read may have been meant well: nothing is concluded from what stands there instead.
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

/// Something that a client can authenticate with, other than a secret.
#[derive(Serialize, ToSchema)]
pub struct CredentialResponse {
    /// `jwk`, `jwks_uri`, `public_key`, `certificate` or `federated_identity`.
    #[serde(rename = "type")]
    #[schema(rename = "type")]
    kind: &'static str,
    /// The `kid` of a key in `jwks`, if it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    kid: Option<String>,
    /// Of a certificate: SHA-256, as in `x5t#S256` (RFC 7515).
    #[serde(skip_serializing_if = "Option::is_none")]
    thumbprint: Option<String>,
    /// Of a certificate: its key works until this instant.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, format = DateTime)]
    expires_at: Option<Timestamp>,
    /// Of a federated identity.
    #[serde(skip_serializing_if = "Option::is_none")]
    issuer: Option<String>,
    /// Of a federated identity.
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<String>,
    /// The last day (UTC) on which it got a token; null if it never did.
    #[schema(value_type = Option<String>, format = Date)]
    last_used_on: Option<Date>,
}

/// Everything that a client can authenticate with, other than secrets.
pub fn credentials(client: &Client) -> Vec<CredentialResponse> {
    let days = active_last_uses(client);
    let used = |id: &CredentialId| days.get(id).copied();
    let plain = |kind, last_used_on| CredentialResponse {
        kind,
        kid: None,
        thumbprint: None,
        expires_at: None,
        issuer: None,
        subject: None,
        last_used_on,
    };
    let of_key = |kind, key: &PublicJwk| plain(kind, used(&CredentialId::of_key(key)));
    let mut views = match &client.key_source {
        None => Vec::new(),
        Some(ClientKeys::JwksUri(uri)) => {
            vec![plain("jwks_uri", used(&CredentialId::of_jwks_uri(uri.as_str())))]
        }
        Some(ClientKeys::Jwks(set)) => set
            .keys
            .iter()
            .map(|key| CredentialResponse { kid: key.kid.clone(), ..of_key("jwk", key) })
            .collect(),
        Some(ClientKeys::PublicKeyPem(UploadedKey { jwk, certificate: None })) => {
            vec![of_key("public_key", jwk)]
        }
        Some(ClientKeys::PublicKeyPem(UploadedKey { jwk, certificate: Some(certificate) })) => {
            vec![CredentialResponse {
                thumbprint: Some(certificate.thumbprint.clone()),
                expires_at: Some(certificate.expires_at),
                ..of_key("certificate", jwk)
            }]
        }
    };
    views.extend(client.federated_identities.iter().map(|identity| CredentialResponse {
        issuer: Some(identity.issuer.to_string()),
        subject: Some(identity.subject.clone()),
        ..plain("federated_identity", used(&CredentialId::of_identity(identity)))
    }));
    views
}
