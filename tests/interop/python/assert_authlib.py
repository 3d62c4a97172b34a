"""Authlib signs its own assertions: for a token, to introspect it, and to revoke it.

Shows: private_key_jwt (RFC 7523, RFC 10070) with Authlib's own PrivateKeyJWT, whose audience is the
issuer; each request has an assertion of its own.

In: ISSUER CLIENT_ID PRIVATE_KEY (PKCS #8) ALG RESOURCE. Out: what introspection said before and after.
"""

import json
from os import environ as env

import requests
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc7523 import PrivateKeyJWT

issuer = env["ISSUER"]
metadata = requests.get(f"{issuer}/.well-known/oauth-authorization-server", timeout=10).json()
if metadata.get("issuer") != issuer:  # RFC 8414 section 3.3
    raise SystemExit(f"these are not the metadata of {issuer}: {metadata}")

session = OAuth2Session(
    client_id=env["CLIENT_ID"],
    client_secret=env["PRIVATE_KEY"],
    token_endpoint_auth_method="private_key_jwt",
    revocation_endpoint_auth_method="private_key_jwt",
    default_timeout=10,
)
# The first argument becomes the audience.
session.register_client_auth_method(PrivateKeyJWT(issuer, alg=env["ALG"]))
token = session.fetch_token(
    metadata["token_endpoint"], grant_type="client_credentials", resource=env["RESOURCE"]
)["access_token"]


def introspect():
    answer = session.introspect_token(metadata["introspection_endpoint"], token=token)
    answer.raise_for_status()  # Authlib hands over the HTTP answer as it is
    return answer.json()


before = introspect()
session.revoke_token(
    metadata["revocation_endpoint"], token=token, token_type_hint="access_token"
).raise_for_status()
print(json.dumps({"before": before, "after": introspect()}))
