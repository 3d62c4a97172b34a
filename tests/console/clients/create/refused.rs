//! What the form of a new client does not take.

use super::*;

#[tokio::test]
async fn what_is_wrong_is_said_at_once_at_its_fields_and_everything_typed_is_kept() {
    let latchkey = TestApp::with_fixtures().await;
    let browser = latchkey.administrator_in_console().await;
    let form = form(&browser, "secret")
        .await
        .with("description", "Sends & receives <orders>")
        .with("client_uri", "http://shop.example")
        .with("contacts", "ops@example.com\nnobody")
        .with("allowed_ips", "203.0.113.0/24\n300.1.1.1")
        .with("ends", "other")
        .with("ends_on", "2020-01-01")
        .with("client_name", "");
    let visit = browser.submit(&form).await.expect(422).expect_text("Some fields need another look");
    for field in ["client_name", "client_uri", "contacts", "allowed_ips", "expires_on"] {
        assert!(visit.text().contains(&format!("href=\"#field-{field}\"")), "{field}: {}", visit.text());
    }
    let kept = visit.form("/clients/new");
    for field in ["description", "client_uri", "contacts", "allowed_ips", "ends", "ends_on"] {
        assert_eq!(
            kept.get(field).map(|text| text.replace("\r\n", "\n")).as_deref(),
            form.get(field),
            "{field}"
        );
    }
    assert!(clients(&latchkey).await.is_empty());
    let mended = kept
        .with("client_name", "Warehouse")
        .with("client_uri", "https://shop.example")
        .with("contacts", "ops@example.com")
        .with("allowed_ips", "203.0.113.0/24")
        .with("ends_on", "2027-01-15");
    browser.submit(&mended).await.expect(200).expect_text("2027-01-15");
}

#[tokio::test]
async fn complaint_about_a_lifetime_speaks_the_unit_of_its_field() {
    let latchkey = TestApp::with_fixtures().await;
    let browser = latchkey.administrator_in_console().await;
    let form = form(&browser, "app").await.with("client_name", "Shop");
    assert_eq!(
        (form.get("access_token_lifetime"), form.get("refresh_token_lifetime")),
        (Some("60"), Some("14"))
    );
    let form = form.with("access_token_lifetime", "1441").with("refresh_token_lifetime", "366");
    let visit = browser.submit(&form).await.expect(422).expect_text("must be from 1 to 1440 minutes");
    visit.expect_text("must be from 1 to 365 days");
}

#[tokio::test]
async fn private_key_is_refused_in_every_form_and_nothing_of_it_is_kept() {
    let latchkey = TestApp::with_fixtures().await;
    let browser = latchkey.administrator_in_console().await;
    let key = TestKey::new("ES256");
    let (pem, der) = (key.private_pem(), key.private_der());
    let jwk = json!({ "kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
        "d": "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A" });
    let jwk = jwk.to_string();
    let middle = &pem.lines().nth(1).unwrap()[..30];
    let form = form(&browser, "key").await.with("client_name", "Signer").with("description", "Signs");
    for (field, text, file) in [
        ("file", "", pem.as_bytes()),
        ("file", "", &der),
        ("public_key_pem", &*pem, b"".as_slice()),
        ("public_key_pem", &jwk, b""),
        ("jwks_uri", &pem, b""),
    ] {
        let form = form.clone().with(field, text);
        let visit = browser.upload(&form, file).await.expect(422).expect_text("was not kept");
        let shown = visit.text();
        for secret in [middle, "BEGIN PRIVATE", "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"] {
            assert!(!shown.contains(secret), "{field} {secret}: {shown}");
        }
        let kept = visit.form("/clients/new");
        assert_eq!((kept.get("client_name"), kept.get("description")), (Some("Signer"), Some("Signs")));
        let ticked = browser.upload(&form.clone().with("tick_all", "backoffice_api"), file).await.expect(200);
        assert!(!ticked.text().contains(middle) && !ticked.text().contains("nWGxne_9"), "{field}");
    }
    for (text, file, complaint) in [
        (key.pem(), key.pem().into_bytes(), "is there twice"),
        (String::new(), vec![b'x'; 16_385], "is longer than 16 KiB"),
        (String::new(), Vec::new(), "private_key_jwt needs"),
    ] {
        let form = form.clone().with("public_key_pem", &text);
        browser.upload(&form, &file).await.expect(422).expect_text(complaint);
    }
    assert!(clients(&latchkey).await.is_empty());
}

#[tokio::test]
async fn what_is_filled_in_for_another_way_to_sign_in_is_complained_about() {
    let latchkey = TestApp::with_fixtures().await;
    let browser = latchkey.administrator_in_console().await;
    let blank = form(&browser, "blank").await.with("client_name", "Shop");
    let fields = [
        ("key", "jwks_uri", "https://shop.example/jwks.json"),
        ("key", "public_key_pem", &*TestKey::new("ES256").pem()),
        ("platform", "issuer", "https://gitlab.com"),
        ("platform", "subject", "project_path:acme/shop"),
        ("platform", "claims", "project_id=22"),
        ("secret", "label", "Blue"),
        ("secret", "ends_on", "2027-02-18"),
        ("secret", "secret_display", "on_request"),
    ];
    for sign_in in ["secret", "key", "platform", "nothing"] {
        for (own, field, value) in fields {
            let form = blank.clone().with("form_number", &format!("{sign_in}-{field}"));
            let visit = browser.submit(&form.with("sign_in", sign_in).with(field, value)).await;
            let is_ignored = visit.contains_text("choose that, or leave it out");
            assert_eq!(is_ignored, own != sign_in && visit.response.status == 422, "{sign_in} {field}");
            assert_eq!(is_ignored, own != sign_in, "{sign_in} {field}");
        }
    }
    let app = form(&browser, "app").await.with("client_name", "Shop").with("server", "no");
    let app = app.with("redirect_uris", "https://shop.example/cb");
    browser.submit(&app.clone().with("label", "Blue")).await.expect(422).expect_text("leave it out");
    browser.submit(&app).await.expect(200);
}

#[tokio::test]
async fn summary_of_what_is_wrong_is_in_the_order_of_the_page() {
    let latchkey = TestApp::with_fixtures().await;
    let browser = latchkey.administrator_in_console().await;
    for template in ["secret", "key", "app", "blank", "workload&platform=github", "workload&platform=other"] {
        let mut form = form(&browser, template).await;
        for (field, value) in [
            ("client_id", "elsewhere"),
            ("access_token_lifetime", "0"),
            ("allowed_ips", "300.1.1.1"),
            ("contacts", "nobody"),
            ("repository", "a b"),
            ("owner_id", "x"),
            ("subject", "*"),
            ("scope", "unknown read"),
            ("redirect_uris", "nowhere"),
            ("jwks_uri", "nowhere"),
            ("ends", "other"),
            ("client_uri", "nowhere"),
            ("client_name", ""),
        ] {
            form = form.with(field, value);
        }
        let visit = browser.submit(&form).await.expect(422).expect_errors_in_page_order();
        let text = visit.text();
        let name = text.find("href=\"#field-client_name\"").expect("the name is wrong");
        assert!(name < text.find("href=\"#field-client_id\"").expect("so is the id"), "{template}");
    }
}
