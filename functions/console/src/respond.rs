//! Responses of the function: pages and redirects.

use crate::error::ConsoleError;
use askama::Template;
use axum::response::Response;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderName, HeaderValue, StatusCode, header};
use shared::adapters::crypto::digest::sha256;
use shared::domain::brand::Brand;
use shared::domain::primitives::language::Language;
use shared::texts::Texts;
use shared::web::brand::stylesheet;
use shared::web::response::{html, see_other};
use shared::web::security_headers::{FormAction, PagePolicy, add_security_headers};
use std::sync::LazyLock;
use strum::VariantArray;

/// Style sheet of every page, with the colours of a deployment that has set none.
const STYLESHEET: &str = include_str!("../templates/frame/console.css");

/// Style sheet of all pages but the list of clients, which is long without it.
pub static DETAILS_STYLESHEET: LazyLock<String> =
    LazyLock::new(|| compact(include_str!("../templates/frame/details.css")));

/// Style sheet of the pages with long forms, inline in them.
pub const FORMS_STYLESHEET: &str = include_str!("../templates/frame/forms.css");

/// Script, inline in every page: copies texts, shows local times, ticks boxes.
pub static SCRIPT: LazyLock<String> = LazyLock::new(|| {
    let lines = include_str!("../templates/frame/console.js").lines().map(str::trim);
    lines.collect::<Vec<_>>().join("\n")
});

static DETAILS_STYLESHEET_HASH: LazyLock<String> = LazyLock::new(|| hash(&DETAILS_STYLESHEET));
static FORMS_STYLESHEET_HASH: LazyLock<String> = LazyLock::new(|| hash(FORMS_STYLESHEET));
static SCRIPT_HASH: LazyLock<String> = LazyLock::new(|| hash(&SCRIPT));

static LIST_LABELS_HASHES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let labels = Language::VARIANTS.iter().map(|language| list_labels(Texts::of(*language)));
    labels.map(|labels| hash(&labels)).collect()
});

/// The labels of the columns of the list of clients for narrow windows, as a style sheet: in each row, they would be much of
/// the page.
pub fn list_labels(texts: Texts) -> String {
    let columns = ["column-status", "column-attention", "column-signs-in", "column-ends", "column-used"]
        .map(|id| texts.get(id));
    let label = |(number, label): (usize, &String)| {
        format!(".clients td:nth-child({}) {{ --label: \"{label}\"; }}\n", number + 2)
    };
    columns.iter().enumerate().map(label).collect()
}

/// A style sheet of ours without the blanks that only its readers need. Its strings have no punctuation before a blank.
fn compact(css: &str) -> String {
    let joined: String = css.lines().map(str::trim).collect();
    let shorter = [(" {", "{"), ("{ ", "{"), ("; ", ";"), (": ", ":"), (", ", ","), (" }", "}"), (";}", "}")];
    shorter.iter().fold(joined, |css, (long, short)| css.replace(long, short))
}

fn hash(text: &str) -> String {
    STANDARD.encode(sha256(text.as_bytes()))
}

/// The style sheet that is inline in every page, and the policy that permits it. Made once, at the start.
pub struct PageStyle {
    stylesheet: String,
    policy: HeaderValue,
}

impl PageStyle {
    /// The style of a brand.
    pub fn of(brand: &Brand) -> Self {
        let stylesheet = compact(&stylesheet(STYLESHEET, brand));
        let own = hash(&stylesheet);
        let policy = PagePolicy {
            style_sha256: [&own, &*DETAILS_STYLESHEET_HASH, &*FORMS_STYLESHEET_HASH]
                .into_iter()
                .chain(&*LIST_LABELS_HASHES)
                .map(String::as_str)
                .collect(),
            script_sha256: Some(&SCRIPT_HASH),
            form_action: &FormAction::Own,
        };
        Self { policy: policy.header_value(), stylesheet }
    }

    /// The style sheet.
    pub fn stylesheet(&self) -> &str {
        &self.stylesheet
    }

    /// The response with the policy, if it is a page.
    pub fn finish(&self, mut response: Response) -> Response {
        if let Some(policy) = response.headers_mut().get_mut(header::CONTENT_SECURITY_POLICY) {
            *policy = self.policy.clone();
        }
        response
    }
}

/// The policy of a page until [`PageStyle::finish`]: nothing at all.
fn no_policy() -> PagePolicy<'static> {
    PagePolicy { style_sha256: Vec::new(), script_sha256: None, form_action: &FormAction::None }
}

/// A page.
pub fn page(template: &impl Template) -> Response {
    page_with_status(StatusCode::OK, template)
}

/// A page with a status.
pub fn page_with_status(status: StatusCode, template: &impl Template) -> Response {
    let mut response = html(status, template, &no_policy());
    let headers = response.headers_mut();
    // Unlike the sign-in, no page of the console is opened in a window that another site waits for.
    headers.insert(
        HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin"),
    );
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(header::VARY, HeaderValue::from_static("Accept-Language, Cookie"));
    response
}

/// A URL of a path and a query, which may be empty.
pub fn with_query(path: &str, query: &str) -> String {
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

/// A list as a file of CSV.
pub fn csv(name: &str, rows: &[u8]) -> Response {
    /// Without it, spreadsheet programs do not read UTF-8.
    const BYTE_ORDER_MARK: &str = "\u{feff}";
    let rows = [BYTE_ORDER_MARK.as_bytes(), rows].concat();
    attachment(name, "text/csv; charset=utf-8; header=present", rows)
}

/// A file to be saved.
pub fn attachment(name: &str, media_type: &'static str, content: Vec<u8>) -> Response {
    let mut response = Response::new(content.into());
    let headers = response.headers_mut();
    add_security_headers(headers);
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    let disposition = HeaderValue::from_str(&format!("attachment; filename=\"{name}\""));
    headers
        .insert(header::CONTENT_DISPOSITION, disposition.unwrap_or(HeaderValue::from_static("attachment")));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

/// The root of the site: people who type its host name want the console.
pub async fn root() -> Response {
    let mut response = see_other("/console");
    *response.status_mut() = StatusCode::FOUND;
    response
}

/// A path that is no page.
pub async fn not_found() -> ConsoleError {
    ConsoleError::NotFound
}

/// Fallback of a page for other methods.
pub async fn page_only() -> ConsoleError {
    ConsoleError::MethodNotAllowed("GET, HEAD")
}

/// Fallback for other methods where a GET starts a sign-in, which HEAD must not do (RFC 9110 §9.3.2).
pub async fn get_only() -> ConsoleError {
    ConsoleError::MethodNotAllowed("GET")
}

/// Fallback of a form for other methods.
pub async fn post_only() -> ConsoleError {
    ConsoleError::MethodNotAllowed("POST")
}

/// Fallback of a page that takes a form.
pub async fn page_or_form_only() -> ConsoleError {
    ConsoleError::MethodNotAllowed("GET, HEAD, POST")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_compact_style_sheet_says_the_same() {
        let css = "a,\nb > c { color: red; content: \"/ \" / \"\"; }\n@media (max-width: 1rem) {\n  p { x: 1; y: 2 }\n}\n";
        let compacted = "a,b > c{color:red;content:\"/ \" / \"\"}@media (max-width:1rem){p{x:1;y:2}}";
        assert_eq!(compact(css), compacted);
    }
}
