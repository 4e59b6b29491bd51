"""Lambda functions: what their environment holds, and that they end with the endpoint."""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from conftest import run_server
from flightpulse_cloud.processes import PROC, Processes

# A custom runtime: answers every invocation with its environment and process id.
BOOTSTRAP = f"""#!{sys.executable}
import http.client, json, os
api = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
while True:
    api.request("GET", "/2018-06-01/runtime/invocation/next")
    event = api.getresponse()
    event.read()
    answer = json.dumps({{"pid": os.getpid(), "environment": dict(os.environ)}})
    request_id = event.headers["Lambda-Runtime-Aws-Request-Id"]
    api.request("POST", f"/2018-06-01/runtime/invocation/{{request_id}}/response", answer)
    api.getresponse().read()
"""


def package() -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        entry = zipfile.ZipInfo("bootstrap")
        entry.external_attr = 0o755 << 16
        file.writestr(entry, BOOTSTRAP)
    return archive.getvalue()


def invoke(client: Any) -> dict[str, Any]:
    return dict(json.load(client.invoke(FunctionName="f")["Payload"]))


def listening(pids: list[int]) -> set[str]:
    """The local addresses on which these processes listen, as /proc/net/tcp and tcp6 write them (hexadecimal)."""
    inodes = set()
    for descriptor in (link for pid in pids for link in Path(f"/proc/{pid}/fd").iterdir()):
        with contextlib.suppress(OSError):  # Closed meanwhile.
            inodes.add(str(descriptor.readlink()).removeprefix("socket:[").removesuffix("]"))
    found = set()
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and fields[9] in inodes:  # 0A: LISTEN.
                found.add(fields[1].partition(":")[0])
    return found


def test_functions_see_the_local_cloud_only_and_end_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as developer:
        developer.setenv("AWS_PROFILE", "production")
        developer.setenv("AWS_SESSION_TOKEN", "real")
        developer.setenv("MY_SECRET", "do not tell")
        developer.setenv("HTTPS_PROXY", "http://proxy.example.com")
        servers = run_server(tmp_path)
        cloud = next(servers)
    client = cloud.client("lambda")
    client.create_function(
        FunctionName="f",
        Runtime="provided.al2023",
        Handler="bootstrap",
        Role="arn:aws:iam::000000000000:role/r",
        Code={"ZipFile": package()},
        Environment={"Variables": {"TABLE_NAME": "FlightPulseTable"}},
    )
    answer = invoke(client)
    environment = answer["environment"]
    assert environment["TABLE_NAME"] == "FlightPulseTable"
    assert environment["AWS_ENDPOINT_URL"] == cloud.settings.endpoint
    assert environment["AWS_CONFIG_FILE"] == os.devnull
    assert environment["ADOBE_KEYS_URL"] == f"{cloud.settings.endpoint}/_flightpulse/adobe-keys"
    assert not environment.keys() & {"AWS_PROFILE", "MY_SECRET", "HTTPS_PROXY"}
    assert environment.get("AWS_SESSION_TOKEN") != "real"
    # Warm: the same process serves again, from the state directory.
    assert invoke(client)["pid"] == answer["pid"]
    assert environment["LAMBDA_TASK_ROOT"].startswith(str(tmp_path))
    assert answer["pid"] in Processes(tmp_path).members("cloud")
    if PROC.is_dir():
        assert listening(Processes(tmp_path).members("cloud")) == {"0100007F"}  # 127.0.0.1 and nothing else.
    with pytest.raises(StopIteration):
        next(servers)  # Ends the server and asserts that no process is left.
    with pytest.raises(ProcessLookupError):
        os.kill(answer["pid"], 0)
