"""requests-oauthlib gets a client_credentials token for one resource (RFC 8707).

Shows: the strictest reading of the token response. oauthlib raises when the granted scope
differs from the one asked for. The response it hands back has `scope` as a list.

In: ISSUER CLIENT_ID CLIENT_SECRET RESOURCE AUTH_METHOD [SCOPE]. Out: the token response.
"""

import json
from os import environ as env

import requests
from oauthlib.oauth2 import BackendApplicationClient
from requests_oauthlib import OAuth2Session

# oauthlib rejects a token endpoint without TLS; on loopback there is none.
env["OAUTHLIB_INSECURE_TRANSPORT"] = "1"

issuer = env["ISSUER"]
metadata = requests.get(f"{issuer}/.well-known/oauth-authorization-server", timeout=10).json()
if metadata.get("issuer") != issuer:  # RFC 8414 section 3.3
    raise SystemExit(f"these are not the metadata of {issuer}: {metadata}")

client_id, client_secret = env["CLIENT_ID"], env["CLIENT_SECRET"]
authentication = {
    "client_secret_basic": {"auth": (client_id, client_secret)},
    "client_secret_post": {"include_client_id": True, "client_secret": client_secret},
}[env["AUTH_METHOD"]]

client = BackendApplicationClient(client_id, scope=env.get("SCOPE") or None)
token = OAuth2Session(client=client).fetch_token(
    metadata["token_endpoint"], resource=env["RESOURCE"], timeout=10, **authentication
)
print(json.dumps(token))
