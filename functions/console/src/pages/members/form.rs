//! The forms that add and change a member.

use super::filled::{Filled, at};
use super::role::{CUSTOM, Role, RoleChoice, rights, roles};
use super::{ADDRESS_TAKEN, api_url, frame, loss_policy, member_url, members, warnings};
use crate::account_request::{AccountRequest, FORM_NUMBER_FIELD};
use crate::error::ConsoleError;
use crate::forms::filled_form::FilledForm;
use crate::forms::form_target::FormTarget;
use crate::frame::{Frame, display_name};
use crate::pages::parts::by_api::{api_command, create_command};
use crate::pages::parts::notice::Notice;
use crate::respond;
use crate::state::ConsoleState;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use serde_json::json;
use shared::domain::account::Member;
use shared::domain::management::ManagementScope;
use shared::domain::primitives::email::PathSafeEmail;
use shared::domain::primitives::optional_change::OptionalChange;
use shared::domain::primitives::validation::{FieldError, FromJson};
use shared::services::members::{AddMember, MailOutcome, MemberChange, MemberError};
use shared::services::principal::AccessError;
use shared::web::response::see_other;
use std::collections::BTreeSet;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "members/form.html")]
struct MemberFormPage<'a> {
    frame: Frame<'a>,
    target: FormTarget,
    /// The form's number, of one that adds a member; else the member's version.
    number: String,
    is_new: bool,
    form: FilledForm,
    roles: Vec<RoleChoice>,
    rights: Vec<RoleChoice>,
    /// Whether roles are disabled because they would take a right from the person themself.
    keeps_own_rights: bool,
    /// What the account would lose, to be accepted.
    warnings: Vec<String>,
    /// Whether the member was changed since the page was loaded.
    is_changed: bool,
    back: String,
    command: String,
}

impl MemberFormPage<'_> {
    /// Whether there are rights that the person does not have to give.
    fn lacks_rights(&self) -> bool {
        self.rights.iter().any(|right| !right.is_offered)
    }
}

/// A complaint about rights that the person may not give, or take from themself.
fn at_role(error: AccessError) -> FieldError {
    FieldError::new("role", error.to_string())
}

/// `GET …/members/new`
pub async fn show_new(
    State(state): State<Arc<ConsoleState>>,
    request: AccountRequest,
) -> Result<Response, ConsoleError> {
    members(&state, &request)?;
    request.require_confirmed()?;
    // Who invites someone from outside invites the first of an account, or one who replaces them.
    let role = if request.is_as_operator() { Role::Administrator } else { Role::Developer };
    let fields = [("role", role.name()), ("mail", "yes"), ("invite", "yes")];
    let defaults = || fields.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let form = request.restored().cloned().unwrap_or_else(defaults);
    Ok(respond::page(&page(&state, &request, None, request.new_form_number(), FilledForm::new(form))))
}

/// `POST …/members/new`
pub async fn submit_new(
    State(state): State<Arc<ConsoleState>>,
    request: AccountRequest,
) -> Result<Response, ConsoleError> {
    request.require_confirmed()?;
    let request = request.recognised_by_form()?;
    let members = members(&state, &request)?;
    let filled = Filled::read(&request.form);
    let typed = request.form.get("email").unwrap_or_default().trim().to_lowercase();
    let email = PathSafeEmail::from_json(&json!(typed)).map_err(|errors| at("email", errors));
    let refuse = |errors| {
        let form = FilledForm::new(request.form.clone()).with_errors(errors);
        let number = request.form.get(FORM_NUMBER_FIELD).unwrap_or_default().to_owned();
        let again = page(&state, &request, None, number, form);
        Ok(respond::page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &again))
    };
    let (email, name) = match (email, filled.name) {
        (Ok(email), Ok(name)) => (email, name),
        (email, name) => {
            return refuse([email.err(), name.err()].into_iter().flatten().flatten().collect());
        }
    };
    let invite = request.form.get("invite").is_some();
    let Filled { permissions, mail, locale, .. } = filled;
    let added = match members.add(AddMember { email, name, permissions, mail, locale, invite }).await {
        Err(MemberError::AlreadyExists) => {
            return refuse(vec![FieldError::new("email", ADDRESS_TAKEN)]);
        }
        Err(MemberError::Access(error @ AccessError::GrantToMember)) => return refuse(vec![at_role(error)]),
        result => result?,
    };
    let notice = match added.mail {
        Some(MailOutcome::NotSent(_)) => Notice::InvitationNotSent,
        Some(MailOutcome::Sent) => Notice::MemberInvited,
        None => Notice::Created,
    };
    Ok(see_other(&notice.after(&member_url(&request, &added.member, ""))))
}

/// `GET …/members/{sub}/edit`
pub async fn show(
    State(state): State<Arc<ConsoleState>>,
    Path((_, sub)): Path<(String, String)>,
    request: AccountRequest,
) -> Result<Response, ConsoleError> {
    let member = members(&state, &request)?.get(&sub).await?;
    request.person.principal.ensure_covers_member(&member)?;
    request.require_confirmed()?;
    let (version, form) = match request.restored() {
        Some(typed) => (request.form_version()?, FilledForm::new(typed.clone())),
        None => (member.version, filled_with(&member)),
    };
    Ok(respond::page(&page(&state, &request, Some(&member), version.to_string(), form)))
}

/// `POST …/members/{sub}/edit`
pub async fn submit(
    State(state): State<Arc<ConsoleState>>,
    Path((_, sub)): Path<(String, String)>,
    request: AccountRequest,
) -> Result<Response, ConsoleError> {
    request.require_confirmed()?;
    let members = members(&state, &request)?;
    let member = members.get(&sub).await?;
    let version = request.form_version()?;
    let filled = Filled::read(&request.form);
    let again = |errors, status, adjust: &dyn Fn(&mut MemberFormPage<'_>)| {
        let form = FilledForm::new(request.form.clone()).with_errors(errors);
        let mut again = page(&state, &request, Some(&member), version.to_string(), form);
        adjust(&mut again);
        Ok(respond::page_with_status(status, &again))
    };
    let name = match filled.name {
        Ok(name) => name,
        Err(errors) => return again(errors, StatusCode::UNPROCESSABLE_ENTITY, &|_| {}),
    };
    if member.version != version {
        return again(Vec::new(), StatusCode::PRECONDITION_FAILED, &|page| {
            (page.is_changed, page.number) = (true, member.version.to_string());
        });
    }
    let change = MemberChange {
        name: Some(name),
        permissions: Some(filled.permissions),
        mail: Some(filled.mail),
        locale: filled.locale.map_or(OptionalChange::Remove, OptionalChange::Set),
        ..MemberChange::default()
    };
    let policy = loss_policy(&request);
    let changed = match members.update(&sub, &change, &|current| current == version, policy).await {
        Err(MemberError::Losses(losses)) => {
            return again(Vec::new(), StatusCode::UNPROCESSABLE_ENTITY, &|page| {
                page.warnings = warnings(request.texts, losses);
            });
        }
        Err(MemberError::Access(
            error @ (AccessError::OwnMembersRight
            | AccessError::OwnOperatorRight
            | AccessError::GrantToMember),
        )) => return again(vec![at_role(error)], StatusCode::UNPROCESSABLE_ENTITY, &|_| {}),
        result => result?,
    };
    Ok(see_other(&Notice::Saved.after(&member_url(&request, &changed.member, ""))))
}

fn filled_with(member: &Member) -> FilledForm {
    let role = Role::of(&member.permissions).map_or(CUSTOM, Role::name);
    let mut fields = vec![("name", member.name.to_string()), ("role", role.to_owned())];
    fields.extend(member.permissions.iter().map(|scope| ("permissions", scope.as_str().to_owned())));
    fields.extend(member.mail.then(|| ("mail", "yes".to_owned())));
    fields.extend(member.locale.map(|locale| ("locale", locale.tag().to_owned())));
    FilledForm::new(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

fn page<'a>(
    state: &'a ConsoleState,
    request: &'a AccountRequest,
    member: Option<&Member>,
    number: String,
    form: FilledForm,
) -> MemberFormPage<'a> {
    let (texts, principal) = (request.texts, &request.person.principal);
    let title = match member {
        None => texts.get("member-new-title"),
        Some(member) => texts.with("member-edit-title", [("name", display_name(&member.name))]),
    };
    let mut frame = frame(state, request, title, member);
    frame.has_errors = form.has_errors();
    let rights = rights(texts, principal, |scope| form.has("permissions", scope));
    let keeps_own = |rights: &BTreeSet<ManagementScope>| {
        member.is_none_or(|member| principal.ensure_keeps_own_rights(member, rights).is_ok())
    };
    let roles = roles(texts, principal, |role| form.has("role", role), keeps_own);
    let mut body = Filled::read(form.values()).to_json();
    let command = if let Some(member) = member {
        api_command("PATCH", &api_url(state, member), member.version, &body)
    } else {
        let url = format!("{}/v1/accounts/{}/members", state.app().config.issuer, request.account.account_id);
        body["email"] = json!("ann@example.com");
        body["invite"] = json!(true);
        create_command(&url, &body)
    };
    MemberFormPage {
        frame,
        target: request.form_target(),
        number,
        is_new: member.is_none(),
        keeps_own_rights: !keeps_own(&BTreeSet::new()),
        form,
        roles,
        rights,
        warnings: Vec::new(),
        is_changed: false,
        back: member.map_or_else(|| request.url("/members"), |member| member_url(request, member, "")),
        command,
    }
}
