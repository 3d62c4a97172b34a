//! Identities of platforms, and what can never match.

use super::*;
use crate::domain::primitives::validation::{FieldError, FromJson};
use serde_json::json;

const GITHUB: &str = "https://token.actions.githubusercontent.com";
const BITBUCKET: &str = "https://api.bitbucket.org/2.0/workspaces/acme/pipelines-config/identity/oidc";

fn errors(value: &Value) -> Vec<FieldError> {
    FederatedIdentity::from_json(value).expect_err("not legal")
}

fn paths(value: &Value) -> Vec<String> {
    errors(value).into_iter().map(|error| error.path).collect()
}

fn read(value: &Value) -> FederatedIdentity {
    FederatedIdentity::from_json(value).unwrap_or_else(|errors| panic!("{value}: {errors:?}"))
}

#[test]
fn issuer_audience_and_subject_are_required_and_no_other_member_is_allowed() {
    let good =
        json!({ "issuer": GITHUB, "subject": "repo:acme/shop:ref:refs/heads/main", "audience": "latchkey" });
    let identity = read(&good);
    assert_eq!(identity.subject.as_deref(), Some("repo:acme/shop:ref:refs/heads/main"));
    assert_eq!((identity.audience.as_str(), identity.claims.len()), ("latchkey", 0));
    assert_eq!(paths(&json!({})), ["issuer", "audience", "subject"]);
    assert_eq!(
        paths(&json!({ "issuer": "http://x.example", "subject": "", "audience": 7, "a/b": 1 })),
        ["a~1b", "issuer", "subject", "audience"]
    );
    assert_eq!(paths(&json!([])), [""]);
}

#[test]
fn what_can_never_match_is_refused_by_name() {
    for (member, value, said) in [
        ("subject", json!(" repo:acme/shop"), "blanks"),
        ("subject", json!("repo:acme/shop\n"), "blanks"),
        ("subject", json!("repo:acme/*"), "wildcard"),
        ("audience", json!("latchkey "), "blanks"),
        ("audience", json!("https://*.example.com"), "wildcard"),
        ("subject", json!("a\u{7}b"), "control"),
        ("subject", json!("s".repeat(513)), "512"),
        ("subject", json!(["a"]), "string"),
        ("claims/ref", json!("refs/heads/*"), "wildcard"),
        ("claims/ref", json!(" main"), "blanks"),
        ("claims/ref", json!(["main"]), "not a list"),
        ("claims/run", json!(1.5), "integer"),
        ("claims/run", json!(9_007_199_254_740_992_u64), "integer"),
        ("claims/sub", json!("x"), "member of its own"),
        ("claims/iat", json!(1), "member of its own"),
    ] {
        let mut identity = json!({ "issuer": GITHUB, "subject": "s", "audience": "a" });
        match member.strip_prefix("claims/") {
            Some(name) => identity["claims"] = json!({ name: value }),
            None => identity[member] = value,
        }
        let errors = errors(&identity);
        assert_eq!(errors[0].path, member, "{identity}");
        assert!(errors[0].detail.contains(said), "{identity}: {}", errors[0].detail);
    }
    for claims in [json!({}), json!([]), json!("x"), json!({"a":1,"b":1,"c":1,"d":1,"e":1,"f":1})] {
        assert_eq!(
            paths(&json!({ "issuer": GITHUB, "subject": "s", "audience": "a", "claims": claims })),
            ["claims"]
        );
    }
}

#[test]
fn a_subject_may_be_absent_only_beside_the_claim_that_tells_the_owner() {
    for (issuer, claims, is_legal) in [
        (GITHUB, json!({ "repository_id": "456789", "ref": "refs/heads/main" }), true),
        ("https://token.actions.githubusercontent.com/acme", json!({ "repository_owner_id": "1" }), true),
        (GITHUB, json!({ "repository": "acme/shop" }), false),
        ("https://gitlab.com", json!({ "project_id": "22", "ref_protected": "true" }), true),
        (BITBUCKET, json!({ "repositoryUuid": "{7b9d}" }), true),
        (BITBUCKET, json!({ "stepUuid": "{7b9d}" }), false),
        ("https://oidc.circleci.com/org/8b1d", json!({ "oidc.circleci.com/project-id": "c0" }), true),
        ("https://agent.buildkite.com", json!({ "pipeline_id": "p", "organization_slug": "acme" }), true),
        ("https://agent.buildkite.com", json!({ "pipeline_slug": "shop" }), false),
        ("https://oidc.fly.io/acme", json!({ "app_id": "1" }), true),
        ("https://oidc.fly.io", json!({ "app_id": "1" }), false),
        ("https://gitlab.com.example.com", json!({ "project_id": "22" }), false),
        ("https://issuer.example.com", json!({ "project_id": "22" }), false),
    ] {
        let identity = json!({ "issuer": issuer, "audience": "latchkey", "claims": claims });
        assert_eq!(FederatedIdentity::from_json(&identity).is_ok(), is_legal, "{identity}");
        let with_subject =
            json!({ "issuer": issuer, "audience": "latchkey", "claims": claims, "subject": "s" });
        assert!(FederatedIdentity::from_json(&with_subject).is_ok(), "{with_subject}");
    }
}

#[test]
fn what_is_shown_can_be_sent_again() {
    for sent in [
        json!({ "issuer": GITHUB, "subject": "s", "audience": "a" }),
        json!({ "issuer": GITHUB, "subject": "s", "audience": "a", "claims": { "ref": "x" } }),
        json!({ "issuer": GITHUB, "subject": null, "audience": "a", "claims": { "repository_id": "1" } }),
    ] {
        assert_eq!(read(&sent).to_json(), sent);
        assert_eq!(read(&read(&sent).to_json()), read(&sent));
    }
}

#[test]
fn subject_and_claims_are_compared_to_the_letter() {
    let by_claims = json!({
        "issuer": GITHUB, "audience": "latchkey",
        "claims": { "repository_id": "456789", "fork": false, "attempt": 1 },
    });
    let mut with_subject = by_claims.clone();
    with_subject["subject"] = json!("repo:acme@123456/shop@456789:ref:refs/heads/main");
    let (by_claims, with_subject) = (read(&by_claims), read(&with_subject));
    let token = json!({ "repository_id": "456789", "fork": false, "attempt": 1, "ref": "refs/heads/main" });
    let is_matched = |identity: &FederatedIdentity, subject: &str, change: Value| {
        let mut claims = token.as_object().expect("an object").clone();
        claims.extend(change.as_object().expect("an object").clone());
        identity.matches(subject, &claims)
    };
    assert!(is_matched(&by_claims, "any", json!({})));
    assert!(is_matched(&with_subject, "repo:acme@123456/shop@456789:ref:refs/heads/main", json!({})));
    assert!(!is_matched(&with_subject, "repo:acme/shop:ref:refs/heads/main", json!({})));
    for other in [
        json!({ "repository_id": "4567890" }),
        json!({ "repository_id": 456_789 }),
        json!({ "repository_id": null }),
        json!({ "repository_id": ["456789"] }),
        json!({ "fork": "false" }),
        json!({ "fork": true }),
        json!({ "attempt": "1" }),
        json!({ "attempt": 1.5 }),
    ] {
        assert!(!is_matched(&by_claims, "any", other.clone()), "{other}");
    }
}

/// Both forms of GitHub's subject, of which a repository sends one.
#[test]
fn old_and_new_subjects_of_github_are_different_identities() {
    let (old, new) =
        ("repo:acme/shop:ref:refs/heads/main", "repo:acme@123456/shop@456789:ref:refs/heads/main");
    for (own, other) in [(old, new), (new, old)] {
        let identity = read(&json!({ "issuer": GITHUB, "subject": own, "audience": "latchkey" }));
        assert!(identity.matches(own, &Map::new()) && !identity.matches(other, &Map::new()));
    }
}

#[test]
fn identities_with_claims_match_nothing_in_the_version_before() {
    let plain = json!({ "issuer": GITHUB, "subject": "s", "audience": "a" });
    assert_eq!(serde_json::to_value(read(&plain)).expect("JSON"), plain);
    for subject in [None, Some("s")] {
        let mut sent = json!({ "issuer": GITHUB, "audience": "a", "claims": { "repository_id": "1" } });
        if let Some(subject) = subject {
            sent["subject"] = json!(subject);
        }
        let identity = read(&sent);
        let stored = serde_json::to_value(&identity).expect("JSON");
        assert_eq!(stored["subject"], "", "no token has an empty subject");
        assert_eq!(serde_json::from_value::<FederatedIdentity>(stored).expect("as written"), identity);
    }
    // What that version writes again has lost its claims, and matches nothing here either.
    let left = json!({ "issuer": GITHUB, "subject": "", "audience": "a" });
    let left: FederatedIdentity = serde_json::from_value(left).expect("as written");
    assert!(!left.matches("s", &Map::new()));
}
