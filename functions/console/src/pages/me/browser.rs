//! A browser in words: which one it is, and on what it runs.
//!
//! Crates for this carry lists of hundreds of devices and crawlers. Browsers have frozen most of what they say of themselves
//! (<https://www.chromium.org/updates/ua-reduction/>), so that these few tokens are enough; the page has the string itself too.

use shared::texts::Texts;

/// Tokens of browsers, each before those that it names besides its own.
const BROWSERS: [(&str, &str); 8] = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
];

/// Tokens of systems, in the same way.
const SYSTEMS: [(&str, &str); 8] = [
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac OS X", "macOS"),
    ("Macintosh", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
];

/// The browser of a `User-Agent`: `Firefox on Windows`, or what is known of it.
pub fn in_words(texts: Texts, user_agent: &str) -> String {
    let find = |known: &[(&str, &'static str)]| {
        known.iter().find(|(token, _)| user_agent.contains(token)).map(|(_, name)| *name)
    };
    match (find(&BROWSERS), find(&SYSTEMS)) {
        (Some(browser), Some(system)) => {
            texts.with("browser-on-system", [("browser", browser), ("system", system)])
        }
        (Some(browser), None) => browser.to_owned(),
        (None, Some(system)) => texts.with("unknown-browser-on-system", [("system", system)]),
        (None, None) => texts.get("unknown-browser"),
    }
}

#[cfg(test)]
mod tests {
    use super::in_words;
    use shared::domain::primitives::language::Language;
    use shared::texts::Texts;

    #[test]
    fn browsers_are_recognised_by_what_they_send() {
        let webkit = "AppleWebKit/537.36 (KHTML, like Gecko)";
        for (user_agent, words) in [
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0",
                "Firefox on Windows",
            ),
            (
                &format!("Mozilla/5.0 (X11; Linux x86_64) {webkit} Chrome/142.0.0.0 Safari/537.36"),
                "Chrome on Linux",
            ),
            (
                &format!("Mozilla/5.0 (X11; Linux x86_64) {webkit} HeadlessChrome/142.0.0.0 Safari/537.36"),
                "Chrome on Linux",
            ),
            (
                &format!(
                    "Mozilla/5.0 (Windows NT 10.0) {webkit} Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0"
                ),
                "Edge on Windows",
            ),
            (
                &format!(
                    "Mozilla/5.0 (Linux; Android 10; K) {webkit} SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36"
                ),
                "Samsung Internet on Android",
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15",
                "Safari on macOS",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/142.0 Mobile/15E148 Safari/604.1",
                "Chrome on iPhone",
            ),
            (
                &format!(
                    "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) {webkit} Chrome/142.0.0.0 Safari/537.36 OPR/120.0"
                ),
                "Opera on ChromeOS",
            ),
            ("Something/1.0 (Linux)", "Unknown browser on Linux"),
            ("Lynx/2.9.0", "Unknown browser"),
            ("", "Unknown browser"),
        ] {
            assert_eq!(in_words(Texts::of(Language::English), user_agent), words, "{user_agent}");
        }
    }
}
