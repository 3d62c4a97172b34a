//! What holds of whatever is accepted, over registered URIs that are bent in many ways.

use super::*;
use crate::domain::redirect_uri::tests::accepted::ACCEPTED;
use crate::domain::redirect_uri::tests::reference_parser::{Reading, read};
use proptest::sample::{Index, select};
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

const REGISTERED: &[&str] = &[
    "https://app.example.com/cb",
    "https://app.example.com:8443/t/*/cb",
    "https://*.example.com/cb",
    "http://127.0.0.1/cb",
    "http://[::1]:5000/cb",
    "http://localhost:3000/*",
    "com.example.app:/cb",
];

const BAIT: &[&str] = &[
    "@",
    ":",
    "/",
    "//",
    "?",
    "#",
    "\\",
    ".",
    "..",
    "/../",
    "%2f",
    "%2e",
    "%00",
    "%40",
    ";",
    "*",
    "[",
    "]",
    "\t",
    "\n",
    " ",
    "\0",
    "a",
    "B",
    "0",
    "-",
    "--",
    "xn--",
    ":443",
    ":80",
    ":5001",
    ":0",
    "evil.example",
    ".evil.example",
    "evil.example/",
    "@evil.example",
    "?x=1",
    "&y=2",
    "?code=1",
    "%63ode",
    "é",
    "。",
    "／",
    "\u{ad}",
    "127.0.0.1",
    "http:",
];

/// A registered URI, and what is presented for it: its wildcards filled in and a query of its own added, then as
/// it is or bent up to three times by taking a piece out and putting bait in.
fn bent() -> impl Strategy<Value = (RedirectUri, String)> {
    let filling = "[a-z0-9]{1,4}|[a-zA-Z0-9.~_%;-]{1,4}";
    let query = select(&["", "", "?x=1", "?next=/a/b&y"][..]);
    let bend = (any::<Index>(), 0..3_usize, select(BAIT));
    let bends = prop_oneof![Just(Vec::new()), proptest::collection::vec(bend, 1..4)];
    (select(REGISTERED), filling, query, bends).prop_map(|(registered, filling, query, bends)| {
        let filled = registered.replace('*', &filling) + query;
        let mut presented: Vec<char> = filled.chars().collect();
        for (index, removed, bait) in bends {
            let at = index.index(presented.len() + 1);
            let until = presented.len().min(at + removed);
            presented.splice(at..until, bait.chars());
        }
        (RedirectUri::parse(registered).expect("legal"), presented.into_iter().collect())
    })
}

/// Both parsers see the same parts, and these are what is registered.
fn check(registered: &RedirectUri, target: &ResolvedRedirectUri) -> Result<(), TestCaseError> {
    let (seen, own) = (read(target.as_str()), read(registered.as_str()));
    let url = Url::parse(target.as_str()).expect("accepted");
    prop_assert_eq!(url.scheme(), &seen.scheme);
    prop_assert_eq!(url.host_str().unwrap_or_default(), &seen.host);
    prop_assert_eq!(url.port().map_or_else(String::new, |port| port.to_string()), seen.port.clone());
    prop_assert_eq!(url.path(), &seen.path);
    prop_assert_eq!(url.query().unwrap_or_default().replace("%27", "'"), seen.query.replace("%27", "'"));
    prop_assert!(url.fragment().is_none() && url.username().is_empty() && url.password().is_none());

    prop_assert_eq!(&seen.scheme, &own.scheme);
    if let Some(parent) = own.host.strip_prefix('*') {
        let label = seen.host.strip_suffix(parent).unwrap_or_default();
        prop_assert!(!label.is_empty() && !label.contains('.'), "{}", seen.host);
    } else {
        prop_assert_eq!(&seen.host, &own.host);
    }
    if own.scheme != "http" {
        prop_assert_eq!(&seen.port, &own.port);
    }
    let (segments, expected): (Vec<_>, Vec<_>) =
        (seen.path.split('/').collect(), own.path.split('/').collect());
    prop_assert_eq!(segments.len(), expected.len());
    for (segment, expected) in segments.into_iter().zip(expected) {
        prop_assert!(expected == segment || (expected == "*" && !matches!(segment, "" | "." | ".." | "*")));
    }
    let ends_a_source = |c: char| c.is_whitespace() || matches!(c, ';' | ',' | '\'' | '"' | '*');
    prop_assert!(!target.form_action().contains(ends_a_source));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn whatever_is_accepted_leads_where_it_was_registered((registered, presented) in bent()) {
        if let Ok(target) = ResolvedRedirectUri::choose(std::slice::from_ref(&registered), Some(&presented)) {
            prop_assert_eq!(target.as_str(), presented.as_str());
            check(&registered, &target)?;
        }
    }

    #[test]
    fn no_input_makes_it_panic(presented in "\\PC{0,60}|(https?|com\\.example\\.app):/{0,3}[a-z*.@:\\[\\]0-9%\\\\/?#&;=+é]{0,40}") {
        let registered = REGISTERED.iter().map(|text| RedirectUri::parse(text).expect("legal"));
        let registered: Vec<_> = registered.collect();
        if let Ok(target) = ResolvedRedirectUri::choose(&registered, Some(&presented)) {
            prop_assert_eq!(target.as_str(), presented.as_str());
        }
    }

    #[test]
    fn parameters_come_back_as_they_were_given(
        (_, presented) in select(ACCEPTED),
        parameters in proptest::collection::vec(("\\PC{1,12}", "\\PC{0,30}"), 0..5),
    ) {
        let target = ResolvedRedirectUri::try_from(presented.to_owned()).expect("plain");
        let given: Vec<_> = parameters.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let completed = target.with_parameters(&given);
        prop_assert!(completed.starts_with(presented));
        prop_assert!(completed.is_ascii());
        let (before, after) = (read(presented), read(&completed));
        let pairs = |reading: &Reading| -> Vec<(String, String)> {
            form_urlencoded::parse(reading.query.as_bytes()).into_owned().collect()
        };
        let mut expected = pairs(&before);
        expected.extend(parameters);
        prop_assert_eq!(pairs(&after), expected);
        prop_assert_eq!(Reading { query: String::new(), ..after }, Reading { query: String::new(), ..before });
    }
}

/// Without this, the first property could hold because nothing is ever accepted.
#[test]
fn the_bent_ones_are_often_accepted_and_often_refused() {
    let mut runner = TestRunner::deterministic();
    let (mut accepted, mut changed, mut refused) = (0, 0, 0);
    for _ in 0..2000 {
        let (registered, presented) = bent().new_tree(&mut runner).expect("a value").current();
        match ResolvedRedirectUri::choose(std::slice::from_ref(&registered), Some(&presented)) {
            Ok(_) if presented != registered.as_str() => changed += 1,
            Ok(_) => accepted += 1,
            Err(_) => refused += 1,
        }
    }
    println!("as registered {accepted}, otherwise accepted {changed}, refused {refused}");
    assert!(accepted > 200 && changed > 200 && refused > 500, "{accepted}, {changed}, {refused}");
}
