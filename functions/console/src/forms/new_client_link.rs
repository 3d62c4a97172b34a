//! What a link can fill in of the form of a new client.

use crate::forms::Form;
use shared::domain::console::path::ConsolePath;
use shared::domain::primitives::ids::TemplateId;

/// The fields that a link can fill in. No other: a link from elsewhere must not choose where tokens go.
const LINKED: [&str; 3] = ["client_name", "description", "client_uri"];

/// The longest query that is kept while a person signs in.
const MAX_DRAFT: usize = 800;

/// The kind of client whose form asks for a platform.
const WORKLOAD: &str = "workload";

/// What a link fills in.
pub fn linked(params: &Form) -> Vec<(String, String)> {
    let filled = LINKED.iter().filter_map(|field| Some(((*field).to_owned(), params.get(field)?.to_owned())));
    filled.collect()
}

/// The page of a form that was sent.
pub fn page_of(path: &ConsolePath, form: &Form) -> ConsolePath {
    let code = form.get("template").filter(|code| TemplateId::parse(code).is_ok());
    code.map_or_else(|| path.clone(), |code| path.clone().with_param("template", code))
}

/// The same with what may stand in a link, for a form that was sent without a session and cannot be kept otherwise; `None` if
/// nothing of it can be kept.
pub fn page_with_text(path: &str, form: &Form) -> Option<ConsolePath> {
    let code = form.get("template").filter(|code| TemplateId::parse(code).is_ok())?;
    LINKED.iter().find_map(|field| form.get(field))?;
    let kept = LINKED.iter().filter_map(|field| Some((*field, form.get(field)?)));
    let platform = form.get("platform").filter(|_| code == WORKLOAD);
    let platform = platform.map(|code| ("platform", code));
    let mut query = form_urlencoded::Serializer::new(String::new());
    let filled = query.append_pair("template", code).extend_pairs(platform).extend_pairs(kept).finish();
    let filled = Some(filled).filter(|filled| filled.len() <= MAX_DRAFT);
    ConsolePath::parse(&format!("{path}?{}", filled.unwrap_or_else(|| format!("template={code}")))).ok()
}
