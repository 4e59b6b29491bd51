"""What servers of our own need (Apache Kafka, PostgreSQL): a port, a certificate, files for nobody else."""

from __future__ import annotations

import os
import random
import shutil
import socket
from collections.abc import Callable
from pathlib import Path

from .commands import run_logged
from .console import StepFailed
from .settings import Settings

# Below the ports that Linux (32768 on) and macOS (49152 on) give to outgoing connections: one of those could be in use
# just when the server comes back.
PORTS = range(20_000, 32_000)
# The files of a certificate, in PEM: the authority that clients trust, and the server's own.
AUTHORITY, KEY, CERTIFICATE = "ca.pem", "server.key", "server.crt"
# Days. For one machine's loopback; a new state folder makes a new one.
VALID = "3650"
OPENSSL_DEADLINE = 60.0


def free_port(name: str) -> int:
    """A port of 127.0.0.1 where nothing listens."""
    for port in random.sample(PORTS, k=200):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise StepFailed(f"No port is free for {name}", "End programs that listen on ports of 127.0.0.1, start again")


def write_secret(path: Path, text: str) -> None:
    """Writes a file of mode 600 in one step."""
    new = path.with_suffix(".new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    new.replace(path)


def make_certificate(
    settings: Settings, folder: Path, name: str, names: str, finish: Callable[[Path], None] = lambda _: None
) -> None:
    """A folder with an authority and the certificate of a server with these names. The authority's key is forgotten: it
    signs nothing else. `finish` is called before the folder is in its place, which it is whole or not at all."""
    if shutil.which("openssl") is None:
        raise StepFailed(
            "openssl is missing, which makes the server's certificate",
            "Install it (Debian/Ubuntu: apt-get install openssl), then start again",
        )
    work = folder.with_name(f"{folder.name}.new")
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(mode=0o700)
    leaf = ("basicConstraints=critical,CA:FALSE", "keyUsage=critical,digitalSignature", "extendedKeyUsage=serverAuth")
    (work / "leaf.cnf").write_text("\n".join([*leaf, f"subjectAltName={names}", ""]), encoding="ascii")
    key = ["-newkey", "rsa:2048", "-nodes"]
    log = settings.logs / f"{folder.parent.name}-certificate.log"

    def openssl(*arguments: str) -> None:
        run_logged(
            ["openssl", *arguments], log, work, dict(os.environ), "The server's certificate cannot be made",
            "The log says what openssl did not like", OPENSSL_DEADLINE, True,
        )  # fmt: skip

    openssl(
        "req", "-x509", *key, "-keyout", "ca.key", "-out", AUTHORITY, "-days", VALID, "-subj", f"/CN={name}",
        "-addext", "keyUsage=critical,keyCertSign,cRLSign",
    )  # fmt: skip
    openssl("req", "-new", *key, "-keyout", KEY, "-out", "server.csr", "-subj", "/CN=127.0.0.1")
    openssl(
        "x509", "-req", "-in", "server.csr", "-CA", AUTHORITY, "-CAkey", "ca.key", "-set_serial", "1", "-days", VALID,
        "-extfile", "leaf.cnf", "-out", CERTIFICATE,
    )  # fmt: skip
    for name in ("ca.key", "server.csr", "leaf.cnf"):
        (work / name).unlink()
    (work / KEY).chmod(0o600)
    finish(work)
    work.rename(folder)
