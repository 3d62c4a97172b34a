//! Subjects of end users who are no members of an account. They are computed and nowhere stored: the same person is another
//! subject in each account, and without the pepper neither can be computed or connected with the other.

use crate::adapters::crypto::peppers::Peppers;
use crate::domain::account::ExternalSubject;
use crate::domain::primitives::email::EmailAddress;
use crate::domain::primitives::ids::AccountId;
use crate::domain::sign_in::end_user::{EndUser, Subject};
use aws_lc_rs::hmac;

/// The end user of an account who signs in at the upstream provider: one for each user there, and the same with another
/// address.
#[must_use]
pub fn end_user_of_provider(
    peppers: &Peppers,
    account: &AccountId,
    identity: &ExternalSubject,
    email: EmailAddress,
) -> EndUser {
    let sub = subject(peppers, account, &["provider", &identity.issuer, &identity.subject]);
    EndUser { sub, email, token_generation: 0 }
}

/// The end user of an account who has proved a mailbox: one for each mailbox, also after it has changed hands.
#[must_use]
pub fn end_user_of_mailbox(peppers: &Peppers, account: &AccountId, email: EmailAddress) -> EndUser {
    let sub = subject(peppers, account, &["mailbox", email.as_str()]);
    EndUser { sub, email, token_generation: 0 }
}

/// HMAC-SHA-256 over the account and the identity, each part preceded by its length.
fn subject(peppers: &Peppers, account: &AccountId, identity: &[&str]) -> Subject {
    let mut context = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, peppers.end_user_key()));
    for part in std::iter::once(account.as_str()).chain(identity.iter().copied()) {
        context.update(&(part.len() as u64).to_be_bytes());
        context.update(part.as_bytes());
    }
    let mut digest = [0; 32];
    digest.copy_from_slice(context.sign().as_ref());
    Subject::of_end_user(&digest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn peppers(byte: &str) -> Peppers {
        Peppers::parse(&format!(r#"{{"pepper_id":"p1","pepper":"{}"}}"#, byte.repeat(32))).expect("legal")
    }

    fn email(text: &str) -> EmailAddress {
        EmailAddress::parse(text).expect("legal")
    }

    #[test]
    fn each_account_identity_and_pepper_has_a_subject_of_its_own() {
        let account = |id| AccountId::parse(id).expect("legal");
        let user = |issuer: &str, subject: &str| ExternalSubject {
            issuer: issuer.to_owned(),
            subject: subject.to_owned(),
        };
        let provider = |pepper, id, identity| {
            end_user_of_provider(&peppers(pepper), &account(id), &identity, email("ann@shop.example")).sub
        };
        let mailbox = |pepper, id, text| end_user_of_mailbox(&peppers(pepper), &account(id), email(text)).sub;
        let all = [
            mailbox("a", "T1", "ann@shop.example"),
            mailbox("a", "T2", "ann@shop.example"),
            mailbox("b", "T1", "ann@shop.example"),
            mailbox("a", "T1", "ben@shop.example"),
            provider("a", "T1", user("https://a.example", "bc")),
            provider("a", "T1", user("https://a.exampleb", "c")),
            provider("a", "T2", user("https://a.example", "bc")),
            provider("a", "T1", user("mailbox", "ann@shop.example")),
        ];
        let different: BTreeSet<_> = all.iter().collect();
        assert_eq!(different.len(), all.len(), "{all:?}");
    }

    #[test]
    fn a_mailbox_is_one_subject_in_whatever_case_and_a_user_of_a_provider_with_whatever_address() {
        let (peppers, account) = (peppers("a"), AccountId::parse("T1").expect("legal"));
        let mailbox = |text| end_user_of_mailbox(&peppers, &account, email(text)).sub;
        assert_eq!(mailbox("Ann@Shop.example"), mailbox("ann@shop.example"));
        let user = ExternalSubject { issuer: "https://a.example".to_owned(), subject: "1".to_owned() };
        let named = |text| end_user_of_provider(&peppers, &account, &user, email(text)).sub;
        assert_eq!(named("ann@shop.example"), named("anna@shop.example"));
    }
}
