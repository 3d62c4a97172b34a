//! The program in the README that signs assertions: run as it stands there.

use super::dependencies;
use crate::support::crypto::assertions::form;
use crate::support::fixtures::ACCOUNT;
use crate::support::http_server::TestServer;
use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use std::path::Path;
use tokio::process::Command;

/// What stands between the lines `cat > assertion.py <<'PY'` and `PY`.
fn program() -> &'static str {
    let readme = include_str!("../../README.md");
    let (_, after) = readme.split_once("cat > assertion.py <<'PY'\n").expect("the program's beginning");
    after.split_once("\nPY\n").expect("the program's end").0
}

fn pem(label: &str, der: &[u8]) -> String {
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", STANDARD.encode(der))
}

#[tokio::test]
async fn the_readmes_program_signs_what_gets_its_client_a_token() {
    let served = TestServer::new().await;
    served.latchkey.seed().await;
    let pair = Ed25519KeyPair::generate().unwrap();
    let public: PublicKeyX509Der<'_> = pair.public_key().as_der().unwrap();
    let members = json!({
        "public_key_pem": pem("PUBLIC KEY", public.as_ref()), "permissions": [{ "resource": "backoffice_api" }],
    });
    let client = served.latchkey.client_like(ACCOUNT, &members).await;
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("readme-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let private = pair.to_pkcs8v1().unwrap();
    std::fs::write(folder.join("key.pem"), pem("PRIVATE KEY", private.as_ref())).unwrap();
    let mut command = Command::new(dependencies::python());
    command.args(["-B", "-c", program(), &client.client_id, &served.issuer]).current_dir(&folder);
    let output = command.output().await.unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let assertion = String::from_utf8(output.stdout).unwrap();
    let form = form(assertion.trim());
    served.latchkey.request("POST", "/oauth/token").form(&form).send().await.expect(200);
}
