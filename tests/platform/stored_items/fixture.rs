//! The fixture: every stored item as an earlier version has written it, and the secrets that the items depend on.

use super::times::move_times;
use crate::support::app::TestApp;
use crate::support::aws;
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::{SignedDuration, Timestamp};
use local::server::{LocalConfig, LocalServer, config};
use serde_json::{Value, json};
use shared::app::{AwsClients, Config};
use std::collections::{BTreeMap, BTreeSet, HashMap};

pub type Item = HashMap<String, AttributeValue>;

/// Names of the top-level attributes of each item, by table, partition key and sort key.
pub type AttributeNames = BTreeMap<(String, String, String), BTreeSet<String>>;

/// The file, of which the items are in DynamoDB's JSON.
pub struct Fixture(Value);

impl Fixture {
    /// The items of version 0.1.0, with each of these words replaced.
    pub fn v0_1_0(replaced: &[(&str, &str)]) -> Self {
        let text = include_str!("v0.1.0.json").to_owned();
        let text = replaced.iter().fold(text, |text, (word, other)| text.replace(word, other));
        Self(serde_json::from_str(&text).unwrap())
    }

    /// Moves the times in the items by whole days, so that they were read less than a day before `now`.
    pub fn move_to(&mut self, now: Timestamp) {
        let read_at: Timestamp = self.text("/now").parse().unwrap();
        let days = (now.as_second() - read_at.as_second()).div_euclid(86_400);
        move_times(&mut self.0["tables"], days);
    }

    /// Replaces the value of an attribute in every item that has it.
    pub fn set_text(&mut self, attribute: &str, value: &str) {
        for items in self.0["tables"].as_object_mut().unwrap().values_mut() {
            for item in items.as_array_mut().unwrap() {
                if let Some(text) = item.get_mut(attribute) {
                    *text = json!({ "S": value });
                }
            }
        }
    }

    /// Each item, with the name of its table.
    pub fn items(&self) -> impl Iterator<Item = (&'static str, Item)> {
        TABLES.into_iter().flat_map(|table| {
            self.0["tables"][table].as_array().unwrap().iter().map(move |item| {
                let attributes = item.as_object().unwrap().iter();
                (table, attributes.map(|(name, value)| (name.clone(), attribute(value))).collect())
            })
        })
    }

    /// The value of a secret with a single version.
    pub fn secret(&self, name: &str) -> Value {
        let versions = &self.0["secrets"][format!("latchkey/local/{name}")];
        serde_json::from_str(versions[0]["value"].as_str().unwrap()).unwrap()
    }

    /// A plaintext by JSON pointer.
    #[track_caller]
    pub fn text(&self, pointer: &str) -> &str {
        let value = self.0["known"].pointer(pointer).and_then(Value::as_str);
        value.unwrap_or_else(|| panic!("no {pointer} in the fixture"))
    }

    /// Id and secret of a client.
    #[track_caller]
    pub fn credentials(&self, client: &str) -> (&str, &str) {
        let part = |name: &str| self.text(&format!("/clients/{client}/{name}"));
        (part("client_id"), part("client_secret"))
    }
}

/// A deployment that has the items of the fixture, at the time at which they were written.
pub struct Upgraded {
    pub app: TestApp,
    fixture: Fixture,
    before: AttributeNames,
}

const TABLES: [&str; 3] = ["directory", "grants", "audit"];

impl Upgraded {
    /// A new deployment with the items of version 0.1.0.
    pub async fn from_v0_1_0() -> Self {
        let fixture = Fixture::v0_1_0(&[]);
        let app = deployment(&fixture.0["secrets"]).await;
        let mut upgraded = Self { app, fixture, before: AttributeNames::new() };
        for (table, item) in upgraded.fixture.items() {
            upgraded.put(table, item).await;
        }
        let now: Timestamp = upgraded.text("/now").parse().unwrap();
        upgraded.app.set_time(now.checked_add(SignedDuration::from_secs(1)).unwrap());
        upgraded.before = upgraded.attribute_names().await;
        upgraded
    }

    /// What is known of the items in plaintext.
    pub fn known(&self) -> &Value {
        &self.fixture.0["known"]
    }

    #[track_caller]
    pub fn text(&self, pointer: &str) -> &str {
        self.fixture.text(pointer)
    }

    #[track_caller]
    pub fn credentials(&self, client: &str) -> (&str, &str) {
        self.fixture.credentials(client)
    }

    pub async fn put(&self, table: &str, item: Item) {
        let put = self.app.server.aws.dynamodb().put_item().table_name(self.table(table));
        put.set_item(Some(item)).send().await.unwrap();
    }

    pub fn table(&self, name: &str) -> String {
        table(&self.app.server.management.app.config, name)
    }

    /// The item with this key; fails the test if there is none.
    pub async fn item(&self, table: &str, pk: &str, sk: &str) -> Item {
        let get =
            self.app.server.aws.dynamodb().get_item().table_name(self.table(table)).consistent_read(true);
        let (pk_value, sk_value) = (AttributeValue::S(pk.to_owned()), AttributeValue::S(sk.to_owned()));
        let output = get.key("pk", pk_value).key("sk", sk_value).send().await.unwrap();
        output.item.unwrap_or_else(|| panic!("no {pk} {sk}"))
    }

    async fn attribute_names(&self) -> AttributeNames {
        let mut names = AttributeNames::new();
        for table in TABLES {
            for item in self.app.inspect().items(&self.table(table)).await {
                let key = |name: &str| item[name].as_s().unwrap().clone();
                names.insert((table.to_owned(), key("pk"), key("sk")), item.keys().cloned().collect());
            }
        }
        names
    }

    /// Fails the test if an item that exists still lacks an attribute that it had, but for those of a claim that ended.
    pub async fn assert_attributes_kept(&self) {
        for (key, names) in self.attribute_names().await {
            let Some(before) = self.before.get(&key) else { continue };
            let lost: Vec<_> = before
                .difference(&names)
                .filter(|name| !["held_by", "held_until"].contains(&name.as_str()))
                .collect();
            assert!(lost.is_empty(), "{key:?} has lost {lost:?}");
        }
    }
}

/// The table that has this name in the file.
pub fn table(config: &Config, name: &str) -> String {
    let tables = &config.tables;
    match name {
        "directory" => tables.directory.clone(),
        "grants" => tables.grants.clone(),
        _ => tables.audit.clone(),
    }
}

/// A deployment with the fixture's signing keys, pepper and stored client secrets.
async fn deployment(secrets: &Value) -> TestApp {
    let local = LocalConfig {
        aws_endpoint: aws::endpoint().to_owned(),
        issuer: crate::support::app::ISSUER.to_owned(),
        stage: crate::support::app::new_stage(),
    };
    let config = config(&local);
    let aws = AwsClients::new(&config.aws);
    for (name, versions) in secrets.as_object().unwrap() {
        let name = name.replace("latchkey/local/", &format!("latchkey/{}/", local.stage));
        let create = aws.secrets_manager().create_secret().name(&name);
        let versions = versions.as_array().unwrap();
        let is_simple = versions.len() == 1 && versions[0]["stages"] == serde_json::json!(["AWSCURRENT"]);
        if is_simple {
            create.secret_string(versions[0]["value"].as_str().unwrap()).send().await.unwrap();
            continue;
        }
        create.send().await.unwrap();
        for version in versions {
            let stages = version["stages"].as_array().unwrap().iter();
            let stages = stages.map(|stage| stage.as_str().unwrap().to_owned()).collect();
            let put =
                aws.secrets_manager().put_secret_value().secret_id(&name).set_version_stages(Some(stages));
            let put = put.client_request_token(version["version_id"].as_str().unwrap());
            put.secret_string(version["value"].as_str().unwrap()).send().await.unwrap();
        }
    }
    TestApp::from_server(LocalServer::build(local, config).await.unwrap())
}

/// An attribute value from DynamoDB's JSON.
pub fn attribute(value: &Value) -> AttributeValue {
    let (kind, value) = value.as_object().unwrap().iter().next().unwrap();
    let text = || value.as_str().unwrap().to_owned();
    match kind.as_str() {
        "S" => AttributeValue::S(text()),
        "N" => AttributeValue::N(text()),
        "B" => AttributeValue::B(Blob::new(STANDARD.decode(text()).unwrap())),
        "BOOL" => AttributeValue::Bool(value.as_bool().unwrap()),
        "NULL" => AttributeValue::Null(true),
        "L" => AttributeValue::L(value.as_array().unwrap().iter().map(attribute).collect()),
        "M" => {
            let members = value.as_object().unwrap().iter();
            AttributeValue::M(members.map(|(name, value)| (name.clone(), attribute(value))).collect())
        }
        "SS" => {
            let members = value.as_array().unwrap().iter();
            AttributeValue::Ss(members.map(|text| text.as_str().unwrap().to_owned()).collect())
        }
        _ => panic!("attribute type {kind}"),
    }
}
