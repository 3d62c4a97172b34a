//! Nobody makes Latchkey connect to anything but a host out on the Internet, whatever a client's registration,
//! the DNS or an answer says. One table: each line is an attempt of somebody who holds the keys that would be
//! taken if it succeeded.

mod table;

use crate::oauth::token::client_assertion::{client_with, fresh, send};
use crate::support::app::{ISSUER, TestApp};
use crate::support::crypto::assertions::{TestKey, claims, form};
use crate::support::fake_internet::{FakeInternet, PUBLIC, PUBLIC_V6, Reply, addresses};
use crate::support::fixtures::ACCOUNT;
use jiff::SignedDuration;
use serde_json::{Value, json};
use shared::adapters::remote::{FetchError, Fetcher};
use std::collections::BTreeSet;
use table::{Attempt, TABLE};

/// Somewhere to try from, with the keys that must not be taken.
struct Attacker {
    outside: FakeInternet,
    latchkey: TestApp,
    key: TestKey,
    /// What a failed authentication gets.
    usual: (u16, String, Vec<(String, String)>),
}

impl Attacker {
    async fn new() -> Self {
        let outside = FakeInternet::start().await;
        let latchkey = outside.latchkey().await;
        let usual = latchkey.token("nobody", "x", "").await.expect(401).dump();
        // Names of the inside that the table points at: their addresses are their own, and they would answer.
        let key = TestKey::new("ES256");
        for (host, address) in table::INSIDE {
            outside.publish(host, "/keys", &key.jwks());
            outside.rehearsal.resolve(host, [addresses(&[address])]);
        }
        outside.publish("other.example.com", "/keys", &key.jwks());
        Self { outside, latchkey, key, usual }
    }

    /// A client whose keys are at this URL authenticates; was it the usual 401?
    async fn authenticates(&self, jwks_uri: &str) -> u16 {
        let client = client_with(&self.latchkey, &json!({ "jwks_uri": jwks_uri })).await;
        let answer = send(&self.latchkey, &self.key.assert(&fresh(&self.latchkey, &client))).await;
        if answer.status != 200 {
            assert_eq!(answer.dump(), self.usual, "{jwks_uri}");
        }
        answer.status.as_u16()
    }

    /// The same of a workload of this issuer.
    async fn is_vouched_for(&self, issuer: &str) -> u16 {
        let identity = json!({ "issuer": issuer, "subject": "job", "audience": "latchkey" });
        let client = client_with(&self.latchkey, &json!({ "federated_identities": [identity] })).await;
        let mut claims = claims(issuer, "latchkey", self.latchkey.now().as_second());
        claims["sub"] = json!("job");
        let form = format!("{}&client_id={client}", form(&self.key.assert(&claims)));
        let answer = self.latchkey.request("POST", "/oauth/token").form(&form).send().await;
        if answer.status != 200 {
            assert_eq!(answer.dump(), self.usual, "{issuer}");
        }
        answer.status.as_u16()
    }

    /// A URL is refused where clients are registered, and where it would be fetched.
    async fn registers_and_fetches(&self, url: &str) {
        let clients = format!("/v1/accounts/{ACCOUNT}/clients");
        let identity = json!({ "issuer": url, "subject": "job", "audience": "latchkey" });
        let body = json!({ "client_name": "x", "jwks_uri": url, "federated_identities": [identity] });
        let answer = self.latchkey.admin_request("POST", &clients).await.json(&body).send().await.expect(422);
        assert_eq!(answer.pointers(), ["#/federated_identities/0/issuer", "#/jwks_uri"], "{url}");
        let fetched = Fetcher::new(self.outside.internet()).get_json(url).await;
        assert!(
            matches!(fetched, Err(FetchError::Url | FetchError::NotPublic | FetchError::NotFound)),
            "{url}"
        );
    }

    async fn try_it(&self, number: usize, attempt: &Attempt) {
        let host = format!("h{number}.example.com");
        let uri = format!("https://{host}/keys");
        match *attempt {
            Attempt::Register(url) => self.registers_and_fetches(url).await,
            Attempt::Resolve(found) => {
                self.outside.publish(&host, "/keys", &self.key.jwks());
                self.outside.rehearsal.resolve(&host, [addresses(found)]);
                assert_eq!(self.authenticates(&uri).await, 401);
                let fetched = Fetcher::new(self.outside.internet()).get_json(&uri).await;
                assert!(matches!(fetched, Err(FetchError::NotPublic | FetchError::NotFound)));
            }
            Attempt::Redirect(status, location) => {
                let location = location.replace("{self}", &uri);
                let reply = Reply::redirect(status, &location, &self.key.jwks());
                self.outside.respond_with(&host, "/keys", reply);
                assert_eq!(self.authenticates(&uri).await, 401);
                assert_eq!(self.outside.requested(&host), ["/keys"], "it is not followed");
            }
            Attempt::Discover(keys_at) => {
                let issuer = format!("https://{host}");
                let description = json!({ "issuer": issuer, "jwks_uri": keys_at.replace("{self}", &issuer) });
                self.discovers(&host, Reply::json(&description)).await;
            }
            Attempt::DiscoverRedirect(location) => {
                self.discovers(&host, Reply::redirect(302, location, &json!({}))).await;
            }
            Attempt::DiscoverThenResolve(found) => {
                self.outside.publish_issuer(&host, &self.key.jwks());
                self.outside.rehearsal.resolve(&host, [addresses(&[PUBLIC]), addresses(found)]);
                assert_eq!(self.is_vouched_for(&format!("https://{host}")).await, 401);
                assert_eq!(self.outside.requested(&host), ["/.well-known/openid-configuration"]);
            }
        }
    }

    /// An issuer describes itself, and nothing more is asked of anybody.
    async fn discovers(&self, host: &str, reply: Reply) {
        self.outside.respond_with(host, "/.well-known/openid-configuration", reply);
        self.outside.publish(host, "/keys", &self.key.jwks());
        assert_eq!(self.is_vouched_for(&format!("https://{host}")).await, 401);
        assert_eq!(self.outside.requested(host), ["/.well-known/openid-configuration"]);
    }
}

#[tokio::test]
async fn whatever_is_tried_no_connection_leads_anywhere_but_out() {
    let attacker = Attacker::new().await;
    let outside = &attacker.outside;
    assert!(TABLE.len() >= 60, "{}", TABLE.len());
    assert_eq!(TABLE.iter().map(|(what, _)| what).collect::<BTreeSet<_>>().len(), TABLE.len());
    for (number, (what, attempt)) in TABLE.iter().enumerate() {
        let before = outside.connections();
        println!("{what}: {attempt:?}");
        attacker.try_it(number, attempt).await;
        let dialled = outside.rehearsal.dialled().split_off(before);
        let expected = usize::from(attempt.asks_the_host_first());
        assert_eq!(dialled.len(), expected, "{what}: {dialled:?}");
        assert!(dialled.iter().all(|address| *address == format!("{PUBLIC}:443").parse().unwrap()), "{what}");
    }
    for (host, _) in table::INSIDE {
        assert_eq!(outside.requested(host), [""; 0], "{host}");
    }
    assert_eq!(outside.requested("other.example.com"), [""; 0]);
    println!("{} variants, no connection to an address that is not public", TABLE.len());
}

#[tokio::test]
async fn without_the_attack_the_same_attacker_would_get_in() {
    let attacker = Attacker::new().await;
    for (number, found) in [&[PUBLIC][..], &[PUBLIC_V6], &[PUBLIC_V6, PUBLIC]].into_iter().enumerate() {
        let host = format!("good{number}.example.com");
        attacker.outside.publish_issuer(&host, &attacker.key.jwks());
        attacker.outside.rehearsal.resolve(&host, [addresses(found)]);
        assert_eq!(attacker.authenticates(&format!("https://{host}/keys")).await, 200);
        assert_eq!(attacker.is_vouched_for(&format!("https://{host}")).await, 200);
    }
}

#[tokio::test]
async fn a_name_that_points_elsewhere_a_moment_later_is_connected_to_where_it_pointed_first() {
    let attacker = Attacker::new().await;
    let (outside, mut latchkey) = (&attacker.outside, attacker.latchkey);
    outside.publish("rebinds.example.com", "/keys", &attacker.key.jwks());
    outside.rehearsal.resolve(
        "rebinds.example.com",
        [addresses(&[PUBLIC]), addresses(&["169.254.169.254"]), addresses(&["127.0.0.1"])],
    );
    let client = client_with(&latchkey, &json!({ "jwks_uri": "https://rebinds.example.com/keys" })).await;
    for _ in 0..3 {
        send(&latchkey, &attacker.key.assert(&fresh(&latchkey, &client))).await.expect(200);
        // Too old by now, so the name is looked up again, and is not what it was: the keys of before stay.
        latchkey.advance(SignedDuration::from_mins(6));
    }
    assert_eq!(outside.rehearsal.dialled(), [format!("{PUBLIC}:443").parse().unwrap()]);
    assert_eq!(outside.requested("rebinds.example.com").len(), 1);
}

#[tokio::test]
async fn what_registration_would_refuse_is_not_fetched_when_it_stands_in_the_table() {
    let attacker = Attacker::new().await;
    let latchkey = &attacker.latchkey;
    let client = client_with(latchkey, &json!({ "jwks_uri": "https://good.example.com/keys" })).await;
    let table = &latchkey.server.management.app.config.tables.directory;
    let partition = latchkey.partition(&format!("CLIENT#{client}")).await;
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
        // What cannot be read is a fault in the store: no client, and no connection.
        send(latchkey, &attacker.key.assert(&fresh(latchkey, &client))).await.expect(503);
    }
    assert_eq!(attacker.outside.connections(), 0);
}

#[tokio::test]
async fn an_issuer_that_describes_another_one_is_not_believed() {
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
        attacker.outside.publish(&host, "/keys", &attacker.key.jwks());
        attacker.outside.publish(&host, well_known, &description);
        assert_eq!(attacker.is_vouched_for(&format!("https://{host}")).await, 401, "{described}");
        assert_eq!(attacker.outside.requested(&host), [well_known]);
    }
}
