"""Questions that change the deployment. Each refuses a stage or a stack that could be missed."""

import base64
import collections
import concurrent.futures
import http.client
import json
import pathlib
import subprocess
import sys
import time

from deployment import Differs, NotAsked

PAUSE_SECONDS = 5
CLEANUP = pathlib.Path(__file__).parent.parent / "cleanup"


def wait(deployment, is_done, text):
    until = time.monotonic() + 60 * deployment.arguments.wait
    while not (found := is_done()):
        if time.monotonic() > until:
            raise Differs(f"{text}: not after {deployment.arguments.wait} minutes")
        time.sleep(PAUSE_SECONDS)
    return found


def rotation(deployment):
    """A rotation that is asked for ends, and tokens go on. The next key signs if it has been published for two hours."""
    deployment.refuse_if_in_use()
    manager, secret = deployment.aws("secretsmanager"), deployment.outputs["SigningKeysSecret"]

    def current():
        stages = manager.describe_secret(SecretId=secret)["VersionIdsToStages"].items()
        return next(version for version, labels in stages if "AWSCURRENT" in labels)

    before = current()
    manager.rotate_secret(SecretId=secret)
    wait(deployment, lambda: current() != before, "another ring of keys is current")
    keys = {key["kid"] for key in deployment.web.get("/.well-known/jwks.json").json()["keys"]}
    header = deployment.new_token().split(".")[0]
    kid = json.loads(base64.urlsafe_b64decode(header + "=" * (-len(header) % 4)))["kid"]
    if kid not in keys:
        raise Differs(f"tokens are signed with {kid}, which is not published")
    return f"version {current()[:8]} is current, {len(keys)} keys are published, {kid[:8]} signs"


def flood(deployment):
    """More requests than the limit allows: API Gateway itself must answer 429."""
    deployment.refuse_if_in_use()

    def status(_):
        try:
            return deployment.web.get("/health").status
        except (OSError, http.client.HTTPException):
            return "no answer"

    with concurrent.futures.ThreadPoolExecutor(64) as pool:
        statuses = dict(collections.Counter(pool.map(status, range(deployment.arguments.flood))))
    if 429 not in statuses:
        raise Differs(f"no 429 among {statuses}; from one machine --flood may have to be larger")
    return str(statuses)


def alarm_returns(deployment):
    """An alarm that never comes back from ALARM mails once and never again."""
    deployment.refuse_if_in_use()
    cloudwatch = deployment.aws("cloudwatch")
    name = f"latchkey-{deployment.stage}-table-throttles"
    cloudwatch.set_alarm_state(AlarmName=name, StateValue="ALARM", StateReason="asked by infra/operate/smoke")

    def state():
        found = cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"]
        return found and found[0]["StateValue"] == "OK"

    wait(deployment, state, f"{name} is OK again")
    return f"{name} was set to ALARM, and is OK again"


def restore(deployment):
    """The directory, restored to now into another table, which is deleted again."""
    deployment.refuse_if_in_use()
    dynamodb, source = deployment.aws("dynamodb"), deployment.outputs["DirectoryTable"]
    target = f"{source[:200]}-smoke-{int(time.time())}"
    dynamodb.restore_table_to_point_in_time(
        SourceTableName=source, TargetTableName=target, UseLatestRestorableTime=True
    )

    def is_active():
        return dynamodb.describe_table(TableName=target)["Table"]["TableStatus"] == "ACTIVE"

    def indexes(table):
        found = dynamodb.describe_table(TableName=table)["Table"].get("GlobalSecondaryIndexes", [])
        return sorted(index["IndexName"] for index in found)

    def count(table):
        scans = dynamodb.get_paginator("scan").paginate(TableName=table, Select="COUNT", ConsistentRead=True)
        return sum(page["Count"] for page in scans)

    wait(deployment, is_active, "the restored table is active")
    try:
        if indexes(target) != indexes(source):
            raise Differs(f"the restored table has the indexes {indexes(target)}")
        return f"{count(target)} of {count(source)} items, indexes {', '.join(indexes(target))}"
    finally:
        dynamodb.delete_table(TableName=target)


def upload_template(deployment):
    """The stack's template in the bucket that its functions' packages are in: it is too long to be sent directly."""
    cloudformation = deployment.aws("cloudformation")
    found = cloudformation.get_template(StackName=deployment.arguments.stack, TemplateStage="Processed")
    template = found["TemplateBody"]
    body = template if isinstance(template, str) else json.dumps(template)
    template = json.loads(body) if isinstance(template, str) else template
    functions = (one for one in template["Resources"].values() if one["Type"] == "AWS::Lambda::Function")
    bucket = next(one["Properties"]["Code"]["S3Bucket"] for one in functions)
    if isinstance(bucket, dict):
        bucket = deployment.parameters[bucket["Ref"]]
    key = f"{deployment.arguments.stack}-smoke.template"
    s3 = deployment.aws("s3")
    s3.put_object(Bucket=bucket, Key=key, Body=body.encode())
    return s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": key}).split("?")[0]


def parameters_of_the_next_stack(deployment):
    """Those of this one, but for what deletion changes: the sender's identity and its records outlive the stack, and
    CloudFormation refuses to make what exists; a restored directory is removed with the stack's own."""
    changed = {"MailIdentity": "existing", "MailHostedZoneId": "", "DirectoryTableName": ""}
    values = {**deployment.parameters, **changed}
    return [{"ParameterKey": key, "ParameterValue": value} for key, value in values.items()]


def redeploy(deployment):
    """Deletes the stack, removes what it leaves behind as the page on that says, and makes it again."""
    deployment.refuse_if_in_use()
    cloudformation, name = deployment.aws("cloudformation"), deployment.arguments.stack
    url, tags = upload_template(deployment), deployment.tags
    limit = {"Delay": PAUSE_SECONDS, "MaxAttempts": int(60 * deployment.arguments.wait / PAUSE_SECONDS)}
    cloudformation.delete_stack(StackName=name)
    cloudformation.get_waiter("stack_delete_complete").wait(StackName=name, WaiterConfig=limit)
    command = [sys.executable, str(CLEANUP), "--stage", deployment.stage, "--delete", "--yes", deployment.stage]
    for option in ("region", "profile"):
        if value := getattr(deployment.arguments, option):
            command += [f"--{option}", value]
    subprocess.run(command, check=True)
    parameters = parameters_of_the_next_stack(deployment)
    cloudformation.create_stack(
        StackName=name, TemplateURL=url, Parameters=parameters, Capabilities=["CAPABILITY_IAM"], Tags=tags
    )
    cloudformation.get_waiter("stack_create_complete").wait(StackName=name, WaiterConfig=limit)
    deployment.load()
    deployment.token()
    return "deleted, cleaned up, deployed again, and a token was issued"
