//! A request in an account: who acts, where, and what was sent.

mod members;
mod person;

pub use members::MembersRequest;
pub use person::own_person;

use crate::error::ConsoleError;
use crate::forms::form_target::FormTarget;
use crate::forms::kept;
use crate::forms::{DRAFT_FIELD, Form};
use crate::frame::navigation::FrameAccount;
use crate::frame::seen::SeenFrame;
use crate::language;
use crate::session::PersonRequest;
use crate::state::ConsoleState;
use axum::extract::{FromRequest, FromRequestParts, RawPathParams, Request};
use http::Method;
use http::request::Parts;
use person::{FoundPerson, WantedMembers, find_person};
use shared::domain::account::{Account, Member};
use shared::domain::client::secret_expiry::SecretLimits;
use shared::domain::console::draft::DraftId;
use shared::domain::management::ManagementScope;
use shared::domain::primitives::ids::AccountId;
use shared::services::audit::AuditContext;
use shared::services::clients::{ClientManager, ClientReader};
use shared::services::console::{CurrentPerson, LiveSession};
use shared::services::context::ManagementContext;
use shared::services::idempotency::IdempotencyKey;
use shared::services::principal::AccessError;
use shared::texts::Texts;
use std::sync::Arc;

/// Field of a form that holds its number, which no other form has.
pub const FORM_NUMBER_FIELD: &str = "form_number";

/// A request of a person in an account.
pub struct AccountRequest {
    /// The session.
    pub live: LiveSession,
    /// The person, as the member that they are.
    pub person: CurrentPerson,
    /// The account of the page: their own, or for an operator another one.
    pub account: Arc<Account>,
    /// Texts in the person's language.
    pub texts: Texts,
    /// The query.
    pub query: String,
    /// The path.
    pub path: String,
    /// The form, of a POST; else the one that was kept, if the page is opened with it.
    pub form: Form,
    /// The form was kept under this id.
    pub draft: Option<DraftId>,
    /// Whether it is the page on which a form is shown that was kept.
    pub is_restored: bool,
    /// Actor and time of its changes.
    pub audit_context: AuditContext,
}

impl FromRequest<Arc<ConsoleState>> for AccountRequest {
    type Rejection = ConsoleError;

    async fn from_request(request: Request, state: &Arc<ConsoleState>) -> Result<Self, ConsoleError> {
        Ok(Self::load(request, state, WantedMembers::Own).await?.0)
    }
}

impl AccountRequest {
    /// The request, and the members of the account if all of them are wanted.
    async fn load(
        request: Request,
        state: &Arc<ConsoleState>,
        wanted: WantedMembers,
    ) -> Result<(Self, Vec<Member>), ConsoleError> {
        let (mut head, body) = request.into_parts();
        let session = PersonRequest::from_request_parts(&mut head, state).await?;
        let id = path_account(&mut head, state).await.ok_or(ConsoleError::NotFound)?;
        let FoundPerson { person, account, members } =
            find_person(state, &session.live, &id, &head, wanted).await?;
        let texts = language::texts(state, &head.headers, &head.uri);
        let seen = SeenFrame::of(&head);
        let mut in_frame = Some(FrameAccount::new(&account, &person.principal, head.uri.path(), texts));
        // Of another account, nothing is shown until an operator's look is recorded.
        seen.note_account(in_frame.take_if(|account| !account.as_operator));
        let request = Self::read(state, session, person, account, Request::from_parts(head, body)).await?;
        if request.is_as_operator() {
            let (account, context) = (&request.account.account_id, &request.audit_context);
            state.sessions(context.now).record_look(&request.live, account, context).await?;
            seen.note_account(in_frame);
        }
        Ok((request, members))
    }

    /// The request of a person who may see the pages of this account, with its form.
    pub async fn read(
        state: &ConsoleState,
        session: PersonRequest,
        person: CurrentPerson,
        account: Arc<Account>,
        request: Request,
    ) -> Result<Self, ConsoleError> {
        let PersonRequest { live, now, source_ip } = session;
        let (uri, texts) = (request.uri(), language::texts(state, request.headers(), request.uri()));
        let (query, path) = (uri.query().unwrap_or_default().to_owned(), uri.path().to_owned());
        tracing::Span::current().record("account_id", account.account_id.as_str());
        let is_posted = request.method() == Method::POST;
        let (form, draft) = if is_posted {
            let form = Form::read(request, &state.app().config.issuer, &live.cookie).await?;
            let draft = form.get(DRAFT_FIELD).and_then(DraftId::parse);
            (form, draft)
        } else {
            kept::restore(state, &live, &account, &path, &query).await?
        };
        let is_restored = !is_posted && draft.is_some();
        let actor = person.principal.actor(source_ip)?;
        let audit_context = AuditContext { actor, now, request: None };
        Ok(Self { live, person, account, texts, query, path, form, draft, is_restored, audit_context })
    }
}

/// The account in the path; `None` if the path has none, or none that can be one.
pub async fn path_account(head: &mut Parts, state: &Arc<ConsoleState>) -> Option<AccountId> {
    let params = RawPathParams::from_request_parts(head, state).await.ok()?;
    let id = params.iter().find(|(name, _)| *name == "account_id").map(|(_, value)| value);
    AccountId::parse(id?).ok()
}

impl AccountRequest {
    /// What the services need of the request.
    pub fn management<'a>(&'a self, state: &'a ConsoleState) -> ManagementContext<'a> {
        ManagementContext {
            principal: &self.person.principal,
            audit_context: &self.audit_context,
            backend: state.management.backend(),
        }
    }

    /// The account's clients, for a person who may see them.
    pub fn clients<'a>(&'a self, state: &'a ConsoleState) -> Result<ClientReader<'a>, AccessError> {
        ClientReader::authorize(self.management(state), self.account.account_id.as_str())
    }

    /// The account's clients, for a person who may change them.
    pub fn client_manager<'a>(&'a self, state: &'a ConsoleState) -> Result<ClientManager<'a>, AccessError> {
        ClientManager::authorize(self.management(state), self.account.account_id.as_str())
    }

    /// How long new secrets of the account live.
    pub fn secret_limits(&self, state: &ConsoleState) -> SecretLimits {
        self.account.secret_lifetime_days.within(state.app().config.secret_limits)
    }

    /// The form of the page, posted to the page's own path.
    pub fn form_target(&self) -> FormTarget {
        self.form_target_at(&self.path)
    }

    /// A form that is posted to another path.
    pub fn form_target_at(&self, action: &str) -> FormTarget {
        FormTarget::new(&self.live.cookie, action).of_draft(self.draft.clone())
    }

    /// The version that the thing had when its form was made.
    pub fn form_version(&self) -> Result<u64, ConsoleError> {
        let version = self.form.get("version").and_then(|version| version.parse().ok());
        version.ok_or(ConsoleError::InvalidForm)
    }

    /// The version of a form that is shown: the one that was sent or kept with it, or the present one of a thing whose form is
    /// new.
    pub fn shown_version(&self, present: u64) -> u64 {
        self.form_version().unwrap_or(present)
    }

    /// Whether the person is no member of the account, and sees it as an operator.
    pub fn is_as_operator(&self) -> bool {
        self.person.principal.account_id() != &self.account.account_id
    }

    /// Whether the person holds a scope.
    pub fn may(&self, scope: ManagementScope) -> bool {
        self.person.principal.require_scope(scope).is_ok()
    }

    /// The same request, recognised when its form is sent again: by the form's own number, as an `Idempotency-Key` is.
    pub fn recognised_by_form(mut self) -> Result<Self, ConsoleError> {
        let number = self.form.get(FORM_NUMBER_FIELD).ok_or(ConsoleError::InvalidForm)?;
        let caller = self.person.principal.key();
        let key = IdempotencyKey::new(&caller, &self.path, number.as_bytes(), &self.form.canonical());
        self.audit_context.request = Some(key);
        Ok(self)
    }

    /// The URL of a page below the account's.
    pub fn url(&self, below: &str) -> String {
        format!("/console/accounts/{}{below}", self.account.account_id)
    }
}
