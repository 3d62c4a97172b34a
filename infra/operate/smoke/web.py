"""HTTP as a client of Latchkey speaks it: no redirect is followed, and paths and queries are sent as they are written."""

import base64
import http.client
import json
import ssl
import urllib.parse
from dataclasses import dataclass

TIMEOUT_SECONDS = 20


@dataclass
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    def json(self):
        return json.loads(self.body)

    def header(self, name):
        return self.headers.get(name, "")


class Web:
    """One deployment, at its issuer's URL."""

    def __init__(self, issuer):
        self.issuer = issuer
        parts = urllib.parse.urlsplit(issuer)
        self._is_tls, self._host = parts.scheme == "https", parts.netloc

    def send(self, method, target, body=None, **headers):
        """Underscores in the names of headers stand for hyphens."""
        if self._is_tls:
            context = ssl.create_default_context()
            connection = http.client.HTTPSConnection(self._host, timeout=TIMEOUT_SECONDS, context=context)
        else:
            connection = http.client.HTTPConnection(self._host, timeout=TIMEOUT_SECONDS)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            connection.request(method, target, body=body, headers=sent)
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        finally:
            connection.close()

    def get(self, target, **headers):
        return self.send("GET", target, **headers)

    def form(self, target, fields, **headers):
        headers.setdefault("Content_Type", "application/x-www-form-urlencoded")
        return self.send("POST", target, urllib.parse.urlencode(fields), **headers)

    def json(self, method, target, value, token):
        return self.send(
            method, target, json.dumps(value), Content_Type="application/json", Authorization=f"Bearer {token}"
        )


def basic(client_id, client_secret):
    pair = f"{urllib.parse.quote(client_id, '')}:{urllib.parse.quote(client_secret, '')}"
    return "Basic " + base64.b64encode(pair.encode()).decode()
