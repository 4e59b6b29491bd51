"""A method of a REST API with a throttle of its own, and what becomes of a body on its way to the function."""

from __future__ import annotations

import base64
import io
import json
import sys
import urllib.error
import urllib.request
import uuid
import zipfile
from typing import Any

from conftest import Cloud
from test_cfn import deploy, template

# A custom runtime: answers every request with the event that API Gateway gives.
BOOTSTRAP = f"""#!{sys.executable}
import http.client, json, os
api = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
while True:
    api.request("GET", "/2018-06-01/runtime/invocation/next")
    event = api.getresponse()
    answer = json.dumps({{"statusCode": 200, "body": event.read().decode()}})
    request_id = event.headers["Lambda-Runtime-Aws-Request-Id"]
    api.request("POST", f"/2018-06-01/runtime/invocation/{{request_id}}/response", answer)
    api.getresponse().read()
"""
# Every limit is one request, and none is given back while a test runs.
ONCE = {"ThrottlingRateLimit": 0.001, "ThrottlingBurstLimit": 1}


def package() -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        entry = zipfile.ZipInfo("bootstrap")
        entry.external_attr = 0o755 << 16
        file.writestr(entry, BOOTSTRAP)
    return archive.getvalue()


def deployed(cloud: Cloud, settings: list[dict[str, Any]]) -> str:
    """The address of a stage with `GET` and `POST /webhooks/aep-booking`, as a template makes it."""
    function = cloud.client("lambda").create_function(
        FunctionName=f"t{uuid.uuid4().hex[:12]}", Runtime="provided.al2023", Handler="bootstrap",
        Role="arn:aws:iam::000000000000:role/r", Code={"ZipFile": package()},
    )["FunctionArn"]  # fmt: skip
    uri = f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{function}/invocations"
    api = {"Ref": "Api"}

    def resource(parent: Any, part: str) -> dict[str, Any]:
        properties = {"RestApiId": api, "ParentId": parent, "PathPart": part}
        return {"Type": "AWS::ApiGateway::Resource", "Properties": properties}

    def method(verb: str) -> dict[str, Any]:
        integration = {"Type": "AWS_PROXY", "IntegrationHttpMethod": "POST", "Uri": uri}
        properties = {
            "RestApiId": api, "ResourceId": {"Ref": "Hook"}, "HttpMethod": verb, "AuthorizationType": "NONE",
            "Integration": integration,
        }  # fmt: skip
        return {"Type": "AWS::ApiGateway::Method", "Properties": properties}

    stage = {"RestApiId": api, "DeploymentId": {"Ref": "Made"}, "StageName": "prod", "MethodSettings": settings}
    resources = {
        "Api": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Name": "hooks"}},
        "Hooks": resource({"Fn::GetAtt": ["Api", "RootResourceId"]}, "webhooks"),
        "Hook": resource({"Ref": "Hooks"}, "aep-booking"),
        "Get": method("GET"),
        "Post": method("POST"),
        "Made": {"Type": "AWS::ApiGateway::Deployment", "Properties": {"RestApiId": api}, "DependsOn": ["Get", "Post"]},
        "Stage": {"Type": "AWS::ApiGateway::Stage", "Properties": stage},
    }
    name = deploy(cloud, template(resources, Outputs={"Id": {"Value": api}}))
    (stack,) = cloud.client("cloudformation").describe_stacks(StackName=name)["Stacks"]
    return f"{cloud.settings.endpoint}/_aws/execute-api/{stack['Outputs'][0]['OutputValue']}/prod"


def ask(url: str, body: bytes | None = None, **headers: str) -> tuple[int, Any]:
    request = urllib.request.Request(f"{url}/webhooks/aep-booking", data=body, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=60) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def statuses(url: str) -> list[int]:
    """Of two requests by each method."""
    return [ask(url, body)[0] for body in (None, None, b"{}", b"{}")]


EVERY = {"ResourcePath": "/*", "HttpMethod": "*", **ONCE}
OWN = {
    "ResourcePath": "/~1webhooks~1aep-booking", "HttpMethod": "POST",
    "ThrottlingRateLimit": 500, "ThrottlingBurstLimit": 1000,
}  # fmt: skip


def test_stock_ministack_still_has_the_stage_decide_for_every_method(stock: Cloud) -> None:
    assert statuses(deployed(stock, [EVERY, OWN])) == [200, 429, 200, 429]


def test_a_method_has_a_throttle_of_its_own(ours: Cloud) -> None:
    assert statuses(deployed(ours, [EVERY, OWN])) == [200, 429, 200, 200]
    assert statuses(deployed(ours, [{**OWN, **ONCE}])) == [200, 200, 200, 429]


def test_a_body_reaches_the_function_as_it_was_sent(ours: Cloud) -> None:
    url = deployed(ours, [])
    for content_type in ("application/json", "application/json; charset=utf-8", "application/octet-stream"):
        body = '{ "b":1,\r\n\t"a" : "\\u00e9 \u00e9 \u2708 \U0001f6eb" }\n'.encode()
        status, event = ask(url, body, **{"Content-Type": content_type, "X-FlightPulse-Signature": "v1=abc"})
        assert (status, event["httpMethod"]) == (200, "POST")
        told = event["body"].encode() if not event["isBase64Encoded"] else base64.b64decode(event["body"])
        assert told == body, content_type
        assert {name.lower(): value for name, value in event["headers"].items()}["x-flightpulse-signature"] == "v1=abc"
    with urllib.request.urlopen(f"{url}/webhooks/aep-booking?challenge=a%20b%2F1", timeout=60) as response:
        asked = json.load(response)
    assert (asked["httpMethod"], asked["queryStringParameters"]) == ("GET", {"challenge": "a b/1"})
