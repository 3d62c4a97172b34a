//! What of an external issuer's token fits a federated identity, for the owner of the client. The signature is not verified.

use crate::domain::client::federated_identity::{ClaimValue, FederatedIdentity};
use crate::domain::jose::jwt::{CompactJwt, InvalidJwt};
use crate::domain::oauth::client_assertion::validation::{AssertionError, MAX_FEDERATED_LIFETIME, Times};
use crate::domain::oauth::client_assertion::{Assertion, MAX_ASSERTION_LENGTH, only_audience};
use crate::domain::primitives::strict_json;
use jiff::Timestamp;
use serde_json::{Map, Value};

/// A token of an external issuer, as it was pasted.
pub struct ExternalToken {
    claims: Map<String, Value>,
    /// Whether it is in a form in which tokens are accepted: its algorithm, its type, and the types of its claims.
    pub is_acceptable: bool,
    /// What is wrong with its `exp`, `nbf` and `iat`; an absent `exp` is past.
    pub times: Result<(), AssertionError>,
}

/// What of a token is as an identity names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenComparison {
    /// `iss`.
    pub issuer: bool,
    /// `sub`; `None` if the identity names none.
    pub subject: Option<bool>,
    /// `aud`, which is to be the only one.
    pub audience: bool,
    /// The claims that the identity names.
    pub claims: Vec<(String, bool)>,
}

impl TokenComparison {
    /// Whether all of it is.
    #[must_use]
    pub fn is_match(&self) -> bool {
        self.issuer
            && self.subject != Some(false)
            && self.audience
            && self.claims.iter().all(|(_, same)| *same)
    }
}

impl ExternalToken {
    /// Reads a token at `now`.
    pub fn read(text: &str, now: Timestamp) -> Result<Self, InvalidJwt> {
        if text.len() > MAX_ASSERTION_LENGTH {
            return Err(InvalidJwt);
        }
        let parse_json = |bytes: &[u8]| strict_json::parse(bytes).ok();
        let claims = CompactJwt::read(text, parse_json)?.claims;
        let instant = |name: &str| claims.get(name).and_then(Value::as_f64);
        let times = Times { exp: instant("exp").unwrap_or(0.0), begin: [instant("nbf"), instant("iat")] };
        let is_acceptable = match Assertion::parse(text, parse_json) {
            Ok(assertion) => !assertion.typed,
            // Of several audiences, and without a claim, more is said than that.
            Err(_) => only_audience(claims.get("aud")).is_err() || !claims.contains_key("exp"),
        };
        Ok(Self { times: times.validate(MAX_FEDERATED_LIFETIME, now), claims, is_acceptable })
    }

    /// A claim, as text.
    #[must_use]
    pub fn claim(&self, name: &str) -> Option<String> {
        self.claims.get(name).map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned))
    }

    /// What of it is as the identity names it.
    #[must_use]
    pub fn compare(&self, identity: &FederatedIdentity) -> TokenComparison {
        let is = |name: &str, wanted: &str| self.claims.get(name).and_then(Value::as_str) == Some(wanted);
        let same = |(name, value): (&String, &ClaimValue)| {
            (name.clone(), self.claims.get(name).is_some_and(|claim| value.is(claim)))
        };
        TokenComparison {
            issuer: is("iss", identity.issuer.as_str()),
            subject: identity.subject.as_deref().map(|subject| is("sub", subject)),
            audience: only_audience(self.claims.get("aud")).is_ok_and(|aud| aud == identity.audience),
            claims: identity.claims.iter().map(same).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::primitives::validation::FromJson;
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use serde_json::json;

    const NOW: i64 = 1_800_000_000;

    fn read(alg: &str, claims: &Value) -> Result<ExternalToken, InvalidJwt> {
        let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let text = format!("{}.{}.{}", encode(&json!({ "alg": alg })), encode(claims), "c2ln");
        ExternalToken::read(&text, Timestamp::from_second(NOW).expect("in range"))
    }

    fn claims() -> Value {
        json!({ "iss": "https://gitlab.com", "sub": "project_path:a/b", "aud": "id", "exp": NOW + 60, "project_id": "22" })
    }

    fn identity() -> FederatedIdentity {
        let claims = json!({ "project_id": "22" });
        let identity = json!({ "issuer": "https://gitlab.com", "subject": "project_path:a/b", "audience": "id", "claims": claims });
        FederatedIdentity::from_json(&identity).expect("legal")
    }

    #[test]
    fn each_claim_that_differs_is_named() {
        let token = read("RS256", &claims()).expect("a token");
        assert!(token.compare(&identity()).is_match() && token.times.is_ok() && token.is_acceptable);
        for (name, value) in [
            ("iss", json!("https://x.example")),
            ("sub", json!("b")),
            ("aud", json!(["id", "b"])),
            ("project_id", json!(22)),
        ] {
            let mut claims = claims();
            claims[name] = value;
            let token = read("RS256", &claims).expect("a token");
            let found = token.compare(&identity());
            assert!(!found.is_match(), "{name}");
            let wrong = [!found.issuer, found.subject == Some(false), !found.audience, !found.claims[0].1];
            assert_eq!(wrong.map(u8::from).iter().sum::<u8>(), 1, "{name}: {found:?}");
            assert!(token.is_acceptable, "{name}");
        }
    }

    #[test]
    fn end_and_algorithm_are_judged_as_at_the_token_endpoint() {
        let at = |exp: Value| {
            let mut claims = claims();
            claims["exp"] = exp;
            read("RS256", &claims).expect("a token").times
        };
        assert_eq!(at(json!(NOW - 60)), Err(AssertionError::Expired));
        assert_eq!(at(json!(null)), Err(AssertionError::Expired));
        assert_eq!(at(json!(NOW + 90_000)), Err(AssertionError::TooLong));
        assert!(!read("HS256", &claims()).expect("a token").is_acceptable);
        assert!(read("RS256", &json!([])).is_err());
        assert!(ExternalToken::read("no token", Timestamp::UNIX_EPOCH).is_err());
    }
}
