"""requests-oauthlib runs the code flow as a public client, with its defaults.

Shows: the library authenticates a client without a secret by HTTP Basic with an empty password, which means no more than
the client's id.

In: STEP ISSUER CLIENT_ID, and for the step `begin` REDIRECT_URI [SCOPE], for `finish` CALLBACK STATE VERIFIER
REDIRECT_URI, for `refresh` and `revoke` REFRESH_TOKEN. Out: { url, state, verifier } to begin with, then the token
response.
"""

import json
from os import environ as env

import requests
from oauthlib.oauth2 import WebApplicationClient
from requests.auth import HTTPBasicAuth
from requests_oauthlib import OAuth2Session

# oauthlib rejects endpoints without TLS; on loopback there is none.
env["OAUTHLIB_INSECURE_TRANSPORT"] = "1"

issuer, client_id = env["ISSUER"], env["CLIENT_ID"]
metadata = requests.get(f"{issuer}/.well-known/oauth-authorization-server", timeout=10).json()
if metadata.get("issuer") != issuer:  # RFC 8414 section 3.3
    raise SystemExit(f"these are not the metadata of {issuer}: {metadata}")

scope = env.get("SCOPE", "").split() or None
client = WebApplicationClient(client_id)
session = OAuth2Session(client=client, redirect_uri=env.get("REDIRECT_URI"), scope=scope, state=env.get("STATE"))
token_endpoint = metadata["token_endpoint"]
no_password = HTTPBasicAuth(client_id, "")


def begin():
    verifier = client.create_code_verifier(64)
    challenge = client.create_code_challenge(verifier, "S256")
    url, state = session.authorization_url(
        metadata["authorization_endpoint"], code_challenge=challenge, code_challenge_method="S256"
    )
    return {"url": url, "state": state, "verifier": verifier}


def finish():
    # Without `auth`, `client_secret` and `include_client_id` the library sends Basic with an empty password.
    return session.fetch_token(
        token_endpoint, authorization_response=env["CALLBACK"], code_verifier=env["VERIFIER"], timeout=10
    )


def refresh():
    return session.refresh_token(
        token_endpoint, refresh_token=env["REFRESH_TOKEN"], auth=no_password, timeout=10
    )


def revoke():
    answer = requests.post(
        metadata["revocation_endpoint"], data={"token": env["REFRESH_TOKEN"]}, auth=no_password, timeout=10
    )
    answer.raise_for_status()
    return {}


steps = {"begin": begin, "finish": finish, "refresh": refresh, "revoke": revoke}
print(json.dumps(steps[env["STEP"]]()))
