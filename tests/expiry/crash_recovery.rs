//! The job crashes at random points and runs again: no notice is lost, at most one is repeated for each crash,
//! and none goes to another recipient.
//!
//! Every other credential is a secret or a certificate. `EXPIRY_SCALE=full` uses 10,000 credentials in 200
//! accounts; without it, one or two percent of that.

use crate::support::app::TestApp;
use crate::support::aws;
use crate::support::emails::emails_to;
use crate::support::fault_injection::aws_proxy::{AwsProxy, CrashPoint, InjectedFault};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use shared::adapters::store::AuditRecord;
use shared::domain::account::{Account, Member};
use shared::domain::audit::{Action, Actor, Target};
use shared::domain::client::client_keys::{Certificate, ClientKeys, UploadedKey};
use shared::domain::client::{Client, SecretStorage};
use shared::domain::jose::jwk::PublicJwk;
use shared::domain::management::ManagementScope;
use shared::domain::primitives::display_text::Name;
use shared::domain::primitives::email::EmailAddress;
use shared::domain::primitives::ids::{AccountId, ClientId};
use shared::domain::primitives::unknown_attributes::UnknownAttributes;
use shared::services::audit::AuditContext;
use shared::services::clients::{ClientProvisioner, SecretOptions, generate_secret};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use tokio::task::JoinSet;

const MANAGERS: usize = 5;
const KILLS: usize = 50;
const DOMAIN: &str = "killed.example";

struct Scale {
    accounts: usize,
    credentials: usize,
}

fn scale() -> Scale {
    match std::env::var("EXPIRY_SCALE").as_deref() {
        Ok("full") => Scale { accounts: 200, credentials: 10_000 },
        _ => Scale { accounts: 20, credentials: 150 },
    }
}

/// A pseudo-random generator with the same numbers in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % bound
    }
}

fn account_id(number: usize) -> AccountId {
    AccountId::parse(&format!("A{number:03}")).unwrap()
}

/// Creates accounts with managers, and clients whose secrets or certificates expire within the window, spread
/// over all accounts.
async fn create_credentials(latchkey: &TestApp, scale: &Scale) {
    let management = Arc::clone(&latchkey.server.management);
    let now = latchkey.now();
    let operator = &latchkey.server.operator;
    let actor = Actor::of_client(operator.client_id.clone(), operator.account_id.clone(), None);
    let audit_context = Arc::new(AuditContext { actor, now, request: None });
    for number in 0..scale.accounts {
        let id = account_id(number);
        let account = Account::new(id.clone(), Name::parse("Account").unwrap(), now);
        let audit = audit_context.audit(&id, Action::AccountCreated, Target::default(), &[]);
        let record = AuditRecord { audit: &audit, idempotency_record: None };
        let _ = management.app.store.create_account(&account, &record).await.unwrap();
        management.app.store.usage(&id).await.unwrap();
        for manager in 0..MANAGERS {
            let member = Member {
                account_id: id.clone(),
                email: EmailAddress::parse(&format!("h{manager}.{number}@{DOMAIN}")).unwrap(),
                sub: None,
                token_generation: 0,
                name: Name::parse("Manager").unwrap(),
                permissions: BTreeSet::from([ManagementScope::ClientsManage]),
                external_identity: None,
                mail: true,
                locale: None,
                invited_until: None,
                last_signed_in_at: None,
                pending_email: None,
                calendar_feeds: Vec::new(),
                created_at: now,
                updated_at: now,
                version: 1,
                unknown: UnknownAttributes::default(),
            };
            let audit = audit_context.audit(&id, Action::MemberAdded, Target::default(), &[]);
            let record = AuditRecord { audit: &audit, idempotency_record: None };
            let _ = management.app.store.add_member(&member, u32::MAX, &record).await.unwrap();
        }
    }
    let peppers = management.app.peppers(now).await.unwrap();
    let mut tasks = JoinSet::new();
    for number in 0..scale.credentials {
        let (management, audit_context, peppers) =
            (Arc::clone(&management), Arc::clone(&audit_context), Arc::clone(&peppers));
        let account = account_id(number % scale.accounts);
        tasks.spawn(async move {
            let id = ClientId::parse(&format!("client-{number}")).unwrap();
            let client = Client::new(id, account, Name::parse("Client").unwrap(), now);
            let client = Client { secret_storage: SecretStorage::DigestOnly, ..client };
            let hours = 24 + i64::try_from(number % 300).unwrap();
            let expires_at = now.checked_add(SignedDuration::from_hours(hours)).unwrap();
            let terms = SecretOptions { expires_at, remind: true, label: None };
            let minted = (number % 2 == 0).then(|| generate_secret(&client, terms, &peppers, now));
            let client = match &minted {
                Some(minted) => Client { secrets: vec![minted.summary(SecretStorage::DigestOnly)], ..client },
                None => with_certificate(client, expires_at),
            };
            let provisioner = ClientProvisioner {
                store: &management.app.store,
                client_secrets: &management.client_secrets,
                audit_context: &audit_context,
            };
            provisioner.create_client(&client, minted.as_ref(), u32::MAX).await.unwrap();
        });
        if tasks.len() == 16 {
            tasks.join_next().await.unwrap().unwrap();
        }
    }
    while let Some(created) = tasks.join_next().await {
        created.unwrap();
    }
}

/// The client with a certificate that all such clients share.
fn with_certificate(client: Client, expires_at: Timestamp) -> Client {
    let key = json!({ "kty": "OKP", "crv": "Ed25519", "x": "A".repeat(43) });
    let certificate = Certificate { thumbprint: "T".repeat(43), expires_at, subject: None };
    let uploaded = UploadedKey { jwk: PublicJwk::read(&key).unwrap(), certificate: Some(certificate) };
    Client { key_source: Some(ClientKeys::PublicKeyPem(uploaded)), ..client }
}

#[tokio::test]
async fn fifty_kills_lose_no_email_and_repeat_at_most_one_each() {
    let scale = scale();
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let mut latchkey = TestApp::with_endpoint(&proxy.endpoint, |config| {
        // A single threshold, so that the clock can advance between runs without more notices becoming due.
        config.reminder_days = shared::domain::reminder::ReminderSchedule::parse("14").unwrap();
    })
    .await;
    create_credentials(&latchkey, &scale).await;
    proxy.inject(InjectedFault::quota(1_000_000, 100_000));

    let mut random = Random(7);
    // AWS calls of a run before its first email: the sweep, the catalogue, 75 dates, the clients, the quota.
    let before = 78 + scale.credentials;
    // The calls of all emails together, divided so that about as many runs finish them; large enough to get
    // past what the run before had started.
    let step = 2 * (scale.accounts * (1 + MANAGERS * 3) + scale.credentials) / KILLS;
    let mut kills = 0;
    for _ in 0..KILLS {
        let point = if random.below(2) == 0 { CrashPoint::Before } else { CrashPoint::After };
        let survived = proxy.crash(before + random.below(step), point, latchkey.run_job()).await;
        kills += usize::from(survived.is_none());
        latchkey.advance(SignedDuration::from_mins(3));
    }
    let (one, other) = tokio::join!(latchkey.run_job(), latchkey.run_job());
    latchkey.advance(SignedDuration::from_mins(3));
    let after = latchkey.run_job().await;
    assert_eq!((after.due, after.sent), (0, 0), "{one:?} {other:?} {after:?}");

    let mut notified: BTreeMap<(String, String), usize> = BTreeMap::new();
    let mut emails = 0;
    for email in emails_to(DOMAIN).await {
        emails += 1;
        assert_eq!(email.to.len(), 1, "never a shared To line");
        for client in client_ids(&email.text) {
            *notified.entry((email.to[0].clone(), client)).or_default() += 1;
        }
    }
    let due: BTreeSet<(String, String)> = (0..scale.credentials)
        .flat_map(|number| {
            let account = number % scale.accounts;
            (0..MANAGERS)
                .map(move |manager| (format!("h{manager}.{account}@{DOMAIN}"), format!("client-{number}")))
        })
        .collect();
    let lost = due.iter().filter(|pair| !notified.contains_key(*pair)).count();
    let to_others = notified.keys().filter(|pair| !due.contains(*pair)).count();
    let repeated = emails - scale.accounts * MANAGERS;
    println!(
        "{} pairs of credential and manager, {kills} crashes, {emails} emails: {lost} lost, {repeated} repeated, \
         {to_others} to others",
        due.len()
    );
    assert_eq!((lost, to_others), (0, 0));
    assert!(repeated <= kills, "{repeated} emails were repeated, for {kills} crashes");
    assert!(kills * 2 > KILLS, "only {kills} crashes: the runs ended before");
}

/// The client ids in the text of an email.
fn client_ids(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'));
    words.filter(|word| word.starts_with("client-")).map(str::to_owned).collect()
}
