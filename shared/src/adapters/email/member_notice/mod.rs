//! E-mails to a member about the membership: an invitation, a new address to confirm, and the notice to the former one. Each is
//! one MIME message of a text and an HTML part with the same content. No link in them holds a secret that lets its reader in.

use crate::adapters::email::format;
use crate::adapters::email::frame::MailFrame;
use crate::adapters::email::mime::Envelope;
use crate::adapters::error::BackendError;
use crate::domain::primitives::display_text::Name;
use crate::domain::primitives::email::EmailAddress;
use crate::domain::primitives::ids::AccountId;
use askama::Template;
use jiff::Timestamp;

/// The operation, in errors.
const OP: &str = "write a mail about a membership";

/// Who invites.
#[derive(Clone, Copy, Debug)]
pub enum Inviter<'a> {
    /// A client.
    Client(&'a Name),
    /// A member.
    Member(&'a EmailAddress),
}

impl Inviter<'_> {
    fn shown(self) -> String {
        match self {
            Self::Client(name) => format::name(name.as_str()),
            Self::Member(email) => email.to_string(),
        }
    }
}

/// What an e-mail is about.
#[derive(Clone, Copy, Debug)]
pub enum MemberNotice<'a> {
    /// The reader is invited.
    Invitation {
        /// Who invites.
        inviter: Inviter<'a>,
        /// The page of the console on which the reader signs in.
        link: &'a str,
        /// When the invitation ends.
        until: Timestamp,
    },
    /// The reader's address is to become a member's.
    ConfirmEmail {
        /// The page on which the reader confirms it.
        link: &'a str,
        /// When it can no longer be confirmed.
        until: Timestamp,
    },
    /// The reader's address is a member's no more.
    EmailChanged {
        /// The new address.
        email: &'a EmailAddress,
    },
}

/// One message to one member.
#[derive(Clone, Copy)]
pub struct MemberEmail<'a> {
    /// The reader's language, and the operator's brand.
    pub frame: MailFrame<'a>,
    /// The sender; its domain is the Message-ID's.
    pub from: &'a EmailAddress,
    /// The reader.
    pub to: &'a EmailAddress,
    /// The account.
    pub account_id: &'a AccountId,
    /// Its name.
    pub account_name: &'a Name,
    /// What it is about.
    pub notice: MemberNotice<'a>,
    /// When it is written.
    pub now: Timestamp,
    /// Random, unique to the message: for Message-ID. In hexadecimal.
    pub message_id: &'a str,
}

#[derive(Template)]
#[template(path = "member_notice.txt")]
struct Text<'a> {
    mail: &'a Content<'a>,
}

#[derive(Template)]
#[template(path = "member_notice.html")]
struct Html<'a> {
    mail: &'a Content<'a>,
}

struct Content<'a> {
    frame: MailFrame<'a>,
    subject: String,
    paragraphs: Vec<String>,
    facts: Vec<(String, String)>,
    button: Option<(String, &'a str)>,
    closing: Vec<String>,
}

impl MemberEmail<'_> {
    /// The whole message (RFC 5322).
    pub fn mime(&self) -> Result<Vec<u8>, BackendError> {
        let mail = &self.content();
        let envelope = Envelope {
            from: self.from,
            to: self.to,
            subject: &mail.subject,
            now: self.now,
            message_id: self.message_id,
            stop_link: None,
            logo: self.frame.logo,
        };
        envelope.message(OP, Text { mail }.render(), Html { mail }.render())
    }

    fn content(&self) -> Content<'_> {
        let texts = self.frame.texts;
        let account = format::name(self.account_name.as_str());
        let of_account = |id: &str| texts.with(id, [("account", account.as_str())]);
        let subject =
            |id: &'static str| format::subject(&account, |name| texts.with(id, [("account", name)]));
        let mut facts = vec![
            (texts.get("mail-member-account"), format!("{account} ({})", self.account_id)),
            (texts.get("mail-member-address"), self.to.to_string()),
        ];
        let secrecy = texts.with("mail-member-secrecy", [("brand", self.frame.name())]);
        let unexpected = texts.get("mail-member-unexpected");
        match self.notice {
            MemberNotice::Invitation { inviter, link, until } => {
                let inviter = inviter.shown();
                let lead = [("account", account.as_str()), ("inviter", inviter.as_str())];
                let lead = texts.with("mail-invitation-lead", lead);
                facts.push((texts.get("mail-invitation-by"), inviter));
                facts.push((texts.get("mail-member-until"), format::instant(texts, until)));
                Content {
                    frame: self.frame,
                    subject: subject("mail-invitation-subject"),
                    paragraphs: vec![lead, texts.get("mail-invitation-how")],
                    facts,
                    button: Some((texts.get("mail-invitation-button"), link)),
                    closing: vec![unexpected, secrecy],
                }
            }
            MemberNotice::ConfirmEmail { link, until } => {
                facts.push((texts.get("mail-member-until"), format::instant(texts, until)));
                Content {
                    frame: self.frame,
                    subject: subject("mail-confirm-email-subject"),
                    paragraphs: vec![
                        of_account("mail-confirm-email-lead"),
                        texts.get("mail-confirm-email-how"),
                    ],
                    facts,
                    button: Some((texts.get("mail-confirm-email-button"), link)),
                    closing: vec![unexpected, secrecy],
                }
            }
            MemberNotice::EmailChanged { email } => {
                facts.push((texts.get("mail-email-changed-new"), email.to_string()));
                Content {
                    frame: self.frame,
                    subject: subject("mail-email-changed-subject"),
                    paragraphs: vec![of_account("mail-email-changed-lead")],
                    facts,
                    button: None,
                    closing: vec![of_account("mail-email-changed-unexpected")],
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
