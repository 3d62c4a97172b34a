//! Questions about tokens of an authorization, and their revocation, while a store is out of order: the right answer or
//! a 503, never "inactive" and never "revoked".

use crate::support::app::TestApp;
use crate::support::fault_injection::{FAULTS, assert_unavailable, cold_start, fault};
use crate::support::http::TestRequest;
use crate::support::sign_in::code_flow::said_by;
use std::sync::Arc;
use tokio::task::JoinSet;

/// What is asked about, the operation, and how many of the same operation come before it.
type Site = (&'static str, &'static str, usize);

#[tokio::test]
async fn introspection_is_503_whatever_is_out_of_order_and_never_inactive() {
    // The family, the member, the consent; and of an access token the deny-list too. The token's client.
    const SITES: [Site; 9] = [
        ("access", "GetItem", 0),
        ("access", "GetItem", 1),
        ("access", "GetItem", 2),
        ("access", "GetItem", 3),
        ("access", "Query", 2),
        ("refresh", "GetItem", 0),
        ("refresh", "GetItem", 1),
        ("refresh", "GetItem", 2),
        ("refresh", "Query", 2),
    ];
    let latchkey = Arc::new(TestApp::with_members().await);
    let (app, checker) = (latchkey.app().await, latchkey.client().await);
    let tokens = latchkey.signed_in(&app).await;
    let mut cases = JoinSet::new();
    for (kind, operation, before) in SITES {
        for name in FAULTS {
            let (latchkey, checker, tokens) = (Arc::clone(&latchkey), checker.clone(), tokens.clone());
            cases.spawn(async move {
                let case = format!("{kind} {operation} {before} {name}");
                let (function, _, proxy) = cold_start(&latchkey).await;
                let router = token::router(function);
                let token = if kind == "access" { &tokens.access } else { &tokens.refresh };
                let ask = || {
                    let ask = TestRequest::new(router.clone(), "POST", "/oauth/introspect");
                    said_by(ask, &checker, &format!("token={token}")).send()
                };
                proxy.inject(fault(name, operation).after(before));
                assert_unavailable(&ask().await, &case);
                proxy.clear();
                assert_eq!(ask().await.expect(200).json()["active"], true, "{case}");
            });
        }
    }
    cases.join_all().await;
}

#[tokio::test]
async fn revocation_is_503_whatever_is_out_of_order_and_can_be_repeated() {
    const SITES: [Site; 4] = [
        ("refresh", "GetItem", 0),
        ("refresh", "UpdateItem", 0),
        ("access", "PutItem", 0),
        ("access", "UpdateItem", 0),
    ];
    let latchkey = Arc::new(TestApp::with_members().await);
    let (app, checker) = (latchkey.app().await, latchkey.client().await);
    let mut cases = JoinSet::new();
    for (kind, operation, before) in SITES {
        for name in FAULTS {
            let tokens = latchkey.signed_in(&app).await;
            let (latchkey, app, checker) = (Arc::clone(&latchkey), app.clone(), checker.clone());
            cases.spawn(async move {
                let case = format!("{kind} {operation} {name}");
                let (function, _, proxy) = cold_start(&latchkey).await;
                let router = token::router(function);
                let token = if kind == "access" { &tokens.access } else { &tokens.refresh };
                let ask = || {
                    let ask = TestRequest::new(router.clone(), "POST", "/oauth/revoke");
                    said_by(ask, &app, &format!("token={token}")).send()
                };
                proxy.inject(fault(name, operation).after(before));
                assert_unavailable(&ask().await, &case);
                proxy.clear();
                ask().await.expect(200);
                for ended in [&tokens.access, &tokens.refresh] {
                    assert!(!latchkey.is_active(&checker, ended).await, "{case}: once it says so");
                }
            });
        }
    }
    cases.join_all().await;
}
