//! Properties of all accepted redirect URIs, over registered URIs that are mutated in many ways.

use super::*;
use crate::domain::redirect_uri::tests::accepted::ACCEPTED;
use crate::domain::redirect_uri::tests::reference_parser::{ReferenceParse, parse};
use proptest::sample::{Index, select};
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use url::Url;

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

/// A registered URI and a presented one: its wildcards replaced and a query added, then left as it is or mutated up to
/// three times by replacing a piece with bait.
fn mutated() -> impl Strategy<Value = (RedirectUri, String)> {
    let filling = "[a-z0-9]{1,4}|[a-zA-Z0-9.~_%;-]{1,4}";
    let query = select(&["", "", "?x=1", "?next=/a/b&y"][..]);
    let mutation = (any::<Index>(), 0..3_usize, select(BAIT));
    let mutations = prop_oneof![Just(Vec::new()), proptest::collection::vec(mutation, 1..4)];
    (select(REGISTERED), filling, query, mutations).prop_map(|(registered, filling, query, mutations)| {
        let filled = registered.replace('*', &filling) + query;
        let mut presented: Vec<char> = filled.chars().collect();
        for (index, removed, bait) in mutations {
            let at = index.index(presented.len() + 1);
            let until = presented.len().min(at + removed);
            presented.splice(at..until, bait.chars());
        }
        (RedirectUri::parse(registered).expect("legal"), presented.into_iter().collect())
    })
}

/// Both parsers read the same parts, and these match the registered URI.
fn check(registered: &RedirectUri, resolved: &ResolvedRedirectUri) -> Result<(), TestCaseError> {
    let (seen, own) = (parse(resolved.as_str()), parse(registered.as_str()));
    let url = Url::parse(resolved.as_str()).expect("accepted");
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
    prop_assert!(!resolved.form_action().contains(ends_a_source));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn an_accepted_uri_has_the_registered_parts((registered, presented) in mutated()) {
        if let Ok(resolved) = ResolvedRedirectUri::choose(std::slice::from_ref(&registered), Some(&presented)) {
            prop_assert_eq!(resolved.as_str(), &*normalized(&presented));
            check(&registered, &resolved)?;
        }
    }

    #[test]
    fn matching_never_panics(presented in "\\PC{0,60}|(https?|com\\.example\\.app):/{0,3}[a-z*.@:\\[\\]0-9%\\\\/?#&;=+é]{0,40}") {
        let registered = REGISTERED.iter().map(|text| RedirectUri::parse(text).expect("legal"));
        let registered: Vec<_> = registered.collect();
        if let Ok(resolved) = ResolvedRedirectUri::choose(&registered, Some(&presented)) {
            prop_assert_eq!(resolved.as_str(), &*normalized(&presented));
        }
    }

    #[test]
    fn response_parameters_can_be_parsed_again(
        (_, presented) in select(ACCEPTED),
        parameters in proptest::collection::vec(("\\PC{1,12}", "\\PC{0,30}"), 0..5),
    ) {
        let resolved = ResolvedRedirectUri::try_from(presented.to_owned()).expect("plain");
        let given: Vec<_> = parameters.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let completed = resolved.with_parameters(&given);
        let presented = &*normalized(presented);
        prop_assert!(completed.starts_with(presented));
        prop_assert!(completed.is_ascii());
        let (before, after) = (parse(presented), parse(&completed));
        let pairs = |parsed: &ReferenceParse| -> Vec<(String, String)> {
            form_urlencoded::parse(parsed.query.as_bytes()).into_owned().collect()
        };
        let mut expected = pairs(&before);
        expected.extend(parameters);
        prop_assert_eq!(pairs(&after), expected);
        prop_assert_eq!(ReferenceParse { query: String::new(), ..after }, ReferenceParse { query: String::new(), ..before });
    }
}

/// Otherwise the first property could hold because nothing is ever accepted.
#[test]
fn mutated_uris_are_often_accepted_and_often_rejected() {
    let mut runner = TestRunner::deterministic();
    let (mut accepted, mut changed, mut rejected) = (0, 0, 0);
    for _ in 0..2000 {
        let (registered, presented) = mutated().new_tree(&mut runner).expect("a value").current();
        match ResolvedRedirectUri::choose(std::slice::from_ref(&registered), Some(&presented)) {
            Ok(_) if presented != registered.as_str() => changed += 1,
            Ok(_) => accepted += 1,
            Err(_) => rejected += 1,
        }
    }
    println!("as registered {accepted}, otherwise accepted {changed}, rejected {rejected}");
    assert!(accepted > 200 && changed > 200 && rejected > 500, "{accepted}, {changed}, {rejected}");
}
