//! An attack on sign-in by e-mail: 1,000 IPv6 /64 networks and 200 IPv4 addresses request codes for 1,000 members for a week.
//! It runs against the rules in memory, and two hours of it against the pages, which show the same.

use crate::support::app::TestApp;
use crate::support::fixtures::TestClient;
use crate::support::sign_in::AuthorizeRequest;
use crate::support::sign_in::browser::Browser;
use jiff::{SignedDuration, Timestamp};
use shared::domain::primitives::email::EmailAddress;
use shared::domain::sign_in::MAX_ATTEMPTS;
use shared::domain::sign_in::code_limits::CodeRequest;
use shared::domain::sign_in::rate_limit::Counter;
use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;

const DAYS: usize = 7;
/// Requests for each member in the first hour of a day: more than a day's e-mails.
const BURST: usize = 24;
/// Requests for each member in each other hour.
const LATER: usize = 2;

/// What a request for a code of a member comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Mailed,
    NotMailed,
    Refused,
}

/// The counters, as the table holds them.
#[derive(Clone, Default)]
struct Counters(HashMap<(&'static str, String, i64), u32>);

impl Counters {
    fn key(counter: Counter, now: Timestamp) -> (&'static str, String, i64) {
        (counter.limit.kind, counter.key, counter.limit.window_at(now).begin)
    }

    /// Counts, and returns whether all of them allow it.
    fn count(&mut self, counters: Vec<Counter>, now: Timestamp) -> bool {
        counters.into_iter().all(|counter| {
            let most = counter.limit.times;
            let done = self.0.entry(Self::key(counter, now)).or_default();
            let allowed = *done < most;
            *done += u32::from(allowed);
            allowed
        })
    }

    fn request(&mut self, request: &CodeRequest<'_>, known_source: bool, now: Timestamp) -> Outcome {
        if !self.count(request.hourly(), now) {
            Outcome::Refused
        } else if self.count(request.daily(known_source), now) {
            Outcome::Mailed
        } else {
            Outcome::NotMailed
        }
    }

    /// What a request would come to, without counting it.
    fn peek(&self, request: &CodeRequest<'_>, known_source: bool, now: Timestamp) -> Outcome {
        let allows = |counters: Vec<Counter>| {
            counters.into_iter().all(|counter| {
                let most = counter.limit.times;
                self.0.get(&Self::key(counter, now)).is_none_or(|done| *done < most)
            })
        };
        match (allows(request.hourly()), allows(request.daily(known_source))) {
            (false, _) => Outcome::Refused,
            (true, true) => Outcome::Mailed,
            (true, false) => Outcome::NotMailed,
        }
    }
}

/// The attacker's sources: neighbours in the list are in different networks.
fn sources(networks: usize) -> Vec<IpAddr> {
    let mut sources = Vec::new();
    for host in 0..4 {
        for network in 0..networks {
            let (high, low) = (network / 256, network % 256);
            // Every sixth is IPv4: 50 of 300 networks with 4 addresses each, so 200 addresses and 1,000 /64.
            let text = if network % 6 == 5 {
                format!("10.{high}.{low}.{}", host + 1)
            } else {
                format!("2001:db8:{network:x}:{host}::1")
            };
            sources.push(text.parse().unwrap());
        }
    }
    sources
}

/// The source of a request for the member of this number, in one pass over all members: all sources in turn.
fn source_of(sources: &[IpAddr], number: usize, pass: usize) -> IpAddr {
    sources[(number + 7 * pass) % sources.len()]
}

fn requests_in(hour: usize) -> usize {
    if hour.is_multiple_of(24) { BURST } else { LATER }
}

#[derive(Default, Debug)]
struct Report {
    guesses: usize,
    most_mails_a_day: usize,
    minutes_known_browser: usize,
    minutes_known_source: usize,
    /// The longest time in one day that a member is locked out from elsewhere.
    minutes_elsewhere: usize,
    locked_out_at_midnight: usize,
}

/// A week of the attack on the members, from the rules alone.
fn simulate(members: usize, sources: &[IpAddr]) -> Report {
    let start: Timestamp = "2027-03-01T00:00:00Z".parse().unwrap();
    let emails: Vec<EmailAddress> =
        (0..members).map(|n| EmailAddress::parse(&format!("n{n}@acme.example")).unwrap()).collect();
    let (home, new): (IpAddr, IpAddr) = ("192.0.2.1".parse().unwrap(), "198.51.100.1".parse().unwrap());
    let (mut report, mut counters, mut pass) = (Report::default(), Counters::default(), 0);
    let (mut mails, mut locked_out) = (vec![0; members], vec![0; members]);
    for hour in 0..DAYS * 24 {
        let now = start + SignedDuration::from_hours(hour.try_into().unwrap());
        let from = |email, client_ip| CodeRequest { email, client_ip: Some(client_ip), known_browser: None };
        if hour.is_multiple_of(24) {
            counters.0.clear();
            mails.fill(0);
            locked_out.fill(0);
            let shut = emails
                .iter()
                .filter(|email| counters.peek(&from(*email, new), false, now) != Outcome::Mailed);
            report.locked_out_at_midnight += shut.count();
        }
        for _ in 0..requests_in(hour) {
            pass += 1;
            for (number, (email, mails)) in emails.iter().zip(&mut mails).enumerate() {
                let request = from(email, source_of(sources, number, pass));
                if counters.request(&request, false, now) == Outcome::Mailed {
                    *mails += 1;
                    report.guesses += usize::from(MAX_ATTEMPTS);
                }
            }
        }
        for (email, locked_out) in emails.iter().zip(&mut locked_out) {
            let is_out = |request, known| usize::from(counters.peek(&request, known, now) != Outcome::Mailed);
            let browser = CodeRequest { known_browser: Some("her own"), ..from(email, new) };
            report.minutes_known_browser += 60 * is_out(browser, false);
            report.minutes_known_source += 60 * is_out(from(email, home), true);
            *locked_out += 60 * is_out(from(email, new), false);
        }
        report.most_mails_a_day =
            report.most_mails_a_day.max(mails.iter().copied().max().unwrap_or_default());
        report.minutes_elsewhere =
            report.minutes_elsewhere.max(locked_out.iter().copied().max().unwrap_or_default());
    }
    report
}

#[test]
fn a_week_of_attack_neither_guesses_a_code_nor_locks_a_known_browser_out() {
    let sources = sources(300);
    let v4 = sources.iter().filter(|source| source.is_ipv4()).count();
    assert_eq!((v4, sources.len() - v4), (200, 1_000));
    let report = simulate(1_000, &sources);
    println!("1,000 members, 1,000 IPv6 /64 and 200 IPv4 addresses, 7 days: {report:?}");
    assert_eq!(report.most_mails_a_day, 20, "the attack uses up each day");
    assert!(report.guesses <= 1_000 * DAYS * 20 * 5, "one in 100,000,000 is right");
    assert_eq!((report.minutes_known_browser, report.minutes_known_source), (0, 0));
    assert!((1..=24 * 60).contains(&report.minutes_elsewhere));
    assert_eq!(report.locked_out_at_midnight, 0, "a lock-out ends with the day (UTC)");
}

#[test]
fn four_networks_lock_no_one_out() {
    let report = simulate(20, &sources(4));
    println!("20 members, 4 networks, 7 days: {report:?}");
    assert_eq!((report.most_mails_a_day, report.minutes_elsewhere), (16, 0));
}

/// What the pages show: the status, and whether one more code was mailed.
async fn request(
    latchkey: &TestApp,
    client: &TestClient,
    browser: &Browser,
    email: &str,
    mailed: &mut BTreeMap<String, usize>,
) -> Outcome {
    let visit = browser.request_email_code(&AuthorizeRequest::of(client), email).await;
    if visit.response.status == 429 {
        return Outcome::Refused;
    }
    visit.expect(200);
    let now = latchkey.inspect().codes_mailed(email).await;
    let before = mailed.insert(email.to_owned(), now).unwrap_or_default();
    if now > before { Outcome::Mailed } else { Outcome::NotMailed }
}

#[tokio::test]
async fn two_hours_of_attack_on_the_pages_are_as_the_rules_say() {
    let mut latchkey = TestApp::with_fixtures().await;
    let start: Timestamp = "2027-03-02T00:00:05Z".parse().unwrap();
    latchkey.set_time(start - SignedDuration::from_hours(24));
    let client = latchkey.fixtures().sign_in_client().await;
    let (mut emails, mut known, mut mailed) = (Vec::new(), Vec::new(), BTreeMap::new());
    for number in 0..4 {
        let email = latchkey.fixtures().member(&format!("n{number}")).await;
        let browser = Browser::new(&latchkey).with_source("192.0.2.1");
        browser.enter_email_code(&latchkey, &AuthorizeRequest::of(&client), &email).await.expect(200);
        mailed.insert(email.clone(), 1);
        emails.push(email);
        known.push(browser.with_source("198.51.100.1"));
    }
    let (sources, mut pass, mut counters) = (sources(300), 0, Counters::default());
    let mut outcomes = BTreeMap::<String, usize>::new();
    for hour in 0..2 {
        let now = start + SignedDuration::from_hours(hour);
        latchkey.set_time(now);
        for round in 0..requests_in(hour.try_into().unwrap()) {
            pass += 1;
            for (number, email) in emails.iter().enumerate() {
                // The last rounds are from one source, so that the hourly numbers are reached too.
                let source = if round < 16 { source_of(&sources, number, pass) } else { sources[0] };
                let address = EmailAddress::parse(email).unwrap();
                let rule = CodeRequest { email: &address, client_ip: Some(source), known_browser: None };
                let expected = counters.request(&rule, false, now);
                let browser = Browser::new(&latchkey).with_source(&source.to_string());
                let shown = request(&latchkey, &client, &browser, email, &mut mailed).await;
                assert_eq!(shown, expected, "hour {hour}, round {round}, {email} from {source}");
                *outcomes.entry(format!("{shown:?}")).or_default() += 1;
            }
        }
        for (email, browser) in emails.iter().zip(&known) {
            let at_home = Browser::new(&latchkey).with_source("192.0.2.1");
            let elsewhere = Browser::new(&latchkey).with_source("198.51.100.9");
            let mut shown = Vec::new();
            for browser in [browser, &at_home, &elsewhere] {
                shown.push(request(&latchkey, &client, browser, email, &mut mailed).await);
            }
            assert_eq!(shown, [Outcome::Mailed, Outcome::Mailed, Outcome::NotMailed], "{email}");
        }
    }
    assert_eq!(outcomes.len(), 3, "each kind of outcome occurs: {outcomes:?}");
    println!("two hours against the pages, as the rules say: {outcomes:?}");
}
