//! Letters about certificates, and about both.

use super::*;
use crate::adapters::email::reminder::tests::many_notices::shown;

const THUMBPRINT: &str = "T7Xk2mWq9ZbC4nR8vL1sHj6pYd3fGa5eUo0iKtQxMwE";
const NOW: &str = "2026-12-03T23:59:00Z";
const GONE: &str = "2026-12-01T23:59:00Z";

fn certificate(number: u128, name: &str, kind: NoticeKind, expires_at: &str) -> Notice {
    let ending = ExpiringCredential::Certificate { thumbprint: THUMBPRINT.into() };
    Notice { ending, ..notice(number, name, kind, expires_at) }
}

#[test]
fn one_certificate_is_named_with_its_end() {
    let soon = certificate(1, "Order sync", NoticeKind::Expiring(14), END);
    assert_eq!(
        subject(&[soon], "2026-11-21T00:30:00Z"),
        "Certificate of \"Order sync\" expires in 13 days (4 December 2026)"
    );
    assert_eq!(
        subject(&[certificate(1, "Order sync", NoticeKind::Expired, GONE)], NOW),
        "Certificate of \"Order sync\" has expired and nothing takes its place"
    );
}

#[test]
fn several_are_counted_by_kind() {
    let soon = |number| notice(number, "Soon", NoticeKind::Expiring(1), END);
    let ends = |number| certificate(number, "Ends", NoticeKind::Expiring(1), END);
    let gone = |number| notice(number, "Gone", NoticeKind::Expired, GONE);
    let over = |number| certificate(number, "Over", NoticeKind::Expired, GONE);
    let of = "of T12345678";
    for (notices, expected) in [
        (vec![ends(1), ends(2)], format!("2 certificates {of} expire soon, the first tomorrow")),
        (vec![soon(1), ends(1)], format!("1 secret and 1 certificate {of} expire soon, the first tomorrow")),
        (
            vec![soon(1), ends(1), soon(2)],
            format!("2 secrets and 1 certificate {of} expire soon, the first tomorrow"),
        ),
        (vec![over(1), over(2)], format!("2 certificates {of} have expired and nothing takes their place")),
        (vec![over(1), gone(1)], format!("1 secret and 1 certificate {of} have expired")),
        (
            vec![over(1), gone(1), ends(2)],
            format!("1 secret and 1 certificate {of} have expired, 1 more expires soon"),
        ),
        (vec![over(1), soon(1)], "Certificate of \"Over\" has expired, 1 more expires soon".to_owned()),
        (vec![gone(1), ends(1)], "Secret of \"Gone\" has expired, 1 more expires soon".to_owned()),
    ] {
        let subject = subject(&notices, NOW);
        assert!(subject.chars().count() <= 77, "{subject}");
        assert_eq!(subject, expected);
    }
}

#[test]
fn both_parts_name_the_certificate_and_the_advice() {
    let soon = certificate(1, "Order sync", NoticeKind::Expiring(1), END);
    let over = certificate(3, "Billing", NoticeKind::Expired, GONE);
    let sent = Sent::of(&[soon.clone(), over], NOW);
    for part in [sent.text(), sent.html()] {
        for fact in [
            "T7Xk2mWq9Z…, last used on 20 November 2026",
            "T7Xk2mWq9Z…, never used",
            "4 December 2026, 23:59:00 UTC",
            "The client has nothing else to get tokens with.",
            "What to do, for each",
            "Set the new certificate for the client.",
            "the address at which",
        ] {
            assert!(part.contains(fact), "{fact} is missing in {part}");
        }
        assert!(part.contains("Certificate") && !part.contains("Create a new secret"), "{part}");
        assert!(!part.contains("Secret ") && !part.contains(">Secret<"), "{part}");
        assert!(!part.contains("PATCH") && !part.contains("_pem") && !part.contains("jwks"), "{part}");
        assert!(!part.contains(THUMBPRINT), "the whole of it is for programs");
    }

    let both = Sent::of(&[soon, notice(1, "Order sync", NoticeKind::Expiring(1), END)], NOW);
    for part in [both.text(), both.html()] {
        for fact in [
            "…x7Qd, last used",
            "T7Xk2mWq9Z…, last used",
            "for each secret",
            "for each certificate",
            "Create a new secret there.",
            "Set the new certificate for the client.",
        ] {
            assert!(part.contains(fact), "{fact} is missing in {part}");
        }
    }
    let secret = Sent::of(&[notice(1, "Order sync", NoticeKind::Expiring(1), END)], NOW);
    for part in [secret.text(), secret.html()] {
        assert!(!part.to_lowercase().contains("certificate"), "{part}");
    }
}

#[test]
fn examples_with_certificates_are_not_clipped() {
    let one = vec![certificate(1, "Order sync", NoticeKind::Expiring(14), END)];
    let mut mixed = many(2, "Order sync");
    mixed.push(certificate(4, "Order sync 1", NoticeKind::Expiring(14), END));
    mixed.push(certificate(9, "Billing export", NoticeKind::Expired, "2026-11-19T23:59:00Z"));
    let mut all = many(300, "Order sync");
    for (index, notice) in all.iter_mut().enumerate() {
        notice.kind = NoticeKind::Expired;
        notice.client_name = stored(&"<".repeat(100));
        if index % 3 == 0 {
            notice.ending = ExpiringCredential::Certificate { thumbprint: THUMBPRINT.into() };
        }
    }
    for (name, notices) in [("certificate", one), ("both", mixed), ("many-of-both", all)] {
        let size = shown(name, &Sent::of(&notices, "2026-11-21T00:30:00Z"));
        assert!(size < crate::adapters::email::reminder::tests::many_notices::CLIPPED, "{size} bytes");
    }
}
