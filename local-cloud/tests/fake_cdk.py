"""A cdk CLI for the tests of orchestrate: real stacks in the local cloud, without Node. Copied into a fake repository.

synth copies infra/stack.template.json; bootstrap and deploy create stacks through CloudFormation. Every call is noted
in infra/calls.log.
"""

from __future__ import annotations

import json
import os
import re
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path


def cloudformation(action: str, **fields: str) -> str:
    form = urllib.parse.urlencode({"Action": action, "Version": "2010-05-15", **fields})
    scope = "Credential=test/20260101/us-east-1/cloudformation/aws4_request"
    headers = {"Authorization": f"AWS4-HMAC-SHA256 {scope}, SignedHeaders=host, Signature=none"}
    request = urllib.request.Request(os.environ["AWS_ENDPOINT_URL"], data=form.encode(), headers=headers)
    with urllib.request.urlopen(request, timeout=30) as response:
        return str(response.read().decode())


def exists(name: str) -> bool:
    try:
        return "<StackStatus>" in cloudformation("DescribeStacks", StackName=name)
    except urllib.error.HTTPError:
        return False


def create(name: str, template: str) -> None:
    """Creates a stack; one that is there already stays as it is."""
    if exists(name):
        return
    cloudformation("CreateStack", StackName=name, TemplateBody=template)
    deadline = time.monotonic() + 30
    while not re.search("<StackStatus>CREATE_COMPLETE<", cloudformation("DescribeStacks", StackName=name)):
        if time.monotonic() > deadline:
            raise SystemExit(f"{name} is not complete")
        time.sleep(0.05)


def option(name: str) -> Path:
    return Path(sys.argv[sys.argv.index(name) + 1])


command = sys.argv[1]
# Bootstrapping is done from elsewhere; the fake's files are in the fake infra/.
os.chdir(Path(__file__).resolve().parents[2])
with Path("calls.log").open("a") as calls:
    calls.write(f"{command}\n")
source = Path("stack.template.json").read_text()
if command == "synth":
    Path("context.log").write_text(" ".join(sys.argv[index + 1] for index, word in enumerate(sys.argv) if word == "-c"))
    option("--output").mkdir(parents=True)
    (option("--output") / "FlightPulseStack.template.json").write_text(source)
elif "fail" in json.loads(source):
    print("\n".join(f"line {number}" for number in range(1, 31)))
    raise SystemExit(1)
elif command == "bootstrap":
    create("CDKToolkit", source)
elif command == "deploy":
    assert (option("--app") / "FlightPulseStack.template.json").read_text() == source
    create("FlightPulseStack", source)
    url = "https://abc123.execute-api.us-east-1.amazonaws.com/prod/"
    option("--outputs-file").write_text(json.dumps({"FlightPulseStack": {"TableName": "T", "ApiUrl": url}}))
