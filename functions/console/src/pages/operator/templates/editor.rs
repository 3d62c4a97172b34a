//! The form of a template.

use super::fields::{GRANTS, members, present};
use super::{api_url, asked_label, path};
use crate::forms::filled_form::FilledForm;
use crate::forms::form_target::FormTarget;
use crate::frame::{Frame, Link};
use crate::operator_request::OperatorRequest;
use crate::pages::clients::permissions::matrix::PermissionMatrix;
use crate::pages::clients::permissions::offered::OfferedApis;
use crate::pages::clients::permissions::ticked::{PermissionsForm, TickedScopes};
use crate::pages::clients::permissions::words::place;
use crate::pages::parts::by_api::{api_command, create_command};
use crate::pages::parts::icon;
use crate::state::ConsoleState;
use askama::Template;
use serde_json::Value;
use shared::adapters::crypto::random::random_hex;
use shared::domain::client::registration::template::{AskedMember, ClientTemplate};
use shared::domain::resource::Resource;
use shared::domain::resource::scope::ScopeSet;
use strum::VariantArray;

/// A scope that the template gives, and no API has any more.
struct GoneScope {
    /// The value of its box.
    value: String,
    /// The API and the scope.
    words: String,
}

#[derive(Template)]
#[template(path = "operator/templates/editor.html")]
pub struct EditorPage<'a> {
    pub frame: Frame<'a>,
    target: FormTarget,
    /// The version of the template; `None` for a new one.
    version: Option<u64>,
    number: String,
    form: FilledForm,
    /// The members that can be asked: name, label, and whether it is ticked.
    asked: Vec<(&'static str, String, bool)>,
    /// The grants: name, words, and whether it is ticked.
    grants: Vec<(&'static str, String, bool)>,
    matrix: PermissionMatrix,
    gone: Vec<GoneScope>,
    /// The fields as they are now, if another person has changed it meanwhile.
    changed: Option<Vec<(&'static str, String)>>,
    /// Why nothing was saved, if it is not about a field.
    problem: Option<String>,
    /// URL of the page that deletes it.
    delete: Option<String>,
    back: String,
    command: String,
}

/// A form, before it is a page.
#[derive(Default)]
pub struct Editor<'t> {
    /// The template; `None` for a new one.
    pub template: Option<&'t ClientTemplate>,
    /// What is filled in.
    pub form: FilledForm,
    /// Whether another person has changed it meanwhile.
    pub is_changed: bool,
    /// Why nothing was saved, if it is not about a field.
    pub problem: Option<String>,
}

impl Editor<'_> {
    /// The page.
    pub fn page<'a>(
        self,
        state: &'a ConsoleState,
        request: &OperatorRequest,
        offered: &OfferedApis<'_>,
        frame: Frame<'a>,
    ) -> EditorPage<'a> {
        let (texts, values) = (request.texts, self.form.values());
        let asked = AskedMember::VARIANTS.iter().map(|member| {
            (member.as_str(), asked_label(texts, *member), self.form.has("asked", member.as_str()))
        });
        let grants =
            GRANTS.iter().map(|(name, id)| (*name, texts.get(id), self.form.has("grant_types", name)));
        let ticked = PermissionsForm::read(values, offered).ticked;
        let body = Value::Object(members(values, offered).unwrap_or_default());
        let list = Link { href: path(""), text: texts.get("nav-operator-templates") };
        let mut frame = frame.below(vec![list]);
        frame.has_errors = self.form.has_errors() || self.is_changed || self.problem.is_some();
        let changed = self.template.filter(|_| self.is_changed).map(|template| present(template, offered));
        EditorPage {
            frame,
            target: request.form_target(),
            version: self.template.map(|template| match changed {
                Some(_) => template.version,
                None => request.shown_version(template.version),
            }),
            number: random_hex(),
            asked: asked.collect(),
            grants: grants.collect(),
            matrix: PermissionMatrix::of_all(texts, offered, &ticked),
            gone: gone(offered, &ticked),
            changed,
            problem: self.problem,
            delete: self.template.map(|template| path(&format!("/{}/delete", template.template_id))),
            back: path(""),
            command: match self.template {
                Some(template) => {
                    let url = api_url(state, &format!("/{}", template.template_id));
                    api_command("PATCH", &url, template.version, &body)
                }
                None => create_command(&api_url(state, ""), &body),
            },
            form: self.form,
        }
    }
}

/// What is ticked and cannot be given: it has no place among the boxes.
fn gone(offered: &OfferedApis<'_>, ticked: &TickedScopes) -> Vec<GoneScope> {
    let of_api = ticked.iter().map(|(id, scopes)| {
        let resource = offered.catalogue.get(id);
        let known = resource.map_or_else(ScopeSet::default, Resource::scope_names);
        let lost = scopes.difference(&known);
        let api = place(resource, id);
        let without_scopes = (resource.is_none() && scopes.is_empty())
            .then(|| GoneScope { value: id.to_string(), words: api.clone() });
        let lost = lost
            .iter()
            .map(|scope| GoneScope { value: format!("{id} {scope}"), words: format!("{api}: {scope}") });
        lost.chain(without_scopes).collect::<Vec<_>>()
    });
    of_api.flatten().collect()
}
