//! Validation of the claims of client assertions (RFC 7523 §3).

use crate::domain::client::federated_identity::FederatedIdentity;
use crate::domain::oauth::client_assertion::Assertion;
use crate::domain::primitives::ids::ClientId;
use jiff::{SignedDuration, Timestamp};

/// Allowed clock skew of the issuer: 30 seconds.
pub const LEEWAY: SignedDuration = SignedDuration::from_secs(30);
/// How far ahead the `exp` of a client's own assertion may be: 60 minutes.
pub const MAX_LIFETIME: SignedDuration = SignedDuration::from_mins(60);
/// How far ahead the `exp` of an external issuer's token may be: 24 hours. The client cannot choose its lifetime.
pub const MAX_FEDERATED_LIFETIME: SignedDuration = SignedDuration::from_hours(24);
/// The longest `jti`, in bytes.
pub const MAX_JTI_LENGTH: usize = 512;

/// Error of an assertion's claims, for the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AssertionError {
    /// `iss` or `sub` is not the client.
    NotTheClient,
    /// `aud` is not the issuer of this server, or not the audience of the federated identity.
    Audience,
    /// `exp` is past.
    Expired,
    /// `exp` is too far ahead.
    TooLong,
    /// `nbf` or `iat` is ahead.
    NotYet,
    /// `jti` is missing, empty or too long.
    Jti,
}

/// Validates a client's own assertion: `iss` and `sub` are the client, `aud` is the `issuer` of this server. Returns its
/// `jti`, which may be used once.
pub fn validate_client_assertion<'a>(
    assertion: &'a Assertion,
    client: &ClientId,
    issuer: &str,
    now: Timestamp,
) -> Result<&'a str, AssertionError> {
    if assertion.iss != client.as_str() || assertion.sub != client.as_str() {
        return Err(AssertionError::NotTheClient);
    }
    if assertion.aud != issuer {
        return Err(AssertionError::Audience);
    }
    Times::of(assertion).validate(MAX_LIFETIME, now)?;
    let legal = |jti: &&str| (1..=MAX_JTI_LENGTH).contains(&jti.len());
    assertion.jti.as_deref().filter(legal).ok_or(AssertionError::Jti)
}

/// Validates an external issuer's token against a federated identity. It may be used more than once, because the workload
/// cannot choose when it gets a new one.
pub fn validate_federated_assertion(
    assertion: &Assertion,
    identity: &FederatedIdentity,
    now: Timestamp,
) -> Result<(), AssertionError> {
    let matches_identity =
        assertion.iss == identity.issuer.as_str() && identity.matches(&assertion.sub, &assertion.claims);
    // An assertion with the type of client authentication is a client's own, whatever its issuer.
    if !matches_identity || assertion.typed {
        return Err(AssertionError::NotTheClient);
    }
    if assertion.aud != identity.audience {
        return Err(AssertionError::Audience);
    }
    Times::of(assertion).validate(MAX_FEDERATED_LIFETIME, now)
}

/// The instants of an assertion, in seconds since 1970.
pub(super) struct Times {
    /// `exp`.
    pub(super) exp: f64,
    /// `nbf` and `iat`.
    pub(super) begin: [Option<f64>; 2],
}

impl Times {
    const fn of(assertion: &Assertion) -> Self {
        Self { exp: assertion.exp, begin: [assertion.nbf, assertion.iat] }
    }

    /// Validates that it is now between them, and the end not too far ahead.
    pub(super) fn validate(&self, max: SignedDuration, now: Timestamp) -> Result<(), AssertionError> {
        let (now, leeway) = (now.as_duration().as_secs_f64(), LEEWAY.as_secs_f64());
        if now >= self.exp + leeway {
            return Err(AssertionError::Expired);
        }
        if self.exp > now + max.as_secs_f64() + leeway {
            return Err(AssertionError::TooLong);
        }
        if self.begin.iter().flatten().any(|instant| *instant > now + leeway) {
            return Err(AssertionError::NotYet);
        }
        Ok(())
    }
}

/// Until when a used `jti` must be stored, in seconds since 1970: after `exp` and the leeway.
#[must_use]
#[expect(clippy::cast_possible_truncation, reason = "an exp that was accepted is within a day of now")]
pub fn replay_window_end(assertion: &Assertion) -> i64 {
    (assertion.exp + LEEWAY.as_secs_f64()).ceil() as i64 + 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::jose::algorithm::JwsAlgorithm;
    use crate::domain::net::remote_url::ExternalIssuer;
    use serde_json::Map;
    use std::collections::BTreeMap;

    const NOW: i64 = 1_800_000_000;
    const ISSUER: &str = "https://id.example.com";

    fn assertion() -> Assertion {
        Assertion {
            alg: JwsAlgorithm::ES256,
            kid: None,
            typed: false,
            iss: "c1".into(),
            sub: "c1".into(),
            aud: ISSUER.into(),
            exp: at(60),
            iat: None,
            nbf: None,
            jti: Some("j1".into()),
            claims: Map::new(),
            signed: String::new(),
            signature: String::new(),
        }
    }

    fn at(seconds: i32) -> f64 {
        f64::from(i32::try_from(NOW).expect("fits")) + f64::from(seconds)
    }

    fn validate(assertion: &Assertion) -> Result<&str, AssertionError> {
        let now = Timestamp::from_second(NOW).expect("in range");
        validate_client_assertion(assertion, &ClientId::parse("c1").expect("legal"), ISSUER, now)
    }

    #[test]
    fn issuer_subject_and_audience_must_match() {
        assert_eq!(validate(&assertion()), Ok("j1"));
        assert_eq!(
            validate(&Assertion { iss: "c2".into(), ..assertion() }),
            Err(AssertionError::NotTheClient)
        );
        assert_eq!(
            validate(&Assertion { sub: "c2".into(), ..assertion() }),
            Err(AssertionError::NotTheClient)
        );
        for aud in
            ["https://id.example.com/oauth/token", "https://id.example.com/", "https://ID.example.com", ""]
        {
            assert_eq!(
                validate(&Assertion { aud: aud.into(), ..assertion() }),
                Err(AssertionError::Audience),
                "{aud}"
            );
        }
    }

    #[test]
    fn times_are_validated_to_the_second() {
        for (exp, expected) in [
            (-31, Err(AssertionError::Expired)),
            (-30, Err(AssertionError::Expired)),
            (-29, Ok("j1")),
            (3_630, Ok("j1")),
            (3_631, Err(AssertionError::TooLong)),
        ] {
            assert_eq!(validate(&Assertion { exp: at(exp), ..assertion() }), expected, "{exp}");
        }
        for (start, expected) in [(-86_400, Ok("j1")), (30, Ok("j1")), (31, Err(AssertionError::NotYet))] {
            assert_eq!(validate(&Assertion { nbf: Some(at(start)), ..assertion() }), expected, "nbf {start}");
            assert_eq!(validate(&Assertion { iat: Some(at(start)), ..assertion() }), expected, "iat {start}");
        }
    }

    #[test]
    fn a_jti_of_limited_length_is_required() {
        for jti in [None, Some(String::new()), Some("j".repeat(MAX_JTI_LENGTH + 1))] {
            assert_eq!(validate(&Assertion { jti, ..assertion() }), Err(AssertionError::Jti));
        }
    }

    #[test]
    fn a_jti_is_stored_until_its_assertion_has_expired() {
        let until = replay_window_end(&assertion());
        let then = Timestamp::from_second(until).expect("in range");
        assert_eq!(
            validate_client_assertion(&assertion(), &ClientId::parse("c1").expect("legal"), ISSUER, then),
            Err(AssertionError::Expired)
        );
    }

    #[test]
    fn an_external_token_must_match_its_identity_exactly() {
        let identity = FederatedIdentity {
            issuer: ExternalIssuer::parse("https://sts.example.com").expect("legal"),
            subject: Some("role".into()),
            audience: "latchkey".into(),
            claims: BTreeMap::new(),
        };
        let token = Assertion {
            iss: "https://sts.example.com".into(),
            sub: "role".into(),
            aud: "latchkey".into(),
            jti: None,
            ..assertion()
        };
        let now = Timestamp::from_second(NOW).expect("in range");
        assert_eq!(validate_federated_assertion(&token, &identity, now), Ok(()));
        for (changed, expected) in [
            (
                Assertion { iss: "https://sts.example.com/".into(), ..token.clone() },
                AssertionError::NotTheClient,
            ),
            (Assertion { sub: "Role".into(), ..token.clone() }, AssertionError::NotTheClient),
            (Assertion { typed: true, ..token.clone() }, AssertionError::NotTheClient),
            (Assertion { aud: ISSUER.into(), ..token.clone() }, AssertionError::Audience),
            (Assertion { exp: at(86_431), ..token.clone() }, AssertionError::TooLong),
        ] {
            assert_eq!(validate_federated_assertion(&changed, &identity, now), Err(expected));
        }
    }
}
