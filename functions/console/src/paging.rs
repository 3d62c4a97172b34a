//! Pages of a list. A position is encrypted and authenticated, and valid only for the list and the filter that it was made for.

use jiff::Timestamp;
use shared::adapters::crypto::aead;
use shared::adapters::error::BackendError;
use shared::adapters::store::Cursor;
use shared::app::App;

/// Entries of one page.
pub const PAGE_SIZE: usize = 50;

/// Query parameter that holds a position.
pub const PARAMETER: &str = "after";

/// The position in a query; `None` if it is absent, or of another list.
pub async fn open(
    app: &App,
    purpose: &str,
    sealed: Option<&str>,
    now: Timestamp,
) -> Result<Option<Cursor>, BackendError> {
    let Some(sealed) = sealed else { return Ok(None) };
    let peppers = app.peppers(now).await?;
    let opened = aead::open(peppers.sealing_key(), purpose, sealed);
    Ok(opened.and_then(|bytes| String::from_utf8(bytes).ok()).map(Cursor::from_text))
}

/// The position as text.
pub async fn seal(
    app: &App,
    purpose: &str,
    position: Option<Cursor>,
    now: Timestamp,
) -> Result<Option<String>, BackendError> {
    let Some(position) = position else { return Ok(None) };
    let peppers = app.peppers(now).await?;
    Ok(Some(aead::seal(peppers.sealing_key(), purpose, position.as_str().as_bytes())))
}
