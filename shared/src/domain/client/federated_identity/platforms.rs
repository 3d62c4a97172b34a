//! Platforms whose subject changes with each run, or says less than their claims.

/// A platform: how its issuers begin, and the claims by which it tells owners apart. These are ids, which are not given to
/// another owner when a name becomes free.
const PLATFORMS: [(&str, &[&str]); 8] = [
    // GitHub Actions; an enterprise may have an issuer of its own below it.
    (
        "https://token.actions.githubusercontent.com",
        &["repository_id", "repository_owner_id", "enterprise_id"],
    ),
    ("https://gitlab.com", &["project_id", "namespace_id"]),
    // Each workspace of Bitbucket Pipelines has an issuer; the subject ends with the step.
    ("https://api.bitbucket.org/2.0/workspaces/", &["repositoryUuid", "workspaceUuid"]),
    // Each organisation of CircleCI has an issuer; the subject ends with the person who started the run.
    ("https://oidc.circleci.com/org/", &["oidc.circleci.com/project-id", "oidc.circleci.com/org-id"]),
    // The subject of Buildkite names the commit. The ids are there if the token is requested with `--claim`.
    ("https://agent.buildkite.com", &["pipeline_id", "organization_id"]),
    // Each organisation of Fly has an issuer; the subject ends with the machine.
    ("https://oidc.fly.io/", &["app_id", "org_id"]),
    (
        "https://app.terraform.io",
        &["terraform_workspace_id", "terraform_project_id", "terraform_organization_id"],
    ),
    ("https://oidc.vercel.com/", &["project_id", "owner_id"]),
];

/// The claims by which an issuer tells owners apart; none for an issuer that is not known.
#[must_use]
pub fn owner_claims(issuer: &str) -> &'static [&'static str] {
    let is_below = |begin: &str| {
        issuer.strip_prefix(begin).is_some_and(|rest| {
            begin.ends_with('/') && !rest.is_empty() || rest.is_empty() || rest.starts_with('/')
        })
    };
    PLATFORMS.iter().find(|(begin, _)| is_below(begin)).map_or(&[], |(_, claims)| claims)
}
