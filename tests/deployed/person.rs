//! A person signs in at the deployed pages, through API Gateway, and a client acts for them.

use super::life::arrived;
use super::say;
use super::stack::Stack;
use crate::interop;
use crate::support::browser::Browser;
use crate::support::codes::VERIFIER;
use crate::support::people::{Asking, CALLBACK, code_in};
use crate::support::served::ServedHouse;
use serde_json::json;

/// By a code that is mailed; with consent, tokens, a refresh, and the end of it all.
pub async fn signs_in(stack: &Stack, served: &ServedHouse) {
    let house = &served.house;
    let ann = house.member("ann").await;
    let grants = json!({ "grant_types": ["authorization_code", "refresh_token"] });
    let client = house.desk_like(&grants).await;
    let browser = Browser::new(house);
    let page = browser.addressed(&Asking::of(&client), &ann).await.expect(200);
    let code = code_in(&arrived(stack, &ann, "authorize").await);
    let page = browser.submit(&page.form("/code").with("code", &code)).await.expect(200);
    let (place, said) = browser.decide(&page, "allow").await.sent_to();
    assert_eq!((place.as_str(), &said["iss"], said["state"].as_str()), (CALLBACK, &served.issuer, "s t&te"));

    let exchange = async |form: String| {
        let ask = house.ask("POST", "/oauth/token").basic(&client.client_id, &client.client_secret);
        ask.form(&form).send().await
    };
    let code = &said["code"];
    let form =
        format!("grant_type=authorization_code&code={code}&redirect_uri={CALLBACK}&code_verifier={VERIFIER}");
    let tokens = exchange(form).await.expect(200);
    interop::every_verifier_takes(&served.issuer, &tokens.string("access_token")).await;
    let refresh = |token: String| format!("grant_type=refresh_token&refresh_token={token}");
    let next = exchange(refresh(tokens.string("refresh_token"))).await.expect(200);

    let consents = format!("{}/consents", client.path());
    let given = house.admin_ask("GET", &consents).await.send().await.expect(200).json();
    let sub = given["items"][0]["sub"].as_str().unwrap();
    house.admin_ask("DELETE", &format!("{consents}/{sub}")).await.send().await.expect(204);
    let refused = exchange(refresh(next.string("refresh_token"))).await.expect(400);
    assert_eq!(refused.string("error"), "invalid_grant");
    say(
        "a person signed in by a mailed code and consented; tokens came, one refresh, and none after the withdrawal",
    );
}
