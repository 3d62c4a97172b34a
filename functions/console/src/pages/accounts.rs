//! The accounts of a person: the choice among them.

use crate::error::ConsoleError;
use crate::forms::Form;
use crate::forms::form_target::FormTarget;
use crate::frame::{Frame, display_name};
use crate::language;
use crate::pages::clients::list::query::MAX_TEXT;
use crate::pages::members::{other_rights, role_name};
use crate::pages::sign_in::sign_in_url;
use crate::respond::{self, with_query};
use crate::session::PersonRequest;
use crate::state::ConsoleState;
use askama::Template;
use axum::extract::{FromRequestParts, Path, Request, State};
use axum::response::Response;
use form_urlencoded::Serializer;
use http::header;
use http::request::Parts;
use shared::adapters::store::Membership;
use shared::domain::account::{Account, SignInMethod, SignInMethods, Status};
use shared::domain::console::path::ConsolePath;
use shared::domain::primitives::folded::folded;
use shared::domain::primitives::ids::AccountId;
use shared::services::console::{CurrentPerson, PersonError};
use shared::texts::Texts;
use shared::web::response::see_other;
use std::sync::Arc;

/// An account to choose.
struct AccountRow {
    id: AccountId,
    name: String,
    role: String,
    /// Its rights, if the role's name does not say them.
    rights: String,
    is_disabled: bool,
    /// Why the present sign-in opens nothing there, and where the person signs in by a way that the account allows.
    sign_in: Option<(String, String)>,
    enter: FormTarget,
}

#[derive(Template)]
#[template(path = "choose_account.html")]
struct ChooseAccountPage<'a> {
    frame: Frame<'a>,
    to: &'a str,
    /// Whether they can be searched: there are many.
    has_search: bool,
    /// What is looked for; empty for nothing.
    q: &'a str,
    /// URL of the choice among all of them.
    all: String,
    /// Those that are found.
    accounts: Vec<AccountRow>,
    is_truncated: bool,
}

/// More accounts than these can be searched.
const SEARCH_ABOVE: usize = 10;

/// What the query of the choice says.
#[derive(Default)]
struct ChoiceQuery {
    /// The page to get to.
    to: Option<ConsolePath>,
    /// A part of an account's name or id.
    q: String,
}

impl ChoiceQuery {
    /// Reads a query. What it does not know is ignored.
    fn parse(query: &str) -> Self {
        let mut read = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                "to" => read.to = read.to.or_else(|| ConsolePath::parse(&value).ok()),
                "q" => read.q = value.trim().chars().take(MAX_TEXT).collect(),
                _ => {}
            }
        }
        read
    }

    /// Whether an account is one that is looked for.
    fn matches(&self, account: &Account) -> bool {
        let wanted = folded(&self.q);
        [account.account_name.as_str(), account.account_id.as_str()]
            .iter()
            .any(|text| folded(text).contains(&wanted))
    }
}

/// `GET /console?to=`: leads to the account of the session, or shows the accounts to choose among.
pub async fn choose(
    State(state): State<Arc<ConsoleState>>,
    person: PersonRequest,
    head: Parts,
) -> Result<Response, ConsoleError> {
    let texts = language::texts(&state, &head.headers, &head.uri);
    let query = ChoiceQuery::parse(head.uri.query().unwrap_or_default());
    let session = &person.live.session;
    if let Some(only) = session.account_id.as_ref().filter(|_| !session.proves_person()) {
        return Ok(see_other(&format!("/console/accounts/{only}")));
    }
    let memberships = state.app().store.memberships_of(&session.email).await?;
    let is_own = |found: &Membership| {
        let pinned = found.member.external_identity.as_ref();
        session.external_identity.is_none() || session.external_identity.as_ref() == pinned
    };
    let own: Vec<Membership> = memberships.items.into_iter().filter(is_own).collect();
    if own.is_empty() {
        return Err(ConsoleError::NoAccount);
    }
    let is_in = |account: &Membership| session.account_id.as_ref() == Some(&account.account.account_id);
    if query.to.is_none() && own.len() == 1 && own.iter().any(is_in) && !memberships.is_truncated {
        return Ok(see_other(&format!("/console/accounts/{}", own[0].account.account_id)));
    }
    let to = query.to.clone().unwrap_or_else(ConsolePath::root);
    let found = own.iter().filter(|found| query.matches(&found.account));
    let mut accounts: Vec<AccountRow> = found.map(|found| row(found, &person, texts)).collect();
    // The account that the wanted page belongs to comes first.
    accounts.sort_by_key(|row| to.account() != Some(row.id.as_str()));
    let frame = Frame::bare(&state, texts, texts.get("choose-account-title")).for_person(&person.live);
    let is_truncated = memberships.is_truncated;
    let has_search = own.len() > SEARCH_ABOVE;
    let all = with_query("/console", &Serializer::new(String::new()).append_pair("to", to.as_str()).finish());
    let (to, q) = (to.as_str(), query.q.as_str());
    let page = ChooseAccountPage { frame, to, has_search, q, all, accounts, is_truncated };
    Ok(respond::page(&page))
}

/// Why the person's sign-in opens nothing where these ways are allowed; `None` if it does.
fn other_sign_in(methods: &SignInMethods, person: &PersonRequest, texts: Texts) -> Option<String> {
    let is_provider_only = methods.contains(SignInMethod::Provider);
    let why = texts.get(if is_provider_only { "account-provider-only" } else { "account-code-only" });
    (!methods.allow(person.live.session.method)).then_some(why)
}

fn row(found: &Membership, person: &PersonRequest, texts: Texts) -> AccountRow {
    let id = found.account.account_id.clone();
    let (methods, url) = (&found.account.sign_in_methods, format!("/console/accounts/{id}"));
    let permissions = &found.member.permissions;
    AccountRow {
        name: display_name(&found.account.account_name),
        role: role_name(texts, permissions),
        rights: other_rights(texts, permissions).join("; "),
        is_disabled: found.account.status == Status::Disabled,
        sign_in: other_sign_in(methods, person, texts).map(|why| (why, sign_in_url(methods, &url))),
        enter: FormTarget::new(&person.live.cookie, &format!("{url}/enter")),
        id,
    }
}

/// `POST /console/accounts/{account_id}/enter`: goes on in this account, with a new session.
pub async fn enter(
    State(state): State<Arc<ConsoleState>>,
    request: Request,
) -> Result<Response, ConsoleError> {
    let (mut head, body) = request.into_parts();
    let person = PersonRequest::from_request_parts(&mut head, &state).await?;
    let path = Path::<String>::from_request_parts(&mut head, &state).await;
    let id = path.ok().and_then(|Path(id)| AccountId::parse(&id).ok()).ok_or(ConsoleError::NotFound)?;
    let request = Request::from_parts(head, body);
    let form = Form::read(request, &state.app().config.issuer, &person.live.cookie).await?;
    if !person.live.session.proves_person() {
        return Err(ConsoleError::NotFound);
    }
    let form_to = form.get("to").and_then(|to| ConsolePath::parse(to).ok());
    let to = form_to.filter(|to| to.account() == Some(id.as_str()));
    let own = format!("/console/accounts/{id}");
    let current = match CurrentPerson::load(&state.app().store, &person.live.session, &id).await {
        Ok(current) => current,
        Err(PersonError::NotAMember) => return Err(ConsoleError::NotFound),
        Err(PersonError::AccountDisabled) => return Err(ConsoleError::AccountDisabled),
        Err(PersonError::MethodNotAllowed(methods)) => {
            let to = to.or_else(|| ConsolePath::parse(&own).ok()).unwrap_or_else(ConsolePath::root);
            return Err(ConsoleError::OtherSignIn(methods, to));
        }
        Err(PersonError::Backend(error)) => return Err(error.into()),
    };
    let cookie = state.sessions(person.now).enter(&person.live, &current.member).await?;
    let location = to.map_or(own, |to| to.to_string());
    let mut response = see_other(&location);
    response.headers_mut().insert(header::SET_COOKIE, state.cookie().set(&cookie.expose()));
    Ok(response)
}
