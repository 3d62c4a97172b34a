//! A year of an account with forty clients: what was sent, renewed and deleted is the same in the timeline, trail and mailbox.

mod mailbox;
mod picture;
mod table;
mod trail;

use super::page;
use crate::support::app::TestApp;
use crate::support::fixtures::{ACCOUNT, TestClient};
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde_json::json;
use shared::domain::primitives::ids::AccountId;
use shared::domain::reminder::{CredentialName, NoticeKind};
use std::collections::{BTreeMap, BTreeSet};

const CLIENTS: usize = 40;

/// Clients whose secrets end on the same days: all of a group are renewed together.
const GROUPS: usize = 4;

/// Days from a renewal to the end of the new secret.
const LIFETIME: i64 = 90;

/// How many days before its end a client's secret is renewed, just after the reminder of that day.
fn renewed_before(number: usize) -> i64 {
    if number.is_multiple_of(8) { 1 } else { 7 }
}

/// A member who sees what ends and gets no reminders.
const VIEWER: &str = "vic";

const START: Date = date(2027, 1, 4);

#[derive(Clone, Debug)]
struct Known {
    secret_id: String,
    /// Its last four characters.
    hint: String,
    ends: Date,
    /// Whether a newer one has taken its place.
    is_renewed: bool,
}

/// A reminder: client, secret (in e-mails its last characters), and how many days before the end; 0 after it.
type Reminder = (String, String, u16);

#[derive(Default)]
struct Expected {
    reminders: BTreeMap<Reminder, Date>,
    mailed: BTreeMap<Reminder, Date>,
    renewals: BTreeSet<(String, String)>,
    deletions: BTreeSet<(String, String)>,
}

struct Year {
    latchkey: TestApp,
    clients: Vec<(TestClient, Vec<Known>)>,
    expected: Expected,
    /// What the mailbox has, of each day.
    mailed: BTreeMap<Reminder, Date>,
    mails: usize,
}

fn later(day: Date, days: i64) -> Date {
    day.checked_add(days.days()).unwrap()
}

fn noon(day: Date) -> Timestamp {
    day.at(12, 0, 0, 0).to_zoned(TimeZone::UTC).unwrap().timestamp()
}

impl Year {
    async fn begin() -> Self {
        let mut latchkey = TestApp::with_fixtures().await;
        latchkey.set_time(noon(START));
        latchkey.fixtures().manager(ACCOUNT, &format!("ann@{}", latchkey.mail_domain())).await;
        latchkey.fixtures().member_with(ACCOUNT, VIEWER, &["clients:read"]).await;
        let mut clients = Vec::new();
        for number in 0..CLIENTS {
            let ends = later(START, 40 + 13 * i64::try_from(number % GROUPS).unwrap());
            let members = json!({
                "client_name": format!("Client {number:02}"), "secret_storage": "digest_only",
                "secret": { "expires_on": ends.to_string() },
            });
            let client = latchkey.fixtures().client_with(ACCOUNT, &members).await;
            let secret_id = client.secret_id.clone();
            let hint = hint(&client.client_secret);
            clients.push((client, vec![Known { secret_id, hint, ends, is_renewed: false }]));
        }
        Self { latchkey, clients, expected: Expected::default(), mailed: BTreeMap::new(), mails: 0 }
    }

    /// The next day on which something happens to a secret that is known.
    fn next_day(&self, after: Date) -> Option<Date> {
        let known = self.clients.iter().flat_map(|(_, secrets)| secrets);
        let days = known.flat_map(|secret| {
            // At noon, what ends at 23:59 has been due since the day before; 30 days later it is deleted.
            let reminded = [14, 7, 1].map(|before| later(secret.ends, 1 - before));
            let reminded = reminded.into_iter().filter(|_| !secret.is_renewed);
            reminded.chain([later(secret.ends, 31)])
        });
        days.filter(|day| *day > after).min()
    }

    /// Runs the job on a day, and renews the secrets whose day it is.
    async fn live(&mut self, day: Date) {
        self.latchkey.set_time(noon(day));
        for (client, secrets) in &mut self.clients {
            for secret in secrets.iter() {
                for before in [14, 7, 1].into_iter().filter(|_| !secret.is_renewed) {
                    if later(secret.ends, 1 - before) == day {
                        let days = u16::try_from(before).unwrap();
                        let reminder = (client.client_id.clone(), secret.secret_id.clone(), days);
                        self.expected.reminders.insert(reminder, day);
                        let mailed = (client.client_id.clone(), secret.hint.clone(), days);
                        self.expected.mailed.insert(mailed, day);
                    }
                }
                if later(secret.ends, 31) == day {
                    let deleted = (client.client_id.clone(), secret.secret_id.clone());
                    self.expected.deletions.insert(deleted);
                }
            }
            secrets.retain(|secret| later(secret.ends, 31) != day);
        }
        self.latchkey.run_job().await;
        self.read_mailbox(day).await;
        for number in 0..self.clients.len() {
            let (client, secrets) = &self.clients[number];
            let due = later(secrets.last().unwrap().ends, 1 - renewed_before(number)) == day;
            if due {
                let body = json!({ "expires_on": later(day, LIFETIME).to_string() });
                let added = self.latchkey.post(&client.secrets(), &body).await.expect(201);
                let secret_id = added.string("secret_id");
                self.expected.renewals.insert((client.client_id.clone(), secret_id.clone()));
                let (_, secrets) = &mut self.clients[number];
                for secret in secrets.iter_mut() {
                    secret.is_renewed = true;
                }
                let hint = hint(&added.string("client_secret"));
                secrets.push(Known { secret_id, hint, ends: later(day, LIFETIME), is_renewed: false });
            }
        }
    }

    /// The reminders that were sent about the secrets that are there now.
    fn sent_of_what_is_live(&self) -> BTreeMap<Reminder, Date> {
        let live = |reminder: &Reminder| {
            self.clients.iter().any(|(client, secrets)| {
                client.client_id == reminder.0 && secrets.iter().any(|secret| secret.hint == reminder.1)
            })
        };
        let mailed = self.mailed.iter().filter(|(reminder, _)| live(reminder));
        mailed.map(|(reminder, day)| (reminder.clone(), *day)).collect()
    }
}

fn hint(secret: &str) -> String {
    secret[secret.len() - 4..].to_owned()
}

#[tokio::test]
async fn reminders_renewals_and_ends_of_a_year_agree_everywhere() {
    let mut year = Year::begin().await;
    let (mut day, last) = (START, later(START, 365));
    let mut compared = 0;
    while let Some(next) = year.next_day(day).filter(|next| *next <= last) {
        year.live(next).await;
        // The page at some instants: as a reader sees it.
        if next.month() != day.month() && next.month() % 3 == 0 {
            let (sent, listed) = (year.sent_of_what_is_live(), table::read(&year.latchkey).await);
            assert!(sent.len() > 20, "{next}: {sent:?}");
            assert_eq!(listed, sent, "the table on {next}");
            compared += 1;
        }
        day = next;
    }
    assert!(compared >= 3, "{compared}");
    let Expected { reminders, renewals, deletions, .. } = &year.expected;
    assert!(reminders.len() > 300 && renewals.len() > 150 && deletions.len() > 100, "a year has passed");

    let store = &year.latchkey.server.management.app.store;
    let account = AccountId::parse(ACCOUNT).unwrap();
    let recorded = store.load_mail_history(&account, START).await.unwrap().sent;
    let drawn: BTreeMap<Reminder, Date> = recorded
        .iter()
        .map(|sent| {
            let CredentialName::SecretId(secret_id) = &sent.credential else { panic!("no certificate") };
            let days = match sent.kind {
                NoticeKind::Expiring(days) => days,
                NoticeKind::Expired => 0,
            };
            assert_eq!(sent.recipients, 1);
            let reminder = (sent.client_id.to_string(), secret_id.to_string(), days);
            (reminder, sent.sent_at.to_zoned(TimeZone::UTC).date())
        })
        .collect();
    assert_eq!(&drawn, reminders, "what the timeline is drawn from");

    let audited: BTreeMap<Reminder, Date> = year
        .trail("reminder.sent")
        .await
        .iter()
        .map(|entry| {
            let (client, secret) = trail::target(entry);
            let days = entry["changes"][0]["new"].as_u64().unwrap();
            ((client, secret, u16::try_from(days).unwrap()), trail::day_of(entry["at"].as_str().unwrap()))
        })
        .collect();
    assert_eq!(&audited, reminders, "the audit trail");
    let created: BTreeSet<_> = year.trail("secret.created").await.iter().map(trail::target).collect();
    assert_eq!(&created, renewals);
    let revoked = year.trail("secret.revoked").await;
    assert!(revoked.iter().all(|entry| entry["actor"]["system"] == "expiry"));
    assert_eq!(&revoked.iter().map(trail::target).collect::<BTreeSet<_>>(), deletions);

    // One e-mail a day has all reminders of the day.
    let emails = mailbox::reminders(&year.latchkey).await;
    let days: BTreeSet<Date> = reminders.values().copied().collect();
    assert_eq!(emails.len(), days.len(), "the mailbox");
    assert_eq!(&year.mailed, &year.expected.mailed, "each notice of each secret, on its day");

    let browser = year.latchkey.person_in_console("carla").await;
    let shown = browser.get(&format!("{}?days=90", page())).await.expect(200).text();
    let live: usize = year.clients.iter().map(|(_, secrets)| secrets.len()).sum();
    assert!(shown.contains(&format!("{live} secrets and certificates end")), "{live}: {shown}");
    assert!(shown.matches("life over").count() > 20, "the picture has what ended");
    let today = year.latchkey.now().to_zoned(TimeZone::UTC).date();
    for (client, _) in &year.clients {
        let drawn = picture::drawn(&browser, &client.client_id).await;
        let expected = picture::expected(&recorded, &client.client_id, today);
        let is_at = |(drawn, expected): (&f64, &f64)| (drawn - expected).abs() < 0.01;
        let agree = drawn.len() == expected.len() && drawn.iter().zip(&expected).all(is_at);
        assert!(agree && drawn.len() > 5, "{}: {drawn:?}, {expected:?}", client.client_id);
    }
    let csv = browser.get(&format!("{}.csv?days=90", page())).await.expect(200).text();
    let listed: BTreeSet<&str> = csv.lines().skip(1).map(|row| row.split(',').nth(2).unwrap()).collect();
    let known = year.clients.iter().flat_map(|(_, secrets)| secrets).map(|secret| secret.secret_id.as_str());
    assert_eq!(listed, known.collect::<BTreeSet<_>>(), "the table has what is live");
}
