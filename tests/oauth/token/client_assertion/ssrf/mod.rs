//! Server-side request forgery: Latchkey connects to public addresses only, whatever a client's registration,
//! the DNS or a response contains. Each line of the table is one attempt; the attacker holds the keys that
//! would be accepted if it succeeded.

mod table;

use crate::oauth::token::client_assertion::{client_with, new_claims, send};
use crate::support::app::{ISSUER, TestApp};
use crate::support::crypto::assertions::{TestKey, claims, form};
use crate::support::fake_internet::{FakeInternet, HostResponse, PUBLIC, PUBLIC_V6, addresses};
use crate::support::fixtures::ACCOUNT;
use jiff::SignedDuration;
use serde_json::{Value, json};
use shared::adapters::remote::{FetchError, Fetcher};
use std::collections::BTreeSet;
use table::{SsrfAttempt, TABLE};

/// A deployment under attack, and the keys that must not be accepted.
struct Attacker {
    internet: FakeInternet,
    latchkey: TestApp,
    key: TestKey,
    /// The response to a failed client authentication.
    invalid_client: (u16, String, Vec<(String, String)>),
}

impl Attacker {
    async fn new() -> Self {
        let internet = FakeInternet::start().await;
        let latchkey = internet.latchkey().await;
        let invalid_client = latchkey.token("unknown", "x", "").await.expect(401).dump();
        // Internal names in the table resolve to their own addresses, and would respond.
        let key = TestKey::new("ES256");
        for (host, address) in table::INSIDE {
            internet.publish(host, "/keys", &key.jwks());
            internet.network.resolve(host, [addresses(&[address])]);
        }
        internet.publish("other.example.com", "/keys", &key.jwks());
        Self { internet, latchkey, key, invalid_client }
    }

    /// The status when a client whose keys are at this URL authenticates. A failure has to be the usual 401.
    async fn authenticates(&self, jwks_uri: &str) -> u16 {
        let client = client_with(&self.latchkey, &json!({ "jwks_uri": jwks_uri })).await;
        let response = send(&self.latchkey, &self.key.assert(&new_claims(&self.latchkey, &client))).await;
        if response.status != 200 {
            assert_eq!(response.dump(), self.invalid_client, "{jwks_uri}");
        }
        response.status.as_u16()
    }

    /// The same for a workload of this issuer.
    async fn authenticates_by_issuer(&self, issuer: &str) -> u16 {
        let identity = json!({ "issuer": issuer, "subject": "job", "audience": "latchkey" });
        let client = client_with(&self.latchkey, &json!({ "federated_identities": [identity] })).await;
        let mut claims = claims(issuer, "latchkey", self.latchkey.now().as_second());
        claims["sub"] = json!("job");
        let form = format!("{}&client_id={client}", form(&self.key.assert(&claims)));
        let response = self.latchkey.request("POST", "/oauth/token").form(&form).send().await;
        if response.status != 200 {
            assert_eq!(response.dump(), self.invalid_client, "{issuer}");
        }
        response.status.as_u16()
    }

    /// The URL is rejected at registration, and when it is fetched.
    async fn rejects_url(&self, url: &str) {
        let clients = format!("/v1/accounts/{ACCOUNT}/clients");
        let identity = json!({ "issuer": url, "subject": "job", "audience": "latchkey" });
        let body = json!({ "client_name": "x", "jwks_uri": url, "federated_identities": [identity] });
        let response =
            self.latchkey.admin_request("POST", &clients).await.json(&body).send().await.expect(422);
        let mut pointers = response.pointers();
        pointers.sort();
        assert_eq!(pointers, ["#/federated_identities/0/issuer", "#/jwks_uri"], "{url}");
        let fetched = Fetcher::new(self.internet.internet()).get_json(url).await;
        assert!(
            matches!(fetched, Err(FetchError::Url | FetchError::NotPublic | FetchError::NotFound)),
            "{url}"
        );
    }

    async fn run_attempt(&self, number: usize, attempt: &SsrfAttempt) {
        let host = format!("h{number}.example.com");
        let uri = format!("https://{host}/keys");
        match *attempt {
            SsrfAttempt::Register(url) => self.rejects_url(url).await,
            SsrfAttempt::Resolve(found) => {
                self.internet.publish(&host, "/keys", &self.key.jwks());
                self.internet.network.resolve(&host, [addresses(found)]);
                assert_eq!(self.authenticates(&uri).await, 401);
                let fetched = Fetcher::new(self.internet.internet()).get_json(&uri).await;
                assert!(matches!(fetched, Err(FetchError::NotPublic | FetchError::NotFound)));
            }
            SsrfAttempt::Redirect(status, location) => {
                let location = location.replace("{self}", &uri);
                let reply = HostResponse::redirect(status, &location, &self.key.jwks());
                self.internet.respond_with(&host, "/keys", reply);
                assert_eq!(self.authenticates(&uri).await, 401);
                assert_eq!(self.internet.requested(&host), ["/keys"], "the redirect is not followed");
            }
            SsrfAttempt::Discover(keys_at) => {
                let issuer = format!("https://{host}");
                let description = json!({ "issuer": issuer, "jwks_uri": keys_at.replace("{self}", &issuer) });
                self.rejects_metadata(&host, HostResponse::json(&description)).await;
            }
            SsrfAttempt::DiscoverRedirect(location) => {
                self.rejects_metadata(&host, HostResponse::redirect(302, location, &json!({}))).await;
            }
            SsrfAttempt::DiscoverThenResolve(found) => {
                self.internet.publish_issuer(&host, &self.key.jwks());
                self.internet.network.resolve(&host, [addresses(&[PUBLIC]), addresses(found)]);
                assert_eq!(self.authenticates_by_issuer(&format!("https://{host}")).await, 401);
                assert_eq!(self.internet.requested(&host), ["/.well-known/openid-configuration"]);
            }
        }
    }

    /// The issuer's metadata is fetched, and nothing else.
    async fn rejects_metadata(&self, host: &str, reply: HostResponse) {
        self.internet.respond_with(host, "/.well-known/openid-configuration", reply);
        self.internet.publish(host, "/keys", &self.key.jwks());
        assert_eq!(self.authenticates_by_issuer(&format!("https://{host}")).await, 401);
        assert_eq!(self.internet.requested(host), ["/.well-known/openid-configuration"]);
    }
}

#[tokio::test]
async fn attacks_connect_to_public_addresses_only() {
    let attacker = Attacker::new().await;
    let internet = &attacker.internet;
    assert!(TABLE.len() >= 60, "{}", TABLE.len());
    assert_eq!(TABLE.iter().map(|(what, _)| what).collect::<BTreeSet<_>>().len(), TABLE.len());
    for (number, (what, attempt)) in TABLE.iter().enumerate() {
        let before = internet.connections();
        println!("{what}: {attempt:?}");
        attacker.run_attempt(number, attempt).await;
        let dialled = internet.network.dialled().split_off(before);
        let expected = usize::from(attempt.connects_to_public_host());
        assert_eq!(dialled.len(), expected, "{what}: {dialled:?}");
        assert!(dialled.iter().all(|address| *address == format!("{PUBLIC}:443").parse().unwrap()), "{what}");
    }
    for (host, _) in table::INSIDE {
        assert_eq!(internet.requested(host), [""; 0], "{host}");
    }
    assert_eq!(internet.requested("other.example.com"), [""; 0]);
    println!("{} variants, no connection to an address that is not public", TABLE.len());
}

#[tokio::test]
async fn same_setup_without_attack_authenticates() {
    let attacker = Attacker::new().await;
    for (number, found) in [&[PUBLIC][..], &[PUBLIC_V6], &[PUBLIC_V6, PUBLIC]].into_iter().enumerate() {
        let host = format!("good{number}.example.com");
        attacker.internet.publish_issuer(&host, &attacker.key.jwks());
        attacker.internet.network.resolve(&host, [addresses(found)]);
        assert_eq!(attacker.authenticates(&format!("https://{host}/keys")).await, 200);
        assert_eq!(attacker.authenticates_by_issuer(&format!("https://{host}")).await, 200);
    }
}

#[tokio::test]
async fn rebound_name_is_dialled_at_its_checked_address() {
    let attacker = Attacker::new().await;
    let (internet, mut latchkey) = (&attacker.internet, attacker.latchkey);
    internet.publish("rebinds.example.com", "/keys", &attacker.key.jwks());
    internet.network.resolve(
        "rebinds.example.com",
        [addresses(&[PUBLIC]), addresses(&["169.254.169.254"]), addresses(&["127.0.0.1"])],
    );
    let client = client_with(&latchkey, &json!({ "jwks_uri": "https://rebinds.example.com/keys" })).await;
    for _ in 0..3 {
        send(&latchkey, &attacker.key.assert(&new_claims(&latchkey, &client))).await.expect(200);
        // The cached keys have expired, so the name is resolved again, now to another address: the stale keys
        // stay.
        latchkey.advance(SignedDuration::from_mins(6));
    }
    assert_eq!(internet.network.dialled(), [format!("{PUBLIC}:443").parse().unwrap()]);
    assert_eq!(internet.requested("rebinds.example.com").len(), 1);
}

#[tokio::test]
async fn invalid_stored_url_is_not_fetched() {
    let attacker = Attacker::new().await;
    let latchkey = &attacker.latchkey;
    let client = client_with(latchkey, &json!({ "jwks_uri": "https://good.example.com/keys" })).await;
    let table = &latchkey.server.management.app.config.tables.directory;
    let partition = latchkey.inspect().partition(&format!("CLIENT#{client}")).await;
    for url in ["http://inside.example.com/keys", "https://127.0.0.1/keys", "https://localhost/keys"] {
        let mut item = partition[0].clone();
        let text = aws_sdk_dynamodb::types::AttributeValue::S(url.to_owned());
        let source = [("jwks_uri".to_owned(), text)].into();
        item.insert("key_source".to_owned(), aws_sdk_dynamodb::types::AttributeValue::M(source));
        latchkey
            .server
            .aws
            .dynamodb()
            .put_item()
            .table_name(table)
            .set_item(Some(item))
            .send()
            .await
            .unwrap();
        // An item that cannot be parsed is a backend error: no client, and no connection.
        send(latchkey, &attacker.key.assert(&new_claims(latchkey, &client))).await.expect(503);
    }
    assert_eq!(attacker.internet.connections(), 0);
}

#[tokio::test]
async fn metadata_of_another_issuer_is_rejected() {
    let attacker = Attacker::new().await;
    let well_known = "/.well-known/openid-configuration";
    for (number, described) in [
        json!("https://other.example.com"),
        json!("https://issuer1.example.com/"),
        json!("HTTPS://issuer2.example.com"),
        json!("https://ISSUER3.example.com"),
        json!("https://issuer4.example.com:443"),
        json!("http://issuer5.example.com"),
        json!(ISSUER),
        json!(["https://issuer7.example.com"]),
        Value::Null,
        json!(""),
    ]
    .into_iter()
    .enumerate()
    {
        let host = format!("issuer{number}.example.com");
        let description = json!({ "issuer": described, "jwks_uri": format!("https://{host}/keys") });
        attacker.internet.publish(&host, "/keys", &attacker.key.jwks());
        attacker.internet.publish(&host, well_known, &description);
        assert_eq!(attacker.authenticates_by_issuer(&format!("https://{host}")).await, 401, "{described}");
        assert_eq!(attacker.internet.requested(&host), [well_known]);
    }
}
