"""What the broker runs in: a container where Docker has an engine, else a Java virtual machine with jars from Maven."""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from ..commands import run_logged
from ..console import StepFailed
from ..install import INSTALL_DEADLINE, REGISTRY_ADVICE, developer_environment
from ..pins import pin, version_tuple
from ..settings import Settings
from ..tools import ask
from .config import ANYWHERE, LOOPBACK

POM = Path(__file__).resolve().parents[2] / "kafka" / "pom.xml"
# Megabytes on the heap; the process as a whole takes some 100 more.
HEAP = 320
MEMORY = (f"-Xmx{HEAP}m", "-Xms64m", "-XX:+UseSerialGC", "-Djava.awt.headless=true")
LOGGING = ("showDateTime=true", "dateTimeFormat=HH:mm:ss.SSS", "defaultLogLevel=warn", "log.kafka.server=info")
JAVA_ADVICE = (
    "Install Java {0} or newer (Debian/Ubuntu: apt-get install openjdk-17-jre-headless; macOS: brew install openjdk)"
)
MAVEN_ADVICE = "Install Maven (Debian/Ubuntu: apt-get install maven; macOS: brew install maven)"


@dataclass(frozen=True)
class Runtime:
    """How to run a class of Kafka. `container` is the container's name, empty for a Java virtual machine."""

    name: str
    java: tuple[str, ...]
    host: str = LOOPBACK
    container: str = ""

    def command(self, main: str, *arguments: str) -> list[str]:
        """The command line that runs a class with its arguments."""
        return [*self.java, main, *arguments]


def choose(settings: Settings, folder: Path, ports: tuple[int, int]) -> Runtime:
    """Docker where `docker info` finds an engine (a command without one does not count), else Java."""
    return docker(settings, folder, ports) if engine() else virtual_machine(settings)


def engine() -> bool:
    """Whether Docker has an engine that answers."""
    return bool((ask(["docker", "info", "--format", "{{.ServerVersion}}"]) or "").strip())


def container_name(folder: Path) -> str:
    """One container for a state directory."""
    return f"flightpulse-kafka-{hashlib.sha256(str(folder).encode()).hexdigest()[:12]}"


def docker(settings: Settings, folder: Path, ports: tuple[int, int]) -> Runtime:
    """The image's Java and jars, with our settings and data: the folder has the same path inside and outside."""
    image, name = f"apache/kafka:{pin('APACHE_KAFKA_VERSION')}", container_name(folder)
    run_logged(
        ["docker", "pull", "--quiet", image], settings.logs / "apache-kafka-image.log", settings.state,
        dict(os.environ), f"The image {image} cannot be fetched", REGISTRY_ADVICE, INSTALL_DEADLINE,
    )  # fmt: skip
    published = [part for port in ports for part in ("--publish", f"{LOOPBACK}:{port}:{port}")]
    line = (
        "docker", "run", "--rm", "--name", name, "--user", f"{os.getuid()}:{os.getgid()}", *published,
        "--volume", f"{folder}:{folder}", "--entrypoint", "java", image, *MEMORY, "-cp", "/opt/kafka/libs/*",
    )  # fmt: skip
    return Runtime(f"Docker, {image}", line, ANYWHERE, name)


def remove_container(folder: Path) -> None:
    """Ends a container that outlived its `docker run`; there is none without an engine."""
    if shutil.which("docker"):
        subprocess.run(
            ["docker", "rm", "--force", container_name(folder)], capture_output=True, check=False, timeout=60
        )  # fmt: skip


def virtual_machine(settings: Settings) -> Runtime:
    """Java on this machine."""
    java = find_java()
    jars = fetch_jars(settings)
    logging = tuple(f"-Dorg.slf4j.simpleLogger.{setting}" for setting in LOGGING)
    return Runtime(f"Java, {jars}", (java, *MEMORY, *logging, "-cp", f"{jars}/*"))


def find_java() -> str:
    """JAVA_HOME's, else the one in PATH; a sentence when there is none or it is too old."""
    home = os.environ.get("JAVA_HOME")
    java = str(Path(home, "bin", "java")) if home else "java"
    minimum = pin("MIN_JAVA_VERSION")
    advice = JAVA_ADVICE.format(minimum)
    nothing = f"Apache Kafka needs Docker with a running engine or Java {minimum}, and there is neither"
    try:
        # Standard error, in every version of Java.
        said = subprocess.run([java, "-version"], capture_output=True, text=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        raise StepFailed(nothing, f"{advice}, or start Docker") from None
    found = re.search(r'version "([^"]+)"', said.stderr)
    if said.returncode != 0 or found is None:
        raise StepFailed(nothing, f"{advice}, or start Docker")
    if version_tuple(found[1]) < version_tuple(minimum):
        raise StepFailed(
            f"Java {found[1]} is too old for Apache Kafka, {minimum} or newer is needed ({java})",
            f"{advice} and set JAVA_HOME to it, or start Docker",
        )
    return java


def cache() -> Path:
    """Shared by every clone of this user."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "flightpulse" / "kafka"


def fetch_jars(settings: Settings) -> Path:
    """The folder with Kafka's jars, fetched once for a version and a pom. It is there whole or not at all."""
    version = pin("APACHE_KAFKA_VERSION")
    jars = cache() / f"{version}-{hashlib.sha256(POM.read_bytes()).hexdigest()[:8]}"
    if jars.is_dir():
        return jars
    jars.parent.mkdir(parents=True, exist_ok=True)
    with jars.with_name(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if jars.is_dir():
            return jars
        if ask(["mvn", "--version"]) is None:
            raise StepFailed("Maven is missing, which fetches Apache Kafka", MAVEN_ADVICE)
        new = jars.with_name(f"{jars.name}.new")
        shutil.rmtree(new, ignore_errors=True)
        run_logged(
            ["mvn", "--batch-mode", "--quiet", "--strict-checksums", "--file", str(POM), f"-Dkafka.version={version}",
             "dependency:copy-dependencies", f"-DoutputDirectory={new}", "-DincludeScope=runtime"],
            settings.logs / "apache-kafka-jars.log", settings.state, developer_environment(),
            f"Apache Kafka {version} cannot be fetched", REGISTRY_ADVICE, INSTALL_DEADLINE,
        )  # fmt: skip
        new.rename(jars)
    return jars
