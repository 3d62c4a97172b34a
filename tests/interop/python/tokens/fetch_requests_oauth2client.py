"""requests_oauth2client gets a client_credentials token with its defaults.

Shows: discovery as RFC 8414 says, and client_secret_basic from a pair of id and secret.

In: ISSUER CLIENT_ID CLIENT_SECRET. Out: the token response.
"""

import json
from os import environ as env

from requests_oauth2client import OAuth2Client

client = OAuth2Client.from_discovery_endpoint(
    f"{env['ISSUER']}/.well-known/oauth-authorization-server",
    issuer=env["ISSUER"],
    testing=True,  # loopback has no TLS
    auth=(env["CLIENT_ID"], env["CLIENT_SECRET"]),
)
token = client.client_credentials()
print(json.dumps(token.as_dict(), default=str))
