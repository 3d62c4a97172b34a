use super::*;

#[test]
fn unknown_values_are_the_defaults() {
    for (query, first_page) in [
        ("", ""),
        ("status=all&q=%20Order%20", "q=Order&status=all"),
        ("status=gone&attention=boredom&x=1&signs_in=magic&used=1&ends=8&sort=size", ""),
        ("attention=any&status=active", "attention=any"),
        ("ends=30&used=never&sort=used&signs_in=key", "signs_in=key&used=never&ends=30&sort=used"),
    ] {
        assert_eq!(ListQuery::parse(query).first_page(None), first_page, "{query}");
    }
}

#[test]
fn another_page_has_the_same_filters() {
    let query = ListQuery::parse("q=a%26b&status=all&attention=any&sort=name");
    let again = ListQuery::parse(&query.at(Some("p+1")));
    assert_eq!(again.first_page(None), query.first_page(None));
    assert_eq!(again.after.as_deref(), Some("p+1"));
    assert!(query.is_filtered() && query.has_more());
    assert!(!ListQuery::parse("after=x&sort=ends").is_filtered());
}
