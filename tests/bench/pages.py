"""The console: CPU time per page, for an account with 50 clients. It runs against the emulator, which has processes of its
own; the same server answers the management API, whose GET of a client is what the pages are compared with."""

from contextlib import ExitStack
from http.client import HTTPConnection
from urllib.parse import urlsplit

from manage import ACCOUNT, Api, millis, stage
from parts import TARGET, WORK, environment, running

CLIENTS = 50
PERSON = "ann@measured.example"


def measure(binaries, runner, requests):
    """CPU milliseconds per request, by what is requested."""
    with ExitStack() as stack:
        state = ["--state", WORK / "state", "--fresh"]
        _, ready = stack.enter_context(running([runner, "--json", "--port", "0", *state], dict(environment(""), CARGO_TARGET_DIR=str(TARGET))))
        process, serving = stack.enter_context(running([binaries / "bench", "manage"], stage(ready)))
        api = Api(serving["port"])
        api.sign_in(ready["client_id"], ready["client_secret"])
        api.request("POST", "/v1/accounts", {"account_id": ACCOUNT, "account_name": "Measured"})
        rights = ["clients:read", "clients:manage"]
        api.request("POST", f"/v1/accounts/{ACCOUNT}/members", {"email": PERSON, "name": "Ann", "permissions": rights})
        api.create_clients(CLIENTS, 90)
        clients = f"/v1/accounts/{ACCOUNT}/clients"
        client = api.request("GET", clients)["items"][0]["client_id"]
        cookie = session(api)
        account = f"/console/accounts/{ACCOUNT}"
        pages = {
            "overview": account,
            "list of 50 clients": f"{account}/clients",
            "client": f"{account}/clients/{client}",
            "credentials": f"{account}/clients/{client}/credentials",
        }
        spent = {"GET of a client": repeated(process, requests, lambda: api.request("GET", f"{clients}/{client}"))}
        for name, path in pages.items():
            spent[name] = repeated(process, requests, lambda path=path: page(api, path, cookie))
        return spent


def repeated(process, requests, work):
    work()  # What the first one reads and parses is kept in memory.
    return millis(process, lambda: [work() for _ in range(requests)]) / requests


def session(api):
    """The cookie of a person who has come into the console by a link."""
    link = api.request("POST", f"/v1/accounts/{ACCOUNT}/console-links", {"email": PERSON, "to": f"/console/accounts/{ACCOUNT}"})
    response = exchange(api, "POST", urlsplit(link["url"]).path, {"Content-Type": "application/x-www-form-urlencoded"})
    assert response.status == 303, response.status
    return response.headers["Set-Cookie"].split(";")[0]


def page(api, path, cookie):
    response = exchange(api, "GET", path, {"Cookie": cookie})
    assert response.status == 200, f"{path}: {response.status}"


def exchange(api, method, path, headers):
    connection = getattr(api.own, "connection", None) or HTTPConnection("127.0.0.1", api.port, timeout=120)
    api.own.connection = connection
    connection.request(method, path, headers=headers)
    response = connection.getresponse()
    response.read()
    return response
