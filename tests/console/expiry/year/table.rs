//! The table of what ends, as it stands on its pages.

use super::{Reminder, VIEWER};
use crate::console::expiry::page;
use crate::support::app::TestApp;
use crate::support::sign_in::browser::Browser;
use crate::support::sign_in::form::unescaped;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// The reminders that the pages of the table say were sent, each to one person.
pub async fn read(latchkey: &TestApp) -> BTreeMap<Reminder, Date> {
    let browser = Browser::new(latchkey);
    let mut path = format!("{}?days=90", page());
    let email = format!("{VIEWER}@{}", latchkey.mail_domain());
    let visit = browser.sign_in_to_console(latchkey, &email, &path).await;
    let mut html = visit.expect(200).text();
    let mut sent = BTreeMap::new();
    loop {
        let table = html.split("<tbody").nth(1).expect("a table").split("</tbody>").next().unwrap();
        for row in table.split("<tr ").skip(1) {
            read_row(row, &mut sent);
        }
        let links = html.split("href=\"").filter_map(|link| link.split('"').next());
        let Some(next) = links.map(unescaped).find(|link| link.contains("after=")) else { return sent };
        path = next;
        html = browser.get(&path).await.expect(200).text();
    }
}

/// Reads a row: the client of its link, the secret, and lines such as `14 days before: sent 2027-02-13 12:00 UTC to one person`.
fn read_row(row: &str, sent: &mut BTreeMap<Reminder, Date>) {
    let after = |start: &str, end: char| {
        let rest = row.split_once(start).unwrap_or_else(|| panic!("{start}: {row}")).1;
        rest.split(end).next().unwrap().to_owned()
    };
    let (client, hint) = (after("/clients/", '"'), after("Secret …", '<'));
    for line in row.split("<li class=\"whole\">").skip(1) {
        let line = line.split('<').next().unwrap();
        let (days, rest) = line.split_once(" before: sent ").unwrap_or_else(|| panic!("{line}"));
        let days = days.split(' ').next().unwrap().parse().unwrap();
        let (at, people) = rest.split_once(" to ").unwrap();
        assert_eq!(people, "one person", "{line}");
        let day = at.strip_suffix(" 12:00 UTC").expect("at noon").parse().unwrap();
        assert_eq!(sent.insert((client.clone(), hint.clone(), days), day), None, "once: {line}");
    }
}
