//! The audit trail of an account: sentences, filters, pages.

use crate::support::app::TestApp;
use crate::support::fixtures::ACCOUNT;
use crate::support::sign_in::browser::Browser;
use jiff::civil::Date;
use jiff::{SignedDuration, ToSpan};
use serde_json::json;

fn page() -> String {
    format!("/console/accounts/{ACCOUNT}/audit")
}

#[tokio::test]
async fn entries_are_sentences_with_the_values_before_and_after() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client_with(ACCOUNT, &json!({ "client_name": "Order <sync>" })).await;
    let allowed = json!({ "allowed_ips": ["203.0.113.0/24"], "description": "d" });
    latchkey.admin_request("PATCH", &client.path()).await.json(&allowed).send().await.expect(200);
    let added = latchkey.admin_request("POST", &client.secrets()).await.send().await.expect(201);
    let second = client.secret(&added.string("secret_id"));
    latchkey.admin_request("DELETE", &second).await.send().await.expect(204);
    let browser = latchkey.administrator_in_console().await;
    let visit = browser.get(&page()).await.expect(200);
    let secret = added.string("client_secret");
    let hint = &secret[secret.len() - 4..];
    let visit = visit
        .expect_text(&format!("The operator revoked secret …{hint} of Order <sync>"))
        .expect_text(&format!("The operator added secret …{hint} to Order <sync>"))
        .expect_text("The operator changed Order <sync>")
        .expect_text("Changed: Description")
        .expect_text("allowed_ips")
        .expect_text("203.0.113.0/24")
        .expect_text("signed in to the console");
    assert!(!visit.text().contains("<sync>"), "a name is no markup");
    let text = visit.text();
    assert!(text.find("revoked secret").unwrap() < text.find("added secret").unwrap(), "the newest first");
    assert!(visit.contains_text("192.0.2.1"), "the address of the person who signed in");
}

#[tokio::test]
async fn filters_narrow_and_say_what_they_cannot_read() {
    let mut latchkey = TestApp::with_fixtures().await;
    latchkey.set_time("2027-03-01T12:00:00Z".parse().unwrap());
    let (one, two) = (latchkey.fixtures().client().await, latchkey.fixtures().client().await);
    latchkey.set_time("2027-03-02T12:00:00Z".parse().unwrap());
    latchkey.admin_request("POST", &format!("{}/disable", two.path())).await.send().await.expect(200);
    latchkey.admin_request("POST", &one.secrets()).await.send().await.expect(201);
    let browser = latchkey.administrator_in_console().await;
    for (query, shown) in [
        ("what=clients", vec!["created", "disabled"]),
        ("what=secrets", vec!["added secret"]),
        ("what=sign-ins", vec!["signed in"]),
        ("from=2027-03-02&what=clients", vec!["disabled"]),
        ("to=2027-03-01&what=clients", vec!["created"]),
        (&format!("client={}", two.client_id), vec!["created", "disabled"]),
        ("who=latchkey-operator&what=secrets", vec!["added secret"]),
        ("who=other@acme.example", vec![]),
    ] {
        let visit = browser.get(&format!("{}?{query}", page())).await.expect(200);
        for sentence in
            ["created Order sync", "disabled Order sync", "added secret", "signed in to the console"]
        {
            let is_shown = shown.iter().any(|part| sentence.starts_with(part));
            assert_eq!(visit.contains_text(sentence), is_shown, "{query}: {sentence}: {}", visit.text());
        }
        assert_eq!(visit.contains_text("No entry matches."), shown.is_empty(), "{query}");
        assert!(!visit.contains_text("A filter could not be read"), "{query}");
    }
    for query in ["from=yesterday", "from=2027-03-02&to=2027-03-01", "what=all", "client=%20x%20y"] {
        let visit = browser.get(&format!("{}?{query}", page())).await.expect(200);
        let visit = visit.expect_text("A filter could not be read");
        assert!(visit.contains_text("disabled Order sync"), "{query}");
    }
}

#[tokio::test]
async fn trail_has_pages_and_csv_has_the_filter() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    for _ in 0..30 {
        for action in ["disable", "enable"] {
            let path = format!("{}/{action}", client.path());
            latchkey.admin_request("POST", &path).await.send().await.expect(200);
        }
    }
    let browser = latchkey.administrator_in_console().await;
    let first = browser.get(&format!("{}?what=clients", page())).await.expect(200);
    assert_eq!(first.text().matches("<tr role=\"row\"><td").count(), 25);
    let text = first.text();
    let next = text.split("href=\"").find(|link| link.contains("after=")).expect("a link");
    let next = next.split('"').next().unwrap().replace("&#38;", "&");
    let second = browser.get(&next).await.expect(200).expect_text("First page");
    assert_eq!(second.text().matches("<tr role=\"row\"><td").count(), 25);
    let stolen = browser.get(&next.replace("what=clients", "what=secrets")).await.expect(200);
    assert!(stolen.contains_text("No entry matches."), "of another filter: it begins anew");
    let csv = browser.get(&format!("{}.csv?what=clients", page())).await.expect(200).text();
    assert_eq!(csv.lines().count(), 62);
    assert!(csv.starts_with("\u{feff}at,audit_id,action,"), "{csv}");
}

#[tokio::test]
async fn navigation_leads_only_auditors_there() {
    let latchkey = TestApp::with_fixtures().await;
    latchkey.fixtures().client().await;
    let home = format!("/console/accounts/{ACCOUNT}");
    for (name, scopes, is_there) in
        [("ben", vec!["clients:read"], false), ("eve", vec!["clients:read", "audit:read"], true)]
    {
        let email = latchkey.fixtures().member_with(ACCOUNT, name, &scopes).await;
        let browser = Browser::new(&latchkey);
        let visit = browser.sign_in_to_console(&latchkey, &email, &home).await.expect(200);
        assert_eq!(visit.text().contains(&format!("{home}/audit\"")), is_there, "{name}");
        assert!(visit.text().contains(&format!("{home}/expiries\"")), "{name}");
    }
}

#[tokio::test]
async fn filters_take_names_and_say_when_several_have_one() {
    let latchkey = TestApp::with_fixtures().await;
    let named =
        async |name: &str| latchkey.fixtures().client_with(ACCOUNT, &json!({ "client_name": name })).await;
    let (feed, _) = (named("Price feed").await, named("Order sync").await);
    let browser = latchkey.administrator_in_console().await;
    let ben = latchkey.person_in_console("ben").await;
    let visit = ben.get(&format!("/console/accounts/{ACCOUNT}/clients/{}/disable", feed.client_id)).await;
    ben.submit(&visit.expect(200).form("/disable")).await.expect(200);
    let sentences = [
        "created Price feed",
        "created Order sync",
        "ben disabled Price feed",
        "ann signed in",
        "ben signed in",
    ];
    for (query, shown) in [
        ("client=price%20FEED", vec!["created Price feed", "ben disabled Price feed"]),
        ("who=Ben", vec!["ben disabled Price feed", "ben signed in"]),
        ("who=ben&client=Order+sync", vec![]),
        ("who=Order+sync", vec![]),
        ("who=nobody", vec![]),
    ] {
        let visit = browser.get(&format!("{}?{query}", page())).await.expect(200);
        for sentence in sentences {
            assert_eq!(visit.contains_text(sentence), shown.contains(&sentence), "{query}: {sentence}");
        }
        assert!(!visit.contains_text("could not be read") && !visit.contains_text("Several have this name"));
    }
    let csv = browser.get(&format!("{}.csv?client=Price+feed", page())).await.expect(200).text();
    assert!(csv.contains(&feed.client_id) && csv.lines().count() == 3, "{csv}");
    let visit = browser.get(&page()).await.expect(200);
    let option = format!("<option value=\"{}\">Price feed</option>", feed.client_id);
    assert!(visit.text().contains(&option), "{}", visit.text());
    let unknown = browser.get(&format!("{}?client=no+such+client", page())).await.expect(200);
    unknown.expect_text("A filter could not be read");
    named("price feed").await;
    let several = browser.get(&format!("{}?client=Price+feed", page())).await.expect(200);
    several.expect_text("Several have this name");
}

#[tokio::test]
async fn a_client_that_was_deleted_is_called_by_the_name_that_it_had_last() {
    let mut latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client_with(ACCOUNT, &json!({ "client_name": "Price feed" })).await;
    latchkey.advance(SignedDuration::from_secs(1));
    let name = json!({ "client_name": "Order <sync>" });
    latchkey.admin_request("PATCH", &client.path()).await.json(&name).send().await.expect(200);
    latchkey.advance(SignedDuration::from_secs(1));
    latchkey.admin_request("DELETE", &client.path()).await.send().await.expect(204);
    let browser = latchkey.administrator_in_console().await;
    let visit = browser.get(&format!("{}?what=clients", page())).await.expect(200);
    for words in ["deleted", "changed", "created"] {
        assert!(visit.contains_text(&format!("The operator {words} Order <sync>")), "{}", visit.text());
    }
    assert!(!visit.text().contains("<sync>"), "a name is no markup");
}

#[tokio::test]
async fn an_entry_says_old_and_new_once_and_leaves_out_what_it_has_said() {
    let latchkey = TestApp::with_fixtures().await;
    let browser = latchkey.administrator_in_console().await;
    let ben = format!("ben@{}", latchkey.mail_domain());
    let body = json!({ "email": ben, "name": "Ben", "permissions": ["clients:read"], "invite": true });
    let path = format!("/v1/accounts/{ACCOUNT}/members");
    latchkey.admin_request("POST", &path).await.json(&body).send().await.expect(201);
    let body = json!({ "permissions": ["audit:read"] });
    latchkey.admin_request("PATCH", &format!("{path}/{ben}")).await.json(&body).send().await.expect(200);
    let again = format!("{path}/{ben}/invitation");
    latchkey.admin_request("POST", &again).await.json(&json!({})).send().await.expect(200);
    let visit = browser.get(&format!("{}?what=members", page())).await.expect(200);
    let text = visit.text();
    let rows: Vec<&str> = text.split("<tr role=\"row\"><td").skip(1).collect();
    assert!(
        rows[0].contains("invited Ben (") && !rows[0].contains("invited_until"),
        "the same minute: {}",
        rows[0]
    );
    let arrow = "<bdi>See the account’s API clients</bdi> <span aria-hidden=\"true\">→</span>";
    assert!(rows[1].contains(arrow), "{}", rows[1]);
    assert!(rows[1].contains("<bdi>Read the account’s audit trail</bdi>"), "{}", rows[1]);

    let day = latchkey.now().to_string()[..10].parse::<Date>().unwrap();
    let secret = json!({ "expires_on": day.checked_add(3.days()).unwrap().to_string() });
    latchkey.fixtures().client_with(ACCOUNT, &json!({ "secret": secret })).await;
    latchkey.run_job().await;
    let visit = browser.get(&format!("{}?what=secrets", page())).await.expect(200);
    let visit = visit.expect_text("reminded that secret");
    assert!(!visit.text().contains("<code>recipients</code>"), "the sentence says how many");
    assert!(visit.text().contains("<code>days</code>"));
}
