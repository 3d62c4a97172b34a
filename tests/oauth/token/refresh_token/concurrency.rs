//! Many at once with one refresh token: there is one successor, and all who get one get this.

use crate::support::app::TestApp;
use crate::support::sign_in::code_flow::{Tokens, refresh_form, said_by};
use std::collections::BTreeSet;
use tokio::task::JoinSet;

const CROWD: usize = 100;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn all_who_refresh_at_once_get_the_very_same_successor() {
    let latchkey = TestApp::with_members().await;
    let app = latchkey.app().await;
    let tokens = latchkey.signed_in(&app).await;
    let mut crowd = JoinSet::new();
    for _ in 0..CROWD {
        crowd.spawn(
            said_by(latchkey.request("POST", "/oauth/token"), &app, &refresh_form(&tokens.refresh)).send(),
        );
    }
    let answers = crowd.join_all().await;
    let given: Vec<_> = answers.into_iter().map(|answer| Tokens::of(&answer.expect(200))).collect();
    let successors: BTreeSet<_> = given.iter().map(|tokens| &tokens.refresh).collect();
    assert_eq!(successors.len(), 1, "within the grace time nobody is turned away, and there is one winner");
    assert_eq!(given.iter().map(|tokens| &tokens.access).collect::<BTreeSet<_>>().len(), CROWD);
    let families = latchkey.grants("FAMILY#").await;
    assert_eq!(families.len(), 1);
    assert!(!families[0].contains_key("revoked_at"));

    let next = Tokens::of(&latchkey.refresh(&app, &given[0].refresh, "").await.expect(200));
    assert!(latchkey.is_active(&app, &next.refresh).await);
    assert!(!latchkey.is_active(&app, &tokens.refresh).await, "one live generation, and the one before it");
    assert!(latchkey.is_active(&app, &given[0].refresh).await);
    assert!(latchkey.is_active(&app, &given[99].access).await);
}
