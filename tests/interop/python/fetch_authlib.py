"""Authlib gets a client_credentials token for one resource (RFC 8707).

Shows: RFC 8414 metadata is enough to find the token endpoint; Authlib's HTTP Basic, which
sends id and secret as they are instead of form-encoding them first, is understood.

In: ISSUER CLIENT_ID CLIENT_SECRET RESOURCE AUTH_METHOD [SCOPE]. Out: the token response.
"""

import json
from os import environ as env

import requests
from authlib.integrations.requests_client import OAuth2Session

issuer = env["ISSUER"]
metadata = requests.get(f"{issuer}/.well-known/oauth-authorization-server", timeout=10).json()
if metadata.get("issuer") != issuer:  # RFC 8414 section 3.3
    raise SystemExit(f"these are not the metadata of {issuer}: {metadata}")

session = OAuth2Session(
    client_id=env["CLIENT_ID"],
    client_secret=env["CLIENT_SECRET"],
    token_endpoint_auth_method=env["AUTH_METHOD"],
    scope=env.get("SCOPE") or None,
    default_timeout=10,
)
token = session.fetch_token(
    metadata["token_endpoint"], grant_type="client_credentials", resource=env["RESOURCE"]
)
print(json.dumps(token))
