"""Callers of a REST API's methods with AWS_IAM: who is let in, and whom the function is told of."""

from __future__ import annotations

import io
import json
import sys
import urllib.error
import urllib.request
import zipfile
from typing import Any

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from conftest import Cloud

# A custom runtime: answers every request with the identity that API Gateway gives.
BOOTSTRAP = f"""#!{sys.executable}
import http.client, json, os
api = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
while True:
    api.request("GET", "/2018-06-01/runtime/invocation/next")
    event = api.getresponse()
    identity = json.loads(event.read())["requestContext"]["identity"]
    request_id = event.headers["Lambda-Runtime-Aws-Request-Id"]
    answer = json.dumps({{"statusCode": 200, "body": json.dumps(identity)}})
    api.request("POST", f"/2018-06-01/runtime/invocation/{{request_id}}/response", answer)
    api.getresponse().read()
"""
ROOT = "arn:aws:iam::000000000000:root"
BODY = b'{"operator": "jane"}'


def package() -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        entry = zipfile.ZipInfo("bootstrap")
        entry.external_attr = 0o755 << 16
        file.writestr(entry, BOOTSTRAP)
    return archive.getvalue()


def deployed(cloud: Cloud) -> str:
    """The address of `/admin`: GET and POST for signed callers, PUT for everybody."""
    function = cloud.client("lambda").create_function(
        FunctionName="who", Runtime="provided.al2023", Handler="bootstrap", Role="arn:aws:iam::000000000000:role/r",
        Code={"ZipFile": package()},
    )["FunctionArn"]  # fmt: skip
    gateway = cloud.client("apigateway")
    api = gateway.create_rest_api(name="admin")["id"]
    root = gateway.get_resources(restApiId=api)["items"][0]["id"]
    resource = gateway.create_resource(restApiId=api, parentId=root, pathPart="admin")["id"]
    for method, authorization in (("GET", "AWS_IAM"), ("POST", "AWS_IAM"), ("PUT", "NONE")):
        of = {"restApiId": api, "resourceId": resource, "httpMethod": method}
        gateway.put_method(**of, authorizationType=authorization)
        uri = f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{function}/invocations"
        gateway.put_integration(**of, type="AWS_PROXY", integrationHttpMethod="POST", uri=uri)
    gateway.create_deployment(restApiId=api, stageName="prod")
    return f"{cloud.settings.endpoint}/_aws/execute-api/{api}/prod/admin"


@pytest.fixture(scope="module")
def admin(shared: Cloud) -> str:
    return deployed(shared)


def call(url: str, method: str = "GET", body: bytes | None = None, **headers: str) -> tuple[int, Any]:
    request = urllib.request.Request(url, data=body, method=method, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=60) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def signed(
    url: str, method: str = "GET", body: bytes | None = None, key: tuple[str, str] = ("test", "test"),
    service: str = "execute-api",
) -> dict[str, str]:  # fmt: skip
    request = AWSRequest(method=method, url=url, data=body)
    SigV4Auth(Credentials(*key), service, "us-east-1").add_auth(request)
    return dict(request.headers.items())


def test_stock_ministack_still_takes_any_header(stock: Cloud) -> None:
    url = deployed(stock)
    assert call(url) == (403, {"message": "Missing Authentication Token"})
    assert call(url, **signed(url))[1]["userArn"] == ROOT
    assert call(url, Authorization="Bearer token")[0] == 200
    assert call(url, **signed(url, key=("test", "wrong")))[0] == 200


def test_who_signs_is_let_in_and_named(admin: str) -> None:
    assert call(admin, **signed(admin))[1]["userArn"] == ROOT
    queried = f"{admin}?limit=50&cursor=a%2Fb%3D&cursor=b"
    assert call(queried, **signed(queried))[1]["userArn"] == ROOT
    status, identity = call(admin, "POST", BODY, **signed(admin, "POST", BODY))
    assert (status, identity["userArn"], identity["accessKey"]) == (200, ROOT, "test")


def test_a_user_is_named_by_the_users_arn(shared: Cloud, admin: str) -> None:
    iam = shared.client("iam")
    iam.create_user(UserName="jane")
    key = iam.create_access_key(UserName="jane")["AccessKey"]
    headers = signed(admin, key=(key["AccessKeyId"], key["SecretAccessKey"]))
    assert call(admin, **headers)[1]["userArn"] == "arn:aws:iam::000000000000:user/jane"


def test_who_does_not_sign_is_refused(admin: str) -> None:
    assert call(admin) == (403, {"message": "Missing Authentication Token"})
    assert call(admin, "POST", BODY) == (403, {"message": "Missing Authentication Token"})
    assert call(admin, "PUT", BODY)[0] == 200


@pytest.mark.parametrize(
    "header", ["Bearer token", "AWS4-HMAC-SHA256 Credential=test", "AWS4-HMAC-SHA256", "AWS test:x"]
)
def test_a_malformed_header_is_refused(admin: str, header: str) -> None:
    status, answer = call(admin, Authorization=header)
    assert status == 403
    assert "Authorization" in answer["message"]


def test_a_wrong_signature_is_refused(admin: str) -> None:
    for headers, body, why in (
        (signed(admin, "POST", BODY, key=("test", "wrong")), BODY, "does not match"),
        (signed(admin, "POST", BODY), BODY + b" ", "does not match"),
        (signed(f"{admin}/other", "POST", BODY), BODY, "does not match"),
        (signed(admin, "POST", BODY, key=("AKIAUNKNOWN", "x")), BODY, "security token"),
        (signed(admin, "POST", BODY, service="s3"), BODY, "correct service"),
        ({**signed(admin, "POST", BODY), "X-Amz-Date": "20200101T000000Z"}, BODY, "expired"),
    ):
        status, answer = call(admin, "POST", body, **headers)
        assert (status, why in answer["message"]) == (403, True), answer
