//! The programs of an API that verifies tokens.

use super::{Site, codes, folder, run};
use crate::interop::dependencies;
use crate::support::fixtures::{ACCOUNT, AUDIENCE};
use serde_json::json;
use std::process::Command;
use std::sync::atomic::Ordering;

#[tokio::test]
async fn program_of_an_api_verifies_a_token_and_refuses_another_audience() {
    let site = Site::new().await;
    site.requests.store(1, Ordering::SeqCst);
    let browser = site.latchkey.administrator_in_console().await;
    let (id, secret) = site.client(json!({})).await;
    let page = format!("/console/accounts/{ACCOUNT}/clients/{id}/use");
    let program = codes(&browser.get(&page).await.expect(200).text()).remove(1);
    assert!(program.contains(AUDIENCE) && program.contains(&site.issuer), "{program}");
    let token = site.latchkey.token(&id, &secret, "").await.expect(200).json();
    let folder = folder("verify");
    for (audience, verifies) in [(AUDIENCE, true), ("https://other.example.com", false)] {
        std::fs::write(folder.join("verify_program.py"), program.replace(AUDIENCE, audience)).unwrap();
        let mut command = Command::new(dependencies::python());
        let call = "import os, jwt, verify_program as v\ntry: print(v.verify(os.environ['TOKEN'])['scope'])\nexcept jwt.InvalidTokenError: print('refused')";
        command
            .args(["-B", "-c", call])
            .env("PYTHONPATH", &folder)
            .env("TOKEN", token["access_token"].as_str().unwrap());
        let printed = run(command).await;
        assert_eq!(printed.trim(), if verifies { "orders:read" } else { "refused" });
    }
}

#[tokio::test]
async fn aws_jwt_verify_takes_a_token_and_refuses_another_audience() {
    let site = Site::new().await;
    site.requests.store(1, Ordering::SeqCst);
    let browser = site.latchkey.administrator_in_console().await;
    let (id, secret) = site.client(json!({})).await;
    let page = format!("/console/accounts/{ACCOUNT}/clients/{id}/use");
    let program = codes(&browser.get(&page).await.expect(200).text()).remove(2);
    assert!(program.contains("aws-jwt-verify") && program.contains(AUDIENCE), "{program}");
    let token = site.latchkey.token(&id, &secret, "").await.expect(200).json();
    let Some(folder) = dependencies::node() else { return };
    for (number, (audience, verifies)) in
        [(AUDIENCE, true), ("https://other.example.com", false)].into_iter().enumerate()
    {
        let file = folder.join(format!("verify_program_{number}.mjs"));
        std::fs::write(&file, program.replace(AUDIENCE, audience)).unwrap();
        // The library fetches keys over https only: on loopback they are put into its cache.
        let call = format!(
            "const v = await import(\"{}\"); v.verifier.cacheJwks(await (await fetch(process.env.KEYS)).json());\
             try {{ console.log((await v.verify(process.env.TOKEN)).scope) }} catch {{ console.log('refused') }}",
            file.display()
        );
        let mut command = Command::new("node");
        command
            .args(["--input-type=module", "--eval", &call])
            .env("KEYS", format!("{}/.well-known/jwks.json", site.issuer))
            .env("TOKEN", token["access_token"].as_str().unwrap());
        let printed = run(command).await;
        assert_eq!(printed.trim(), if verifies { "orders:read" } else { "refused" });
    }
}
