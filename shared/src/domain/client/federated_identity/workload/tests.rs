use super::*;

fn identity(platform: Platform, values: &[(&str, &'static str)]) -> Result<Value, Vec<String>> {
    let value = |name: &str| values.iter().find(|(field, _)| *field == name).map_or("", |(_, value)| *value);
    let paths = |errors: Vec<FieldError>| errors.into_iter().map(|error| error.path).collect();
    platform.identity(value).map(|identity| identity.to_json()).map_err(paths)
}

#[test]
fn subject_of_a_platform_is_made_of_its_parts() {
    let github = |more: &[(&'static str, &'static str)]| {
        let known = [("owner", "acme"), ("repository", "shop"), ("audience", "https://id.example.com")];
        identity(Platform::Github, &[&known[..], more].concat()).expect("legal")["subject"].clone()
    };
    let ids = [("owner_id", "12"), ("repository_id", "34")];
    assert_eq!(github(&[("context_name", "main")]), "repo:acme/shop:ref:refs/heads/main");
    for (context, name, end) in [
        ("branch", "feature/a", "ref:refs/heads/feature/a"),
        ("tag", "v1", "ref:refs/tags/v1"),
        ("environment", "prod:eu", "environment:prod%3Aeu"),
        ("pull_request", "", "pull_request"),
    ] {
        let more = [("context", context), ("context_name", name)];
        assert_eq!(github(&[&ids[..], &more].concat()), format!("repo:acme@12/shop@34:{end}"));
    }
    let kubernetes = [
        ("issuer", "https://oidc.eks.example.com/id/1"),
        ("namespace", "shop"),
        ("service_account", " sync "),
        ("audience", "a"),
    ];
    let kubernetes = identity(Platform::Kubernetes, &kubernetes).expect("legal");
    assert_eq!(kubernetes["subject"], "system:serviceaccount:shop:sync");
    let entra = identity(Platform::Entra, &[("tenant", "1b-2c"), ("subject", "3d"), ("audience", "a")]);
    assert_eq!(entra.expect("legal")["issuer"], "https://login.microsoftonline.com/1b-2c/v2.0");
    let other =
        [("issuer", "https://gitlab.com"), ("claims", "project_id=22\r\n\r\nref = main"), ("audience", "a")];
    let other = identity(Platform::Other, &other).expect("legal");
    assert_eq!(other["claims"], json!({ "project_id": "22", "ref": "main" }));
    assert_eq!(other["subject"], Value::Null);
}

#[test]
fn error_is_at_the_value_that_it_is_about() {
    let nothing = |platform| identity(platform, &[]).expect_err("nothing is filled in");
    assert_eq!(nothing(Platform::Aws), ["issuer", "audience", "subject"]);
    assert_eq!(nothing(Platform::Github), ["owner", "repository", "context_name", "audience"]);
    assert_eq!(nothing(Platform::Kubernetes), ["namespace", "service_account", "issuer", "audience"]);
    assert_eq!(nothing(Platform::Google), ["subject", "audience"]);
    assert_eq!(nothing(Platform::Entra), ["tenant", "audience", "subject"]);
    let one_id = [
        ("owner", "acme"),
        ("repository", "shop"),
        ("owner_id", "12"),
        ("context_name", "main"),
        ("audience", "a"),
    ];
    assert_eq!(identity(Platform::Github, &one_id), Err(vec!["repository_id".to_owned()]));
    let address = [("subject", "sync@acme.iam.gserviceaccount.com"), ("audience", "a")];
    assert_eq!(identity(Platform::Google, &address), Err(vec!["subject".to_owned()]));
    let kubernetes =
        [("issuer", "http://x"), ("namespace", "a"), ("service_account", "b"), ("audience", "*")];
    assert_eq!(
        identity(Platform::Kubernetes, &kubernetes),
        Err(vec!["issuer".to_owned(), "audience".to_owned()])
    );
    let claims =
        [("issuer", "https://gitlab.com"), ("subject", "s"), ("claims", "a=1\na=2\nb"), ("audience", "a")];
    assert_eq!(identity(Platform::Other, &claims), Err(vec!["claims".to_owned(); 2]));
    for platform in Platform::ALL {
        for member in ["issuer", "subject", "audience", "claims", ""] {
            assert!(platform.fields().contains(&platform.field_of(member)), "{platform:?} {member}");
        }
    }
}
