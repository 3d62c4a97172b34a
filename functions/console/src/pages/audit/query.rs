//! The filters of the audit trail, in the query of its URL.

use crate::paging;
use form_urlencoded::Serializer;
use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use shared::domain::audit::ActionGroup;
use shared::domain::audit::filter::{AuditFilter, FilterText, FilterTime};
use shared::domain::primitives::ids::ClientId;

/// The longest value of a field, in characters.
const MAX_TEXT: usize = 320;

/// What is looked for, as it was typed.
#[derive(Debug, Default)]
pub struct AuditQuery {
    /// The first date (UTC).
    pub from: String,
    /// The last date (UTC).
    pub to: String,
    /// The address or name of a person, the id or name of a client, or a part of Latchkey.
    pub who: String,
    /// A group of actions.
    pub what: String,
    /// The id or name of the client that an action was about.
    pub client: String,
    /// Position.
    pub after: Option<String>,
}

impl AuditQuery {
    /// Reads a query. What it does not know is ignored.
    pub fn parse(query: &str) -> Self {
        let mut read = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let text = || value.trim().chars().take(MAX_TEXT).collect();
            match &*name {
                "from" => read.from = text(),
                "to" => read.to = text(),
                "who" => read.who = text(),
                "what" => read.what = text(),
                "client" => read.client = text(),
                paging::PARAMETER => read.after = Some(value.into_owned()),
                _ => {}
            }
        }
        read
    }

    /// The filter, and whether a part of the query could not be read and is left out. Of the client and of who acted, it has what
    /// is an id or an address.
    pub fn filter(&self) -> (AuditFilter, bool) {
        let (from, to) = (date(&self.from), date(&self.to));
        let actor = FilterText::parse(&self.who);
        let (client_id, group) = (ClientId::parse(&self.client).ok(), self.what.parse::<ActionGroup>().ok());
        let filter = AuditFilter {
            client_id,
            actor,
            action: None,
            group,
            from: from.and_then(begin),
            // The last day is a part of what is looked for.
            to: to.and_then(|date| begin(date.checked_add(1.day()).ok()?)),
        };
        let is_read = |text: &str, is_some: bool| text.is_empty() || is_some;
        let is_whole = is_read(&self.from, from.is_some())
            && is_read(&self.to, to.is_some())
            && is_read(&self.what, group.is_some());
        if filter.validate().is_some() {
            return (AuditFilter { from: None, to: None, ..filter }, true);
        }
        (filter, !is_whole)
    }

    /// Whether anything is looked for.
    pub fn is_filtered(&self) -> bool {
        [&self.from, &self.to, &self.who, &self.what, &self.client].iter().any(|value| !value.is_empty())
    }

    /// The query of the first page.
    pub fn first_page(&self) -> String {
        let fields = [
            ("from", &self.from),
            ("to", &self.to),
            ("who", &self.who),
            ("what", &self.what),
            ("client", &self.client),
        ];
        let given = fields.iter().filter(|(_, value)| !value.is_empty());
        Serializer::new(String::new()).extend_pairs(given).finish()
    }

    /// The query of the page after a position.
    pub fn with_position(&self, position: &str) -> String {
        let first = self.first_page();
        let mut query = Serializer::new(first);
        query.append_pair(paging::PARAMETER, position).finish()
    }
}

fn date(text: &str) -> Option<Date> {
    text.parse().ok()
}

fn begin(date: Date) -> Option<FilterTime> {
    Some(FilterTime(date.to_zoned(TimeZone::UTC).ok()?.timestamp()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_date_is_included_and_what_cannot_be_read_is_left_out() {
        let (filter, is_partial) = AuditQuery::parse("from=2026-01-01&to=2026-01-31&what=secrets").filter();
        let at = |filter: Option<FilterTime>| filter.map(|time| time.0.to_string());
        assert_eq!(at(filter.from).as_deref(), Some("2026-01-01T00:00:00Z"));
        assert_eq!(at(filter.to).as_deref(), Some("2026-02-01T00:00:00Z"));
        assert_eq!((filter.group, is_partial), (Some(ActionGroup::Secrets), false));
        for query in ["from=yesterday", "what=everything", "from=2026-02-01&to=2026-01-01"] {
            let (filter, is_partial) = AuditQuery::parse(query).filter();
            assert!(is_partial && filter == AuditFilter::default(), "{query}");
        }
    }

    #[test]
    fn a_query_is_written_as_it_was_read() {
        let query = "from=2026-01-01&who=ann%40acme.example&what=clients";
        let read = AuditQuery::parse(&format!("{query}&after=x&other=y"));
        assert_eq!(
            (read.first_page().as_str(), read.with_position("p")),
            (query, format!("{query}&after=p"))
        );
        assert_eq!(AuditQuery::parse("").with_position("p"), "after=p");
    }
}
