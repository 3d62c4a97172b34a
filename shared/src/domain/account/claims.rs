//! Static claims of an account, which stand in its access tokens.

use crate::domain::primitives::validation::{FieldError, FromJson, invalid, kind_of};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use std::collections::BTreeMap;

/// The most claims of one account.
pub const MAX_CLAIMS: usize = 10;
/// The largest size of an account's claims as JSON, in bytes.
pub const MAX_BYTES: usize = 1024;
const MAX_NAME_LENGTH: usize = 40;

/// Names that no claim of an account can have: those of IANA's registry "JSON Web Token Claims" and of its registry
/// "OAuth Token Introspection Response" (as of 2026-07, as far as the grammar of names allows them), and of the claims
/// of Latchkey's own tokens.
#[rustfmt::skip]
const RESERVED: &[&str] = &[
    "account_id", "ace_profile", "acr", "act", "active", "address", "also_known_as", "amr", "at_hash",
    "at_use_nbr", "atc", "ath", "attest", "aud", "auth_time", "authority_hints", "authorization_details",
    "azp", "birth_family_name", "birth_given_name", "birth_middle_name", "birthdate", "bootcount", "bootseed",
    "c_hash", "cdnicrit", "cdniets", "cdniip", "cdnistd", "cdnistt", "cdniuc", "cdniv", "client_id", "cmw",
    "cnf", "cnonce", "constraints", "crit", "crn", "dbgstat", "delegation", "dest", "div", "dloas",
    "eat_nonce", "eat_profile", "email", "email_verified", "entitlements", "events", "exi", "exp",
    "family_name", "gender", "geohash", "given_name", "grant_id", "groups", "htm", "htu", "hwmodel",
    "hwversion", "iat", "intuse", "iss", "jcard", "jti", "jwks", "keys", "locale", "location", "logo_uri",
    "manifests", "may_act", "measres", "measurements", "metadata", "metadata_policy", "middle_name", "mky",
    "msgi", "msisdn", "name", "nationalities", "nbf", "nickname", "nonce", "oemboot", "oemid", "opt", "orig",
    "origid", "permissions", "phone_number", "phone_number_verified", "picture", "place_of_birth",
    "preferred_username", "profile", "rcd", "rcdi", "rdap_allowed_purposes", "rdap_dnt_allowed", "ref",
    "roles", "rph", "salutation", "scope", "sd_hash", "sid", "sig_val_claims", "sip_callid",
    "sip_cseq_num", "sip_date", "sip_from_tag", "sip_via_branch", "source_endpoint", "sph", "status",
    "status_list", "sub", "sub_id", "sub_jwk", "subject_type", "submods", "sueids", "swname", "swversion", "title", "toe",
    "token_introspection", "token_type", "trust_anchor_hints", "trust_chain", "trust_mark_type",
    "trust_marks", "ttl", "txn", "typ", "ueid", "updated_at", "uptime", "username", "vc", "verified_claims",
    "vot", "vp", "vtm", "website", "zoneinfo",
];

/// Claims by name: strings, numbers and booleans.
///
/// Stored as a text of JSON, because numbers of DynamoDB are others than those of JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccountClaims(BTreeMap<String, Value>);

/// A change of claims (RFC 7396): a new value by name, or `None` to remove it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClaimsPatch(BTreeMap<String, Option<Value>>);

impl AccountClaims {
    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of them.
    #[must_use]
    pub fn as_map(&self) -> &BTreeMap<String, Value> {
        &self.0
    }

    /// Those that stand in tokens. A name that has been reserved since the claim was set is left out.
    #[must_use]
    pub fn for_tokens(&self) -> BTreeMap<String, Value> {
        self.0
            .iter()
            .filter(|(name, _)| !is_reserved(name))
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect()
    }

    /// The claims after a change, if they are not too many or too large.
    pub fn patched(&self, patch: &ClaimsPatch) -> Result<Self, Vec<FieldError>> {
        let mut claims = self.0.clone();
        for (name, value) in &patch.0 {
            match value {
                Some(value) => claims.insert(name.clone(), value.clone()),
                None => claims.remove(name),
            };
        }
        let errors = Self::size_errors(&claims);
        if errors.is_empty() { Ok(Self(claims)) } else { Err(errors) }
    }

    /// Errors of claims that are too many, or too large together.
    #[must_use]
    pub fn size_errors(claims: &BTreeMap<String, Value>) -> Vec<FieldError> {
        let mut errors = Vec::new();
        if claims.len() > MAX_CLAIMS {
            errors.push(FieldError::new("", format!("must hold at most {MAX_CLAIMS} claims")));
        }
        let bytes = serde_json::to_vec(claims).map_or(usize::MAX, |json| json.len());
        if bytes > MAX_BYTES {
            errors.push(FieldError::new("", format!("take {bytes} bytes as JSON; {MAX_BYTES} are allowed")));
        }
        errors
    }
}

fn is_reserved(name: &str) -> bool {
    RESERVED.binary_search(&name).is_ok()
}

impl FromJson for ClaimsPatch {
    fn from_json(value: &Value) -> Result<Self, Vec<FieldError>> {
        let Value::Object(members) = value else {
            return invalid(format!("must be an object, not {}", kind_of(value)));
        };
        let mut errors = Vec::new();
        for (name, value) in members {
            if let Some(detail) = name_error(name).or_else(|| value_error(value)) {
                errors.push(FieldError::new(name.replace('~', "~0").replace('/', "~1"), detail));
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        let change =
            |(name, value): (&String, &Value)| (name.clone(), Some(value.clone()).filter(|v| !v.is_null()));
        Ok(Self(members.iter().map(change).collect()))
    }
}

fn name_error(name: &str) -> Option<&'static str> {
    let has_grammar = name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.len() <= MAX_NAME_LENGTH
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    if !has_grammar {
        Some("a name must be a lower-case letter, then at most 39 lower-case letters, digits and underscores")
    } else if is_reserved(name) {
        Some("the name is a standard claim; choose another, for example with a prefix of your own")
    } else {
        None
    }
}

fn value_error(value: &Value) -> Option<&'static str> {
    match value {
        Value::String(text) if text.chars().any(char::is_control) => Some("must not hold control characters"),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
        Value::Array(_) | Value::Object(_) => {
            Some("must be a string, a number or a boolean; null removes it")
        }
    }
}

impl Serialize for AccountClaims {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let json = serde_json::to_string(&self.0).map_err(serde::ser::Error::custom)?;
        serializer.serialize_str(&json)
    }
}

impl<'de> Deserialize<'de> for AccountClaims {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = String::deserialize(deserializer)?;
        serde_json::from_str(&json).map(Self).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::oauth::access_token::AccessTokenClaims;
    use serde_json::json;

    fn claims(value: &Value) -> Result<AccountClaims, Vec<String>> {
        let paths = |errors: Vec<FieldError>| errors.into_iter().map(|error| error.path).collect();
        let patch = ClaimsPatch::from_json(value).map_err(paths)?;
        AccountClaims::default().patched(&patch).map_err(paths)
    }

    #[test]
    fn reserved_names_are_sorted_and_cover_the_tokens_own() {
        assert!(RESERVED.is_sorted(), "for the binary search");
        let own: AccessTokenClaims = serde_json::from_value(json!({
            "iss": "i", "sub": "s", "aud": "a", "exp": 1, "iat": 0, "nbf": 0, "jti": "j", "client_id": "c1",
            "account_id": "T1", "scope": "a", "grant_id": "0".repeat(32),
        }))
        .expect("claims");
        let own = serde_json::to_value(&own).expect("JSON");
        for name in own.as_object().expect("an object").keys().map(String::as_str).chain([
            "active",
            "subject_type",
            "token_type",
        ]) {
            assert_eq!(claims(&json!({ name: "x" })), Err(vec![name.to_owned()]));
        }
    }

    #[test]
    fn claims_are_strings_numbers_and_booleans() {
        let all = json!({ "merchant_id": "4711", "tier": 3, "rate": 0.25, "is_test": true, "empty": "" });
        let read = claims(&all).expect("legal");
        assert_eq!(serde_json::to_value(read.for_tokens()).expect("JSON"), all);
        for value in [json!([]), json!({}), json!("a\nb")] {
            assert_eq!(claims(&json!({ "a": value })), Err(vec!["a".to_owned()]));
        }
        for name in ["", "A", "1a", "a-b", "_a", "a/b", "ä", &"a".repeat(41)] {
            assert!(claims(&json!({ name: 1 })).is_err(), "{name}");
        }
    }

    #[test]
    fn number_and_size_of_claims_are_limited() {
        let many = |count: usize| -> Value {
            (0..count).map(|n| (format!("a{n}"), json!(n))).collect::<serde_json::Map<_, _>>().into()
        };
        assert!(claims(&many(10)).is_ok());
        assert_eq!(claims(&many(11)), Err(vec![String::new()]));
        assert!(claims(&json!({ "a": "x".repeat(1024 - 8) })).is_ok());
        assert_eq!(claims(&json!({ "a": "x".repeat(1024 - 7) })), Err(vec![String::new()]));
    }

    #[test]
    fn a_patch_merges() {
        let before = claims(&json!({ "a": 1, "b": 2 })).expect("legal");
        let patch = ClaimsPatch::from_json(&json!({ "a": null, "c": 3, "d": null })).expect("legal");
        assert_eq!(before.patched(&patch), claims(&json!({ "b": 2, "c": 3 })).map_err(|_| Vec::new()));
    }

    #[test]
    fn claims_are_stored_to_the_letter() {
        let all = claims(&json!({ "rate": 1e-200, "big": 18_446_744_073_709_551_615_u64, "one": 1.0 }))
            .expect("legal");
        let stored = serde_json::to_value(&all).expect("JSON");
        assert!(stored.is_string());
        assert_eq!(serde_json::from_value::<AccountClaims>(stored).expect("claims"), all);
    }

    #[test]
    fn names_reserved_later_stay_out_of_tokens() {
        let stored: AccountClaims =
            serde_json::from_value(json!(r#"{"sub":"x","merchant_id":"y"}"#)).expect("claims");
        assert_eq!(stored.for_tokens().into_keys().collect::<Vec<_>>(), ["merchant_id"]);
    }
}
