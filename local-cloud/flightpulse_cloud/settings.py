"""Where everything is: paths, ports and the environment of every process of the local cloud."""

from __future__ import annotations

import hashlib
import os
import platform
from dataclasses import dataclass, field
from pathlib import Path

from .pins import pin

REPO_ROOT = Path(__file__).resolve().parents[2]

# Variables of the developer's shell that a part of the local cloud sees. Everything else stays out: MiniStack hands its
# own environment to every Lambda, and real AWS credentials and profiles, or a proxy, must not get there.
PASSED_THROUGH = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "SSL_CERT_FILE", "SSL_CERT_DIR", "NODE_EXTRA_CA_CERTS")

# Variables by which the Kafka mapping, and nothing else, signs in to the brokers of KAFKA_BROKERS.
KAFKA_SIGN_IN = (
    "KAFKA_SECURITY_PROTOCOL", "KAFKA_SASL_MECHANISM", "KAFKA_USERNAME", "KAFKA_PASSWORD", "KAFKA_PASSWORD_FILE",
    "KAFKA_CA_FILE",
)  # fmt: skip


@dataclass(frozen=True)
class Settings:
    """One local cloud: its repository, its state and its port."""

    repo: Path
    state: Path
    venv: Path
    target: Path
    port: int
    kafka_brokers: str = ""
    # Folder of the functions' binaries; empty for dist/lambda in the repository.
    lambda_assets: str = ""
    # Port of our own Apache Kafka without encryption; 0 for the one that its first start chose.
    kafka_port: int = 0
    # Where the mapping finds AWS Lambda, if elsewhere than all else: a proxy that makes calls fail.
    lambda_endpoint: str = ""
    # How the mapping signs in to the brokers of KAFKA_BROKERS: variables of its environment, a password among them.
    kafka_sign_in: tuple[tuple[str, str], ...] = field(default=(), repr=False)

    @classmethod
    def from_environment(cls, repo: Path = REPO_ROOT) -> Settings:
        """The settings that the user's environment asks for."""
        env = os.environ
        state = Path(env.get("FLIGHTPULSE_STATE_DIR") or repo / ".local").absolute()
        return cls(
            repo=repo,
            state=state,
            venv=Path(env.get("FLIGHTPULSE_VENV") or state / "venv").absolute(),
            target=Path(repo, env.get("CARGO_TARGET_DIR") or "target"),
            port=_port("FLIGHTPULSE_CLOUD_PORT", pin("DEFAULT_CLOUD_PORT")),
            kafka_brokers=env.get("KAFKA_BROKERS", "").strip(),
            lambda_assets=str(Path(repo, assets)) if (assets := env.get("FLIGHTPULSE_LAMBDA_ASSETS")) else "",
            kafka_port=_port("FLIGHTPULSE_KAFKA_PORT", "") if env.get("FLIGHTPULSE_KAFKA_PORT") else 0,
            kafka_sign_in=_kafka_sign_in(),
        )

    @property
    def endpoint(self) -> str:
        """127.0.0.1, not localhost: localhost may mean ::1 first, where nothing listens."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def logs(self) -> Path:
        return self.state / "logs"

    @property
    def python(self) -> Path:
        return self.venv / "bin" / "python"

    @property
    def infra(self) -> Path:
        return self.repo / "infra"

    @property
    def outputs_file(self) -> Path:
        return self.state / "outputs.json"

    @property
    def bootstrap_file(self) -> Path:
        """The broker's addresses, one line host:port[,host:port]."""
        return self.state / "kafka.bootstrap"

    @property
    def kafka_environment_file(self) -> Path:
        """How to reach and to sign in to our own Apache Kafka, as variables."""
        return self.state / "kafka.env"

    def kafka_binary(self) -> Path:
        return self.target / "debug" / "flightpulse-kafka-mapping"

    def client_environment(self) -> dict[str, str]:
        """The environment of a program that talks to the local cloud."""
        env = {name: os.environ[name] for name in PASSED_THROUGH if name in os.environ}
        env.update(
            AWS_ENDPOINT_URL=self.endpoint,
            AWS_REGION=pin("LOCAL_REGION"),
            AWS_DEFAULT_REGION=pin("LOCAL_REGION"),
            AWS_ACCESS_KEY_ID="test",
            AWS_SECRET_ACCESS_KEY="test",
            AWS_EC2_METADATA_DISABLED="true",
            # HOME is passed, the developer's AWS profiles are not.
            AWS_CONFIG_FILE=os.devnull,
            AWS_SHARED_CREDENTIALS_FILE=os.devnull,
            FLIGHTPULSE_STATE_DIR=str(self.state),
            FLIGHTPULSE_CLOUD_PORT=str(self.port),
        )
        return env


def _port(name: str, default: str) -> int:
    port = os.environ.get(name) or default
    if not port.isdigit() or not 1 <= int(port) <= 65535:
        raise ValueError(f"{name} is {port!r}: choose a TCP port between 1 and 65535")
    return int(port)


def _kafka_sign_in() -> tuple[tuple[str, str], ...]:
    """Only with brokers of the user's own: the embedded one asks for nothing."""
    if not os.environ.get("KAFKA_BROKERS", "").strip():
        return ()
    found = [(name, value) for name in KAFKA_SIGN_IN if (value := os.environ.get(name))]
    # The mapping runs in another folder.
    return tuple((name, str(Path(value).absolute()) if name.endswith("_FILE") else value) for name, value in found)


def architecture() -> str:
    """The host's architecture in CDK's words: the Lambda binaries run here."""
    return "arm64" if platform.machine().lower() in ("arm64", "aarch64") else "x86_64"


def code_version() -> str:
    """Which code a running cloud was started from: a change of it means a restart."""
    root = Path(__file__).resolve().parent
    digest = hashlib.sha256()
    for path in [*sorted(root.rglob("*.py")), root.parent / "requirements.txt", root.parent / "pins.env"]:
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
