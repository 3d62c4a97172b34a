//! What an OpenAPI document changes in an API: its scopes with boxes.

use super::openapi::FoundScopes;
use super::{api_frame, api_url, path, scopes_json};
use crate::forms::Form;
use crate::forms::form_target::FormTarget;
use crate::frame::Frame;
use crate::operator_request::OperatorRequest;
use crate::pages::parts::by_api::api_command;
use crate::respond;
use crate::state::ConsoleState;
use askama::Template;
use axum::response::Response;
use http::StatusCode;
use serde_json::json;
use shared::domain::primitives::display_text::Description;
use shared::domain::primitives::unknown_attributes::UnknownAttributes;
use shared::domain::resource::scope::{Scope, ScopeSet};
use shared::domain::resource::{MAX_SCOPES, Resource, ScopeDefinition};
use shared::texts::{Complaint, Texts};
use std::collections::{BTreeMap, BTreeSet};

/// What the names of the fields with descriptions start with.
const DESCRIPTION_PREFIX: &str = "description:";
/// The most scopes that are named as left out.
const MAX_LEFT_OUT: usize = 20;
/// The longest name of one, in characters.
const MAX_NAME: usize = 60;

/// A scope of the document.
struct FoundScope {
    name: String,
    description: String,
    /// What it is called now, if the API has it.
    present: Option<String>,
    /// Whether it would be changed or added.
    is_change: bool,
    is_ticked: bool,
}

/// A scope that cannot be imported as it is.
struct LeftOut {
    name: String,
    reason: Complaint,
}

#[derive(Template)]
#[template(path = "operator/apis/import_review.html")]
struct ReviewPage<'a> {
    frame: Frame<'a>,
    target: FormTarget,
    version: u64,
    problems: Vec<Complaint>,
    is_changed: bool,
    /// Why not all are ticked.
    too_many: Option<String>,
    scopes: Vec<FoundScope>,
    unusable: Vec<LeftOut>,
    undescribed: Vec<LeftOut>,
    /// How many more cannot be imported.
    more: u64,
    back: String,
    command: String,
}

/// What is reviewed.
#[derive(Default)]
pub struct Review {
    /// What the document has.
    pub found: FoundScopes,
    /// What is ticked; `None` for what changes something, if it fits.
    pub ticked: Option<BTreeSet<Scope>>,
    /// What is wrong with it.
    pub problems: Vec<Complaint>,
    /// Whether another person changed the API meanwhile.
    pub is_changed: bool,
}

impl Review {
    /// A review that was sent.
    pub fn sent(form: &Form) -> Self {
        let described = form.pairs().filter_map(|(name, words)| {
            let scope = Scope::parse(name.strip_prefix(DESCRIPTION_PREFIX)?).ok()?;
            Some((scope, Description::parse(words).unwrap_or_default()))
        });
        let ticked = form.all("scope").filter_map(|name| Scope::parse(name).ok()).collect();
        let found = FoundScopes { scopes: described.collect(), ..FoundScopes::default() };
        Self { found, ticked: Some(ticked), ..Self::default() }
    }

    /// The scopes that are ticked, with their descriptions.
    pub fn chosen(&self) -> BTreeMap<Scope, Description> {
        let ticked = self.ticked.iter().flatten();
        ticked.map(|name| (name.clone(), self.found.scopes.get(name).cloned().unwrap_or_default())).collect()
    }

    /// The page.
    pub fn respond(
        self,
        state: &ConsoleState,
        request: &OperatorRequest,
        resource: &Resource,
        status: StatusCode,
    ) -> Response {
        let texts = request.texts;
        let present = |name: &Scope| resource.scopes.iter().find(|scope| scope.name == *name);
        let new = self.found.scopes.keys().filter(|name| present(name).is_none()).count();
        let room = MAX_SCOPES.saturating_sub(resource.scopes.len());
        let fits = new <= room;
        let too_many = (!fits).then(|| {
            let numbers = [("new", new), ("room", room), ("most", MAX_SCOPES)];
            texts.with("import-too-many", numbers.map(|(name, number)| (name, number.to_string())))
        });
        let scopes = self.found.scopes.iter().map(|(name, description)| {
            let is_change = is_change(present(name), description);
            let is_proposed = is_change && (fits || present(name).is_some());
            FoundScope {
                name: name.to_string(),
                description: description.as_str().to_owned(),
                is_change,
                present: present(name).map(|scope| scope.description.as_str().to_owned()),
                is_ticked: self.ticked.as_ref().map_or(is_proposed, |ticked| ticked.contains(name)),
            }
        });
        let scopes: Vec<FoundScope> = scopes.collect();
        let ticked: BTreeMap<Scope, Description> = self
            .found
            .scopes
            .iter()
            .zip(&scopes)
            .filter(|(_, shown)| shown.is_ticked)
            .map(|((name, words), _)| (name.clone(), words.clone()))
            .collect();
        let body = json!({ "scopes": scopes_json(&with_imported(resource, ticked)) });
        let mut frame = api_frame(state, request, resource, texts.get("import-review"));
        frame.has_errors = !self.problems.is_empty() || self.is_changed;
        let left_out = self.found.unusable.len() + self.found.undescribed.len();
        let unusable = named(texts, &self.found.unusable, MAX_LEFT_OUT);
        let undescribed = named(texts, &self.found.undescribed, MAX_LEFT_OUT - unusable.len());
        let page = ReviewPage {
            frame,
            target: request.form_target(),
            version: resource.version,
            problems: self.problems,
            is_changed: self.is_changed,
            too_many,
            scopes,
            more: (left_out - unusable.len() - undescribed.len()) as u64,
            unusable,
            undescribed,
            back: path(resource, ""),
            command: api_command("PATCH", &api_url(state, resource), resource.version, &body),
        };
        respond::page_with_status(status, &page)
    }
}

fn named(texts: Texts, left_out: &BTreeMap<String, String>, most: usize) -> Vec<LeftOut> {
    let named = left_out.iter().take(most).map(|(name, reason)| LeftOut {
        name: name.chars().take(MAX_NAME).collect(),
        reason: texts.complaint(reason),
    });
    named.collect()
}

/// The scopes of the API with other descriptions, and the new ones after them.
pub fn with_imported(
    resource: &Resource,
    mut imported: BTreeMap<Scope, Description>,
) -> Vec<ScopeDefinition> {
    let present = resource.scopes.iter().map(|scope| match imported.remove(&scope.name) {
        Some(description) => ScopeDefinition { description, ..scope.clone() },
        None => scope.clone(),
    });
    let mut scopes: Vec<ScopeDefinition> = present.collect();
    scopes.extend(imported.into_iter().map(|(name, description)| ScopeDefinition {
        name,
        description,
        restricted: false,
        implies: ScopeSet::default(),
        unknown: UnknownAttributes::default(),
    }));
    scopes
}

/// Whether a scope of the document is new, or has other words than the API's. A document without words takes none away.
fn is_change(present: Option<&ScopeDefinition>, words: &Description) -> bool {
    present.is_none_or(|scope| !words.is_empty() && scope.description != *words)
}
