//! A new account, with its first administrator.

use super::{accounts, list_crumb, path};
use crate::error::ConsoleError;
use crate::forms::Form;
use crate::forms::filled_form::FilledForm;
use crate::forms::form_target::FormTarget;
use crate::frame::Frame;
use crate::frame::navigation::OPERATOR_ROOT;
use crate::operator_request::OperatorRequest;
use crate::pages::operator;
use crate::pages::parts::by_api::create_command;
use crate::pages::parts::notice::Notice;
use crate::respond;
use crate::state::ConsoleState;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use serde_json::json;
use shared::domain::account::{Account, ClaimsPatch, Entitlement};
use shared::domain::management::ManagementScope;
use shared::domain::primitives::display_text::Name;
use shared::domain::primitives::email::PathSafeEmail;
use shared::domain::primitives::ids::{AccountId, ChosenId};
use shared::domain::primitives::validation::{FieldError, FromJson, Validator};
use shared::services::accounts::{AccountError, CreateAccount};
use shared::services::audit::AuditContext;
use shared::services::context::ManagementContext;
use shared::services::members::{AddMember, MailOutcome, MemberError, Members};
use shared::web::response::see_other;
use std::sync::Arc;

/// The fields of the form.
const FIELDS: [&str; 5] = ["account_name", "account_id", "name", "email", "like"];

/// What an administrator of an account may do.
const ADMINISTRATOR: [ManagementScope; 5] = [
    ManagementScope::MembersManage,
    ManagementScope::ClientsRead,
    ManagementScope::ClientsManage,
    ManagementScope::SecretsReveal,
    ManagementScope::AuditRead,
];

#[derive(Template)]
#[template(path = "operator/accounts/new.html")]
struct NewPage<'a> {
    frame: Frame<'a>,
    target: FormTarget,
    number: String,
    form: FilledForm,
    back: String,
    /// What does the same by the API; none if the account to copy from is not known.
    command: Option<String>,
}

/// A form that was read.
enum FormInput {
    /// Everything in it can be used.
    Valid(Box<NewAccount>),
    /// What is wrong with it.
    Invalid(Vec<FieldError>),
}

/// The account to create.
struct NewAccount {
    account_id: Option<AccountId>,
    account_name: Name,
    administrator: AddMember,
    entitlements: Vec<Entitlement>,
}

/// `GET /console/operator/accounts/new`
pub async fn show(
    State(state): State<Arc<ConsoleState>>,
    request: OperatorRequest,
) -> Result<Response, ConsoleError> {
    accounts(&state, &request)?;
    request.person.principal.require_scope(ManagementScope::MembersManage)?;
    let form = request.restored().cloned().map(FilledForm::new).unwrap_or_default();
    Ok(respond::page(&page(&state, &request, form).await?))
}

/// `POST /console/operator/accounts/new`: creates the account, then adds its administrator.
pub async fn submit(
    State(state): State<Arc<ConsoleState>>,
    request: OperatorRequest,
) -> Result<Response, ConsoleError> {
    let request = request.recognised_by_form()?;
    let accounts = accounts(&state, &request)?;
    request.person.principal.require_scope(ManagementScope::MembersManage)?;
    request.require_confirmed()?;
    let new = match read(&state, &request.form).await? {
        FormInput::Valid(new) => new,
        FormInput::Invalid(errors) => return invalid(&state, &request, errors).await,
    };
    if !request.person.principal.may_grant(&new.administrator.permissions) {
        let error =
            FieldError::new("email", "you can give an administrator only rights that you hold yourself");
        return invalid(&state, &request, vec![error]).await;
    }
    let creation = CreateAccount {
        account_id: new.account_id,
        account_name: new.account_name,
        entitlements: new.entitlements,
        claims: ClaimsPatch::default(),
    };
    let account = match accounts.create(creation).await {
        Ok(account) => account,
        Err(AccountError::IdTaken) => {
            return invalid(&state, &request, vec![FieldError::new("account_id", "is taken")]).await;
        }
        Err(AccountError::Invalid(errors)) => return invalid(&state, &request, errors).await,
        Err(error) => return Err(error.into()),
    };
    // A change of its own: the number of the form stands for the account.
    let audit_context = AuditContext { request: None, ..request.audit_context.clone() };
    let ctx = ManagementContext { audit_context: &audit_context, ..request.management(&state) };
    let notice = match Members::authorize(ctx, account.account_id.as_str())?.add(new.administrator).await {
        Ok(added) if added.mail == Some(MailOutcome::Sent) => Notice::AdministratorInvited,
        Ok(_) => Notice::AdministratorNotInvited,
        // The form was sent twice.
        Err(MemberError::AlreadyExists) => Notice::Created,
        Err(error) => return Err(error.into()),
    };
    Ok(see_other(&notice.after(&path(account.account_id.as_str(), ""))))
}

async fn read(state: &ConsoleState, form: &Form) -> Result<FormInput, ConsoleError> {
    let mut checked = Validator::new();
    let account_name = parse::<Name>(&mut checked, form, "account_name");
    let account_id = match text(form, "account_id") {
        "" => None,
        _ => parse::<ChosenId<AccountId>>(&mut checked, form, "account_id").map(ChosenId::into_inner),
    };
    let email = parse::<PathSafeEmail>(&mut checked, form, "email");
    let name = match text(form, "name") {
        "" => email.as_ref().and_then(|_| Name::parse(text(form, "email")).ok()),
        _ => parse::<Name>(&mut checked, form, "name"),
    };
    let like = match text(form, "like") {
        "" => None,
        id => {
            let found = other_account(state, id).await?;
            if found.is_none() {
                checked.error("like", "no account has this id");
            }
            found
        }
    };
    let (Some(account_name), Some(email), Some(name), true) = (account_name, email, name, checked.is_ok())
    else {
        return Ok(FormInput::Invalid(checked.into_errors()));
    };
    let permissions = ADMINISTRATOR.into_iter().collect();
    let administrator = AddMember { email, name, permissions, mail: true, locale: None, invite: true };
    let entitlements = like.iter().flat_map(|account| account.entitlements.iter().cloned()).collect();
    let new = NewAccount { account_id, account_name, administrator, entitlements };
    Ok(FormInput::Valid(Box::new(new)))
}

async fn other_account(state: &ConsoleState, id: &str) -> Result<Option<Account>, ConsoleError> {
    Ok(match AccountId::parse(id) {
        Ok(id) => state.app().store.load_account(&id).await?,
        Err(_) => None,
    })
}

fn text<'a>(form: &'a Form, field: &str) -> &'a str {
    form.get(field).unwrap_or_default().trim()
}

fn parse<T: FromJson>(checked: &mut Validator, form: &Form, field: &str) -> Option<T> {
    match T::from_json(&json!(text(form, field))) {
        Ok(value) => Some(value),
        Err(errors) => {
            checked.extend(errors.into_iter().map(|error| error.nested(field)));
            None
        }
    }
}

async fn invalid(
    state: &ConsoleState,
    request: &OperatorRequest,
    errors: Vec<FieldError>,
) -> Result<Response, ConsoleError> {
    let form = FilledForm::new(request.form.clone()).with_errors_at(errors, &FIELDS);
    let again = page(state, request, form).await?;
    Ok(respond::page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &again))
}

async fn page<'a>(
    state: &'a ConsoleState,
    request: &OperatorRequest,
    form: FilledForm,
) -> Result<NewPage<'a>, ConsoleError> {
    let title = request.texts.get("account-new");
    let mut frame = operator::frame(state, request, title).below(vec![list_crumb(request)]);
    frame.has_errors = form.has_errors();
    Ok(NewPage {
        frame,
        target: request.form_target(),
        number: request.new_form_number(),
        back: format!("{OPERATOR_ROOT}/accounts"),
        command: command(state, form.values()).await?,
        form,
    })
}

/// The requests that create the account and add its administrator, with examples for what is not filled in.
async fn command(state: &ConsoleState, form: &Form) -> Result<Option<String>, ConsoleError> {
    let or = |field, example| Some(text(form, field)).filter(|text| !text.is_empty()).unwrap_or(example);
    let mut body = json!({ "account_name": or("account_name", "Acme") });
    let account_id = json!(text(form, "account_id"));
    let account_id = ChosenId::<AccountId>::from_json(&account_id).ok().map(ChosenId::into_inner);
    if let Some(id) = &account_id {
        body["account_id"] = json!(id);
    }
    let like = text(form, "like");
    if !like.is_empty() {
        let Some(like) = other_account(state, like).await? else { return Ok(None) };
        body["entitlements"] = json!(like.entitlements);
    }
    let url = format!("{}/v1/accounts", state.app().config.issuer);
    let id = account_id.as_ref().map_or("{account_id}", AccountId::as_str);
    let email = or("email", "ann@example.com");
    let name = or("name", if text(form, "email").is_empty() { "Ann" } else { email });
    let member = json!({ "email": email, "name": name, "permissions": ADMINISTRATOR, "invite": true });
    let add = create_command(&format!("{url}/{id}/members"), &member);
    Ok(Some(format!("{}\n\n{add}", create_command(&url, &body))))
}
