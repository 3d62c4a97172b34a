"""The deployment that is asked: its stack in CloudFormation, its operator, its API."""

import json

import boto3
from web import Web, basic

# Accounts that this command makes are named so, and nothing else is changed.
OWN_ACCOUNT = "SMOKE0001"


class Differs(Exception):
    """AWS does not do what Latchkey relies on."""


class NotAsked(Exception):
    """The question makes no sense here, or needs something that was not given."""


class Deployment:
    def __init__(self, arguments):
        self.arguments = arguments
        self.session = boto3.Session(region_name=arguments.region, profile_name=arguments.profile)
        self.load()

    def load(self):
        stack = self.aws("cloudformation").describe_stacks(StackName=self.arguments.stack)["Stacks"][0]
        self.outputs = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
        self.parameters = {one["ParameterKey"]: one["ParameterValue"] for one in stack["Parameters"]}
        self.tags = stack.get("Tags", [])
        self.stage = self.parameters["Stage"]
        self.web = Web(self.outputs["Issuer"])
        self._token = None
        self._foreign = None

    def aws(self, service):
        return self.session.client(service)

    def operator(self):
        name = f"latchkey/{self.stage}/clients/latchkey-operator"
        value = self.aws("secretsmanager").get_secret_value(SecretId=name)["SecretString"]
        value = json.loads(value)
        return value["client_id"], value["client_secret"]

    def request_token(self):
        """The operator's token response, for the management API."""
        fields = {"grant_type": "client_credentials"}
        return self.web.form("/oauth/token", fields, Authorization=basic(*self.operator()))

    def new_token(self):
        answer = self.request_token()
        if answer.status != 200:
            raise Differs(f"the operator gets no token: {answer.status} {answer.body[:200]!r}")
        return answer.json()["access_token"]

    def token(self):
        if self._token is None:
            self._token = self.new_token()
        return self._token

    def api(self, method, path, value=None, expected=(200, 201, 204)):
        """A call of the management API as the operator."""
        if value is None:
            answer = self.web.send(method, path, Authorization=f"Bearer {self.token()}")
        else:
            answer = self.web.json(method, path, value, self.token())
        if answer.status not in expected:
            raise Differs(f"{method} {path}: {answer.status} {answer.body[:300]!r}")
        return answer

    def account_ids(self):
        path, ids = "/v1/accounts?limit=200", []
        while path:
            page = self.api("GET", path).json()
            ids += [account["account_id"] for account in page["items"]]
            cursor = page.get("next_cursor")
            path = f"/v1/accounts?limit=200&cursor={cursor}" if cursor else None
        return ids

    def operators_account(self):
        me = self.operator()[0]
        for account in self.account_ids():
            if self.api("GET", f"/v1/accounts/{account}/clients/{me}", expected=(200, 404)).status == 200:
                return account
        raise Differs("the operator's client is in no account")

    def resources(self, kind, stack=None):
        """Physical ids of the stack's resources of a type, and of those of the stacks in it."""
        summaries = self.aws("cloudformation").get_paginator("list_stack_resources")
        for page in summaries.paginate(StackName=stack or self.arguments.stack):
            for resource in page["StackResourceSummaries"]:
                if resource["ResourceType"] == kind:
                    yield resource["PhysicalResourceId"]
                elif resource["ResourceType"] == "AWS::CloudFormation::Stack":
                    yield from self.resources(kind, resource["PhysicalResourceId"])

    def refuse_if_in_use(self):
        """Raises NotAsked unless nothing in this deployment could be missed."""
        if self.stage == "prod" or self.stage.startswith("prod-"):
            raise NotAsked("the stage is prod")
        if self._foreign is None:
            self._foreign = sorted(set(self.account_ids()) - {OWN_ACCOUNT, self.operators_account()})
        if self._foreign:
            count = len(self._foreign)
            raise NotAsked(f"the stack has {count} accounts that are not of this command: {self._foreign[:3]}")
