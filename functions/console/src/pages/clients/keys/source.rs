//! Setting the keys of a client: by the URL at which it publishes them, by a file or text, or as a key set.

use super::found::{FoundKeys, findings};
use crate::account_request::AccountRequest;
use crate::error::ConsoleError;
use crate::forms::Form;
use crate::forms::filled_form::FilledForm;
use crate::forms::form_target::FormTarget;
use crate::frame::Frame;
use crate::pages::clients::credentials::key_rows::key_rows;
use crate::pages::clients::edit::client_form::api_url;
use crate::pages::clients::{client_frame, credentials_url};
use crate::pages::parts::by_api::api_command;
use crate::pages::parts::notice::Notice;
use crate::respond;
use crate::state::ConsoleState;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use serde_json::{Value, json};
use shared::domain::client::Client;
use shared::domain::client::client_keys::ClientKeys;
use shared::domain::client::credential::CredentialId;
use shared::domain::net::remote_url::JwksUri;
use shared::domain::primitives::validation::{Field, FieldError, FromJson, Validator};
use shared::services::clients::{ClientChange, ClientError, ClientMetadata, SuppliedKeys};
use shared::texts::Texts;
use shared::web::response::see_other;
use std::sync::Arc;

/// The largest file, in bytes.
const MAX_FILE: usize = 16 * 1024;

/// How the keys are set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeySource {
    Url,
    Upload,
    Set,
}

impl KeySource {
    pub const ALL: [Self; 3] = [Self::Url, Self::Upload, Self::Set];

    /// The last segment of its path.
    pub const fn segment(self) -> &'static str {
        match self {
            Self::Url => "url",
            Self::Upload => "upload",
            Self::Set => "jwks",
        }
    }

    fn of_path(path: &str) -> Option<Self> {
        let segment = path.rsplit('/').next()?;
        Self::ALL.into_iter().find(|source| source.segment() == segment)
    }

    const fn field(self) -> &'static str {
        match self {
            Self::Url => "jwks_uri",
            Self::Upload => "public_key_pem",
            Self::Set => "jwks",
        }
    }

    fn title(self, texts: Texts) -> String {
        texts.get(match self {
            Self::Url => "keys-url-title",
            Self::Upload => "keys-upload-title",
            Self::Set => "keys-jwks-title",
        })
    }

    /// What is sent to the API for an example.
    fn example(self) -> Value {
        match self {
            Self::Url => json!({ "jwks_uri": "https://orders.example.com/jwks.json" }),
            Self::Upload => json!({
                "public_key_pem": "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA…\n-----END PUBLIC KEY-----\n"
            }),
            Self::Set => {
                json!({ "jwks": { "keys": [{ "kty": "OKP", "crv": "Ed25519", "kid": "2027-01", "x": "…" }] } })
            }
        }
    }

    /// The details that the form sets.
    fn metadata(self, form: &Form) -> ClientMetadata {
        let mut metadata = ClientMetadata::default();
        let text = form.get(self.field()).unwrap_or_default();
        match self {
            Self::Url => {
                metadata.jwks_uri = Field::Present(JwksUri::from_json(&json!(text.trim())).map(Some));
            }
            Self::Set => metadata.jwks = Field::Present(SuppliedKeys::from_json(&json!(text)).map(Some)),
            Self::Upload => {
                let read = supplied_key(form).unwrap_or_else(|| SuppliedKeys::from_json(&json!(text)));
                metadata.public_key_pem = Field::Present(read.map(Some));
            }
        }
        metadata
    }

    /// What is shown again of a form that was refused: a URL. Keys are not, for one may be private.
    fn kept(self, form: &Form) -> Form {
        let is_url = |text: &&str| text.starts_with("http") && !text.contains("PRIVATE");
        let url = form.get(self.field()).filter(|_| self == Self::Url).filter(is_url);
        url.map(|url| (self.field().to_owned(), url.to_owned())).into_iter().collect()
    }
}

/// The key of a form, as a file or as text; `None` if it has neither.
pub fn supplied_key(form: &Form) -> Option<Result<SuppliedKeys, Vec<FieldError>>> {
    let text = form.get("public_key_pem").filter(|text| !text.trim().is_empty());
    let file = form.get("file");
    let error = |detail| Some(Err(vec![FieldError::new("", detail)]));
    if file.is_some() && text.is_some() {
        return error("is there twice, as a file and as text: send one of them");
    }
    let key = file.or(text)?;
    if key.len() > MAX_FILE {
        return error("is longer than 16 KiB: send the public key or the certificate only");
    }
    Some(SuppliedKeys::from_json(&json!(key)))
}

#[derive(Template)]
#[template(path = "clients/keys/source.html")]
struct SourcePage<'a> {
    frame: Frame<'a>,
    source: KeySource,
    target: FormTarget,
    back: String,
    /// The version of the client that has the keys to be replaced.
    version: u64,
    form: FilledForm,
    /// The keys that the new ones replace.
    replaces: Vec<String>,
    command: String,
}

#[derive(Template)]
#[template(path = "clients/keys/found.html")]
pub struct FoundPage<'a> {
    pub frame: Frame<'a>,
    pub back: String,
    /// Where the keys were looked for.
    pub place: String,
    pub found: Option<FoundKeys>,
    /// `iss`, `sub`, `aud` and claims that a token must have.
    pub identity: Vec<(String, String)>,
}

/// `GET …/credentials/keys/{url|upload|jwks}`
pub async fn show(
    State(state): State<Arc<ConsoleState>>,
    Path((_, client_id)): Path<(String, String)>,
    request: AccountRequest,
) -> Result<Response, ConsoleError> {
    let source = KeySource::of_path(&request.path).ok_or(ConsoleError::NotFound)?;
    let client = request.client_manager(&state)?.get(&client_id).await?;
    request.require_confirmed()?;
    let uri = client.key_source.as_ref().and_then(ClientKeys::jwks_uri);
    let uri = uri.filter(|_| source == KeySource::Url).map(|uri| uri.as_str().to_owned());
    let values = || uri.map(|uri| (source.field().to_owned(), uri)).into_iter().collect();
    let values = request.restored().map_or_else(values, |typed| source.kept(typed));
    let mut page = page(&state, &request, source, &client, FilledForm::new(values));
    if request.restored().is_some() {
        page.version = request.form_version()?;
    }
    Ok(respond::page(&page))
}

/// `POST …/credentials/keys/{url|upload|jwks}`
pub async fn submit(
    State(state): State<Arc<ConsoleState>>,
    Path((_, client_id)): Path<(String, String)>,
    request: AccountRequest,
) -> Result<Response, ConsoleError> {
    let source = KeySource::of_path(&request.path).ok_or(ConsoleError::NotFound)?;
    let clients = request.client_manager(&state)?;
    request.require_confirmed()?;
    let change = ClientChange { metadata: source.metadata(&request.form), errors: Validator::new() };
    let version = request.form_version()?;
    match clients.update(&client_id, &change, &|present| present == version).await {
        Ok(client) => {
            let own = credentials_url(&request, &client_id, "/keys");
            let Some(uri) = client.key_source.as_ref().and_then(ClientKeys::jwks_uri) else {
                return Ok(see_other(&Notice::KeysSaved.after(&own)));
            };
            let fetched = clients.fetched_keys(&client);
            let found = findings(request.texts, &client, &fetched);
            let page = FoundPage {
                frame: client_frame(&state, &request, &client, request.texts.get("found-title")),
                back: own,
                place: uri.as_str().to_owned(),
                found: found.of(&CredentialId::of_jwks_uri(uri.as_str())),
                identity: Vec::new(),
            };
            Ok(respond::page(&page))
        }
        Err(ClientError::Invalid(errors)) => {
            let client = clients.get(&client_id).await?;
            let form = FilledForm::new(source.kept(&request.form)).with_errors_at(errors, &[source.field()]);
            let again = page(&state, &request, source, &client, form);
            Ok(respond::page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &again))
        }
        Err(ClientError::VersionMismatch(_)) => {
            let client = clients.get(&client_id).await?;
            let form = FilledForm::new(source.kept(&request.form));
            let mut again = page(&state, &request, source, &client, form);
            again.frame.notice = Some(request.texts.get("keys-changed-meanwhile"));
            Ok(respond::page_with_status(StatusCode::PRECONDITION_FAILED, &again))
        }
        Err(error) => Err(error.into()),
    }
}

fn page<'a>(
    state: &'a ConsoleState,
    request: &'a AccountRequest,
    source: KeySource,
    client: &Client,
    form: FilledForm,
) -> SourcePage<'a> {
    let (texts, now) = (request.texts, request.audit_context.now);
    let mut frame = client_frame(state, request, client, source.title(texts));
    frame.has_errors = form.has_errors();
    let own: Client = Client { federated_identities: Vec::new(), ..client.clone() };
    let replaces = key_rows(texts, &own, now).into_iter().map(|row| row.in_one_line());
    SourcePage {
        frame,
        source,
        target: request.form_target(),
        back: credentials_url(request, client.client_id.as_str(), "/keys"),
        version: client.version,
        form,
        replaces: replaces.collect(),
        command: api_command("PATCH", &api_url(state, client), client.version, &source.example()),
    }
}
