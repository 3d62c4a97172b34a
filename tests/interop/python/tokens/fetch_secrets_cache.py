"""A workload on AWS reads its secret through AWS's cache for Secrets Manager, and gets a token with it.

Shows: the stored value has all that such a workload needs: it is configured with the name of the secret alone.

In: SECRET_NAME, and what Lambda sets: AWS_DEFAULT_REGION and credentials. Here AWS_ENDPOINT_URL is an emulator's. Out: the token response.
"""

import json
from os import environ as env

import requests
from aws_secretsmanager_caching import SecretCache

cache = SecretCache()


def request_token():
    stored = json.loads(cache.get_secret_string(env["SECRET_NAME"]))
    return requests.post(
        stored["token_endpoint"],
        data={"grant_type": "client_credentials"},
        auth=(stored["client_id"], stored["client_secret"]),
        timeout=60,
    )


answer = request_token()
if answer.status_code == 401:  # the secret was rotated after the cache had read it
    cache.refresh_secret_now(env["SECRET_NAME"])
    answer = request_token()
answer.raise_for_status()
print(json.dumps(answer.json()))
