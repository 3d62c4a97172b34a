"""PyJWT verifies an access token offline, from the keys alone.

Shows: `kid` and `alg` of every key are published (PyJWKClient picks the key by `kid` and binds
it to its `alg`), and the token is an RFC 9068 one with all the claims that RFC requires.

In: ISSUER TOKEN AUDIENCE. Out: the claims.
"""

import json
from os import environ as env

import jwt
import requests

issuer, token = env["ISSUER"], env["TOKEN"]
metadata = requests.get(f"{issuer}/.well-known/oauth-authorization-server", timeout=10).json()
if metadata.get("issuer") != issuer:  # RFC 8414 section 3.3
    raise SystemExit(f"these are not the metadata of {issuer}: {metadata}")

key = jwt.PyJWKClient(metadata["jwks_uri"], timeout=10).get_signing_key_from_jwt(token)
verified = jwt.decode_complete(
    token,
    key,
    algorithms=["RS256", "ES256"],
    issuer=issuer,
    audience=env["AUDIENCE"],
    leeway=30,  # seconds by which clocks may differ
    options={"require": ["iss", "exp", "aud", "sub", "client_id", "iat", "jti"]},
)
if verified["header"].get("typ") != "at+jwt":  # PyJWT leaves the type to its user
    raise jwt.InvalidTokenError(f"typ is not at+jwt: {verified['header']}")
print(json.dumps(verified["payload"]))
