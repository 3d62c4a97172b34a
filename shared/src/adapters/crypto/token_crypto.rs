//! Digests that are stored instead of codes, verifiers and refresh tokens. Each of these has 256 random bits, so that a
//! plain SHA-256 hides it.

use crate::adapters::crypto::aead;
use crate::adapters::crypto::digest::{sha256, sha256_hex};
use crate::adapters::crypto::random;
use crate::domain::account::Member;
use crate::domain::oauth::authorization::code::AuthorizationCode;
use crate::domain::oauth::authorization::pkce::{CodeChallenge, CodeVerifier};
use crate::domain::oauth::authorization_grant::AuthorizationGrant;
use crate::domain::oauth::refresh_token::RefreshToken;
use crate::domain::oauth::refresh_token_family::{FamilyId, RefreshTokenFamily, TokenDigest};
use crate::domain::sign_in::end_user::{EndUser, Subject};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use zeroize::Zeroizing;

/// Associated data of a sealed successor.
const SUCCESSOR: &str = "refresh token successor";

/// `S256` of RFC 7636 §4.2.
#[must_use]
pub fn s256_challenge(verifier: &CodeVerifier) -> CodeChallenge {
    let text = URL_SAFE_NO_PAD.encode(sha256(verifier.expose().as_bytes()));
    CodeChallenge::parse(&text).unwrap_or_else(|_| unreachable!("SHA-256 in base64url is a challenge"))
}

/// The digest under which a code is stored.
#[must_use]
pub fn hash_code(code: &AuthorizationCode) -> String {
    sha256_hex(&[b"code", code.expose().as_bytes()])
}

/// The id of a refresh token's family.
#[must_use]
pub fn family_id_of(token: &RefreshToken) -> FamilyId {
    FamilyId::of_digest(&sha256_hex(&[b"family", token.handle().as_bytes()]))
}

/// The digest of a refresh token that is stored.
#[must_use]
pub fn hash_refresh_token(token: &RefreshToken) -> TokenDigest {
    sha256_hex(&[b"refresh token", token.secret().as_bytes()])
}

/// A new family's first token.
#[must_use]
pub fn first_token() -> RefreshToken {
    RefreshToken::first(random::random(), random::random())
}

/// A new family, whose first token is `first`. It lives for `lifetime` seconds, however often its token is replaced.
#[must_use]
pub fn new_family(
    first: &RefreshToken,
    authorization: AuthorizationGrant,
    lifetime: u32,
    now: Timestamp,
) -> RefreshTokenFamily {
    RefreshTokenFamily {
        family_id: family_id_of(first),
        authorization,
        issued_at: now,
        expires_at: now.saturating_add(SignedDuration::from_secs(lifetime.into())).unwrap_or(Timestamp::MAX),
        current: hash_refresh_token(first),
        replaced: None,
        superseded: Vec::new(),
        revoked_at: None,
    }
}

/// The token that replaces `token`, and the same token sealed under a key that only `token` yields.
#[must_use]
pub fn next_token(token: &RefreshToken) -> (RefreshToken, String) {
    let next = token.successor(random::random());
    let sealed = aead::seal(&sealing_key(token), SUCCESSOR, next.expose().as_bytes());
    (next, sealed)
}

/// The successor that was sealed for the holder of `token`; `None` if the sealed text is not valid.
#[must_use]
pub fn open_successor(token: &RefreshToken, sealed: &str) -> Option<RefreshToken> {
    let plain = Zeroizing::new(aead::open(&sealing_key(token), SUCCESSOR, sealed)?);
    RefreshToken::parse(std::str::from_utf8(&plain).ok()?).ok()
}

/// The key of a sealed successor. It cannot be derived from the stored digest, so that the table alone opens nothing.
fn sealing_key(token: &RefreshToken) -> Zeroizing<[u8; 32]> {
    let mut text = Zeroizing::new(String::from("latchkey successor key "));
    text.push_str(token.secret());
    Zeroizing::new(sha256(text.as_bytes()))
}

/// The end user that a member is in tokens.
#[must_use]
pub fn subject_of_member(member: &Member) -> EndUser {
    let sub = member.sub.clone().unwrap_or_else(|| computed_subject(member));
    EndUser { sub, email: member.email.clone(), token_generation: member.token_generation }
}

/// The subject of a member that an earlier version added, until it is stored.
fn computed_subject(member: &Member) -> Subject {
    let joined = member.created_at.to_string();
    let parts: [&[u8]; 4] = [
        b"member",
        member.account_id.as_str().as_bytes(),
        member.email.as_str().as_bytes(),
        joined.as_bytes(),
    ];
    Subject::of_digest(&sha256_hex(&parts))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_rfc_7636_appendix_b() {
        let verifier =
            CodeVerifier::parse("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk").expect("from the RFC");
        assert_eq!(s256_challenge(&verifier).as_str(), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }

    #[test]
    fn only_the_replaced_token_opens_its_successor() {
        let first = first_token();
        let (next, sealed) = next_token(&first);
        assert_eq!(family_id_of(&first), family_id_of(&next));
        assert_ne!(hash_refresh_token(&first), hash_refresh_token(&next));
        let opened = open_successor(&first, &sealed).expect("its own");
        assert_eq!(opened.expose(), next.expose());
        assert!(open_successor(&next, &sealed).is_none());
        assert!(open_successor(&first_token(), &sealed).is_none());
    }
}
