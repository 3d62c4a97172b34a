"""Requests and responses as API Gateway delivers them."""

from deployment import Differs

# One path of each function, open to everyone.
OPEN_PATHS = ("/.well-known/jwks.json", "/llms.txt", "/oauth/authorize", "/console")
COMMON_HEADERS = {
    "Strict-Transport-Security": "max-age=31536000",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}


def expect(condition, detail):
    if not condition:
        raise Differs(detail)


def token(deployment):
    answer = deployment.request_token()
    expect(answer.status == 200, f"{answer.status} {answer.body[:200]!r}")
    return f"expires in {answer.json()['expires_in']} s"


def metadata(deployment):
    found = deployment.web.get("/.well-known/oauth-authorization-server").json()
    expect(found["issuer"] == deployment.outputs["Issuer"], f"the issuer is {found['issuer']}")
    keys = deployment.web.get("/.well-known/jwks.json").json()["keys"]
    expect(keys, "no keys are published")
    return f"{found['issuer']}, {len(keys)} keys"


def challenge(deployment):
    """Whether WWW-Authenticate has its own name, for both functions that send it."""
    basic = deployment.web.form("/oauth/token", {"grant_type": "client_credentials"}, Authorization="Basic YTpi")
    bearer = deployment.web.get("/v1/accounts", Authorization="Bearer none")
    found = []
    for answer, scheme in ((basic, "Basic "), (bearer, "Bearer ")):
        value, renamed = answer.header("WWW-Authenticate"), answer.header("x-amzn-remapped-www-authenticate")
        expect(answer.status == 401, f"{answer.status} instead of 401")
        expect(value.startswith(scheme), f"WWW-Authenticate is {value!r}, renamed is {renamed!r}")
        found.append(value)
    return "; ".join(found)


def common_headers(deployment):
    for path in OPEN_PATHS:
        answer = deployment.web.get(path)
        for name, value in COMMON_HEADERS.items():
            expect(answer.header(name) == value, f"{path}: {name} is {answer.header(name)!r}")
    return ", ".join(COMMON_HEADERS)


def head(deployment):
    for path in ("/.well-known/jwks.json", "/openapi.json", "/health", "/"):
        answer = deployment.web.send("HEAD", path)
        expect(answer.status in (200, 302) and not answer.body, f"{path}: {answer.status}")
    for path in ("/oauth/authorize", "/oauth/callback", "/console/sign-in"):
        status = deployment.web.send("HEAD", path).status
        expect(status == 405, f"{path}: {status}")
    return "200 without a body, 405 where a GET starts something"


def trailing_slash(deployment):
    for path in ("/.well-known/jwks.json/", "/openapi.json/", "/health/", "/docs/start.md/"):
        status = deployment.web.get(path).status
        expect(status == 200, f"{path}: {status}")
    answer = deployment.web.form("/oauth/token/", {"grant_type": "client_credentials"})
    expect(answer.status in (400, 401), f"/oauth/token/: {answer.status}")
    return "the same routes"


# The function must refuse each, or find nothing; it must not fail, and the process must go on.
ODD_TARGETS = (
    "/oauth/authorize?x=<",
    '/oauth/authorize?x="',
    "/oauth/authorize?x=%",
    "/oauth/authorize?x=%00",
    "/oauth/authorize/%0A",
    "/oauth/authorize/%00",
    "/oauth/authorize/%FF",
    "/v1/accounts/a%2Fb",
    "/v1/accounts/a%3Fb",
    "/v1/accounts/a%25b",
    "/v1/accounts/a%23b",
    "/v1/accounts//",
    "/v1/accounts/" + "a" * 5_000,
)


def odd_targets(deployment):
    statuses = set()
    for target in ODD_TARGETS:
        status = deployment.web.get(target).status
        expect(400 <= status < 500, f"{target[:60]}: {status}")
        statuses.add(status)
    health = deployment.web.get("/health").status
    expect(health == 200, f"/health afterwards: {health}")
    return f"{len(ODD_TARGETS)} targets: {sorted(statuses)}"


def odd_requests(deployment):
    form = {"grant_type": "client_credentials"}
    large = deployment.web.form("/oauth/token", {"a": "a" * 70_000})
    expect(large.status in (400, 413), f"a body of 70 KB: {large.status}")
    waits = deployment.web.form("/oauth/token", form, Expect="100-continue")
    expect(waits.status in (400, 401, 417), f"Expect: {waits.status}")
    scheme = deployment.web.form("/oauth/token", form, X_Forwarded_Proto="a b")
    expect(400 <= scheme.status < 500, f"X-Forwarded-Proto: {scheme.status}")
    options = deployment.web.send("OPTIONS", "/oauth/token")
    expect(options.status < 500, f"OPTIONS: {options.status}")
    return f"OPTIONS {options.status}, 70 KB {large.status}, Expect {waits.status}"


def member_paths(deployment):
    """A member's address as a segment of a path: encoded, and as it is."""
    account = deployment.operators_account()
    statuses = set()
    for address in ("nobody+a@smoke.example", "nobody%2Ba%40smoke.example", "nobody%252Ba@smoke.example"):
        answer = deployment.web.json("PATCH", f"/v1/accounts/{account}/members/{address}", {}, deployment.token())
        statuses.add(answer.status)
        expect(400 <= answer.status < 500, f"{address}: {answer.status}")
    return str(sorted(statuses))
