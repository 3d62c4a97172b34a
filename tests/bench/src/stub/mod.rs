//! A stub of DynamoDB and Secrets Manager: responds to the calls of the measured functions, and counts them.
//!
//! `stub CLIENTS [CHAIN KEY]`: with a certificate chain and a key, both PEM files, it serves TLS.

mod directory;
mod grants;
mod item;

use crate::{Args, BoxError, fixture, print_json, tls};
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use directory::Directory;
use grants::Grants;
use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};
use shared::adapters::signing::{KeyRing, KeyRingDocument, VerificationKeysDocument};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::net::TcpListener;

struct Stub {
    directory: Directory,
    grants: Grants,
    ring: String,
    verification_keys: String,
    counts: Mutex<BTreeMap<String, u64>>,
}

#[tokio::main(flavor = "current_thread")]
pub async fn run(args: &Args) -> Result<(), BoxError> {
    let now = fixture::now();
    let ring = KeyRingDocument::generate(now)?.to_json()?.to_string();
    let jwks = KeyRing::parse(&ring)?.jwk_set().clone();
    let stub = Arc::new(Stub {
        directory: Directory::with(args.number(0)?, now)?,
        grants: Grants::default(),
        verification_keys: VerificationKeysDocument {
            jwks,
            ring_version: REQUEST_ID.to_owned(),
            published: Vec::new(),
        }
        .to_json()?,
        ring,
        counts: Mutex::default(),
    });
    let router = Router::new().route("/counts", get(counts)).fallback(handle).with_state(stub);
    let certificate = args.0.get(1..3);
    // `localhost` is bound at the first address it resolves to: a client that tried another one first would
    // connect twice.
    let listener =
        TcpListener::bind((if certificate.is_some() { "localhost" } else { "127.0.0.1" }, 0)).await?;
    print_json(&json!({ "port": listener.local_addr()?.port() }));
    match certificate {
        Some([chain, key]) => {
            axum::serve(tls::Listener::new(listener, chain, key)?, router).await?;
        }
        _ => axum::serve(listener, router).await?,
    }
    Ok(())
}

async fn counts(State(stub): State<Arc<Stub>>) -> Response {
    let counts = stub.counts.lock().unwrap_or_else(PoisonError::into_inner);
    axum::Json(&*counts).into_response()
}

async fn handle(State(stub): State<Arc<Stub>>, headers: HeaderMap, body: Bytes) -> Response {
    let target = headers.get("x-amz-target").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (service, operation) = target.split_once('.').unwrap_or_default();
    *stub.counts.lock().unwrap_or_else(PoisonError::into_inner).entry(operation.to_owned()).or_default() += 1;
    let response =
        serde_json::from_slice(&body).ok().and_then(|input: Value| stub.respond(operation, &input));
    let content_type = match service {
        "secretsmanager" => "application/x-amz-json-1.1",
        _ => "application/x-amz-json-1.0",
    };
    let headers = [("content-type", content_type), ("x-amzn-requestid", REQUEST_ID)];
    match response {
        Some(text) => (headers, text).into_response(),
        None => (StatusCode::BAD_REQUEST, headers, r#"{"__type":"ValidationException"}"#).into_response(),
    }
}

const REQUEST_ID: &str = "00000000-0000-4000-8000-000000000000";

impl Stub {
    /// The body of a response; `None` for a request that the measured functions do not make.
    fn respond(&self, operation: &str, input: &Value) -> Option<String> {
        match operation {
            "Query" => self.directory.query(input),
            "GetItem" => self.directory.get(input).or_else(|| self.grants.get(input)),
            "PutItem" => self.grants.put(input),
            "UpdateItem" => self.grants.update(input),
            // A created client is not read again, so it is not stored.
            "TransactWriteItems" => input["TransactItems"].is_array().then(|| "{}".to_owned()),
            "GetSecretValue" => self.secret_value(input),
            _ => None,
        }
    }

    fn secret_value(&self, input: &Value) -> Option<String> {
        let name = input["SecretId"].as_str()?;
        let value = match name {
            "pepper" => fixture::PEPPER,
            "public-keys" => &self.verification_keys,
            _ => &self.ring,
        };
        let response = json!({
            "ARN": format!("arn:aws:secretsmanager:eu-central-1:123456789012:secret:{name}-AbCdEf"),
            "CreatedDate": 1_760_000_000.25,
            "Name": name,
            "SecretString": value,
            "VersionId": REQUEST_ID,
            "VersionStages": ["AWSCURRENT"],
        });
        Some(response.to_string())
    }
}
