//! A browser for the sign-in pages: it keeps cookies, follows redirects within Latchkey, and submits forms.

use crate::support::app::{ISSUER, TestApp};
use crate::support::http::{TestRequest, TestResponse};
pub use crate::support::sign_in::form::Form;
use crate::support::sign_in::form::{attribute, unescaped};
use crate::support::sign_in::references::assert_references;
use axum::Router;
use std::collections::BTreeMap;
use std::sync::Mutex;

/// A browser with its cookies.
pub struct Browser {
    router: Router,
    source: String,
    cookies: Mutex<BTreeMap<String, String>>,
}

/// A page that a browser shows.
#[derive(Clone, Debug)]
pub struct PageVisit {
    /// The path and query of the page.
    pub at: String,
    pub response: TestResponse,
}

impl Browser {
    pub fn new(latchkey: &TestApp) -> Self {
        Self::from_router(latchkey.router.clone())
    }

    pub fn from_router(router: Router) -> Self {
        Self { router, source: "192.0.2.1".to_owned(), cookies: Mutex::default() }
    }

    /// The same browser at another source address.
    pub fn with_source(self, source: &str) -> Self {
        Self { source: source.to_owned(), ..self }
    }

    /// The `Cookie` header that it sends.
    pub fn cookies(&self) -> String {
        let cookies = self.cookies.lock().unwrap();
        cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    pub fn request(&self, method: &str, path: &str) -> TestRequest {
        let request = TestRequest::new(self.router.clone(), method, path).from(&self.source);
        let cookies = self.cookies();
        if cookies.is_empty() { request } else { request.header("cookie", cookies) }
    }

    /// Sends one request, and keeps the cookies of the response.
    pub async fn send(&self, request: TestRequest) -> TestResponse {
        let response = request.send().await;
        for set in response.headers.get_all("set-cookie") {
            let (name, value) = set.to_str().unwrap().split(';').next().unwrap().split_once('=').unwrap();
            self.cookies.lock().unwrap().insert(name.to_owned(), value.to_owned());
        }
        response
    }

    pub async fn get(&self, path: &str) -> PageVisit {
        let response = self.send(self.request("GET", path)).await;
        self.follow(path, response).await
    }

    /// Submits a form, without following a redirect.
    pub async fn post(&self, form: &Form) -> TestResponse {
        self.send(
            self.request("POST", &form.action).header("sec-fetch-site", "same-origin").form(&form.body()),
        )
        .await
    }

    /// Submits a form, and follows redirects.
    pub async fn submit(&self, form: &Form) -> PageVisit {
        let response = self.post(form).await;
        self.follow(&form.action, response).await
    }

    /// Sends a form with a file, as a browser does (RFC 7578), and follows redirects.
    pub async fn upload(&self, form: &Form, file: &[u8]) -> PageVisit {
        let response = self.post_file(form, file).await;
        self.follow(&form.action, response).await
    }

    /// The same without following a redirect.
    pub async fn post_file(&self, form: &Form, file: &[u8]) -> TestResponse {
        let mut body = Vec::new();
        for (name, value) in form.fields.iter().filter(|(name, _)| name != "file") {
            let part = format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend_from_slice(part.as_bytes());
        }
        let head = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"client.cer\"\r\n\
                    Content-Type: application/octet-stream\r\n\r\n";
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(file);
        body.extend_from_slice(b"\r\n--b--\r\n");
        let request = self.request("POST", &form.action).header("sec-fetch-site", "same-origin");
        self.send(request.body("multipart/form-data; boundary=b", body)).await
    }

    async fn follow(&self, at: &str, response: TestResponse) -> PageVisit {
        let (mut at, mut response) = (at.to_owned(), response);
        for _ in 0..5 {
            let location = response.header("location");
            let Some(path) = location.strip_prefix(ISSUER).unwrap_or(location).strip_prefix('/') else {
                break;
            };
            at = format!("/{path}");
            response = self.send(self.request("GET", &at)).await;
        }
        if response.header("content-type").starts_with("text/html") {
            assert_references(&at, &response.text());
        }
        PageVisit { at, response }
    }
}

impl PageVisit {
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.response.status.as_u16(), status, "{}: {}", self.at, self.response.text());
        self
    }

    pub fn text(&self) -> String {
        self.response.text()
    }

    /// Whether the text of the page contains this.
    pub fn contains_text(&self, words: &str) -> bool {
        page_text(&self.text()).contains(words)
    }

    #[track_caller]
    pub fn expect_text(self, words: &str) -> Self {
        assert!(self.contains_text(words), "{words:?} is not on {}: {}", self.at, page_text(&self.text()));
        self
    }

    /// Fails unless the links of the error summary lead to fields in the order in which the page has them.
    #[track_caller]
    pub fn expect_errors_in_page_order(self) -> Self {
        let text = self.text();
        let (_, summary) = text.split_once("role=\"alert\"").expect("there is a summary");
        let summary = summary.split("</ul>").next().unwrap();
        let links = summary.split("href=\"#").skip(1).map(|link| link.split('"').next().unwrap());
        let places: Vec<(usize, &str)> =
            links.filter_map(|id| Some((text.find(&format!("id=\"{id}\""))?, id))).collect();
        assert!(places.is_sorted(), "{places:?} on {}", self.at);
        self
    }

    /// The external URL that the browser was redirected to, and its query.
    #[track_caller]
    pub fn redirect_target(&self) -> (String, BTreeMap<String, String>) {
        assert_eq!(self.response.status, 303, "{}: {}", self.at, page_text(&self.text()));
        let location = self.response.header("location");
        let (place, query) = location.split_once('?').unwrap_or((location, ""));
        (place.to_owned(), url_decoded(query))
    }

    /// The link to the client on a page about an authorization request that was rejected, and its query.
    #[track_caller]
    pub fn rejection_link(&self) -> (String, BTreeMap<String, String>) {
        let no_redirect = (self.response.status.as_u16(), self.response.header("location"));
        assert_eq!(no_redirect, (400, ""), "{}: {}", self.at, page_text(&self.text()));
        let text = self.text();
        let link = text.split("<a ").skip(1).find_map(|tag| attribute(&format!(" {tag}"), "href"));
        let link = link.unwrap_or_else(|| panic!("no link on {}: {}", self.at, page_text(&text)));
        let (place, query) = link.split_once('?').unwrap_or((&link, ""));
        (place.to_owned(), url_decoded(query))
    }

    /// The form whose action has this end.
    #[track_caller]
    pub fn form(&self, end: &str) -> Form {
        self.find(|form| form.action.ends_with(end) && form.get("other").is_none())
    }

    #[track_caller]
    pub fn find(&self, wanted: impl Fn(&Form) -> bool) -> Form {
        let forms = self.forms();
        let found = forms.iter().find(|form| wanted(form));
        found.unwrap_or_else(|| panic!("no such form on {} among {forms:?}", self.at)).clone()
    }

    pub fn forms(&self) -> Vec<Form> {
        let text = self.text();
        let pieces = text.split("<form").skip(1).map(|rest| rest.split("</form>").next().unwrap());
        pieces.map(Form::read).collect()
    }
}

/// The text of a page, without its tags.
pub fn page_text(html: &str) -> String {
    let body = html.split_once("</style>").map_or(html, |(_, body)| body);
    let words = body.split('<').map(|piece| piece.split_once('>').map_or(piece, |(_, words)| words));
    let words = unescaped(&words.collect::<Vec<_>>().join(""));
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

pub fn url_encoded<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let mut url = reqwest::Url::parse("http://x").unwrap();
    url.query_pairs_mut().extend_pairs(pairs);
    url.query().unwrap().to_owned()
}

fn url_decoded(query: &str) -> BTreeMap<String, String> {
    let url = reqwest::Url::parse(&format!("http://x?{query}")).unwrap();
    let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    let map: BTreeMap<String, String> = pairs.iter().cloned().collect();
    assert_eq!(map.len(), pairs.len(), "a parameter is repeated: {query}");
    map
}
