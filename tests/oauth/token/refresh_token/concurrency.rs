//! Concurrent requests with one refresh token: all get the same successor.

use crate::support::app::TestApp;
use crate::support::sign_in::code_flow::{Tokens, refresh_form, with_client_auth};
use std::collections::BTreeSet;
use tokio::task::JoinSet;

const CONCURRENT_REQUESTS: usize = 100;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn concurrent_refreshes_get_the_same_successor() {
    let latchkey = TestApp::with_members().await;
    let app = latchkey.fixtures().code_flow_client().await;
    let tokens = latchkey.code_flow_tokens(&app).await;
    let mut tasks = JoinSet::new();
    for _ in 0..CONCURRENT_REQUESTS {
        tasks.spawn(
            with_client_auth(latchkey.request("POST", "/oauth/token"), &app, &refresh_form(&tokens.refresh))
                .send(),
        );
    }
    let responses = tasks.join_all().await;
    let issued: Vec<_> = responses.into_iter().map(|response| Tokens::of(&response.expect(200))).collect();
    let successors: BTreeSet<_> = issued.iter().map(|tokens| &tokens.refresh).collect();
    assert_eq!(successors.len(), 1, "within the grace period all get the one successor");
    assert_eq!(
        issued.iter().map(|tokens| &tokens.access).collect::<BTreeSet<_>>().len(),
        CONCURRENT_REQUESTS
    );
    let families = latchkey.inspect().grants("FAMILY#").await;
    assert_eq!(families.len(), 1);
    assert!(!families[0].contains_key("revoked_at"));

    let next = Tokens::of(&latchkey.refresh(&app, &issued[0].refresh, "").await.expect(200));
    assert!(latchkey.is_active(&app, &next.refresh).await);
    assert!(!latchkey.is_active(&app, &tokens.refresh).await, "one current generation, and its predecessor");
    assert!(latchkey.is_active(&app, &issued[0].refresh).await);
    assert!(latchkey.is_active(&app, &issued[99].access).await);
}
