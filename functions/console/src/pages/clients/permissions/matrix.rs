//! What a client may call, as boxes: for each service a table of scopes by stages.

use super::administration::administration;
use super::offered::{OfferedApi, OfferedApis, Stages, choice_field};
use super::scope_box::ScopeBox;
use super::ticked::TickedScopes;
use super::words::{place, scope_words};
use crate::frame::display_name;
use shared::domain::management::ManagementScope;
use shared::domain::resource::scope::ScopeSet;
use shared::services::principal::Principal;
use shared::texts::Texts;
use std::collections::{BTreeMap, BTreeSet};

/// The most stages of a table: the style sheet has an order for so many.
const MAX_COLUMNS: usize = 6;

/// The boxes of a form. The template `clients/permissions/matrix.html` shows them within a `<form>`, which
/// [`super::ticked::PermissionsForm`] reads.
pub struct PermissionMatrix {
    /// The services.
    pub services: Vec<ServiceBoxes>,
    /// The boxes of the management API.
    pub administration: Vec<ScopeBox>,
    /// What the client holds, in words, and the account may not use any more.
    pub unavailable: Vec<String>,
    /// Whether the person may add APIs.
    pub adds_apis: bool,
}

/// The boxes of a service.
pub struct ServiceBoxes {
    /// Its name.
    pub name: String,
    /// Its stages.
    pub stages: Vec<StageBoxes>,
    /// Rows of a table, with a cell for each stage. Without rows each stage is a list of its own.
    pub rows: Vec<ScopeRow>,
}

/// The boxes of a stage of a service.
pub struct StageBoxes {
    /// Its name.
    pub name: String,
    /// Name of the radio buttons that choose one of its APIs, if there are several.
    pub choice: Option<String>,
    /// Its APIs.
    pub apis: Vec<ApiBoxes>,
    /// Whether one of them is chosen.
    pub has_chosen: bool,
}

/// The boxes of an API.
pub struct ApiBoxes {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Whether anything of it is ticked.
    pub is_chosen: bool,
    /// Its scopes.
    pub boxes: Vec<ScopeBox>,
}

/// A scope, with a cell for each stage; `None` where a stage does not offer it.
pub struct ScopeRow {
    /// What it permits, in words.
    pub words: String,
    /// The scope token, if the words are others.
    pub code: Option<String>,
    /// Its boxes, by stage.
    pub cells: Vec<Option<ScopeBox>>,
}

impl PermissionMatrix {
    /// The boxes for a person who gives permissions of these APIs to a client that holds some.
    pub fn new(
        texts: Texts,
        offered: &OfferedApis<'_>,
        person: &Principal,
        held: &TickedScopes,
        ticked: &TickedScopes,
    ) -> Self {
        let services =
            offered.services.iter().map(|(name, stages)| ServiceBoxes::new(texts, name, stages, ticked));
        Self {
            services: services.collect(),
            administration: administration(texts, offered, person, held, ticked),
            unavailable: unavailable(texts, offered, held),
            adds_apis: person.is_operator() && person.require_scope(ManagementScope::ResourcesManage).is_ok(),
        }
    }

    /// The boxes of all APIs, for permissions that no person is asked about.
    pub fn of_all(texts: Texts, offered: &OfferedApis<'_>, ticked: &TickedScopes) -> Self {
        let services =
            offered.services.iter().map(|(name, stages)| ServiceBoxes::new(texts, name, stages, ticked));
        let (administration, unavailable) = (Vec::new(), Vec::new());
        Self { services: services.collect(), administration, unavailable, adds_apis: true }
    }

    /// Whether a scope of the management API is ticked.
    pub fn has_administration(&self) -> bool {
        self.administration.iter().any(|own| own.is_ticked)
    }
}

impl ServiceBoxes {
    fn new(texts: Texts, name: &str, stages: &Stages<'_>, ticked: &TickedScopes) -> Self {
        let is_table =
            (2..=MAX_COLUMNS).contains(&stages.len()) && stages.values().all(|apis| apis.len() == 1);
        let first = stages.values().flatten().next();
        let name = match first {
            Some(only) if stages.values().flatten().count() == 1 => {
                display_name(&only.resource.resource_name)
            }
            _ => name.to_owned(),
        };
        let stages: Vec<_> =
            stages.iter().map(|(name, apis)| StageBoxes::new(texts, name, apis, ticked)).collect();
        let rows = if is_table { rows(&stages) } else { Vec::new() };
        Self { name, stages, rows }
    }

    /// Whether it has one stage with one API.
    pub fn is_list(&self) -> bool {
        self.stages.len() == 1 && self.stages[0].choice.is_none()
    }
}

impl StageBoxes {
    fn new(texts: Texts, name: &str, apis: &[OfferedApi<'_>], ticked: &TickedScopes) -> Self {
        let boxes: Vec<_> = apis.iter().map(|api| ApiBoxes::new(texts, api, ticked)).collect();
        Self {
            name: name.to_owned(),
            choice: apis.first().filter(|_| apis.len() > 1).map(|api| choice_field(api.resource)),
            has_chosen: boxes.iter().any(|api| api.is_chosen),
            apis: boxes,
        }
    }
}

impl ApiBoxes {
    fn new(texts: Texts, api: &OfferedApi<'_>, ticked: &TickedScopes) -> Self {
        let (resource, own) = (api.resource, ticked.of(&api.resource.resource_id));
        let none = ScopeSet::default();
        let scopes = own.unwrap_or(&none);
        let shown = resource.scopes.iter().filter(|scope| api.permitted.has(&scope.name));
        let shown = shown.map(|scope| ScopeBox {
            is_restricted: api.marks_restricted && scope.restricted,
            ..ScopeBox::new(resource, scope, scopes)
        });
        let mut boxes: Vec<_> = shown.collect();
        if boxes.is_empty() || own.is_some_and(ScopeSet::is_empty) {
            boxes.insert(0, ScopeBox::without_scopes(texts, resource, own.is_some()));
        }
        let (id, name) = (resource.resource_id.to_string(), display_name(&resource.resource_name));
        Self { id, name, is_chosen: own.is_some(), boxes }
    }
}

/// The rows of a table: the scopes of all stages, each once.
fn rows(stages: &[StageBoxes]) -> Vec<ScopeRow> {
    let scope_of = |own: &ScopeBox| own.value.split_once(' ').map(|(_, scope)| scope.to_owned());
    let columns: Vec<BTreeMap<Option<String>, &ScopeBox>> = stages
        .iter()
        .map(|stage| stage.apis.iter().flat_map(|api| &api.boxes).map(|own| (scope_of(own), own)).collect())
        .collect();
    let mut seen = BTreeSet::new();
    let all = stages.iter().flat_map(|stage| &stage.apis).flat_map(|api| &api.boxes);
    let rows = all.filter(|own| seen.insert(scope_of(own))).map(|own| ScopeRow {
        words: own.words.clone(),
        code: own.code.clone(),
        cells: columns.iter().map(|column| column.get(&scope_of(own)).copied().cloned()).collect(),
    });
    rows.collect()
}

/// What the client holds and the account may not use, as lines.
fn unavailable(texts: Texts, offered: &OfferedApis<'_>, held: &TickedScopes) -> Vec<String> {
    let lost = held.iter().filter_map(|(id, scopes)| match offered.permitted(id) {
        None => Some((id, scopes.clone())),
        Some(permitted) => Some((id, scopes.difference(&permitted))).filter(|(_, lost)| !lost.is_empty()),
    });
    lost.map(|(id, scopes)| {
        let resource = offered.catalogue.get(id);
        let words = scope_words(texts, resource, id, &scopes).join(", ");
        format!("{}: {words}", place(resource, id))
    })
    .collect()
}
