//! Which notices are due, to the second.

mod certificates;

use super::*;
use crate::domain::client::federated_identity::FederatedIdentity;
use crate::domain::client::metadata::AuthMethod;
use crate::domain::client::secret::{SecretDigest, SecretStatus};
use crate::domain::jose::jwk::{OkpCurve, PublicJwk, PublicKey};
use crate::domain::primitives::ids::AccountId;
use jiff::tz::TimeZone;

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
        lookup: None,
        hint: "abcd".into(),
        created_at: Timestamp::from_second(i64::from(number)).expect("in range"),
        expires_at: at(expires_at),
        remind: true,
        paused_digest: None,
        status: SecretStatus::Active,
        label: None,
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
fn the_first_notice_is_due_14_days_before_expiry() {
    let secrets = [secret(1, END)];
    assert_eq!(kinds(&secrets, "2026-12-17T23:58:59Z"), []);
    assert_eq!(kinds(&secrets, "2026-12-17T23:59:00Z"), [NoticeKind::Expiring(14)]);
    assert_eq!(kinds(&secrets, "2026-12-17T23:59:01Z"), [NoticeKind::Expiring(14)]);
}

#[test]
fn no_notice_is_due_about_a_paused_secret() {
    let paused = |number| secret(number, END).with_status(SecretStatus::Paused, [9; 32]);
    let expiring = [NoticeKind::Expiring(14)];
    assert_eq!(kinds(&[paused(1)], "2026-12-18T00:00:00Z"), []);
    assert_eq!(kinds(&[secret(1, END), paused(2)], "2026-12-18T00:00:00Z"), expiring, "about the other one");
    let resumed = paused(1).with_status(SecretStatus::Active, [0; 32]);
    assert_eq!(resumed, secret(1, END));
    assert_eq!(kinds(&[resumed], "2026-12-18T00:00:00Z"), expiring);
}

#[test]
fn a_notice_about_an_older_secret_names_the_newest_live_one() {
    let newer = |secrets: &[Secret]| {
        let due = notices(&client(), secrets, &ReminderSchedule::default(), at("2026-12-18T00:00:00Z"));
        due.into_iter().map(|notice| notice.newer).collect::<Vec<_>>()
    };
    let used = jiff::civil::date(2026, 12, 17);
    let old = Secret { last_used_on: Some(used), ..secret(1, END) };
    let new = Secret { hint: "b2Lm".into(), ..secret(2, "2027-03-31T23:59:00Z") };
    let named = |last_used_on, is_paused| Some(NewerSecret { hint: "b2Lm".into(), last_used_on, is_paused });
    assert_eq!(newer(&[old.clone(), new.clone()]), [named(None, false)]);
    let new = Secret { last_used_on: Some(used), ..new };
    assert_eq!(newer(&[old.clone(), new.clone()]), [named(Some(used), false)]);
    let paused = new.clone().with_status(SecretStatus::Paused, [9; 32]);
    assert_eq!(newer(&[old.clone(), paused]), [named(Some(used), true)]);
    let expired = Secret { expires_at: at("2026-12-17T23:59:00Z"), ..new };
    assert_eq!(newer(&[old.clone(), expired]), [None]);
    assert_eq!(newer(&[old]), [None]);
}

#[test]
fn only_the_smallest_reached_threshold_is_due() {
    let secrets = [secret(1, END)];
    assert_eq!(kinds(&secrets, "2026-12-24T23:58:59Z"), [NoticeKind::Expiring(14)]);
    assert_eq!(kinds(&secrets, "2026-12-24T23:59:00Z"), [NoticeKind::Expiring(7)]);
    assert_eq!(kinds(&secrets, "2026-12-31T12:00:00Z"), [NoticeKind::Expiring(1)]);
}

#[test]
fn an_expired_secret_that_was_presented_gets_a_notice() {
    let mut presented = secret(1, END);
    presented.tried_on = Some(at(END).to_zoned(TimeZone::UTC).date());
    assert_eq!(kinds(std::slice::from_ref(&presented), "2026-12-31T23:58:59Z"), [NoticeKind::Expiring(1)]);
    assert_eq!(kinds(std::slice::from_ref(&presented), END), [NoticeKind::Expired]);
    assert_eq!(kinds(std::slice::from_ref(&presented), "2026-12-31T23:59:01Z"), [NoticeKind::Expired]);
    assert_eq!(kinds(&[secret(1, END)], END), [], "it was not presented since");
}

#[test]
fn a_notice_repeats_only_if_more_urgent_or_for_a_new_expiry() {
    let mut known = secret(1, END);
    known.said = Some(LastNotice { kind: NoticeKind::Expiring(14), expires_at: at(END) });
    assert_eq!(kinds(std::slice::from_ref(&known), "2026-12-20T00:00:00Z"), []);
    assert_eq!(kinds(std::slice::from_ref(&known), "2026-12-25T00:00:00Z"), [NoticeKind::Expiring(7)]);
    known.said = Some(LastNotice { kind: NoticeKind::Expiring(1), expires_at: at("2026-06-30T23:59:00Z") });
    assert_eq!(kinds(std::slice::from_ref(&known), "2026-12-20T00:00:00Z"), [NoticeKind::Expiring(14)]);
}

#[test]
fn a_notice_sent_before_it_was_due_is_ignored() {
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
fn the_newest_secret_and_secrets_in_use_get_notices() {
    let (mut old, new) = (secret(1, END), secret(2, "2027-06-30T23:59:00Z"));
    assert_eq!(kinds(&[old.clone(), new.clone()], "2026-12-20T00:00:00Z"), []);
    old.last_used_on = Some(jiff::civil::date(2026, 12, 13));
    assert_eq!(kinds(&[old.clone(), new.clone()], "2026-12-20T12:00:00Z"), [NoticeKind::Expiring(14)]);
    assert_eq!(kinds(&[old, new], "2026-12-21T00:00:00Z"), []);
}

#[test]
fn no_notices_if_disabled_or_not_requested() {
    let mut muted = secret(1, END);
    muted.remind = false;
    assert_eq!(kinds(&[muted], "2026-12-20T00:00:00Z"), []);
    let disabled = Client { status: Status::Disabled, ..client() };
    let found =
        notices(&disabled, &[secret(1, END)], &ReminderSchedule::default(), at("2026-12-20T00:00:00Z"));
    assert_eq!(found, []);
}

#[test]
fn no_notices_for_secrets_of_a_client_that_uses_keys() {
    let with_keys = Client { token_endpoint_auth_method: AuthMethod::PrivateKeyJwt, ..client() };
    let found =
        notices(&with_keys, &[secret(1, END)], &ReminderSchedule::default(), at("2026-12-20T00:00:00Z"));
    assert_eq!(found, []);
}

#[test]
fn thresholds_span_leap_days_and_year_ends() {
    let secrets = [secret(1, "2028-03-01T23:59:00Z")];
    assert_eq!(kinds(&secrets, "2028-02-16T23:58:59Z"), []);
    assert_eq!(kinds(&secrets, "2028-02-16T23:59:00Z"), [NoticeKind::Expiring(14)]);
    let secrets = [secret(1, "2027-01-05T23:59:00Z")];
    assert_eq!(kinds(&secrets, "2026-12-22T23:59:00Z"), [NoticeKind::Expiring(14)]);
}

const THUMBPRINT: &str = "T7Xk2mWq9ZbC4nR8vL1sHj6pYd3fGa5eUo0iKtQxMwE";
