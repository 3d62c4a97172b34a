"""openapi-python-client generates a client of the management API, and that creates an API client.

Shows: the served document suffices, and the generated types have every member.

In: ISSUER TOKEN ACCOUNT, PACKAGES (an empty folder). Out: the client that was created.
"""

import json
import subprocess
import sys
from importlib import import_module
from os import environ as env
from pathlib import Path

# Its hooks would only format the code.
config = Path(env["PACKAGES"], "config.json")
config.write_text('{"post_hooks": []}')
generate = ["-m", "openapi_python_client", "generate", "--url", f"{env['ISSUER']}/openapi.json", "--meta", "none"]
output = ["--output-path", f"{env['PACKAGES']}/latchkey", "--config", str(config)]
subprocess.run([sys.executable, *generate, *output], check=True, stdout=subprocess.DEVNULL)

sys.path.insert(0, env["PACKAGES"])
latchkey = import_module("latchkey")
clients_create = import_module("latchkey.api.clients.clients_create")
models = import_module("latchkey.models")

client = latchkey.AuthenticatedClient(base_url=env["ISSUER"], token=env["TOKEN"])
body = models.CreateClientRequest(
    client_name="Made by openapi-python-client",
    contacts=["ops@acme.example"],
    permissions=[models.PermissionSchema(resource="backoffice_api", scopes=["orders:read"])],
)
created = clients_create.sync(env["ACCOUNT"], client=client, body=body)
if not isinstance(created, models.CreateClientResponse):
    raise SystemExit(f"refused: {created}")
print(json.dumps(created.to_dict()))
