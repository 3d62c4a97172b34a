//! Pages of another origin than Latchkey's that run the code flow in a browser.

use super::setup::Setup;
use super::{BOTH, OPENID_CLIENT};
use serde_json::json;

/// The page redeems its code, refreshes and revokes. Its redirect URI has an empty path.
async fn check_page(library: &'static str) {
    let Some(setup) = Setup::new(&format!("page-{library}")).await else { return };
    let members = json!({ "token_endpoint_auth_method": "none", "redirect_uris": ["http://127.0.0.1"] });
    let application = setup.application(OPENID_CLIENT, &members).await;
    let result = setup.page(library, &application.client_id).await;
    assert_eq!(result, json!({ "granted": BOTH, "refreshed": BOTH, "revoked": true }));
}

#[tokio::test]
async fn oidc_client_ts_completes_the_code_flow_in_a_page() {
    check_page("oidc-client-ts").await;
}

#[tokio::test]
async fn arctic_completes_the_code_flow_in_a_page() {
    check_page("arctic").await;
}
