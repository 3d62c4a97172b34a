"""The authorization code flow as a person and an application go through it, in an account of this command's own."""

import base64
import hashlib
import html.parser
import secrets
import subprocess
import urllib.parse

from deployment import OWN_ACCOUNT, Differs, NotAsked
from web import basic

RESOURCE = "smoke_api"
REDIRECT_URI = "https://smoke.example/callback"


class Forms(html.parser.HTMLParser):
    """The forms of a page: their action, and their fields' values."""

    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "form":
            self.found.append((attributes.get("action", ""), {}))
        elif tag == "input" and self.found and attributes.get("name"):
            self.found[-1][1][attributes["name"]] = attributes.get("value") or ""


class Browser:
    def __init__(self, web):
        self.web, self.cookies = web, {}

    def send(self, method, target, fields=None):
        """Follows redirects within the deployment, and returns the last answer."""
        for _ in range(5):
            headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
            if method == "POST":
                answer = self.web.form(target, fields, Origin=self.web.issuer, **headers)
            else:
                answer = self.web.get(target, **headers)
            for line in answer.headers.get_all("Set-Cookie") or []:
                name, _, value = line.split(";", 1)[0].partition("=")
                self.cookies[name] = value
            location = answer.header("Location")
            if answer.status not in (302, 303) or not location.startswith(("/", self.web.issuer)):
                return answer
            method, target = "GET", location.removeprefix(self.web.issuer)
        raise Differs("more than five redirects")

    def submit(self, page, step, **fields):
        """Submits the first form of the page that leads to this step."""
        for action, hidden in Forms(page.body.decode()).found:
            if action.endswith(f"/{step}"):
                return self.send("POST", action, {**hidden, **fields})
        raise Differs(f"the page has no form for {step}: {page.status}")


def make_account(deployment, address):
    """The account with one member, and the API that the tokens are for. What is there already stays."""
    deployment.api("POST", "/v1/accounts", {"account_id": OWN_ACCOUNT, "account_name": "Smoke"}, (201, 409))
    scopes = [{"name": "read"}]
    resource = {"resource_id": RESOURCE, "audience": "https://smoke.example", "scopes": scopes, "account_access": "all"}
    deployment.api("POST", "/v1/resources", resource, (201, 409))
    member = {"email": address, "name": "Smoke", "permissions": []}
    deployment.api("POST", f"/v1/accounts/{OWN_ACCOUNT}/members", member, (201, 409))


def mailed_code(arguments):
    if arguments.code_command:
        run = subprocess.run(arguments.code_command, shell=True, check=True, capture_output=True, text=True)
        return run.stdout.strip()
    return input(f"The code that was mailed to {arguments.mail}: ").strip()


def code_flow(deployment):
    """Mail in the sandbox, and conditions on keys inside DynamoDB transactions: redeeming a code is one."""
    if not deployment.arguments.mail:
        raise NotAsked("--mail names the address that the code is sent to")
    deployment.refuse_if_in_use()
    address = deployment.arguments.mail.lower()
    make_account(deployment, address)
    path = f"/v1/accounts/{OWN_ACCOUNT}/clients"
    grants = ["authorization_code", "refresh_token"]
    permissions = [{"resource": RESOURCE, "scopes": ["read"]}]
    client = {"client_name": "Smoke", "grant_types": grants, "redirect_uris": [REDIRECT_URI]}
    client = deployment.api("POST", path, {**client, "permissions": permissions}).json()
    try:
        return sign_in_and_redeem(deployment, client, address)
    finally:
        deployment.api("DELETE", f"{path}/{client['client_id']}")


def sign_in_and_redeem(deployment, client, address):
    verifier, state = secrets.token_urlsafe(32), secrets.token_urlsafe(8)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    query = urllib.parse.urlencode({
        "response_type": "code", "client_id": client["client_id"], "redirect_uri": REDIRECT_URI, "state": state,
        "code_challenge": challenge, "code_challenge_method": "S256",
    })  # fmt: skip
    browser = Browser(deployment.web)
    page = browser.send("GET", f"/oauth/authorize?{query}")
    page = browser.submit(page, "email", email=address)
    page = browser.submit(page, "code", code=mailed_code(deployment.arguments))
    answer = browser.submit(page, "consent", decision="allow")
    returned = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(answer.header("Location")).query))
    if returned.get("state") != state or "code" not in returned:
        raise Differs(f"no code came back: {answer.status} {sorted(returned)}")

    def exchange(**fields):
        credentials = basic(client["client_id"], client["client_secret"])
        return deployment.web.form("/oauth/token", fields, Authorization=credentials)

    tokens = exchange(
        grant_type="authorization_code", code=returned["code"], redirect_uri=REDIRECT_URI, code_verifier=verifier
    )
    if tokens.status != 200:
        raise Differs(f"the code is not redeemed: {tokens.status} {tokens.body[:200]!r}")
    refreshed = exchange(grant_type="refresh_token", refresh_token=tokens.json()["refresh_token"])
    if refreshed.status != 200:
        raise Differs(f"the refresh token is not replaced: {refreshed.status} {refreshed.body[:200]!r}")
    return f"a code was mailed to {address}, redeemed, and the refresh token replaced"
