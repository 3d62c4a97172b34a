//! A `redirect_uri` for trying the code flow without a client: it shows the parameters of the authorization response.

use askama::Template;

#[derive(Template)]
#[template(path = "callback.html")]
struct Page {
    parameters: Vec<(String, String)>,
}

/// A page with the parameters of the query.
#[must_use]
pub fn page(query: &str) -> String {
    let parameters = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    Page { parameters }.render().unwrap_or_else(|error| error.to_string())
}
