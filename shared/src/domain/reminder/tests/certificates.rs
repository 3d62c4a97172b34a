//! Notices about certificates.

use super::*;

fn key() -> PublicJwk {
    PublicJwk { key: PublicKey::Okp { crv: OkpCurve::Ed25519, x: "A".repeat(43) }, kid: None, alg: None }
}

/// A client whose only credential is a key with a certificate.
fn certificate_client(expires_at: &str) -> Client {
    let certificate =
        Certificate { thumbprint: THUMBPRINT.into(), expires_at: at(expires_at), subject: None };
    let uploaded = UploadedKey { jwk: key(), certificate: Some(certificate) };
    Client {
        key_source: Some(ClientKeys::PublicKeyPem(uploaded)),
        token_endpoint_auth_method: AuthMethod::PrivateKeyJwt,
        ..client()
    }
}

fn last_notice(kind: NoticeKind, expires_at: &str) -> LastNotice {
    LastNotice { kind, expires_at: at(expires_at) }
}

fn kinds_of(client: &Client, secrets: &[Secret], now: &str) -> Vec<NoticeKind> {
    notices(client, secrets, &ReminderSchedule::default(), at(now))
        .into_iter()
        .map(|notice| notice.kind)
        .collect()
}

#[test]
fn certificates_have_the_same_thresholds_as_secrets() {
    let client = certificate_client(END);
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
fn an_expired_certificate_gets_a_notice_if_it_was_the_last() {
    let with_secrets =
        Client { token_endpoint_auth_method: AuthMethod::ClientSecretBasic, ..certificate_client(END) };
    let (expired, live) = (secret(1, "2026-12-30T23:59:00Z"), secret(2, "2027-06-30T23:59:00Z"));
    let after = "2027-01-01T00:00:00Z";
    assert_eq!(kinds_of(&with_secrets, &[], after), [NoticeKind::Expired]);
    assert_eq!(kinds_of(&with_secrets, std::slice::from_ref(&expired), after), [NoticeKind::Expired]);
    assert_eq!(kinds_of(&with_secrets, &[expired, live.clone()], after), []);
    assert_eq!(
        kinds_of(&certificate_client(END), &[live], after),
        [NoticeKind::Expired],
        "its secrets are not accepted"
    );
    let identity = serde_json::json!({ "issuer": "https://ci.example.com", "subject": "s", "audience": "a" });
    let identity: FederatedIdentity = serde_json::from_value(identity).expect("legal");
    let federated = Client { federated_identities: vec![identity], ..certificate_client(END) };
    assert_eq!(kinds_of(&federated, &[], after), []);
    assert_eq!(kinds_of(&federated, &[], "2026-12-31T00:00:00Z"), [NoticeKind::Expiring(1)]);
}

#[test]
fn a_notice_about_another_certificate_is_ignored() {
    let known = |thumbprint: &str, expires_at| {
        let said = last_notice(NoticeKind::Expiring(14), expires_at);
        let certificate_said = Some(CertificateLastNotice { thumbprint: thumbprint.into(), said });
        Client { certificate_said, ..certificate_client(END) }
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
fn a_certificate_notice_has_its_thumbprint_and_last_use() {
    let token_endpoint_auth_method = AuthMethod::ClientSecretBasic;
    let mut client = Client { token_endpoint_auth_method, ..certificate_client(END) };
    let used = jiff::civil::date(2026, 12, 1);
    client.last_uses.insert(CredentialId::of_key(&key()), used);
    let found = notices(&client, &[secret(1, END)], &ReminderSchedule::default(), at("2026-12-20T00:00:00Z"));
    let [of_secret, of_certificate] = &found[..] else { panic!("{found:?}") };
    assert!(matches!(of_secret.ending, ExpiringCredential::Secret { .. }));
    assert_eq!(of_certificate.ending, ExpiringCredential::Certificate { thumbprint: THUMBPRINT.into() });
    assert_eq!((of_certificate.expires_at, of_certificate.last_used_on), (at(END), Some(used)));
}

#[test]
fn a_key_without_a_certificate_gets_no_notice() {
    let uploaded = UploadedKey { jwk: key(), certificate: None };
    let client = Client { key_source: Some(ClientKeys::PublicKeyPem(uploaded)), ..client() };
    assert_eq!(kinds_of(&client, &[], END), []);
}
