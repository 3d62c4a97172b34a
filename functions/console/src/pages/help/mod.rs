//! Help: the parts of the documents that a customer needs, with this deployment's own issuer in them. They are open to everyone,
//! as the documents are.

pub mod markdown;
mod topic;

use crate::error::ConsoleError;
use crate::frame::{Frame, Link, NavEntry};
use crate::language;
use crate::respond::{self, page_only};
use crate::routes::Routes;
use crate::state::ConsoleState;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;
use http::request::Parts;
use shared::texts::Texts;
use std::sync::Arc;
use topic::{HELP, Topic};

#[derive(Template)]
#[template(path = "help/list.html")]
struct HelpPage<'a> {
    frame: Frame<'a>,
    /// URL, title and content of each topic.
    topics: Vec<[String; 3]>,
}

#[derive(Template)]
#[template(path = "help/topic.html")]
struct TopicPage<'a> {
    frame: Frame<'a>,
    /// Whether its commands need those of the first document.
    needs_functions: bool,
    /// The text as HTML. The documents are part of the program, so nothing in it was sent by anyone.
    html: String,
}

/// The routes of the help.
pub fn routes() -> Routes {
    Routes::default()
        .route(HELP, get(list).fallback(page_only))
        .route("/console/help/{topic}", get(show).fallback(page_only))
}

/// `GET /console/help`
async fn list(State(state): State<Arc<ConsoleState>>, head: Parts) -> Response {
    let texts = language::texts(&state, &head.headers, &head.uri);
    let topics = Topic::ALL.iter().map(|topic| [topic.url(), topic.title(texts), topic.about(texts)]);
    let frame = Frame::bare(&state, texts, texts.get("help-title"));
    respond::page(&HelpPage { frame, topics: topics.collect() })
}

/// `GET /console/help/{topic}`
async fn show(
    State(state): State<Arc<ConsoleState>>,
    Path(slug): Path<String>,
    head: Parts,
) -> Result<Response, ConsoleError> {
    let topic: Topic = slug.parse().map_err(|_| ConsoleError::NotFound)?;
    let texts = language::texts(&state, &head.headers, &head.uri);
    let frame =
        Frame::bare(&state, texts, topic.title(texts)).below(vec![crumb(texts)]).among(tabs(texts, topic));
    let html = markdown::topic_html(&topic.text(&state.app().config.issuer), topic);
    Ok(respond::page(&TopicPage { frame, needs_functions: topic.needs_functions(), html }))
}

fn crumb(texts: Texts) -> Link {
    Link { href: HELP.to_owned(), text: texts.get("help-title") }
}

fn tabs(texts: Texts, shown: Topic) -> Vec<NavEntry> {
    let tab =
        |topic: &Topic| NavEntry { href: topic.url(), text: topic.title(texts), is_current: *topic == shown };
    Topic::ALL.iter().map(tab).collect()
}
