use super::*;
use crate::domain::sign_in::standard_claims::UnverifiedEmailPolicy;
use std::collections::BTreeMap;

fn complete() -> BTreeMap<&'static str, String> {
    [
        ("STAGE", "prod"),
        ("ISSUER", "https://id.example.com"),
        ("DIRECTORY_TABLE", "d"),
        ("GRANTS_TABLE", "g"),
        ("AUDIT_TABLE", "a"),
        ("SIGNING_KEYS_SECRET", "s"),
        ("VERIFICATION_KEYS_SECRET", "v"),
        ("PEPPER_SECRET", "p"),
        ("AWS_REGION", "eu-central-1"),
        ("AWS_ACCESS_KEY_ID", "k"),
        ("AWS_SECRET_ACCESS_KEY", "hunter2"),
    ]
    .map(|(name, value)| (name, value.to_owned()))
    .into()
}

fn with(name: &'static str, value: &str) -> Result<Config, ConfigError> {
    let mut variables = complete();
    variables.insert(name, value.to_owned());
    Config::read(&|name| variables.get(name).cloned())
}

#[test]
fn the_defaults_are_the_documented_ones() {
    let config = with("STAGE", "prod").expect("complete");
    assert_eq!(config.secret_limits, SecretLimits::default());
    assert_eq!((config.default_access_token_lifetime, config.max_access_token_lifetime), (3_600, 86_400));
    assert_eq!(config.secret_storage, SecretStorage::SecretsManager);
    assert_eq!(config.event_bus, None);
}

#[test]
fn a_missing_variable_is_reported() {
    for name in complete().keys() {
        assert_eq!(with(name, "").err().expect("missing").variable, *name);
    }
}

#[test]
fn an_invalid_value_is_reported() {
    for (name, value) in [
        ("STAGE", "a/b"),
        ("ISSUER", "https://id.example.com/"),
        ("ISSUER", "http://id.example.com"),
        ("ISSUER", "https://id.example.com/path"),
        ("SECRET_STORAGE", "plain"),
        ("SECRET_MIN_DAYS", "0"),
        ("SECRET_MAX_DAYS", "731"),
        ("SECRET_DEFAULT_DAYS", "800"),
        ("ACCESS_TOKEN_LIFETIME_DEFAULT", "59"),
        ("ACCESS_TOKEN_LIFETIME_MAX", "259201"),
        ("LOG_LEVEL", "loud"),
        ("LOCALE", "fr"),
        ("BRAND_NAME", "a\u{202e}b"),
        ("BRAND_COLOR", "#808080"),
        ("SUPPORT_URL", "http://help.example.com"),
        ("DOCS_URL", "docs"),
        ("LEGAL_URL", "javascript:alert(1)"),
    ] {
        let error = with(name, value).err().expect(name);
        assert_eq!((error.variable, error.got.as_str()), (name, value));
    }
}

#[test]
fn origin_secret_in_place_of_its_digest_is_not_reported() {
    const VARIABLE: &str = "ORIGIN_SECRET_SHA256";
    assert_eq!(with(VARIABLE, "").expect("no edge").origin_secrets, None);
    assert!(with(VARIABLE, &"0a".repeat(32)).expect("a digest").origin_secrets.is_some());
    let error = with(VARIABLE, "hunter2").err().expect("no digest");
    assert_eq!(error.variable, VARIABLE);
    assert!(!error.to_string().contains("hunter2"), "{error}");
}

#[test]
fn a_shorter_maximum_pulls_the_default_with_it() {
    assert_eq!(with("SECRET_MAX_DAYS", "30").expect("legal").secret_limits.default_days, 30);
}

#[test]
fn reminders_need_a_sender_and_an_operator() {
    let mailing = |name: &'static str, value: &str| {
        let mut variables = complete();
        variables.insert("MAIL_SENDER", "latchkey@example.com".to_owned());
        variables.insert("OPERATOR_EMAIL", "operator@example.com".to_owned());
        variables.insert(name, value.to_owned());
        Config::read(&|name| variables.get(name).cloned())
    };
    assert!(with("STAGE", "prod").expect("complete").mail.is_none());
    let mail = mailing("STAGE", "prod").expect("complete").mail.expect("a sender is set");
    let credentials = "https://id.example.com/console/accounts/{account_id}/clients/{client_id}/credentials";
    assert_eq!(mail.link, format!("{credentials}/rotate"));
    assert_eq!(mail.certificate_link, credentials);
    for (name, value) in [
        ("MAIL_SENDER", "no address"),
        ("OPERATOR_EMAIL", "no address"),
        ("CONSOLE_LINK", "javascript:alert(1)"),
        ("REMINDER_DAYS", "14,14"),
    ] {
        let error = mailing(name, value).err().expect(name);
        assert_eq!((error.variable, error.got.as_str()), (name, value));
    }
    assert_eq!(mailing("OPERATOR_EMAIL", "").err().expect("missing").variable, "OPERATOR_EMAIL");
}

#[test]
fn a_provider_needs_a_client_and_its_secret() {
    let signing_in = |name: &'static str, value: &str| {
        let mut variables = complete();
        variables.insert("UPSTREAM_ISSUER", "https://login.example.com/t/v2.0".to_owned());
        variables.insert("UPSTREAM_CLIENT_ID", "latchkey".to_owned());
        variables.insert("UPSTREAM_CLIENT_SECRET", "latchkey/prod/upstream".to_owned());
        variables.insert(name, value.to_owned());
        Config::read(&|name| variables.get(name).cloned())
    };
    assert!(with("UPSTREAM_EMAIL_UNVERIFIED", "perhaps").expect("it is ignored").upstream.is_none());
    let upstream = signing_in("STAGE", "prod").expect("complete").upstream.expect("a provider is set");
    assert_eq!(upstream.issuer.as_str(), "https://login.example.com/t/v2.0");
    assert_eq!(upstream.unverified_email, UnverifiedEmailPolicy::Refuse);
    assert!(upstream.trusted_audiences.is_empty());
    let trusting =
        signing_in("UPSTREAM_TRUSTED_AUDIENCES", "312, https://a.example").expect("legal").upstream;
    assert_eq!(trusting.expect("a provider is set").trusted_audiences, ["312", "https://a.example"]);
    let accepting = signing_in("UPSTREAM_EMAIL_UNVERIFIED", "accept").expect("legal").upstream;
    assert_eq!(accepting.expect("a provider is set").unverified_email, UnverifiedEmailPolicy::Accept);
    assert!(signing_in("UPSTREAM_ISSUER", "http://127.0.0.1:3000").expect("loopback").upstream.is_some());
    for (name, value) in [
        ("UPSTREAM_ISSUER", "login.example.com"),
        ("UPSTREAM_ISSUER", "http://login.example.com"),
        ("UPSTREAM_ISSUER", "http://10.0.0.1"),
        ("UPSTREAM_ISSUER", "https://10.0.0.1"),
        ("UPSTREAM_ISSUER", "https://login.example.com/?tenant=a"),
        ("UPSTREAM_EMAIL_UNVERIFIED", "perhaps"),
        ("UPSTREAM_TRUSTED_AUDIENCES", "a,"),
        ("UPSTREAM_TRUSTED_AUDIENCES", "a b"),
        ("UPSTREAM_TRUSTED_AUDIENCES", "1,2,3,4,5,6,7,8,9,10,11"),
    ] {
        let error = signing_in(name, value).err().expect(name);
        assert_eq!((error.variable, error.got.as_str()), (name, value));
    }
    for name in ["UPSTREAM_CLIENT_ID", "UPSTREAM_CLIENT_SECRET"] {
        assert_eq!(signing_in(name, "").err().expect("missing").variable, name);
    }
}
