//! A client's keys as they are sent and answered: `jwks`, `jwks_uri`, `public_key_pem`, of which it has one at
//! most; and what it can authenticate with.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use serde_json::Value;
use shared::adapters::{jws, uploaded_key};
use shared::domain::client::Client;
use shared::domain::credential::{CredentialId, still_there};
use shared::domain::jwk::PublicJwk;
use shared::domain::key_source::{JwkSet, KeySource, UploadedKey};
use shared::domain::outside_url::JwksUri;
use shared::domain::validation::{Checked, FieldError, FromJson, Input, from_string};
use utoipa::ToSchema;

/// `jwks`, every key of which can be used.
pub struct UsableKeys(JwkSet);

impl FromJson for UsableKeys {
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
pub struct Pem(UploadedKey);

impl FromJson for Pem {
    fn from_json(value: &Value) -> Result<Self, Vec<FieldError>> {
        from_string(value, |text| {
            let uploaded = uploaded_key::read(text).map_err(|error| error.to_string())?;
            if jws::is_usable(&uploaded.jwk.key) {
                Ok(Self(uploaded))
            } else {
                Err("holds a point that is not on its curve".to_owned())
            }
        })
    }
}

const KEY_MEMBERS: [&str; 3] = ["jwks", "jwks_uri", "public_key_pem"];

/// The three members by which a client's keys are set.
pub struct KeyMembers {
    pub jwks: Input<Option<UsableKeys>>,
    pub jwks_uri: Input<Option<JwksUri>>,
    pub public_key_pem: Input<Option<Pem>>,
}

impl KeyMembers {
    /// Puts what was given in the place of what there was. `null` takes away what that member had set.
    pub fn apply(self, source: &mut Option<KeySource>, now: Timestamp, checked: &mut Checked) {
        let given = [
            checked.optional("jwks", self.jwks).map(|keys| keys.map(|keys| KeySource::Jwks(keys.0))),
            checked.optional("jwks_uri", self.jwks_uri).map(|uri| uri.map(KeySource::JwksUri)),
            checked
                .optional("public_key_pem", self.public_key_pem)
                .map(|pem| pem.map(|pem| KeySource::PublicKeyPem(pem.0))),
        ];
        let current = source.as_ref().map(KeySource::member);
        if given
            .iter()
            .zip(KEY_MEMBERS)
            .any(|(given, name)| matches!(given, Some(None)) && current == Some(name))
        {
            *source = None;
        }
        let mut wanted = given.into_iter().flatten().flatten();
        let (first, second) = (wanted.next(), wanted.next());
        if let Some(second) = second {
            checked.complain(
                second.member(),
                "a client has one of jwks, jwks_uri and public_key_pem, not several",
            );
        }
        if let Some(wanted) = first {
            replace(source, wanted, now, checked);
        }
    }
}

/// A certificate that has ended would be of no use; it may only stay. Its bare key is what answers show of it,
/// and does not take its end away when it is sent back.
fn replace(source: &mut Option<KeySource>, wanted: KeySource, now: Timestamp, checked: &mut Checked) {
    if source.as_ref() == Some(&wanted) || is_key_of_certificate(&wanted, source.as_ref()) {
        return;
    }
    if let Some(ended) = wanted.certificate().filter(|certificate| certificate.expires_at <= now) {
        checked.complain("public_key_pem", format!("is a certificate that ended at {}", ended.expires_at));
    }
    *source = Some(wanted);
}

fn is_key_of_certificate(wanted: &KeySource, current: Option<&KeySource>) -> bool {
    wanted.certificate().is_none()
        && current.is_some_and(|current| {
            current.certificate().is_some()
                && current.member() == wanted.member()
                && current.kept_keys() == wanted.kept_keys()
        })
}

/// What is wrong between a client's members, and with identities that our own tokens would make: they are no
/// credentials. A client whose keys could not be read is not told that it has none.
pub fn inconsistencies(client: &Client, issuer: &str, checked: &Checked) -> Vec<FieldError> {
    let unread =
        KEY_MEMBERS.iter().chain(&["federated_identities"]).any(|name| checked.complains_about(name));
    // What could not be read may have been meant well: nothing is concluded from what stands there instead.
    let grants_unread = ["grant_types", "redirect_uris"].iter().any(|name| checked.complains_about(name));
    let mut errors = client.inconsistencies();
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
pub struct CredentialView {
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
pub fn credentials(client: &Client) -> Vec<CredentialView> {
    let days = still_there(client);
    let used = |id: &CredentialId| days.get(id).copied();
    let plain = |kind, last_used_on| CredentialView {
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
        Some(KeySource::JwksUri(uri)) => {
            vec![plain("jwks_uri", used(&CredentialId::of_jwks_uri(uri.as_str())))]
        }
        Some(KeySource::Jwks(set)) => {
            set.keys.iter().map(|key| CredentialView { kid: key.kid.clone(), ..of_key("jwk", key) }).collect()
        }
        Some(KeySource::PublicKeyPem(UploadedKey { jwk, certificate: None })) => {
            vec![of_key("public_key", jwk)]
        }
        Some(KeySource::PublicKeyPem(UploadedKey { jwk, certificate: Some(certificate) })) => {
            vec![CredentialView {
                thumbprint: Some(certificate.thumbprint.clone()),
                expires_at: Some(certificate.expires_at),
                ..of_key("certificate", jwk)
            }]
        }
    };
    views.extend(client.federated_identities.iter().map(|identity| CredentialView {
        issuer: Some(identity.issuer.to_string()),
        subject: Some(identity.subject.clone()),
        ..plain("federated_identity", used(&CredentialId::of_identity(identity)))
    }));
    views
}
