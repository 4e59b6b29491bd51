"""The local cloud's functions: processes to be killed, and functions that the local stack does not have."""

from __future__ import annotations

import io
import os
import signal
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from conftest import ENDPOINT, REPO, Cloud, wait_for

ASSETS = Path(os.environ.get("FLIGHTPULSE_LAMBDA_ASSETS") or REPO / "dist" / "lambda")


@contextmanager
def made(cloud: Cloud, name: str, binary: str, variables: dict[str, str], timeout: int) -> Iterator[str]:
    """A function that exists by context only, of its real binary, as the CDK app would make it."""
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w", zipfile.ZIP_DEFLATED) as archive:
        entry = zipfile.ZipInfo("bootstrap")
        entry.external_attr = 0o755 << 16
        archive.writestr(entry, (ASSETS / binary / "bootstrap").read_bytes())
    client = cloud.client("lambda")
    client.create_function(
        FunctionName=name, Runtime="provided.al2023", Handler="bootstrap", Timeout=timeout, MemorySize=512,
        Role="arn:aws:iam::000000000000:role/by-context", Code={"ZipFile": package.getvalue()},
        Environment={"Variables": {"RUST_LOG": "info", **variables}},
    )  # fmt: skip
    try:
        yield name
    finally:
        client.delete_function(FunctionName=name)
        kill_all(name)


def functions() -> Iterator[tuple[int, str]]:
    """The processes of this local cloud's functions, with the function's name."""
    for process in Path("/proc").iterdir():
        try:
            variables = dict(
                pair.split("=", 1)
                for pair in (process / "environ").read_text(errors="replace").split("\0")
                if "=" in pair
            )
        except (OSError, ValueError):
            continue
        if variables.get("AWS_ENDPOINT_URL") == ENDPOINT and "AWS_LAMBDA_FUNCTION_NAME" in variables:
            yield int(process.name), variables["AWS_LAMBDA_FUNCTION_NAME"]


def kill_all(name: str) -> bool:
    """Kills every process that a function has just now; answers whether there was one."""
    killed = False
    for pid in [pid for pid, function in functions() if function == name]:
        # It may have ended by itself since it was seen.
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
            killed = True
    return killed


def kill_a_function(name: str) -> None:
    """Kills every process of a function, once there is one."""
    wait_for(f"a process of {name} to kill", lambda: kill_all(name))
