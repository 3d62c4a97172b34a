"""Packs what build.sh has compiled: zips, templates, SBOM and checksums. The same input gives the same bytes.

package.py zip OUTPUT FUNCTION ARCHITECTURE BINARY LEVEL
package.py sbom OUTPUT FUNCTION…
package.py templates OUTPUT ARCHITECTURE…
package.py checksums OUTPUT
"""

import copy
import hashlib
import json
import logging
import os
import re
import shutil
import subprocess
import sys
import time
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# ELF's names of the architectures: e_machine, at offset 18 (System V ABI).
MACHINES = {"arm64": 183, "x86_64": 62}
TARGETS = {"arm64": "aarch64-unknown-linux-gnu", "x86_64": "x86_64-unknown-linux-gnu"}
# Lambda's limit for a function's code, unpacked.
MAX_BYTES = 250 * 1024 * 1024
EPOCH = int(os.environ["SOURCE_DATE_EPOCH"])


def version():
    return re.search(r'(?m)^version = "([^"]+)"$', (ROOT / "Cargo.toml").read_text()).group(1)


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def check_binary(binary, architecture):
    head = binary[:20]
    if head[:6] != b"\x7fELF\x02\x01":
        sys.exit("no 64-bit little-endian ELF binary")
    if len(binary) > MAX_BYTES:
        sys.exit(f"the binary has {len(binary)} bytes; Lambda takes {MAX_BYTES}")
    machine = int.from_bytes(head[18:20], "little")
    if machine != MACHINES[architecture]:
        sys.exit(f"the binary is of ELF machine {machine}; {architecture} is {MACHINES[architecture]}")


def write_zip(output, function, architecture, binary, level):
    """A package for Lambda: one executable with the name bootstrap, compressed by this level of zlib."""
    content = Path(binary).read_bytes()
    check_binary(content, architecture)
    # The oldest date that a zip can have.
    date = time.gmtime(max(EPOCH, 315532800))[:6]
    entry = zipfile.ZipInfo("bootstrap", date)
    entry.create_system = 3
    entry.external_attr = 0o100755 << 16
    entry.compress_type = zipfile.ZIP_DEFLATED
    path = Path(output) / f"{function}-{architecture}.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(entry, content, compresslevel=int(level))
    glibc = max((tuple(map(int, found)) for found in re.findall(rb"GLIBC_(\d+)\.(\d+)", content)), default=(0, 0))
    sizes = f"{len(content) / 1e6:.1f} MB, packed {path.stat().st_size / 1e6:.1f} MB"
    print(f"{sizes}, ELF machine {MACHINES[architecture]}, glibc {glibc[0]}.{glibc[1]}", end="")


def locked_checksums():
    """The checksums in Cargo.lock, by name and version."""
    found = {}
    for block in (ROOT / "Cargo.lock").read_text().split("[[package]]"):
        members = dict(re.findall(r'(?m)^(name|version|checksum) = "([^"]+)"$', block))
        if "checksum" in members:
            found[members["name"], members["version"]] = members["checksum"]
    return found


def linked_packages(functions):
    """What is compiled into the functions for any of the architectures: the graph of normal dependencies."""
    packages, edges = {}, {}
    for target in TARGETS.values():
        command = ["cargo", "metadata", "--locked", "--format-version", "1", "--filter-platform", target]
        metadata = json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout)
        by_id = {package["id"]: package for package in metadata["packages"]}
        nodes = {node["id"]: node for node in metadata["resolve"]["nodes"]}
        waiting = [package["id"] for package in metadata["packages"] if package["name"] in functions]
        seen = set(waiting)
        while waiting:
            current = waiting.pop()
            packages[current] = by_id[current]
            for dependency in nodes[current]["deps"]:
                if any(kind["kind"] is None for kind in dependency["dep_kinds"]):
                    edges.setdefault(current, set()).add(dependency["pkg"])
                    if dependency["pkg"] not in seen:
                        seen.add(dependency["pkg"])
                        waiting.append(dependency["pkg"])
    return packages, edges


def purl(package):
    return f"pkg:cargo/{package['name']}@{package['version']}"


def write_sbom(output, functions):
    """CycloneDX 1.5, JSON."""
    packages, edges = linked_packages(functions)
    checksums = locked_checksums()
    components = []
    for package in sorted(packages.values(), key=purl):
        component = {"type": "library", "bom-ref": purl(package), "name": package["name"]}
        component |= {"version": package["version"], "purl": purl(package)}
        if package["name"] in functions:
            component["type"] = "application"
        if package["license"]:
            component["licenses"] = [{"expression": package["license"].replace("/", " OR ")}]
        checksum = checksums.get((package["name"], package["version"]))
        if checksum:
            component["hashes"] = [{"alg": "SHA-256", "content": checksum}]
        components.append(component)
    depends = [
        {"ref": purl(packages[one]), "dependsOn": sorted(purl(packages[other]) for other in others)}
        for one, others in sorted(edges.items(), key=lambda edge: purl(packages[edge[0]]))
    ]
    product = {"type": "application", "bom-ref": "latchkey", "name": "latchkey", "version": version()}
    stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(EPOCH))
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"timestamp": stamp, "component": product},
        "components": components,
        "dependencies": depends,
    }
    path = Path(output) / f"latchkey-{version()}.cdx.json"
    path.write_text(json.dumps(document, indent=1, sort_keys=True) + "\n")
    print(f"SBOM: {len(components)} packages")


def replaced(text, pattern, replacement, expected):
    """The text with each match replaced. Another number of matches is an error: the template has changed."""
    text, count = re.subn(pattern, replacement, text)
    if count != expected:
        sys.exit(f"infra/template.yaml: {count} matches of {pattern!r} instead of {expected}")
    return text


def artefact_parameters():
    return f"""Parameters:
  ArtifactBucket:
    Type: String
    AllowedPattern: ^[a-z0-9.-]{{3,63}}$
    Description: Bucket of S3, in the region of the stack, that the release was copied to.

  ArtifactPrefix:
    Type: String
    Default: latchkey/{version()}/
    AllowedPattern: ^([^/].*/)?$
    ConstraintDescription: empty, or a prefix that ends with a slash
    Description: What the names of the release's files in ArtifactBucket begin with.

"""


def write_templates(output, architectures):
    """The templates, with the code in S3. A file's name has a hash of its content in it, because CloudFormation sees by
    the name alone that there is other code."""
    output = Path(output)
    text = (ROOT / "infra/template.yaml").read_text()

    def code(match):
        indent, function = match.groups()
        zips = [output / f"{function}-{architecture}.zip" for architecture in architectures]
        together = hashlib.sha256("".join(digest(path) for path in zips).encode()).hexdigest()[:16]
        for path in zips:
            path.rename(path.with_name(f"{path.stem}-{together}.zip"))
        key = f"!Sub ${{ArtifactPrefix}}{function}-${{Architecture}}-{together}.zip"
        return f"{indent}CodeUri:\n{indent}  Bucket: !Ref ArtifactBucket\n{indent}  Key: {key}"

    functions = len(re.findall(r"AWS::Serverless::Function\n", text))
    text = replaced(text, r"( +)CodeUri: \.\./functions/([a-z-]+)(?=\n)", code, functions)
    nested = f"monitoring-{digest(ROOT / 'infra/monitoring.yaml')[:16]}.yaml"
    shutil.copyfile(ROOT / "infra/monitoring.yaml", output / nested)
    url = "https://${ArtifactBucket}.s3.${AWS::Region}.${AWS::URLSuffix}/${ArtifactPrefix}" + nested
    text = replaced(text, r"TemplateURL: monitoring\.yaml\n", lambda _: f"TemplateURL: !Sub {url}\n", 1)
    group = "    ParameterGroups:\n      - Label: { default: The release }\n        Parameters: [ArtifactBucket, ArtifactPrefix]\n"
    text = replaced(text, r"    ParameterGroups:\n", lambda _: group, 1)
    text = replaced(text, r"(?m)^Parameters:\n", lambda _: artefact_parameters(), 1)
    allowed = ", ".join(architectures)
    text = replaced(text, r"(?s)(\n  Architecture:\n.*?AllowedValues: )\[arm64, x86_64\]", rf"\1[{allowed}]", 1)
    if "arm64" not in architectures:
        text = replaced(text, r"(?s)(\n  Architecture:\n.*?Default: )arm64", rf"\1{architectures[0]}", 1)
    (output / "template.yaml").write_text(text)
    (output / "template.plain.json").write_text(json.dumps(plain(text), indent=1) + "\n")
    shutil.copyfile(ROOT / "infra/edge.yaml", output / "edge.yaml")
    print(f"Templates: template.yaml, template.plain.json, edge.yaml, {nested}")


def plain(text):
    """The template as CloudFormation makes it of SAM's, for tools that do not know SAM's. Whether there are resources of
    CodeDeploy is decided here, by the default of DeploymentType: neither they nor this parameter is in it."""
    try:
        from boto3 import Session
        from samtranslator.parser.parser import Parser
        from samtranslator.translator.translator import Translator
        from samtranslator.yaml_helper import yaml_parse
    except ImportError:
        sys.exit("this Python lacks aws-sam-translator: pip install -r infra/release/requirements.txt")

    logging.disable(logging.WARNING)
    template = yaml_parse(text)
    parameters = copy.deepcopy(template["Parameters"])
    decided = {"DeploymentType": parameters.pop("DeploymentType")["Default"]}
    # The translator would put a parameter's default in the place of each reference to it.
    for parameter in template["Parameters"].values():
        parameter.pop("Default", None)
    # It wants a region, which must not get into the result.
    session = Session(region_name="us-east-1")
    result = Translator({}, Parser(), boto_session=session).translate(template, decided)
    result["Parameters"] = parameters
    # An alias has the policies of its function, and what the linter is told of them there.
    for resource in result["Resources"].values():
        if resource["Type"] == "AWS::Lambda::Alias":
            function = result["Resources"][resource["Properties"]["FunctionName"]["Ref"]]
            resource["Metadata"] = {"cfn-lint": function["Metadata"]["cfn-lint"]}
    del result["Mappings"]["DeploymentTypes"]
    if not result["Mappings"]:
        del result["Mappings"]
    for group in result["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"]:
        group["Parameters"] = [name for name in group["Parameters"] if name in parameters]
    gradual = [name for name, value in result["Conditions"].items() if "DeploymentType" in json.dumps(value)]
    for name in gradual:
        del result["Conditions"][name]
    result["Resources"] = {
        name: resource for name, resource in result["Resources"].items() if resource.get("Condition") not in gradual
    }
    rest = json.dumps(result)
    for name in ["DeploymentType", "us-east-1", *gradual]:
        if f'"{name}"' in rest:
            sys.exit(f"template.plain.json names {name}")
    return result


def write_checksums(output):
    """In the format of sha256sum."""
    files = sorted(path for path in Path(output).iterdir() if path.name != "SHA256SUMS")
    (Path(output) / "SHA256SUMS").write_text("".join(f"{digest(path)}  {path.name}\n" for path in files))


COMMANDS = {
    "zip": write_zip,
    "sbom": lambda output, *functions: write_sbom(output, functions),
    "templates": lambda output, *architectures: write_templates(output, architectures),
    "checksums": write_checksums,
}

if __name__ == "__main__":
    COMMANDS[sys.argv[1]](*sys.argv[2:])
