//! The last notice of a certificate is stored in the client's item; an update of the client keeps it.

use super::{DAY, app_with_certificate, path};
use crate::support::emails::emails_to;
use crate::support::fixtures::ACCOUNT;
use serde_json::json;
use shared::adapters::store::{AuditRecord, WriteConflict, WriteOutcome};
use shared::domain::audit::{Action, Actor, ChangedMember, Target};
use shared::domain::client::Client;
use shared::domain::primitives::ids::{AccountId, ClientId};
use shared::domain::reminder::{ExpiringCredential, LastNotice, NoticeKind};
use shared::services::audit::AuditContext;

#[tokio::test]
async fn client_update_between_reminders_keeps_last_notice() {
    let domain = "changed.example";
    let (mut latchkey, client, _) = app_with_certificate(domain).await;
    latchkey.advance(DAY * 26);
    let before = latchkey.admin_request("GET", &path(&client)).await.send().await.expect(200).etag();
    latchkey.run_job().await;
    assert!(latchkey.inspect().has_certificate_notice(&client).await);
    let after = latchkey.admin_request("GET", &path(&client)).await.send().await.expect(200).etag();
    assert_eq!(before, after, "a reminder is no change of the client");

    let with_secrets = json!({ "token_endpoint_auth_method": "client_secret_basic" });
    latchkey.patch_client(&client, &with_secrets).await;
    let permissions =
        json!({ "permissions": [{ "resource": "backoffice_api", "scopes": ["orders:write"] }] });
    let replace = latchkey.admin_request("PUT", &format!("{}/permissions", path(&client))).await;
    replace.json(&permissions).send().await.expect(200);
    for (method, way, status) in [("POST", "disable", 200), ("POST", "enable", 200), ("POST", "secrets", 201)]
    {
        let request = latchkey.admin_request(method, &format!("{}/{way}", path(&client))).await;
        request.send().await.expect(status);
        assert!(latchkey.inspect().has_certificate_notice(&client).await, "after {way}");
    }
    latchkey.run_job().await;
    assert_eq!(emails_to(domain).await.len(), 1);
    latchkey.advance(DAY * 7);
    latchkey.run_job().await;
    assert_eq!(emails_to(domain).await.len(), 2);
}

#[tokio::test]
async fn stale_client_update_does_not_overwrite_notice() {
    let (latchkey, client, _) = app_with_certificate("race.example").await;
    let store = &latchkey.server.management.app.store;
    let id = ClientId::parse(&client).unwrap();
    let account = AccountId::parse(ACCOUNT).unwrap();
    let actor = Actor::of_client(id.clone(), account.clone(), None);
    let audit_context = AuditContext { actor, now: latchkey.now(), request: None };
    let change = async |read: &Client| {
        let after = Client { version: read.version + 1, ..read.clone() };
        let audit = audit_context.audit(
            &account,
            Action::ClientUpdated,
            Target::default(),
            &[ChangedMember::Description],
        );
        store
            .update_client(&after, read, &AuditRecord { audit: &audit, idempotency_record: None })
            .await
            .unwrap()
    };
    let read = async || store.load_client(&id).await.unwrap().unwrap().client;
    let stale = read().await;
    let certificate = stale.key_source.as_ref().unwrap().certificate().unwrap();
    let credential = ExpiringCredential::Certificate { thumbprint: certificate.thumbprint.clone() };
    for days in [14, 7] {
        let stale = read().await;
        let notice = LastNotice { kind: NoticeKind::Expiring(days), expires_at: certificate.expires_at };
        store.record_notice(&id, &credential, notice).await.unwrap();
        assert_eq!(change(&stale).await, WriteOutcome::Rejected(WriteConflict::VersionMismatch));
        let latest = read().await;
        assert_eq!(latest.certificate_said.as_ref().unwrap().said, notice);
        assert_eq!(change(&latest).await, WriteOutcome::Committed);
        assert_eq!(read().await.certificate_said, latest.certificate_said);
    }

    let other = ExpiringCredential::Certificate { thumbprint: "another".to_owned() };
    let notice = LastNotice { kind: NoticeKind::Expired, expires_at: certificate.expires_at };
    store.record_notice(&id, &other, notice).await.unwrap();
    assert_eq!(
        read().await.certificate_said.unwrap().said.kind,
        NoticeKind::Expiring(7),
        "the certificate is replaced"
    );
}
