//! The operator's logo: set by API, shown on pages and in e-mails.

use crate::support::app::TestApp;
use crate::support::emails::emails_to;
use crate::support::fixtures::ACCOUNT;
use crate::support::http::TestResponse;
use crate::support::sign_in::browser::Browser;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::SignedDuration;

const PATH: &str = "/v1/brand/logo";
/// A whole PNG: one pixel.
const PNG: &str =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";
const SVG: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\"><path d=\"M0 0h10v10z\"/></svg>";

fn png() -> Vec<u8> {
    STANDARD.decode(PNG).unwrap()
}

async fn set(latchkey: &TestApp, media_type: &str, image: impl Into<Vec<u8>>) -> TestResponse {
    latchkey.admin_request("PUT", PATH).await.body(media_type, image).send().await
}

#[tokio::test]
async fn logo_is_on_every_page_and_in_emails_until_it_is_deleted() {
    let mut latchkey = TestApp::with_fixtures().await;
    let image = set(&latchkey, "image/png", png()).await.expect(200);
    assert_eq!(image.header("content-type"), "image/png");
    let browser = Browser::new(&latchkey);
    let sign_in = browser.get("/console").await.expect(200);
    let console = latchkey.administrator_in_console().await.get("/console").await.expect(200);
    for page in [&sign_in, &console] {
        assert!(page.text().contains("<img src=\"/oauth/authorize/logo?v=1\" alt=\""), "{}", page.text());
        assert!(page.response.header("content-security-policy").contains("; img-src 'self';"));
    }
    let shown = latchkey.request("GET", "/oauth/authorize/logo?v=1").send().await.expect(200);
    assert_eq!((shown.header("content-type"), shown.body.clone()), ("image/png", png()));
    let policy = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'";
    assert_eq!(shown.header("content-security-policy"), policy);
    let mails = emails_to(&latchkey.mail_domain()).await;
    assert!(mails.len() > 1, "the code, and the new browser");
    for mail in &mails {
        assert!(mail.html.as_ref().unwrap().contains("<img src=\"cid:logo\""), "{mail:?}");
    }

    latchkey.admin_request("DELETE", PATH).await.send().await.expect(204);
    latchkey.admin_request("DELETE", PATH).await.send().await.expect(404);
    latchkey.advance(SignedDuration::from_mins(5));
    latchkey.request("GET", "/oauth/authorize/logo").send().await.expect(404);
    assert!(!browser.get("/console").await.expect(200).text().contains("<img"));
}

#[tokio::test]
async fn logo_has_a_version_and_the_same_image_changes_nothing() {
    let latchkey = TestApp::with_fixtures().await;
    latchkey.admin_request("GET", PATH).await.send().await.expect(404);
    let first = set(&latchkey, "image/png", png()).await.expect(200).etag();
    assert_eq!(set(&latchkey, "image/png", png()).await.expect(200).etag(), first);
    let second = set(&latchkey, "image/svg+xml", SVG).await.expect(200).etag();
    assert_ne!(second, first);
    let read = latchkey.admin_request("GET", PATH).await.send().await.expect(200);
    assert_eq!((read.text().as_str(), read.header("content-type")), (SVG, "image/svg+xml"));
    for (method, body) in [("PUT", png()), ("DELETE", Vec::new())] {
        let stale = latchkey.admin_request(method, PATH).await.header("if-match", &first);
        stale.body("image/png", body).send().await.expect(412);
    }
    let trail = latchkey.admin_request("GET", "/v1/accounts/T00000001/audit").await.send().await.json();
    let set = trail["items"].as_array().unwrap().iter().filter(|entry| entry["action"] == "logo.set");
    assert_eq!(set.count(), 2);
}

#[tokio::test]
async fn what_is_more_than_a_picture_is_refused_and_only_operators_set_one() {
    let latchkey = TestApp::with_fixtures().await;
    for image in [
        SVG.replace("<path", "<script>alert(1)</script><path"),
        SVG.replace("<path", "<path onload=\"alert(1)\""),
        SVG.replace("<path", "<use href=\"https://evil.example/a.svg#b\"/><path"),
        format!("<!DOCTYPE svg [<!ENTITY a \"b\">]>{SVG}"),
        format!("{SVG}{}", " ".repeat(16 * 1024)),
        "GIF89a".to_owned(),
        String::new(),
    ] {
        let refused = set(&latchkey, "image/svg+xml", image).await.expect(422);
        assert!(refused.text().contains("the logo must"), "{}", refused.text());
    }
    let (_, token) = latchkey.fixtures().administrator(ACCOUNT, &["clients:manage", "members:manage"]).await;
    for method in ["GET", "PUT", "DELETE"] {
        let request = latchkey.request(method, PATH).bearer(&token).body("image/png", png());
        request.send().await.expect(403);
    }
    latchkey.admin_request("GET", PATH).await.send().await.expect(404);
}
