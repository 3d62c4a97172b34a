//! The filters of the list of clients, in the query of its URL.

use crate::paging;
use form_urlencoded::Serializer;
use shared::domain::account::Status;
use shared::domain::client::attention::Attention;
use shared::domain::primitives::folded::folded;
use shared::services::clients::{AttentionFilter, ClientFilter};

/// Which clients are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StatusChoice {
    /// Those that are enabled: others hide them.
    #[default]
    Active,
    /// Those that are disabled.
    Disabled,
    /// All.
    All,
}

impl StatusChoice {
    /// All choices, in the order in which they are offered.
    pub fn all() -> impl Iterator<Item = Self> {
        [Self::Active, Self::Disabled, Self::All].into_iter()
    }

    /// Value in the query.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Disabled => "disabled",
            Self::All => "all",
        }
    }

    /// Id of its text.
    pub const fn text_id(self) -> &'static str {
        match self {
            Self::Active => "status-active",
            Self::Disabled => "status-disabled",
            Self::All => "status-all",
        }
    }
}

/// The query of a list. What it does not know is ignored.
#[derive(Debug, Default)]
pub struct ListQuery {
    /// A part of name or id; empty for none.
    pub text: String,
    /// Status.
    pub status: StatusChoice,
    /// Why they need attention: a reason, or `any`; empty for all clients.
    pub attention: String,
    /// Position.
    pub after: Option<String>,
}

/// The longest text that is looked for, in characters.
const MAX_TEXT: usize = 100;

impl ListQuery {
    /// Reads a query.
    pub fn parse(query: &str) -> Self {
        let mut read = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                "q" => read.text = value.trim().chars().take(MAX_TEXT).collect(),
                "status" => {
                    let found = StatusChoice::all().find(|choice| choice.as_str() == value);
                    read.status = found.unwrap_or_default();
                }
                "attention" if value == "any" || reason(&value).is_some() => {
                    read.attention = value.into_owned();
                }
                paging::PARAMETER => read.after = Some(value.into_owned()),
                _ => {}
            }
        }
        read
    }

    /// Whether it hides clients besides those that are disabled.
    pub fn is_filtered(&self) -> bool {
        !self.text.is_empty() || self.status != StatusChoice::Active || !self.attention.is_empty()
    }

    /// The filters, for which a position is valid.
    pub fn filters(&self) -> (&str, &'static str, &str) {
        (&self.text, self.status.as_str(), &self.attention)
    }

    /// The filter of the service.
    pub fn filter(&self) -> ClientFilter {
        ClientFilter {
            status: match self.status {
                StatusChoice::Active => Some(Status::Active),
                StatusChoice::Disabled => Some(Status::Disabled),
                StatusChoice::All => None,
            },
            attention: match self.attention.as_str() {
                "any" => Some(AttentionFilter::Any),
                other => reason(other).map(AttentionFilter::Reason),
            },
            q: (!self.text.is_empty()).then(|| folded(&self.text)),
        }
    }

    /// The query of another page of the same list.
    pub fn with_position(&self, position: &str) -> String {
        let mut query = Serializer::new(String::new());
        if !self.text.is_empty() {
            query.append_pair("q", &self.text);
        }
        query.append_pair("status", self.status.as_str());
        if !self.attention.is_empty() {
            query.append_pair("attention", &self.attention);
        }
        query.append_pair(paging::PARAMETER, position).finish()
    }
}

fn reason(name: &str) -> Option<Attention> {
    Attention::ALL.iter().copied().find(|reason| reason.as_str() == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_values_are_the_defaults() {
        for (query, text, status, attention) in [
            ("", "", StatusChoice::Active, ""),
            ("status=all&q=%20Order%20", "Order", StatusChoice::All, ""),
            ("status=gone&attention=boredom&x=1", "", StatusChoice::Active, ""),
            ("attention=any", "", StatusChoice::Active, "any"),
            ("attention=secret_expiring&status=disabled", "", StatusChoice::Disabled, "secret_expiring"),
        ] {
            let read = ListQuery::parse(query);
            assert_eq!((read.text.as_str(), read.status, read.attention.as_str()), (text, status, attention));
        }
    }

    #[test]
    fn another_page_has_the_same_filters() {
        let query = ListQuery::parse("q=a%26b&status=all&attention=any");
        let again = ListQuery::parse(&query.with_position("p+1"));
        assert_eq!(again.filters(), query.filters());
        assert_eq!(again.after.as_deref(), Some("p+1"));
        assert!(query.is_filtered() && !ListQuery::parse("after=x").is_filtered());
    }
}
