//! The published keys, with their ages.

use crate::pages::parts::time::Instant;
use jiff::Timestamp;
use shared::domain::signing_keys::published::{PublishedKey, RingPosition};
use shared::texts::Texts;

/// A published key.
pub struct KeyRow {
    /// Its `kid`.
    pub kid: String,
    /// Its algorithm.
    pub alg: &'static str,
    /// What it does.
    pub state: String,
    /// Whether it signs.
    pub is_active: bool,
    /// Since when it is published, if that is known.
    pub published: Option<Instant>,
    /// Until when a retired key is published, if that is known.
    pub kept_until: Option<Instant>,
}

/// The keys as rows: those that sign first.
pub fn rows(texts: Texts, keys: Vec<PublishedKey>, now: Timestamp) -> Vec<KeyRow> {
    let instant = |at: Option<Timestamp>| at.map(|at| Instant::new(texts, at, now));
    let row = |key: PublishedKey| KeyRow {
        state: texts.get(match key.position {
            RingPosition::Active => "key-active",
            RingPosition::Next => "key-next",
            RingPosition::Previous => "key-previous",
        }),
        is_active: key.position == RingPosition::Active,
        alg: key.alg.as_str(),
        published: instant(key.published_at),
        kept_until: instant(key.kept_until),
        kid: key.kid,
    };
    keys.into_iter().map(row).collect()
}
