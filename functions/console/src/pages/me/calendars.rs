//! The calendars of the person who is signed in, of all their accounts: those that they forgot show what ends, too.

use crate::error::ConsoleError;
use crate::forms::Form;
use crate::forms::form_target::FormTarget;
use crate::frame::display_name;
use crate::pages::expiry::FeedRow;
use crate::pages::me::acting::{acting, notice_url};
use crate::pages::parts::notice::Notice;
use crate::session::PersonRequest;
use crate::state::ConsoleState;
use axum::extract::{FromRequestParts, Request, State};
use axum::response::Response;
use shared::adapters::store::Membership;
use shared::domain::account::{CalendarFeed, Status};
use shared::domain::console::path::ConsolePath;
use shared::domain::primitives::ids::AccountId;
use shared::services::context::ManagementContext;
use shared::services::members::feeds::{FeedError, OwnFeeds};
use shared::texts::Texts;
use shared::web::response::see_other;
use std::sync::Arc;

/// Path of the form that ends one.
const PATH: &str = "/console/me/calendars/end";

/// The calendars of an account.
pub struct AccountCalendars {
    /// The account.
    pub id: AccountId,
    /// Its name.
    pub name: String,
    /// The calendars.
    pub rows: Vec<FeedRow>,
}

/// What the page about the person shows of their calendars.
pub struct OwnCalendars {
    /// The form that ends one.
    pub end: FormTarget,
    /// The account of the session, in which one can be made, and others with calendars.
    pub accounts: Vec<AccountCalendars>,
}

impl OwnCalendars {
    /// Those of the person; `None` if a link opened the session, whose holder may be another person.
    pub async fn load(
        state: &ConsoleState,
        person: &PersonRequest,
        texts: Texts,
    ) -> Result<Option<Self>, ConsoleError> {
        let session = &person.live.session;
        if !session.proves_person() {
            return Ok(None);
        }
        let memberships = state.app().store.memberships_of(&session.email).await?.items.into_iter();
        let own = memberships.filter(|found| {
            let is_pinned = found.member.external_identity == session.external_identity;
            (session.external_identity.is_none() || is_pinned) && found.account.status == Status::Active
        });
        let row = |feed: &CalendarFeed| FeedRow::new(texts, feed, person.now);
        let of_account = |Membership { account, member }| AccountCalendars {
            name: display_name(&account.account_name),
            rows: member.calendar_feeds.iter().map(row).collect(),
            id: account.account_id,
        };
        let is_shown = |account: &AccountCalendars| {
            !account.rows.is_empty() || session.account_id.as_ref() == Some(&account.id)
        };
        Ok(Some(Self {
            end: FormTarget::new(&person.live.cookie, PATH),
            accounts: own.map(of_account).filter(is_shown).collect(),
        }))
    }
}

/// `POST /console/me/calendars/end`
pub async fn end(State(state): State<Arc<ConsoleState>>, request: Request) -> Result<Response, ConsoleError> {
    let (mut head, body) = request.into_parts();
    let person = PersonRequest::from_request_parts(&mut head, &state).await?;
    let request = Request::from_parts(head, body);
    let form = Form::read(request, &state.app().config.issuer, &person.live.cookie).await?;
    if !person.live.session.proves_person() {
        return Err(ConsoleError::ConfirmationRequired(ConsolePath::root(), None));
    }
    let account =
        form.get("account").and_then(|id| AccountId::parse(id).ok()).ok_or(ConsoleError::NotFound)?;
    // Another account, as anywhere, is not there.
    let acting = acting(&state, &person, &account).await.map_err(|error| match error {
        ConsoleError::NoAccount => ConsoleError::NotFound,
        error => error,
    });
    let (current, audit_context) = acting?;
    let ctx = ManagementContext {
        principal: &current.principal,
        audit_context: &audit_context,
        backend: state.management.backend(),
    };
    let feeds = OwnFeeds::to_end(ctx, &current.member.email);
    match feeds.end(form.get("feed").unwrap_or_default()).await {
        // Ended twice, it is ended.
        Ok(()) | Err(FeedError::NotFound) => {}
        Err(error) => return Err(error.into()),
    }
    Ok(see_other(&notice_url(Notice::CalendarEnded)))
}
