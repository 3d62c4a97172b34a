"""Authlib introspects an access token, revokes it, and introspects it again.

Shows: RFC 8414 metadata is enough to find both endpoints; Authlib's own calls for RFC 7662 and
RFC 7009 are understood, by either way to authenticate.

In: ISSUER CLIENT_ID CLIENT_SECRET AUTH_METHOD TOKEN. Out: what introspection said before and after.
"""

import json
from os import environ as env

import requests
from authlib.integrations.requests_client import OAuth2Session

issuer, token = env["ISSUER"], env["TOKEN"]
metadata = requests.get(f"{issuer}/.well-known/oauth-authorization-server", timeout=10).json()
if metadata.get("issuer") != issuer:  # RFC 8414 section 3.3
    raise SystemExit(f"these are not the metadata of {issuer}: {metadata}")

session = OAuth2Session(
    client_id=env["CLIENT_ID"],
    client_secret=env["CLIENT_SECRET"],
    token_endpoint_auth_method=env["AUTH_METHOD"],
    revocation_endpoint_auth_method=env["AUTH_METHOD"],
    default_timeout=10,
)


def introspect():
    answer = session.introspect_token(metadata["introspection_endpoint"], token=token)
    answer.raise_for_status()  # Authlib hands over the HTTP answer as it is
    return answer.json()


before = introspect()
session.revoke_token(
    metadata["revocation_endpoint"], token=token, token_type_hint="access_token"
).raise_for_status()
print(json.dumps({"before": before, "after": introspect()}))
