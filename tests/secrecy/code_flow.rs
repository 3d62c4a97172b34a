//! Codes, verifiers and refresh tokens: used, misused and misplaced.

use super::Marked;
use crate::support::answer::Answer;
use crate::support::codes::{Tokens, VERIFIER, code_form, refresh_form, said_by};
use crate::support::house::TestHouse;
use crate::support::kept_log::Kept;
use crate::support::things::TestClient;
use jiff::SignedDuration;
use serde_json::json;
use shared::domain::oauth::refresh_token::RefreshToken;

fn mark(marked: &mut Marked, tokens: &Tokens) {
    marked.add("a refresh token", &tokens.refresh);
    let parsed = RefreshToken::parse(&tokens.refresh).unwrap();
    marked.add("the handle of a family", parsed.handle());
    marked.add("the secret of a refresh token", parsed.secret());
    marked.add("an access token's signature", tokens.access.rsplit('.').next().unwrap());
}

/// Everything that a code and its tokens go through. Returns what was answered where something was wrong.
async fn live_through(house: &mut TestHouse, app: &TestClient, marked: &mut Marked) -> Vec<Answer> {
    let (code, spare) = (house.code(app).await, house.code(app).await);
    marked.add("a code", &code);
    marked.add("another code", &spare);
    let first = Tokens::of(&house.redeem(app, &code).await.expect(200));
    let second = Tokens::of(&house.refresh(app, &first.refresh, "").await.expect(200));
    house.refresh(app, &first.refresh, "").await.expect(200);
    mark(marked, &first);
    mark(marked, &second);
    let checker = house.client().await;
    for token in [&first.refresh, &second.refresh, &second.access, &spare] {
        house.introspect(&checker, token).await;
    }

    let (token, secret) = (&second.refresh, &checker.client_secret);
    marked.add("the checker's secret", secret);
    let (redemption, refresh) = (code_form(&spare, VERIFIER), refresh_form(token));
    let ask = |form: &str| said_by(house.ask("POST", "/oauth/token"), app, form);
    let plain = |form: &str| house.ask("POST", "/oauth/token").form(form);
    let bad = vec![
        ask(&redemption.replace(VERIFIER, &format!("{VERIFIER}0"))),
        ask(&format!("{redemption}&resource={token}")),
        ask(&format!("{redemption}&code={spare}")),
        ask(&redemption.replace("callback", token)),
        ask(&format!("{refresh}&scope={token}")),
        ask(&format!("{refresh}&scope={spare}")),
        ask(&format!("{refresh}&resource={spare}")),
        ask(&refresh_form(&spare)),
        ask(&code_form(token, VERIFIER)),
        ask(&format!("grant_type={token}")),
        plain(&format!("{refresh}&client_id={token}")),
        plain(&format!("{refresh}&client_id={token}&client_secret={token}")),
        plain(&format!("{refresh}&client_id={}&client_secret={token}", checker.client_id)),
        house.ask("POST", "/oauth/token").basic(token, token).form(&refresh),
        house.ask("POST", "/oauth/token").bearer(token).form(&refresh),
        house.ask("POST", &format!("/oauth/token?{refresh}")).form(&refresh),
        house.ask("POST", &format!("/oauth/token?code={spare}&code_verifier={VERIFIER}")).form(&redemption),
        house
            .ask("POST", "/oauth/token")
            .json(&json!({ "grant_type": "refresh_token", "refresh_token": [token] })),
        house.ask("POST", "/oauth/introspect").form(&format!("token={token}&client_id={token}")),
        house.ask("GET", &format!("/v1/accounts/{token}")).bearer(token),
    ];
    let mut errors = Vec::new();
    for ask in bad {
        let answer = ask.send().await;
        assert!(answer.status.is_client_error(), "{}: {}", answer.status, answer.text());
        errors.push(answer);
    }
    house.advance(SignedDuration::from_secs(31));
    errors.push(house.redeem(app, &code).await.expect(400));
    errors.push(house.refresh(app, &first.refresh, "").await.expect(400));
    let form = format!("token={}", second.refresh);
    said_by(house.ask("POST", "/oauth/revoke"), app, &form).send().await.expect(200);
    errors
}

#[tokio::test]
async fn no_code_verifier_or_refresh_token_is_in_any_log_error_or_table() {
    let log = Kept::default();
    let listening = log.listen();
    let mut house = TestHouse::inhabited().await;
    let mut marked = Marked::default();
    marked.add("the verifier", VERIFIER);
    let mut errors = Vec::new();
    for app in [house.app().await, house.public_app().await] {
        errors.extend(live_through(&mut house, &app, &mut marked).await);
    }
    drop(listening);
    let log = log.text();
    for said in ["token issued", "code_replayed", "token revoked", "token introspected"] {
        assert!(log.contains(said), "{said} was not logged");
    }
    marked.assert_absent("the log", &log);
    for error in &errors {
        marked.assert_absent("an error", &error.text());
    }
    assert!(!house.grants("FAMILY#").await.is_empty() && !house.grants("CODE#").await.is_empty());
    marked.assert_in_no_table(&house).await;
}
