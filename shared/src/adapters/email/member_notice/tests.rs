//! The sent messages, parsed by another crate than the one that builds them.

use super::*;
use crate::domain::brand::Brand;
use crate::domain::primitives::language::Language;
use crate::texts::Texts;
use mail_parser::MessageParser;

const LINK: &str = "https://id.latchkey.example/console/accounts/T1";

fn parts(language: Language, account: &str, notice: MemberNotice<'_>) -> (String, String, String) {
    let address = |text| EmailAddress::parse(text).expect("legal");
    let email = MemberEmail {
        frame: MailFrame { texts: Texts::of(language), brand: &Brand::default(), logo: None },
        from: &address("latchkey@latchkey.example"),
        to: &address("ben@acme.example"),
        account_id: &AccountId::parse("T1").expect("legal"),
        account_name: &Name::parse(account).expect("legal"),
        notice,
        now: Timestamp::UNIX_EPOCH,
        message_id: "0123abcd",
    };
    let mime = email.mime().expect("written");
    let message = MessageParser::default().parse(mime.as_slice()).expect("a message");
    let body = |found: Option<std::borrow::Cow<'_, str>>| found.expect("there").replace("\r\n", "\n");
    (message.subject().expect("there").to_owned(), body(message.body_text(0)), body(message.body_html(0)))
}

fn invitation(inviter: Inviter<'_>) -> MemberNotice<'_> {
    let until = "2026-12-11T09:30:00Z".parse().expect("a timestamp");
    MemberNotice::Invitation { inviter, link: LINK, until }
}

fn ann() -> EmailAddress {
    EmailAddress::parse("ann@acme.example").expect("legal")
}

#[test]
fn an_invitation_says_who_invites_to_what_and_until_when() {
    let (subject, text, html) = parts(Language::English, "Acme Ltd", invitation(Inviter::Member(&ann())));
    assert_eq!(subject, "Invitation to Acme Ltd");
    for part in [&text, &html] {
        for fact in
            ["ann@acme.example", "Acme Ltd (T1)", "ben@acme.example", "11 December 2026, 09:30:00 UTC", LINK]
        {
            assert!(part.contains(fact), "{fact}: {part}");
        }
    }
    assert_eq!(html.matches("href=").count(), 1, "one plain link");
}

#[test]
fn every_notice_is_in_the_readers_language() {
    let email = EmailAddress::parse("new@acme.example").expect("legal");
    let until = Timestamp::UNIX_EPOCH;
    let ann = ann();
    for (notice, subject, fact) in [
        (invitation(Inviter::Member(&ann)), "Einladung zu Acme", "Eingeladen von"),
        (MemberNotice::ConfirmEmail { link: LINK, until }, "Neue Adresse bei Acme bestätigen", "Gültig bis"),
        (
            MemberNotice::EmailChanged { email: &email },
            "Ihre Adresse bei Acme wurde geändert",
            "Neue Adresse",
        ),
    ] {
        let (shown, text, html) = parts(Language::German, "Acme", notice);
        assert_eq!(shown, subject);
        assert!(text.contains(fact) && html.contains(fact), "{text}");
        assert!(html.contains("<html lang=\"de\">"), "{html}");
    }
}

#[test]
fn names_that_customers_chose_are_no_links() {
    let client = Name::parse("ann@evil.example").expect("legal");
    let notice = invitation(Inviter::Client(&client));
    let (subject, text, html) = parts(Language::English, "Pay at evil.example/x <b>", notice);
    for part in [&subject, &text, &html] {
        assert!(!part.contains("evil.example"), "{part}");
    }
    assert!(!html.contains("<b>") && html.contains("&#60;b&#62;"), "{html}");
}
