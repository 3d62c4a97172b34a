"""What other services of AWS say about the stack, without a change."""

import datetime

from deployment import Differs, NotAsked


def use_is_noted(deployment):
    """A statement of the role with dynamodb:Attributes allows it; where it does not, only a warning is logged."""
    deployment.token()
    account, me = deployment.operators_account(), deployment.operator()[0]
    secrets = deployment.api("GET", f"/v1/accounts/{account}/clients/{me}/secrets").json()["items"]
    today = datetime.datetime.now(datetime.timezone.utc).date().isoformat()
    days = [secret.get("last_used_on") for secret in secrets]
    if today not in days:
        raise Differs(f"last_used_on is {days}, and today is {today}")
    return today


def rotation_is_scheduled(deployment):
    secret = deployment.outputs["SigningKeysSecret"]
    found = deployment.aws("secretsmanager").describe_secret(SecretId=secret)
    if not found.get("RotationEnabled"):
        raise Differs("the signing keys are not rotated")
    pending = [version for version, stages in found["VersionIdsToStages"].items() if "AWSPENDING" in stages]
    current = [version for version, stages in found["VersionIdsToStages"].items() if "AWSCURRENT" in stages]
    if pending and pending != current:
        raise Differs("a rotation is under way, or was left half done")
    return f"next {found.get('NextRotationDate', 'is not told')}, last {found.get('LastRotatedDate', 'never')}"


def alarms(deployment):
    found = deployment.aws("cloudwatch").get_paginator("describe_alarms")
    prefix = f"latchkey-{deployment.stage}-"
    states = {}
    for page in found.paginate(AlarmNamePrefix=prefix):
        for alarm in page["MetricAlarms"]:
            states.setdefault(alarm["StateValue"], []).append(alarm["AlarmName"].removeprefix(prefix))
    if not states:
        raise Differs(f"there is no alarm that starts with {prefix}")
    if "ALARM" in states:
        raise Differs(f"in ALARM: {', '.join(states['ALARM'])}")
    return ", ".join(f"{len(names)} {state}" for state, names in sorted(states.items()))


def mail(deployment):
    account = deployment.aws("sesv2").get_account()
    quota = account.get("SendQuota", {})
    where = "production" if account.get("ProductionAccessEnabled") else "sandbox: only verified addresses receive mail"
    if account.get("EnforcementStatus", "HEALTHY") not in ("HEALTHY",):
        raise Differs(f"SES says {account['EnforcementStatus']}")
    return f"{where}; {quota.get('SentLast24Hours', 0):.0f} of {quota.get('Max24HourSend', 0):.0f} sent in 24 hours"


def throttling(deployment):
    for api in deployment.resources("AWS::ApiGatewayV2::Api"):
        stages = deployment.aws("apigatewayv2").get_stages(ApiId=api)["Items"]
        settings = [(stage.get("DefaultRouteSettings"), stage.get("RouteSettings")) for stage in stages]
        rates = [default.get("ThrottlingRateLimit") for default, _ in settings if default]
        if not rates:
            raise Differs("the API has no limit of requests")
        return f"{rates[0]:.0f} requests a second by default; of its own: {sorted(settings[0][1] or {})}"
    raise Differs("the stack has no API")


# No emulator has these. They are off by default, so all that can be said without using them is whether they are there.
UNTRIED = {
    "CodeDeploy": "AWS::CodeDeploy::DeploymentGroup",
    "Contributor Insights": "AWS::CloudWatch::InsightRule",
    "budget": "AWS::Budgets::Budget",
}


def untried(deployment):
    present = {name: len(list(deployment.resources(kind))) for name, kind in UNTRIED.items()}
    provisioned = deployment.parameters.get("TokenProvisionedConcurrency", "0")
    present["provisioned concurrency"] = int(provisioned) if provisioned.isdigit() else 0
    # The edge is a stack of its own, in another region.
    present["CloudFront and WAF"] = int(bool(deployment.parameters.get("OriginDomainName")))
    used = [name for name, count in present.items() if count]
    if not used:
        raise NotAsked(f"off: {', '.join(present)}")
    return f"in use: {', '.join(used)}; look at them in the console"
