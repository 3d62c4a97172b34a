//! A form whose request failed for a reason that passes: the page of the error sends it again as it was.

use crate::error::ConsoleError;
use crate::forms::{Form, read_body};
use axum::body::Body;
use axum::extract::Request;
use http::Method;

/// Fields whose values are in no response: what is typed there is used once.
const NEVER_REPEATED: [&str; 4] = ["client_secret", "token", "code", "file"];
/// What a private key in PEM has in it. It must not have come here at all.
pub const PRIVATE_KEY: &str = "PRIVATE KEY";

/// A form as it was sent.
#[derive(Clone)]
pub struct RetryForm {
    /// Where it was sent to.
    pub action: String,
    /// Its fields, in their order.
    pub fields: Vec<(String, String)>,
}

/// A form that may have to be sent again. One with a file is not.
pub struct SentForm {
    action: String,
    fields: Vec<(String, String)>,
}

impl SentForm {
    /// Keeps the form of a request, if it has one; its body is as before. One that is too long is an error.
    pub async fn keep(request: Request) -> Result<(Request, Option<Self>), ConsoleError> {
        if request.method() != Method::POST {
            return Ok((request, None));
        }
        let (head, body) = request.into_parts();
        let body = read_body(body).await?;
        let action = head.uri.path_and_query().map_or("/console", |target| target.as_str()).to_owned();
        let sent = Form::of_body(&head.headers, body.clone()).await.ok();
        let sent = sent.map(|form| Self { action, fields: form.0 });
        Ok((Request::from_parts(head, Body::from(body)), sent))
    }

    /// The form.
    pub fn form(&self) -> Form {
        self.fields.iter().cloned().collect()
    }

    /// The form, if nothing in it must stay out of pages.
    pub fn again(self) -> Option<RetryForm> {
        RetryForm::new(&self.action, self.fields)
    }
}

impl RetryForm {
    /// A form that was sent to a path, if nothing in it must stay out of pages.
    pub fn new(action: &str, fields: Vec<(String, String)>) -> Option<Self> {
        let has_secret = fields.iter().any(|(name, value)| Self::is_secret(name, value));
        (!has_secret).then(|| Self { action: action.to_owned(), fields })
    }

    /// Whether a field must stay out of pages.
    pub fn is_secret(name: &str, value: &str) -> bool {
        NEVER_REPEATED.contains(&name) && !value.is_empty() || value.contains(PRIVATE_KEY)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(body: &'static str) -> Option<RetryForm> {
        let fields = form_urlencoded::parse(body.as_bytes()).into_owned().collect();
        SentForm { action: "/console".to_owned(), fields }.again()
    }

    #[test]
    fn form_is_sent_again_as_it_was() {
        let form = sent("csrf_token=a&name=Ann+%26+Ben&scope=one&scope=two&token=&file=").expect("kept");
        let fields = [
            ("csrf_token", "a"),
            ("name", "Ann & Ben"),
            ("scope", "one"),
            ("scope", "two"),
            ("token", ""),
            ("file", ""),
        ];
        assert_eq!(form.fields, fields.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }

    #[test]
    fn secrets_are_not_sent_back_to_the_browser() {
        for body in [
            "client_secret=s",
            "token=t",
            "code=12345678",
            "file=MIIB",
            "public_key_pem=-----BEGIN+PRIVATE+KEY-----",
        ] {
            assert!(sent(body).is_none(), "{body}");
        }
    }
}
