//! The filters and the order of the list of clients, in the query of its URL.

use crate::paging;
use form_urlencoded::Serializer;
use shared::domain::account::Status;
use shared::domain::client::attention::Attention;
use shared::domain::primitives::folded::folded;
use shared::services::clients::{AttentionFilter, ClientFilter, ClientOrder, LastUsedFilter, SignInMeans};

/// A choice of the form: the name of its field, the id of its label, and its values with the ids of their texts. The first
/// value is the default.
pub struct Choice {
    pub name: &'static str,
    pub label: &'static str,
    pub values: &'static [(&'static str, &'static str)],
}

/// Which clients by status. Those that are disabled hide the others, so that they are not shown unless they are wanted.
pub const STATUS: Choice = Choice {
    name: "status",
    label: "filter-status",
    values: &[("active", "status-active"), ("disabled", "status-disabled"), ("all", "status-all")],
};

const SIGNS_IN: Choice = Choice {
    name: "signs_in",
    label: "column-signs-in",
    values: &[
        ("", "filter-any"),
        ("secret", "signs-in-secret"),
        ("key", "signs-in-key"),
        ("platform", "signs-in-platform"),
        ("nothing", "signs-in-nothing"),
    ],
};

const USED: Choice = Choice {
    name: "used",
    label: "column-used",
    values: &[("", "filter-any"), ("never", "never-used"), ("not-90", "not-used-for-90-days")],
};

const ENDS: Choice = Choice {
    name: "ends",
    label: "filter-ends-within",
    values: &[
        ("", "filter-any"),
        ("7", "ends-within-7"),
        ("14", "ends-within-14"),
        ("30", "ends-within-30"),
        ("90", "ends-within-90"),
    ],
};

const SORT: Choice = Choice {
    name: "sort",
    label: "sort",
    values: &[("", "sort-newest"), ("name", "column-name"), ("ends", "sort-ends"), ("used", "sort-used")],
};

/// The choices that are folded up unless one of them is made.
pub const MORE: [&Choice; 4] = [&SIGNS_IN, &USED, &ENDS, &SORT];

/// The query of a list. What it does not know is ignored.
#[derive(Debug)]
pub struct ListQuery {
    /// A part of name or id; empty for none.
    pub text: String,
    /// Why they need attention: a reason, or `any`; empty for all clients.
    pub attention: String,
    status: &'static str,
    signs_in: &'static str,
    used: &'static str,
    ends: &'static str,
    sort: &'static str,
    /// Position.
    pub after: Option<String>,
}

/// The longest text that is looked for, in characters.
pub const MAX_TEXT: usize = 100;

impl Choice {
    fn default(&self) -> &'static str {
        self.values[0].0
    }

    fn parse(&self, value: &str) -> &'static str {
        let found = self.values.iter().find(|(own, _)| *own == value);
        found.map_or(self.default(), |(own, _)| own)
    }
}

impl Default for ListQuery {
    fn default() -> Self {
        Self {
            text: String::new(),
            attention: String::new(),
            status: STATUS.default(),
            signs_in: SIGNS_IN.default(),
            used: USED.default(),
            ends: ENDS.default(),
            sort: SORT.default(),
            after: None,
        }
    }
}

impl ListQuery {
    /// Reads a query.
    pub fn parse(query: &str) -> Self {
        let mut read = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                "q" => read.text = value.trim().chars().take(MAX_TEXT).collect(),
                "attention" if value == "any" || reason(&value).is_some() => {
                    read.attention = value.into_owned();
                }
                "status" => read.status = STATUS.parse(&value),
                "signs_in" => read.signs_in = SIGNS_IN.parse(&value),
                "used" => read.used = USED.parse(&value),
                "ends" => read.ends = ENDS.parse(&value),
                "sort" => read.sort = SORT.parse(&value),
                paging::PARAMETER => read.after = Some(value.into_owned()),
                _ => {}
            }
        }
        read
    }

    /// The value of a choice.
    pub fn value(&self, choice: &Choice) -> &'static str {
        match choice.name {
            "status" => self.status,
            "signs_in" => self.signs_in,
            "used" => self.used,
            "ends" => self.ends,
            _ => self.sort,
        }
    }

    /// Whether it hides clients besides those that are disabled.
    pub fn is_filtered(&self) -> bool {
        let is_chosen = |choice: &Choice| self.value(choice) != choice.default();
        !self.text.is_empty()
            || !self.attention.is_empty()
            || [&STATUS, &SIGNS_IN, &USED, &ENDS].into_iter().any(is_chosen)
    }

    /// Whether one of [`MORE`] is chosen.
    pub fn has_more(&self) -> bool {
        MORE.iter().any(|choice| self.value(choice) != choice.default())
    }

    /// The order.
    pub fn order(&self) -> ClientOrder {
        match self.sort {
            "name" => ClientOrder::Name,
            "ends" => ClientOrder::NextEnd,
            "used" => ClientOrder::LastUsed,
            _ => ClientOrder::Newest,
        }
    }

    /// The filter of the service.
    pub fn filter(&self) -> ClientFilter {
        ClientFilter {
            status: match self.status {
                "disabled" => Some(Status::Disabled),
                "all" => None,
                _ => Some(Status::Active),
            },
            attention: match self.attention.as_str() {
                "any" => Some(AttentionFilter::Any),
                other => reason(other).map(AttentionFilter::Reason),
            },
            q: (!self.text.is_empty()).then(|| folded(&self.text)),
            signs_in_with: match self.signs_in {
                "secret" => Some(SignInMeans::Secret),
                "key" => Some(SignInMeans::Key),
                "platform" => Some(SignInMeans::Platform),
                "nothing" => Some(SignInMeans::Nothing),
                _ => None,
            },
            last_used: match self.used {
                "never" => Some(LastUsedFilter::Never),
                "not-90" => Some(LastUsedFilter::NotForDays(90)),
                _ => None,
            },
            ends_within_days: self.ends.parse().ok(),
        }
    }

    /// The query of the first page of the list, with another status where one is given.
    pub fn first_page(&self, status: Option<&'static str>) -> String {
        let mut query = Serializer::new(String::new());
        let status = status.unwrap_or(self.status);
        for (name, value) in [
            ("q", self.text.as_str()),
            ("status", if status == STATUS.default() { "" } else { status }),
            ("attention", &self.attention),
            ("signs_in", self.signs_in),
            ("used", self.used),
            ("ends", self.ends),
            ("sort", self.sort),
        ] {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        query.finish()
    }

    /// The query of another page of the same list: the first, unless there is a position.
    pub fn at(&self, position: Option<&str>) -> String {
        let position = position.map(|position| (paging::PARAMETER, position));
        Serializer::new(self.first_page(None)).extend_pairs(position).finish()
    }
}

fn reason(name: &str) -> Option<Attention> {
    Attention::ALL.iter().copied().find(|reason| reason.as_str() == name)
}

#[cfg(test)]
mod tests;
