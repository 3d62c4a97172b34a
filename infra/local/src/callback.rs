//! A client's `redirect_uri`, for trying the code flow without a client: it shows what came back.

use askama::Template;

#[derive(Template)]
#[template(path = "callback.html")]
struct Page {
    members: Vec<(String, String)>,
}

/// The members of the query, as a page.
#[must_use]
pub fn page(query: &str) -> String {
    let members = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    Page { members }.render().unwrap_or_else(|error| error.to_string())
}
