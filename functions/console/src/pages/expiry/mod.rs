//! What ends in an account: as a picture, as a table, and as calendars.

mod export;
mod feed_section;
mod feeds;
mod page;
mod query;
pub mod table;
pub mod timeline;

pub use feed_section::FeedRow;
pub use feeds::KNOWN_FIELD;
pub use page::{of_client, span_of_client};

use crate::respond::{page_only, post_only};
use crate::routes::Routes;
use axum::routing::{get, post};

/// The routes of what ends.
pub fn routes() -> Routes {
    Routes::default()
        .route("/console/accounts/{account_id}/expiries", get(page::show).fallback(page_only))
        .route("/console/accounts/{account_id}/expiries.csv", get(export::show).fallback(page_only))
        .route("/console/accounts/{account_id}/expiries/calendars", post(feeds::add).fallback(post_only))
        .route("/console/accounts/{account_id}/expiries/calendars/end", post(feeds::end).fallback(post_only))
        .route("/calendar/{file}", get(feeds::calendar).fallback(page_only))
}
