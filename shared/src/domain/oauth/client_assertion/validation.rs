//! What an assertion must say: that it is the client's, meant for us, and meant for now.

use crate::domain::client::federated_identity::FederatedIdentity;
use crate::domain::oauth::client_assertion::Assertion;
use crate::domain::primitives::ids::ClientId;
use jiff::{SignedDuration, Timestamp};

/// How far the clocks of others may be off: 30 seconds.
pub const LEEWAY: SignedDuration = SignedDuration::from_secs(30);
/// How far ahead the `exp` of a client's own assertion may be: 60 minutes.
pub const MAX_LIFETIME: SignedDuration = SignedDuration::from_mins(60);
/// How far ahead that of an outside issuer's token may be: 24 hours. Their length is not the client's choice.
pub const MAX_FEDERATED_LIFETIME: SignedDuration = SignedDuration::from_hours(24);
/// The longest `jti`, in bytes.
pub const MAX_JTI_LENGTH: usize = 512;

/// Why an assertion does not count, for the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AssertionError {
    /// `iss` or `sub` is not the client.
    NotTheClient,
    /// `aud` is not the issuer of this server, or not what the federated identity says.
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

/// Whether a client's own assertion is fit for use: `iss` and `sub` are the client, `aud` is the `issuer` of this
/// server. Returns its `jti`, which works once.
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
    check_times(assertion, MAX_LIFETIME, now)?;
    let legal = |jti: &&str| (1..=MAX_JTI_LENGTH).contains(&jti.len());
    assertion.jti.as_deref().filter(legal).ok_or(AssertionError::Jti)
}

/// Whether an outside issuer's token is fit for use as this identity. It may be used more than once, because
/// the workload does not choose when it gets a new one.
pub fn validate_federated_assertion(
    assertion: &Assertion,
    identity: &FederatedIdentity,
    now: Timestamp,
) -> Result<(), AssertionError> {
    let of_the_client = assertion.iss == identity.issuer.as_str() && assertion.sub == identity.subject;
    // One that was made for client authentication is a client's own, whoever signed it.
    if !of_the_client || assertion.typed {
        return Err(AssertionError::NotTheClient);
    }
    if assertion.aud != identity.audience {
        return Err(AssertionError::Audience);
    }
    check_times(assertion, MAX_FEDERATED_LIFETIME, now)
}

fn check_times(assertion: &Assertion, longest: SignedDuration, now: Timestamp) -> Result<(), AssertionError> {
    let (now, leeway) = (now.as_duration().as_secs_f64(), LEEWAY.as_secs_f64());
    if now >= assertion.exp + leeway {
        return Err(AssertionError::Expired);
    }
    if assertion.exp > now + longest.as_secs_f64() + leeway {
        return Err(AssertionError::TooLong);
    }
    let ahead = |instant: Option<f64>| instant.is_some_and(|instant| instant > now + leeway);
    if ahead(assertion.nbf) || ahead(assertion.iat) {
        return Err(AssertionError::NotYet);
    }
    Ok(())
}

/// Until when a used `jti` must be remembered: past `exp` and the leeway, in seconds since 1970.
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
            signed: String::new(),
            signature: String::new(),
        }
    }

    fn at(seconds: i32) -> f64 {
        f64::from(i32::try_from(NOW).expect("fits")) + f64::from(seconds)
    }

    fn own(assertion: &Assertion) -> Result<&str, AssertionError> {
        let now = Timestamp::from_second(NOW).expect("in range");
        validate_client_assertion(assertion, &ClientId::parse("c1").expect("legal"), ISSUER, now)
    }

    #[test]
    fn the_client_says_it_of_itself_to_us() {
        assert_eq!(own(&assertion()), Ok("j1"));
        assert_eq!(own(&Assertion { iss: "c2".into(), ..assertion() }), Err(AssertionError::NotTheClient));
        assert_eq!(own(&Assertion { sub: "c2".into(), ..assertion() }), Err(AssertionError::NotTheClient));
        for aud in
            ["https://id.example.com/oauth/token", "https://id.example.com/", "https://ID.example.com", ""]
        {
            assert_eq!(
                own(&Assertion { aud: aud.into(), ..assertion() }),
                Err(AssertionError::Audience),
                "{aud}"
            );
        }
    }

    #[test]
    fn times_to_the_second() {
        for (exp, expected) in [
            (-31, Err(AssertionError::Expired)),
            (-30, Err(AssertionError::Expired)),
            (-29, Ok("j1")),
            (3_630, Ok("j1")),
            (3_631, Err(AssertionError::TooLong)),
        ] {
            assert_eq!(own(&Assertion { exp: at(exp), ..assertion() }), expected, "{exp}");
        }
        for (start, expected) in [(-86_400, Ok("j1")), (30, Ok("j1")), (31, Err(AssertionError::NotYet))] {
            assert_eq!(own(&Assertion { nbf: Some(at(start)), ..assertion() }), expected, "nbf {start}");
            assert_eq!(own(&Assertion { iat: Some(at(start)), ..assertion() }), expected, "iat {start}");
        }
    }

    #[test]
    fn an_id_of_a_sound_length_is_required() {
        for jti in [None, Some(String::new()), Some("j".repeat(MAX_JTI_LENGTH + 1))] {
            assert_eq!(own(&Assertion { jti, ..assertion() }), Err(AssertionError::Jti));
        }
    }

    #[test]
    fn a_used_id_is_remembered_for_longer_than_it_could_be_accepted() {
        let until = replay_window_end(&assertion());
        let then = Timestamp::from_second(until).expect("in range");
        assert_eq!(
            validate_client_assertion(&assertion(), &ClientId::parse("c1").expect("legal"), ISSUER, then),
            Err(AssertionError::Expired)
        );
    }

    #[test]
    fn an_outside_token_is_the_identitys_to_the_letter() {
        let identity = FederatedIdentity {
            issuer: ExternalIssuer::parse("https://sts.example.com").expect("legal"),
            subject: "role".into(),
            audience: "latchkey".into(),
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
