//! Which sources are forgotten.

use super::*;
use crate::adapters::remote::connector::Network;
use crate::domain::net::remote_url::JwksUri;

fn publisher(number: usize) -> JwksSource {
    let uri = format!("https://client{number}.example.com/keys");
    JwksSource::Uri(JwksUri::parse(&uri).expect("legal"))
}

#[test]
fn the_oldest_source_is_evicted_and_failing_ones_last() {
    let sets = JwksCache::of_operator(Arc::new(Fetcher::new(Network::System)));
    let at = |second: usize| Timestamp::from_second(i64::try_from(second).expect("small")).ok();
    let now = at(10_000).expect("in range");
    for number in 0..MAX_SOURCES {
        // Numbers 3 and 5 have no keys, 3 because its fetch failed; of the others, number 7 has the oldest ones.
        let fetched_at = at(if number == 7 { 1 } else { 1_000 + number });
        let fetched_at = fetched_at.filter(|_| ![3, 5].contains(&number));
        let failures = (number == 3).then(|| FetchFailures::after(None, now));
        sets.slot(&publisher(number), now).store(Entry { fetched_at, failures, ..Entry::default() });
    }
    let remembers = |number| sets.slots.lock().expect("sound").contains_key(&publisher(number));
    for (newcomer, gone) in [(MAX_SOURCES, 5), (MAX_SOURCES + 1, 7)] {
        sets.slot(&publisher(newcomer), now).store(Entry { fetched_at: at(9_000), ..Entry::default() });
        assert!(remembers(newcomer) && !remembers(gone) && remembers(0) && remembers(3));
        assert_eq!(sets.slots.lock().expect("sound").len(), MAX_SOURCES);
    }
    sets.slot(&publisher(0), now);
    assert!(remembers(1), "a cached source evicts none");
}
