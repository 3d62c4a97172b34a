//! The decision, to the second.

use super::*;
use crate::domain::client::AuthMethod;
use crate::domain::client::federated_identity::FederatedIdentity;
use crate::domain::client::secret::SecretDigest;
use crate::domain::jose::jwk::{OkpCurve, PublicJwk, PublicKey};
use crate::domain::primitives::ids::AccountId;

fn at(text: &str) -> Timestamp {
    text.parse().expect("a timestamp")
}

fn client() -> Client {
    let name = Name::parse("Order sync").expect("legal");
    let account = AccountId::parse("T1").expect("legal");
    Client::new(ClientId::parse("c1").expect("legal"), account, name, at("2026-01-01T00:00:00Z"))
}

fn secret(number: u8, expires_at: &str) -> Secret {
    Secret {
        secret_id: SecretId::from_random_bytes([number; 16]),
        digest: SecretDigest { pepper_id: "p1".into(), digest: vec![0; 32] },
        hint: "abcd".into(),
        created_at: Timestamp::from_second(i64::from(number)).expect("in range"),
        expires_at: at(expires_at),
        remind: true,
        revealable: false,
        last_used_on: None,
        tried_on: None,
        said: None,
    }
}

fn kinds(secrets: &[Secret], now: &str) -> Vec<NoticeKind> {
    notices(&client(), secrets, &ReminderSchedule::default(), at(now))
        .into_iter()
        .map(|notice| notice.kind)
        .collect()
}

const END: &str = "2026-12-31T23:59:00Z";

#[test]
fn fourteen_days_to_the_second() {
    let secrets = [secret(1, END)];
    assert_eq!(kinds(&secrets, "2026-12-17T23:58:59Z"), []);
    assert_eq!(kinds(&secrets, "2026-12-17T23:59:00Z"), [NoticeKind::Expiring(14)]);
    assert_eq!(kinds(&secrets, "2026-12-17T23:59:01Z"), [NoticeKind::Expiring(14)]);
}

#[test]
fn only_the_tightest_rung_that_is_reached() {
    let secrets = [secret(1, END)];
    assert_eq!(kinds(&secrets, "2026-12-24T23:58:59Z"), [NoticeKind::Expiring(14)]);
    assert_eq!(kinds(&secrets, "2026-12-24T23:59:00Z"), [NoticeKind::Expiring(7)]);
    assert_eq!(kinds(&secrets, "2026-12-31T12:00:00Z"), [NoticeKind::Expiring(1)]);
}

#[test]
fn around_the_end_itself() {
    let mut tried = secret(1, END);
    tried.tried_on = Some(at(END).to_zoned(TimeZone::UTC).date());
    assert_eq!(kinds(std::slice::from_ref(&tried), "2026-12-31T23:58:59Z"), [NoticeKind::Expiring(1)]);
    assert_eq!(kinds(std::slice::from_ref(&tried), END), [NoticeKind::Expired]);
    assert_eq!(kinds(std::slice::from_ref(&tried), "2026-12-31T23:59:01Z"), [NoticeKind::Expired]);
    assert_eq!(kinds(&[secret(1, END)], END), [], "nobody tries it any more");
}

#[test]
fn what_was_said_is_not_said_again_until_it_presses_more_or_the_end_moves() {
    let mut known = secret(1, END);
    known.said = Some(LastNotice { kind: NoticeKind::Expiring(14), expires_at: at(END) });
    assert_eq!(kinds(std::slice::from_ref(&known), "2026-12-20T00:00:00Z"), []);
    assert_eq!(kinds(std::slice::from_ref(&known), "2026-12-25T00:00:00Z"), [NoticeKind::Expiring(7)]);
    known.said = Some(LastNotice { kind: NoticeKind::Expiring(1), expires_at: at("2026-06-30T23:59:00Z") });
    assert_eq!(kinds(std::slice::from_ref(&known), "2026-12-20T00:00:00Z"), [NoticeKind::Expiring(14)]);
}

#[test]
fn what_was_said_before_its_time_does_not_count() {
    for (kind, now, due) in [
        (NoticeKind::Expired, "2026-12-20T00:00:00Z", [NoticeKind::Expiring(14)]),
        (NoticeKind::Expiring(1), "2026-12-20T00:00:00Z", [NoticeKind::Expiring(14)]),
        (NoticeKind::Expiring(1), "2026-12-25T00:00:00Z", [NoticeKind::Expiring(7)]),
    ] {
        let mut known = secret(1, END);
        known.said = Some(LastNotice { kind, expires_at: at(END) });
        assert_eq!(kinds(std::slice::from_ref(&known), now), due, "{kind:?} {now}");
    }
}

#[test]
fn the_newest_and_whatever_else_is_in_use() {
    let (mut old, new) = (secret(1, END), secret(2, "2027-06-30T23:59:00Z"));
    assert_eq!(kinds(&[old.clone(), new.clone()], "2026-12-20T00:00:00Z"), []);
    old.last_used_on = Some(jiff::civil::date(2026, 12, 13));
    assert_eq!(kinds(&[old.clone(), new.clone()], "2026-12-20T12:00:00Z"), [NoticeKind::Expiring(14)]);
    assert_eq!(kinds(&[old, new], "2026-12-21T00:00:00Z"), []);
}

#[test]
fn who_did_not_ask_and_who_is_disabled_is_left_out() {
    let mut silent = secret(1, END);
    silent.remind = false;
    assert_eq!(kinds(&[silent], "2026-12-20T00:00:00Z"), []);
    let disabled = Client { status: Status::Disabled, ..client() };
    let found =
        notices(&disabled, &[secret(1, END)], &ReminderSchedule::default(), at("2026-12-20T00:00:00Z"));
    assert_eq!(found, []);
}

#[test]
fn the_secrets_of_a_client_that_uses_keys_now_are_left_out() {
    let moved = Client { token_endpoint_auth_method: AuthMethod::PrivateKeyJwt, ..client() };
    let found = notices(&moved, &[secret(1, END)], &ReminderSchedule::default(), at("2026-12-20T00:00:00Z"));
    assert_eq!(found, []);
}

#[test]
fn leap_day_and_year_end_are_days_like_others() {
    let secrets = [secret(1, "2028-03-01T23:59:00Z")];
    assert_eq!(kinds(&secrets, "2028-02-16T23:58:59Z"), []);
    assert_eq!(kinds(&secrets, "2028-02-16T23:59:00Z"), [NoticeKind::Expiring(14)]);
    let secrets = [secret(1, "2027-01-05T23:59:00Z")];
    assert_eq!(kinds(&secrets, "2026-12-22T23:59:00Z"), [NoticeKind::Expiring(14)]);
}

const THUMBPRINT: &str = "T7Xk2mWq9ZbC4nR8vL1sHj6pYd3fGa5eUo0iKtQxMwE";

fn key() -> PublicJwk {
    PublicJwk { key: PublicKey::Okp { crv: OkpCurve::Ed25519, x: "A".repeat(43) }, kid: None, alg: None }
}

/// A client that has nothing but a certificate.
fn certified(expires_at: &str) -> Client {
    let certificate = Certificate { thumbprint: THUMBPRINT.into(), expires_at: at(expires_at) };
    let uploaded = UploadedKey { jwk: key(), certificate: Some(certificate) };
    Client {
        key_source: Some(ClientKeys::PublicKeyPem(uploaded)),
        token_endpoint_auth_method: AuthMethod::PrivateKeyJwt,
        ..client()
    }
}

fn said(kind: NoticeKind, expires_at: &str) -> LastNotice {
    LastNotice { kind, expires_at: at(expires_at) }
}

fn kinds_of(client: &Client, secrets: &[Secret], now: &str) -> Vec<NoticeKind> {
    notices(client, secrets, &ReminderSchedule::default(), at(now))
        .into_iter()
        .map(|notice| notice.kind)
        .collect()
}

#[test]
fn a_certificate_is_spoken_of_at_the_same_seconds_as_a_secret() {
    let client = certified(END);
    for (now, kinds) in [
        ("2026-12-17T23:58:59Z", vec![]),
        ("2026-12-17T23:59:00Z", vec![NoticeKind::Expiring(14)]),
        ("2026-12-24T23:59:00Z", vec![NoticeKind::Expiring(7)]),
        ("2026-12-31T23:58:59Z", vec![NoticeKind::Expiring(1)]),
        (END, vec![NoticeKind::Expired]),
        ("2027-01-30T23:59:00Z", vec![NoticeKind::Expired]),
        ("2027-01-30T23:59:01Z", vec![]),
    ] {
        assert_eq!(kinds_of(&client, &[], now), kinds, "{now}");
    }
    let disabled = Client { status: Status::Disabled, ..client };
    assert_eq!(kinds_of(&disabled, &[], "2026-12-20T00:00:00Z"), []);
}

#[test]
fn a_certificate_that_has_ended_is_missed_where_nothing_else_is_left() {
    let with_secrets = Client { token_endpoint_auth_method: AuthMethod::ClientSecretBasic, ..certified(END) };
    let (dead, live) = (secret(1, "2026-12-30T23:59:00Z"), secret(2, "2027-06-30T23:59:00Z"));
    let after = "2027-01-01T00:00:00Z";
    assert_eq!(kinds_of(&with_secrets, &[], after), [NoticeKind::Expired]);
    assert_eq!(kinds_of(&with_secrets, std::slice::from_ref(&dead), after), [NoticeKind::Expired]);
    assert_eq!(kinds_of(&with_secrets, &[dead, live.clone()], after), []);
    assert_eq!(kinds_of(&certified(END), &[live], after), [NoticeKind::Expired], "its secrets do not count");
    let identity = serde_json::json!({ "issuer": "https://ci.example.com", "subject": "s", "audience": "a" });
    let identity: FederatedIdentity = serde_json::from_value(identity).expect("legal");
    let federated = Client { federated_identities: vec![identity], ..certified(END) };
    assert_eq!(kinds_of(&federated, &[], after), []);
    assert_eq!(kinds_of(&federated, &[], "2026-12-31T00:00:00Z"), [NoticeKind::Expiring(1)]);
}

#[test]
fn what_was_said_of_another_certificate_is_void() {
    let known = |thumbprint: &str, expires_at| {
        let said = said(NoticeKind::Expiring(14), expires_at);
        let certificate_said = Some(CertificateLastNotice { thumbprint: thumbprint.into(), said });
        Client { certificate_said, ..certified(END) }
    };
    let now = "2026-12-20T00:00:00Z";
    assert_eq!(kinds_of(&known(THUMBPRINT, END), &[], now), []);
    assert_eq!(kinds_of(&known(THUMBPRINT, END), &[], "2026-12-25T00:00:00Z"), [NoticeKind::Expiring(7)]);
    assert_eq!(kinds_of(&known("another", END), &[], now), [NoticeKind::Expiring(14)]);
    assert_eq!(kinds_of(&known(THUMBPRINT, "2026-12-31T00:00:00Z"), &[], now), [NoticeKind::Expiring(14)]);
    assert_eq!(certificate_last_notice(&known("another", END)), None);
    assert_eq!(certificate_last_notice(&Client { key_source: None, ..known(THUMBPRINT, END) }), None);
}

#[test]
fn a_notice_of_a_certificate_says_which_and_when_its_key_was_used() {
    let token_endpoint_auth_method = AuthMethod::ClientSecretBasic;
    let mut client = Client { token_endpoint_auth_method, ..certified(END) };
    let used = jiff::civil::date(2026, 12, 1);
    client.last_uses.insert(CredentialId::of_key(&key()), used);
    let found = notices(&client, &[secret(1, END)], &ReminderSchedule::default(), at("2026-12-20T00:00:00Z"));
    let [of_secret, of_certificate] = &found[..] else { panic!("{found:?}") };
    assert!(matches!(of_secret.ending, ExpiringCredential::Secret { .. }));
    assert_eq!(of_certificate.ending, ExpiringCredential::Certificate { thumbprint: THUMBPRINT.into() });
    assert_eq!((of_certificate.expires_at, of_certificate.last_used_on), (at(END), Some(used)));
}

#[test]
fn a_key_without_a_certificate_has_no_end() {
    let uploaded = UploadedKey { jwk: key(), certificate: None };
    let client = Client { key_source: Some(ClientKeys::PublicKeyPem(uploaded)), ..client() };
    assert_eq!(kinds_of(&client, &[], END), []);
}
