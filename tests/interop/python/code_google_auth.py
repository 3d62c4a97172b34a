"""google-auth-oauthlib runs the code flow, and google-auth refreshes, against a server that is not Google's.

Shows: both take the endpoints of any server; PKCE is on by default.

In: STEP ISSUER CLIENT_ID CLIENT_SECRET, and for the step `begin` REDIRECT_URI SCOPE, for `finish` CALLBACK STATE VERIFIER
REDIRECT_URI SCOPE, for `refresh` REFRESH_TOKEN. Out: { url, state, verifier } to begin with, then the tokens.
"""

import json
from os import environ as env

from google.auth.transport.requests import Request
from google.oauth2.credentials import Credentials
from google_auth_oauthlib.flow import Flow

# oauthlib rejects endpoints without TLS; on loopback there is none.
env["OAUTHLIB_INSECURE_TRANSPORT"] = "1"

client = {
    "client_id": env["CLIENT_ID"],
    "client_secret": env["CLIENT_SECRET"],
    "auth_uri": f"{env['ISSUER']}/oauth/authorize",
    "token_uri": f"{env['ISSUER']}/oauth/token",
}


def flow(**more):
    scopes = env.get("SCOPE", "").split() or None
    return Flow.from_client_config({"web": client}, scopes, redirect_uri=env["REDIRECT_URI"], **more)


def as_response(credentials):
    return {"access_token": credentials.token, "refresh_token": credentials.refresh_token}


def begin():
    started = flow()
    url, state = started.authorization_url()
    return {"url": url, "state": state, "verifier": started.code_verifier}


def finish():
    started = flow(state=env["STATE"], code_verifier=env["VERIFIER"])
    started.fetch_token(authorization_response=env["CALLBACK"])
    return as_response(started.credentials)


def refresh():
    credentials = Credentials(
        None, env["REFRESH_TOKEN"], None, client["token_uri"], client["client_id"], client["client_secret"]
    )
    credentials.refresh(Request())
    return as_response(credentials)


steps = {"begin": begin, "finish": finish, "refresh": refresh}
print(json.dumps(steps[env["STEP"]]()))
