//! What a page refers to within itself.

use super::form::attribute;
use std::collections::BTreeMap;

/// Attributes that hold ids of elements.
const REFERENCES: [&str; 4] = ["for", "aria-describedby", "aria-labelledby", "aria-controls"];

/// Fails unless each id that a page has is there once, and each that it refers to is there: a link in the summary of what is
/// wrong with a form leads to its field, a label and a hint belong to one.
#[track_caller]
pub fn assert_references(at: &str, html: &str) {
    let tags = || html.split('<').skip(1).filter_map(|piece| piece.split_once('>')).map(|(tag, _)| tag);
    let mut ids: BTreeMap<String, usize> = BTreeMap::new();
    for id in tags().filter_map(|tag| attribute(tag, "id")) {
        *ids.entry(id).or_default() += 1;
    }
    let doubles: Vec<_> = ids.iter().filter(|(_, count)| **count > 1).collect();
    assert!(doubles.is_empty(), "ids that are not alone on {at}: {doubles:?}");
    let links = tags().filter_map(|tag| Some(attribute(tag, "href")?.strip_prefix('#')?.to_owned()));
    let named = tags().flat_map(|tag| REFERENCES.iter().filter_map(move |name| attribute(tag, name)));
    let named = named.flat_map(|ids| ids.split_whitespace().map(str::to_owned).collect::<Vec<_>>());
    let lost: Vec<String> = links.chain(named).filter(|id| !ids.contains_key(id)).collect();
    assert!(lost.is_empty(), "nothing on {at} has the ids {lost:?}");
}

#[test]
fn lost_target_and_second_id_are_noticed() {
    let field = r#"<label for="a">A</label><input id="a" aria-describedby="b"><p id="b">B</p>"#;
    assert_references("/", &format!("{field}<a href=\"#a\">A</a>"));
    for more in [r##"<a href="#c">C</a>"##, r#"<p id="b">B</p>"#, r#"<p aria-labelledby="a d">D</p>"#] {
        let page = format!("{field}{more}");
        assert!(std::panic::catch_unwind(|| assert_references("/", &page)).is_err(), "{more}");
    }
}
