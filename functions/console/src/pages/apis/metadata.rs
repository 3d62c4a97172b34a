//! What an API publishes about itself: protected resource metadata (RFC 9728).

use crate::frame::display_name;
use crate::pages::clients::permissions::offered::OfferedApi;
use serde_json::json;
use shared::domain::primitives::link_url::LinkUrl;

/// Where the metadata of an API belongs, below its host (RFC 9728 §3.1).
const WELL_KNOWN: &str = "/.well-known/oauth-protected-resource";

/// The metadata of an API.
pub struct ResourceMetadata {
    /// Where the API serves it.
    pub url: String,
    /// The document.
    pub json: String,
}

impl ResourceMetadata {
    /// The metadata of an API with this audience; `None` if the audience is no https URL, as the identifier of a resource has to
    /// be (RFC 9728 §1.2).
    pub fn new(api: &OfferedApi<'_>, audience: &str, issuer: &str) -> Option<Self> {
        let url = url(audience)?;
        let resource = api.resource;
        let mut document = json!({
            "resource": audience,
            "authorization_servers": [issuer],
            "bearer_methods_supported": ["header"],
            "scopes_supported": api.permitted,
            "resource_name": display_name(&resource.resource_name),
        });
        if let Some(documentation) = &resource.documentation_url {
            document["resource_documentation"] = json!(documentation);
        }
        Some(Self { url, json: format!("{document:#}") })
    }
}

/// The well-known path stands between host and path (RFC 9728 §3.1).
fn url(audience: &str) -> Option<String> {
    if audience.contains('#') {
        return None;
    }
    LinkUrl::parse(audience).ok()?;
    let rest = audience.get("https://".len()..)?;
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (host, path) = rest.split_at(end);
    let path = if path == "/" { "" } else { path };
    Some(format!("https://{host}{WELL_KNOWN}{path}"))
}

#[cfg(test)]
mod tests {
    use super::url;

    #[test]
    fn metadata_is_below_the_host_before_the_path() {
        for (audience, expected) in [
            ("https://api.example.com", Some("https://api.example.com/.well-known/oauth-protected-resource")),
            (
                "https://api.example.com/",
                Some("https://api.example.com/.well-known/oauth-protected-resource"),
            ),
            (
                "https://api.example.com/v2/orders",
                Some("https://api.example.com/.well-known/oauth-protected-resource/v2/orders"),
            ),
            (
                "https://api.example.com?t=1",
                Some("https://api.example.com/.well-known/oauth-protected-resource?t=1"),
            ),
            ("urn:orders", None),
            ("http://api.example.com", None),
            ("https://api.example.com/#x", None),
        ] {
            assert_eq!(url(audience).as_deref(), expected, "{audience}");
        }
    }
}
