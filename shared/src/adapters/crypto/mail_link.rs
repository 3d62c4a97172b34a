//! Links in e-mails, which say what they are for, encrypted, so that nothing is stored for them and their holders can do nothing
//! else with them: those by which readers stop such e-mails, and those that confirm a member's new address.

use crate::adapters::crypto::peppers::Peppers;
use crate::domain::account::invitation::EmailChangeLink;
use crate::domain::account::mail::MailRecipient;

/// Associated data of a link.
const AAD: &str = "stop e-mails";

/// The last segment of the link to this recipient.
#[must_use]
pub fn seal_mail_link(peppers: &Peppers, recipient: &MailRecipient) -> String {
    peppers.seal(AAD, &serde_json::to_vec(recipient).unwrap_or_default())
}

/// The recipient of a link; `None` if it is not one of [`seal_mail_link`].
#[must_use]
pub fn open_mail_link(peppers: &Peppers, token: &str) -> Option<MailRecipient> {
    serde_json::from_slice(&peppers.open(AAD, token)?).ok()
}

/// Associated data of a link that confirms an address.
const EMAIL_CHANGE_AAD: &str = "confirm an address";

/// The last segment of the link that confirms an address.
#[must_use]
pub fn seal_email_change(peppers: &Peppers, link: &EmailChangeLink) -> String {
    peppers.seal(EMAIL_CHANGE_AAD, &serde_json::to_vec(link).unwrap_or_default())
}

/// What a link confirms; `None` if it is not one of [`seal_email_change`].
#[must_use]
pub fn open_email_change(peppers: &Peppers, token: &str) -> Option<EmailChangeLink> {
    serde_json::from_slice(&peppers.open(EMAIL_CHANGE_AAD, token)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::primitives::email::EmailAddress;
    use crate::domain::primitives::ids::AccountId;

    fn peppers(json: &str) -> Peppers {
        Peppers::parse(json).expect("legal")
    }

    #[test]
    fn a_link_outlives_a_change_of_pepper_and_cannot_be_forged() {
        let (one, two) = ("0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210");
        let old = peppers(&format!(r#"{{"pepper_id":"p1","pepper":"{one}"}}"#));
        let new = peppers(&format!(
            r#"{{"pepper_id":"p2","pepper":"{two}","previous":[{{"pepper_id":"p1","pepper":"{one}"}}]}}"#
        ));
        let longest = format!("{}@{}.example", "a".repeat(64), ["b"; 60].join("."));
        for email in ["ann@acme.example", &longest] {
            let recipient = MailRecipient {
                account_id: AccountId::parse(&"T".repeat(64)).expect("legal"),
                email: EmailAddress::parse(email).expect("legal"),
            };
            let token = seal_mail_link(&old, &recipient);
            assert_eq!(open_mail_link(&old, &token), Some(recipient.clone()));
            assert_eq!(open_mail_link(&new, &token), Some(recipient.clone()));
            assert_eq!(open_mail_link(&old, &seal_mail_link(&new, &recipient)), None);
            assert_eq!(open_mail_link(&old, &token[1..]), None);
            assert!(token.len() < 700 && !token.contains("ann"), "{token}");
        }
    }
}
