//! What ends, drawn as a timeline: one lane for each client, and in it a bar for each secret and certificate from its creation
//! to its end.
//!
//! Places along the axis are percentages, and everything else is in pixels: the picture gets as wide as its page, and its texts
//! stay readable.

mod span;

pub use span::{Month, Span};

use crate::frame::display_name;
use jiff::{SignedDuration, Timestamp};
use shared::domain::primitives::ids::ClientId;
use shared::domain::reminder::{CredentialName, NoticeKind, ReminderSchedule, SentReminder};
use shared::services::clients::{Expiry, ExpiryState};
use shared::texts::Texts;
use span::percent;
use std::collections::{BTreeMap, BTreeSet};

/// The most lanes.
const MAX_LANES: usize = 20;

/// The longest name of a lane, in characters.
const MAX_NAME: usize = 36;

/// The most bars of a lane: what is live, and what it took the place of.
const MAX_BARS: usize = 6;

/// Height of the axis with its months, in pixels.
const AXIS: u32 = 26;

/// Height of a lane's name.
const NAME: u32 = 24;

/// Height of a bar with the space below it.
const BAR: u32 = 14;

/// Space below a lane.
const GAP: u32 = 12;

/// A bar.
pub struct Bar {
    /// Its class, which says what the credential is.
    pub class: &'static str,
    /// Where it begins, in percent.
    pub x: String,
    /// How long it is, in percent.
    pub width: String,
    /// Where it ends, in percent.
    pub end: String,
    /// Its upper edge.
    pub y: u32,
    /// Whether it ended and is still presented.
    pub is_tried: bool,
    /// Its reminders: where, and whether they were sent.
    pub ticks: Vec<(String, bool)>,
}

/// A lane.
pub struct Lane {
    /// The client; empty for a picture of one client.
    pub name: String,
    /// Base line of the name.
    pub y: u32,
    /// Its bars.
    pub bars: Vec<Bar>,
}

/// A timeline.
pub struct Timeline {
    /// Its height in pixels.
    pub height: u32,
    /// The months.
    pub months: Vec<Month>,
    /// Where today is, in percent.
    pub today: String,
    /// The lanes, the soonest end first.
    pub lanes: Vec<Lane>,
    /// What it shows, in words.
    pub title: String,
    /// More of it.
    pub description: String,
}

/// What a timeline is drawn from.
pub struct TimelineData<'a> {
    /// The credentials that are there.
    pub rows: &'a [Expiry],
    /// Reminders that were sent, also about credentials that are not there any more.
    pub reminders: &'a [SentReminder],
    /// When reminders are sent.
    pub schedule: &'a ReminderSchedule,
    /// The names of clients that only reminders are about.
    pub span: Span,
    /// The time of the request.
    pub now: Timestamp,
    /// Whether lanes have names.
    pub is_named: bool,
}

impl TimelineData<'_> {
    /// The picture, with what it shows in words.
    pub fn draw(&self, texts: Texts, title: String, description: String) -> Timeline {
        let mut ends: BTreeMap<&ClientId, Vec<&Expiry>> = BTreeMap::new();
        let mut order: Vec<&ClientId> = Vec::new();
        for row in self.rows {
            let of_client = ends.entry(&row.client_id).or_default();
            if of_client.is_empty() {
                order.push(&row.client_id);
            }
            of_client.push(row);
        }
        let (mut lanes, mut y) = (Vec::new(), AXIS);
        for id in order.into_iter().take(MAX_LANES) {
            let rows = &ends[id];
            let name = if self.is_named { short(&display_name(&rows[0].client_name)) } else { String::new() };
            let name_y = y + NAME - 10;
            y += if self.is_named { NAME } else { 4 };
            let mut bars = self.past(id, rows);
            bars.extend(rows.iter().map(|row| self.bar(row)));
            let excess = bars.len().saturating_sub(MAX_BARS);
            let mut bars = bars.split_off(excess);
            for bar in &mut bars {
                bar.y = y;
                y += BAR;
            }
            y += GAP;
            lanes.push(Lane { name, y: name_y, bars });
        }
        Timeline {
            height: y,
            months: self.span.months(texts),
            today: self.span.percent(self.now),
            lanes,
            title,
            description,
        }
    }

    fn bar(&self, row: &Expiry) -> Bar {
        let class = match row.state {
            ExpiryState::InUse => "used",
            ExpiryState::NotUsed => "unused",
            ExpiryState::Paused => "paused",
            ExpiryState::Expired | ExpiryState::ExpiredInUse => "over",
        };
        let is_reminded = row.next_reminder.is_some();
        let planned = self.schedule.days().iter().filter(|_| is_reminded).filter_map(|days| {
            let at = row.expires_at - SignedDuration::from_hours(24 * i64::from(*days));
            (at > self.now && !is_sent(&row.reminders, *days)).then(|| (self.span.percent(at), false))
        });
        let sent = row.reminders.iter().map(|sent| (self.span.percent(sent.sent_at), true));
        let begin = row.created_at.map_or(0.0, |at| self.span.place(at));
        Bar {
            is_tried: row.state == ExpiryState::ExpiredInUse,
            ticks: sent.chain(planned).collect(),
            ..self.between(class, begin, row.expires_at)
        }
    }

    /// Bars of credentials that are not there any more, which reminders were sent about: oldest end first.
    fn past(&self, id: &ClientId, rows: &[&Expiry]) -> Vec<Bar> {
        let is_there = |name: &CredentialName| rows.iter().any(|row| row.credential.name() == *name);
        let mut past: BTreeMap<(Timestamp, &CredentialName), Vec<&SentReminder>> = BTreeMap::new();
        for sent in self.reminders.iter().filter(|sent| sent.client_id == *id && !is_there(&sent.credential))
        {
            past.entry((sent.expires_at, &sent.credential)).or_default().push(sent);
        }
        let bars = past.into_iter().map(|((expires_at, _), reminders)| {
            let created_at = reminders.iter().find_map(|sent| sent.created_at);
            let begin = created_at.map_or(0.0, |at| self.span.place(at));
            let sent: BTreeSet<Timestamp> = reminders.iter().map(|sent| sent.sent_at).collect();
            let ticks = sent.into_iter().map(|at| (self.span.percent(at), true)).collect();
            Bar { ticks, ..self.between("over", begin, expires_at.min(self.now)) }
        });
        bars.collect()
    }

    fn between(&self, class: &'static str, begin: f64, end: Timestamp) -> Bar {
        let end = self.span.place(end);
        Bar {
            class,
            x: percent(begin),
            width: percent((end - begin).max(0.4)),
            end: percent(end),
            y: 0,
            is_tried: false,
            ticks: Vec::new(),
        }
    }
}

fn is_sent(reminders: &[SentReminder], days: u16) -> bool {
    reminders.iter().any(|sent| sent.kind == NoticeKind::Expiring(days))
}

fn short(name: &str) -> String {
    if name.chars().count() <= MAX_NAME {
        return name.to_owned();
    }
    name.chars().take(MAX_NAME - 1).chain(['…']).collect()
}
