"""httpx-auth gets a client_credentials token when an API is called, with its defaults.

In: ISSUER CLIENT_ID CLIENT_SECRET. Out: { access_token } as the API received it.
"""

import json
from os import environ as env

import httpx
from httpx_auth import OAuth2ClientCredentials


def api(request):
    return httpx.Response(200, json=request.headers["authorization"])


auth = OAuth2ClientCredentials(f"{env['ISSUER']}/oauth/token", env["CLIENT_ID"], env["CLIENT_SECRET"])
with httpx.Client(transport=httpx.MockTransport(api), auth=auth) as client:
    received = client.get("https://api.example.com/orders").json()
print(json.dumps({"access_token": received.removeprefix("Bearer ")}))
