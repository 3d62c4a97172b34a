//! DynamoDB and Secrets Manager as they answer the token function, and a count of what they were asked.
//! The table of clients is in memory, with as many as one likes.
//!
//! `stub CLIENTS [CHAIN KEY]`: PEM files; with them, over TLS.

use crate::{Failure, Words, fixture, say, tls};
use aws_sdk_dynamodb::types::AttributeValue;
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, StatusCode};
use serde_json::{Map, Value, json};
use shared::adapters::peppers::Peppers;
use shared::adapters::signing::RingDocument;
use shared::domain::ids::{ClientId, SecretId};
use shared::domain::secret::SecretDigest;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::net::TcpListener;

/// What stands in the template of an answer where each client has something of its own.
const ANY_CLIENT: &str = "any-client";
const ANY_DIGEST: [u8; 32] = [0; 32];

struct Row {
    secret_id: SecretId,
    digest: String,
}

struct Stub {
    table: HashMap<String, Row>,
    client_template: String,
    catalogue: String,
    ring: String,
    counts: Mutex<BTreeMap<String, u64>>,
}

#[tokio::main(flavor = "current_thread")]
pub async fn run(words: &Words) -> Result<(), Failure> {
    let stub = Arc::new(Stub::with(words.number(0)?)?);
    let router = Router::new().route("/counts", get(counts)).fallback(answer).with_state(stub);
    let certified = words.0.get(1..3);
    // At the address that its name leads to first: otherwise each connection would be tried twice.
    let listener =
        TcpListener::bind((if certified.is_some() { "localhost" } else { "127.0.0.1" }, 0)).await?;
    say(&json!({ "port": listener.local_addr()?.port() }));
    match certified {
        Some([chain, key]) => {
            axum::serve(tls::Listener::new(listener, chain, key)?, router).await?;
        }
        _ => axum::serve(listener, router).await?,
    }
    Ok(())
}

impl Stub {
    fn with(clients: u32) -> Result<Self, Failure> {
        let now = fixture::now();
        let peppers = Peppers::parse(fixture::PEPPER)?;
        let mut table = HashMap::new();
        for number in 0..clients {
            let digest = STANDARD.encode(fixture::digest(&peppers, number)?.digest);
            let row = Row { secret_id: fixture::secret_id(number), digest };
            table.insert(fixture::credentials(number)?.0.to_string(), row);
        }
        let digest = SecretDigest { pepper_id: "p1".to_owned(), digest: ANY_DIGEST.to_vec() };
        let secret = fixture::secret(any_secret(), digest, now);
        let client = fixture::client(ClientId::parse(ANY_CLIENT)?, now)?;
        let pk = format!("CLIENT#{ANY_CLIENT}");
        let items =
            [item(&client, &pk, "CLIENT")?, item(&secret, &pk, &format!("SECRET#{}", secret.secret_id))?];
        let mut resources = Vec::new();
        for (name, alg) in fixture::RESOURCES {
            let resource = fixture::resource(name, alg, now)?;
            resources.push(item(&resource, "CATALOGUE", &format!("RESOURCE#{name}"))?);
        }
        Ok(Self {
            table,
            client_template: found(&items),
            catalogue: found(&resources),
            ring: RingDocument::generate(now)?.to_json()?.to_string(),
            counts: Mutex::default(),
        })
    }

    fn query(&self, input: &Value) -> Option<String> {
        let pk = input.pointer("/ExpressionAttributeValues/:pk/S")?.as_str()?;
        if pk == "CATALOGUE" {
            return Some(self.catalogue.clone());
        }
        let id = pk.strip_prefix("CLIENT#")?;
        let Some(row) = self.table.get(id) else { return Some(found(&[])) };
        let text = self.client_template.replace(ANY_CLIENT, id);
        let text = text.replace(any_secret().as_str(), row.secret_id.as_str());
        Some(text.replace(&STANDARD.encode(ANY_DIGEST), &row.digest))
    }

    /// For the peers, which look a client up by its id and find its secret as it is.
    fn get(&self, input: &Value) -> Option<String> {
        let id = input.pointer("/Key/id/S")?.as_str()?;
        self.table.get(id)?;
        let number = id.strip_prefix("bench-")?.parse().ok()?;
        let (_, secret) = fixture::credentials(number).ok()?;
        let item = json!({ "id": { "S": id }, "client_secret": { "S": secret.expose() } });
        Some(json!({ "Item": item }).to_string())
    }

    fn secret_value(&self, input: &Value) -> Option<String> {
        let name = input["SecretId"].as_str()?;
        let value = if name == "pepper" { fixture::PEPPER } else { &self.ring };
        Some(json!({ "Name": name, "SecretString": value }).to_string())
    }
}

fn any_secret() -> SecretId {
    SecretId::from_entropy([0; 16])
}

async fn counts(State(stub): State<Arc<Stub>>) -> Response {
    let counts = stub.counts.lock().unwrap_or_else(PoisonError::into_inner);
    axum::Json(&*counts).into_response()
}

async fn answer(State(stub): State<Arc<Stub>>, headers: HeaderMap, body: Bytes) -> Response {
    let target = headers.get("x-amz-target").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let operation = target.rsplit('.').next().unwrap_or_default();
    *stub.counts.lock().unwrap_or_else(PoisonError::into_inner).entry(operation.to_owned()).or_default() += 1;
    let answer = serde_json::from_slice(&body).ok().and_then(|input: Value| match operation {
        "Query" => stub.query(&input),
        "GetItem" => stub.get(&input),
        "GetSecretValue" => stub.secret_value(&input),
        _ => None,
    });
    let content_type = [("content-type", "application/x-amz-json-1.0")];
    match answer {
        Some(text) => (content_type, text).into_response(),
        None => {
            (StatusCode::BAD_REQUEST, content_type, r#"{"__type":"ValidationException"}"#).into_response()
        }
    }
}

fn found(items: &[Value]) -> String {
    json!({ "Count": items.len(), "ScannedCount": items.len(), "Items": items }).to_string()
}

/// A record as DynamoDB writes it.
fn item(record: &impl serde::Serialize, pk: &str, sk: &str) -> Result<Value, Failure> {
    let mut attributes: HashMap<String, AttributeValue> = serde_dynamo::to_item(record)?;
    attributes.insert("pk".to_owned(), AttributeValue::S(pk.to_owned()));
    attributes.insert("sk".to_owned(), AttributeValue::S(sk.to_owned()));
    let members = attributes.iter().map(|(name, value)| Ok((name.clone(), wire(value)?)));
    Ok(Value::Object(members.collect::<Result<Map<_, _>, Failure>>()?))
}

fn wire(value: &AttributeValue) -> Result<Value, Failure> {
    Ok(match value {
        AttributeValue::S(text) => json!({ "S": text }),
        AttributeValue::N(number) => json!({ "N": number }),
        AttributeValue::Bool(truth) => json!({ "BOOL": truth }),
        AttributeValue::Null(_) => json!({ "NULL": true }),
        AttributeValue::B(bytes) => json!({ "B": STANDARD.encode(bytes) }),
        AttributeValue::L(list) => json!({ "L": list.iter().map(wire).collect::<Result<Vec<_>, _>>()? }),
        AttributeValue::M(map) => {
            let members = map.iter().map(|(name, value)| Ok((name.clone(), wire(value)?)));
            json!({ "M": members.collect::<Result<Map<_, _>, Failure>>()? })
        }
        other => return Err(format!("no item of ours has {other:?}").into()),
    })
}
