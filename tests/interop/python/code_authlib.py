"""Authlib starts the code flow, redeems the code, and refreshes.

Shows: RFC 8414 metadata suffices for the code flow; Authlib's own PKCE, code, refresh and revocation calls are
understood, for a public client as well as for one with a secret.

In: STEP ISSUER CLIENT_ID [CLIENT_SECRET], and for the step `begin` REDIRECT_URI [SCOPE], for `finish` CALLBACK
STATE VERIFIER REDIRECT_URI, for `refresh` and `revoke` REFRESH_TOKEN. Out: { url, state, verifier } to begin
with, then the token response.
"""

import json
from os import environ as env
from urllib.parse import parse_qs, urlsplit

import requests
from authlib.common.security import generate_token
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session

issuer = env["ISSUER"]
metadata = requests.get(f"{issuer}/.well-known/oauth-authorization-server", timeout=10).json()
if metadata.get("issuer") != issuer:  # RFC 8414 section 3.3
    raise SystemExit(f"these are not the metadata of {issuer}: {metadata}")

secret = env.get("CLIENT_SECRET") or None
authentication = "client_secret_basic" if secret else "none"
session = OAuth2Session(
    client_id=env["CLIENT_ID"],
    client_secret=secret,
    token_endpoint_auth_method=authentication,
    revocation_endpoint_auth_method=authentication,
    scope=env.get("SCOPE") or None,
    redirect_uri=env.get("REDIRECT_URI"),
    state=env.get("STATE"),
    code_challenge_method="S256",
    default_timeout=10,
)
token_endpoint = metadata["token_endpoint"]


def begin():
    verifier = generate_token(48)
    endpoint = metadata["authorization_endpoint"]
    url, state = session.create_authorization_url(endpoint, code_verifier=verifier)
    return {"url": url, "state": state, "verifier": verifier}


def finish():
    answer = parse_qs(urlsplit(env["CALLBACK"]).query)
    if "error" in answer:  # as Authlib's own integrations for web frameworks do
        raise OAuthError(answer["error"][0], answer.get("error_description", [None])[0])
    return session.fetch_token(
        token_endpoint, authorization_response=env["CALLBACK"], code_verifier=env["VERIFIER"]
    )


def refresh():
    return session.refresh_token(token_endpoint, refresh_token=env["REFRESH_TOKEN"])


def revoke():
    answer = session.revoke_token(
        metadata["revocation_endpoint"], token=env["REFRESH_TOKEN"], token_type_hint="refresh_token"
    )
    answer.raise_for_status()  # Authlib hands over the HTTP answer as it is
    return {}


steps = {"begin": begin, "finish": finish, "refresh": refresh, "revoke": revoke}
print(json.dumps(steps[env["STEP"]]()))
