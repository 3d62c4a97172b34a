//! What is kept instead of codes, verifiers and refresh tokens: their digests. Each has 256 random bits, so a plain
//! SHA-256 hides it.

use super::digest::{sha256, sha256_hex};
use super::{entropy, sealed};
use crate::domain::account::Member;
use crate::domain::authorization::Authorization;
use crate::domain::authorization_code::AuthorizationCode;
use crate::domain::family::{Family, FamilyId, TokenDigest};
use crate::domain::person::{Person, Subject};
use crate::domain::pkce::{CodeChallenge, CodeVerifier};
use crate::domain::refresh_token::RefreshToken;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use zeroize::Zeroizing;

/// What a sealed successor is bound to.
const SUCCESSOR: &str = "refresh token successor";

/// `S256` of RFC 7636 §4.2.
#[must_use]
pub fn challenge_of(verifier: &CodeVerifier) -> CodeChallenge {
    let text = URL_SAFE_NO_PAD.encode(sha256(verifier.expose().as_bytes()));
    CodeChallenge::parse(&text).unwrap_or_else(|_| unreachable!("SHA-256 in base64url is a challenge"))
}

/// Under what a code is kept.
#[must_use]
pub fn digest_of_code(code: &AuthorizationCode) -> String {
    sha256_hex(&[b"code", code.expose().as_bytes()])
}

/// The family that a refresh token is of.
#[must_use]
pub fn family_of(token: &RefreshToken) -> FamilyId {
    FamilyId::of_digest(&sha256_hex(&[b"family", token.handle().as_bytes()]))
}

/// What is kept of a refresh token.
#[must_use]
pub fn digest_of_token(token: &RefreshToken) -> TokenDigest {
    sha256_hex(&[b"refresh token", token.secret().as_bytes()])
}

/// A new family's first token.
#[must_use]
pub fn first_token() -> RefreshToken {
    RefreshToken::first(entropy::random(), entropy::random())
}

/// A new family, whose first token is `first`. It lives for `lifetime` seconds, however often its token is replaced.
#[must_use]
pub fn new_family(
    first: &RefreshToken,
    authorization: Authorization,
    lifetime: u32,
    now: Timestamp,
) -> Family {
    Family {
        family_id: family_of(first),
        authorization,
        issued_at: now,
        expires_at: now.saturating_add(SignedDuration::from_secs(lifetime.into())).unwrap_or(Timestamp::MAX),
        current: digest_of_token(first),
        replaced: None,
        revoked_at: None,
    }
}

/// The token that replaces `token`, and the same sealed for whoever presents `token` again.
#[must_use]
pub fn next_token(token: &RefreshToken) -> (RefreshToken, String) {
    let next = token.successor(entropy::random());
    let sealed = sealed::seal(&sealing_key(token), SUCCESSOR, next.expose().as_bytes());
    (next, sealed)
}

/// The successor that was sealed for the holder of `token`; `None` if this is not what was sealed.
#[must_use]
pub fn open_successor(token: &RefreshToken, sealed: &str) -> Option<RefreshToken> {
    let plain = Zeroizing::new(sealed::open(&sealing_key(token), SUCCESSOR, sealed)?);
    RefreshToken::parse(std::str::from_utf8(&plain).ok()?).ok()
}

/// Unrelated to the digest that is kept: the table alone opens nothing.
fn sealing_key(token: &RefreshToken) -> Zeroizing<[u8; 32]> {
    let mut text = Zeroizing::new(String::from("latchkey successor key "));
    text.push_str(token.secret());
    Zeroizing::new(sha256(text.as_bytes()))
}

/// The person that a member is in tokens.
#[must_use]
pub fn person_of(member: &Member) -> Person {
    let joined = member.created_at.to_string();
    let parts: [&[u8]; 4] = [
        b"member",
        member.account_id.as_str().as_bytes(),
        member.email.as_str().as_bytes(),
        joined.as_bytes(),
    ];
    Person { sub: Subject::of_digest(&sha256_hex(&parts)), email: member.email.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_rfc_7636_appendix_b() {
        let verifier =
            CodeVerifier::parse("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk").expect("from the RFC");
        assert_eq!(challenge_of(&verifier).as_str(), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }

    #[test]
    fn only_the_replaced_token_opens_its_successor() {
        let first = first_token();
        let (next, sealed) = next_token(&first);
        assert_eq!(family_of(&first), family_of(&next));
        assert_ne!(digest_of_token(&first), digest_of_token(&next));
        let opened = open_successor(&first, &sealed).expect("its own");
        assert_eq!(opened.expose(), next.expose());
        assert!(open_successor(&next, &sealed).is_none());
        assert!(open_successor(&first_token(), &sealed).is_none());
    }
}
