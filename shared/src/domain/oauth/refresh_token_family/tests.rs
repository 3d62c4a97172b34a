//! Which tokens of a family are accepted, and when.

use super::*;
use crate::domain::primitives::ids::{AccountId, ResourceId};
use crate::domain::primitives::unknown_attributes::UnknownAttributes;
use crate::domain::resource::scope::ScopeSet;

fn client(id: &str) -> ClientId {
    ClientId::parse(id).expect("legal")
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).expect("in range")
}

/// Its token `b` replaced `a` at second 100; it expires at second 1,000.
fn family() -> RefreshTokenFamily {
    RefreshTokenFamily {
        family_id: FamilyId::of_digest(&"0".repeat(64)),
        authorization: AuthorizationGrant {
            client_id: client("c1"),
            account_id: AccountId::parse("T1").expect("legal"),
            resource: ResourceId::parse("orders").expect("legal"),
            scopes: ScopeSet::default(),
            consent: None,
            token_generation: 0,
            unknown: UnknownAttributes::default(),
        },
        issued_at: at(0),
        expires_at: at(1_000),
        current: "b".to_owned(),
        replaced: Some(RotatedToken { token: "a".to_owned(), at: at(100), successor: String::new() }),
        superseded: Vec::new(),
        revoked_at: None,
    }
}

fn is_current(
    family: &RefreshTokenFamily,
    token: &str,
    id: &str,
    seconds: i64,
) -> Result<bool, RefreshTokenError> {
    let state = family.check(&token.to_owned(), &client(id), at(seconds))?;
    Ok(state == RefreshTokenState::Current)
}

#[test]
fn a_rotated_token_is_accepted_within_the_grace_period() {
    let family = family();
    assert_eq!(is_current(&family, "b", "c1", 999), Ok(true));
    assert_eq!(is_current(&family, "a", "c1", 129), Ok(false));
    assert_eq!(is_current(&family, "a", "c1", 130), Err(RefreshTokenError::Reused));
    assert_eq!(is_current(&family, "a", "c1", 71), Ok(false), "another function's clock may be ahead");
    assert_eq!(is_current(&family, "a", "c1", 70), Err(RefreshTokenError::Reused), "the clock was set back");
    assert_eq!(is_current(&family, "older", "c1", 101), Err(RefreshTokenError::Reused));
    assert_eq!(is_current(&family, "b", "c1", 1_000), Err(RefreshTokenError::Expired));
}

#[test]
fn tokens_of_another_client_are_rejected() {
    for token in ["a", "b", "older"] {
        assert_eq!(is_current(&family(), token, "c2", 500), Err(RefreshTokenError::OtherClient));
    }
}

#[test]
fn no_token_of_a_revoked_family_is_accepted() {
    let family = RefreshTokenFamily { revoked_at: Some(at(200)), ..family() };
    for token in ["a", "b", "older"] {
        assert_eq!(is_current(&family, token, "c1", 101), Err(RefreshTokenError::Revoked));
    }
    assert!(!family.is_active());
}

#[test]
fn a_token_two_steps_behind_is_rejected_without_a_revocation() {
    let before = family();
    let rotated = RotatedToken { token: "b".to_owned(), at: at(110), successor: String::new() };
    let superseded = before.superseded_after_rotation(at(110));
    let family =
        RefreshTokenFamily { current: "c".to_owned(), replaced: Some(rotated), superseded, ..before };
    assert_eq!(is_current(&family, "b", "c1", 111), Ok(false));
    assert_eq!(is_current(&family, "a", "c1", 129), Err(RefreshTokenError::Superseded));
    assert_eq!(
        is_current(&family, "a", "c1", 130),
        Err(RefreshTokenError::Reused),
        "30 seconds after its rotation"
    );
    assert_eq!(is_current(&family, "older", "c1", 111), Err(RefreshTokenError::Reused));
    assert!(family.superseded_after_rotation(at(141)).is_empty(), "none of them is recent");
}

#[test]
fn superseded_tokens_are_bounded() {
    let mut family = family();
    for number in 0..2 * MAX_SUPERSEDED {
        let superseded = family.superseded_after_rotation(at(101));
        let rotated = RotatedToken { token: number.to_string(), at: at(101), successor: String::new() };
        family = RefreshTokenFamily { replaced: Some(rotated), superseded, ..family };
    }
    assert_eq!(family.superseded.len(), MAX_SUPERSEDED);
    assert_eq!(family.superseded[0].token, (2 * MAX_SUPERSEDED - 2).to_string(), "the newest are kept");
}
