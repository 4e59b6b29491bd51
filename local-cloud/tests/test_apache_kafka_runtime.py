"""What runs Apache Kafka, what is said when nothing can, and how its jars come onto the machine."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from conftest import PACKAGE_ROOT, settings_for
from flightpulse_cloud.apache_kafka import __main__ as command_line
from flightpulse_cloud.apache_kafka import broker, config, identity, runtime
from flightpulse_cloud.console import StepFailed
from flightpulse_cloud.pins import pin
from flightpulse_cloud.processes import Processes

JAVA_17 = "#!/bin/sh\necho 'openjdk version \"17.0.15\" 2025-04-15' >&2\n"
# Copies two jars to where it is told to, and notes that it was asked.
MAVEN = """#!/bin/sh
[ "$1" = --version ] && exit 0
for argument in "$@"; do case "$argument" in -DoutputDirectory=*) out=${argument#*=} ;; esac; done
mkdir -p "$out"
touch "$out/kafka_2.13.jar"
echo "$@" >>"$XDG_CACHE_HOME/asked"
[ ! -e "$XDG_CACHE_HOME/fail" ] || exit 1
touch "$out/kafka-clients.jar"
"""


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine that has nothing but what a test puts here, and mkdir and the like."""
    folder = tmp_path / "tools"
    folder.mkdir()
    for name in ("sh", "mkdir", "touch", "cat"):
        (folder / name).symlink_to(f"/bin/{name}")
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    return folder


def tool(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text)
    (folder / name).chmod(0o755)


def test_a_docker_command_without_an_engine_does_not_count(tools: Path) -> None:
    assert not runtime.engine()
    tool(tools, "docker", "#!/bin/sh\necho 'Cannot connect to the Docker daemon' >&2\nexit 1\n")
    assert not runtime.engine()
    # Older ones say so and succeed.
    tool(tools, "docker", "#!/bin/sh\necho\n")
    assert not runtime.engine()
    tool(tools, "docker", "#!/bin/sh\necho 28.1.0\n")
    assert runtime.engine()


def test_where_docker_has_an_engine_the_image_runs_with_our_settings_and_data(tools: Path, tmp_path: Path) -> None:
    tool(tools, "docker", f'#!/bin/sh\necho "$@" >>{tmp_path}/docker\necho 28.1.0\n')
    settings = settings_for(tmp_path / "state")
    settings.state.mkdir()
    home = identity.folder(settings)
    chosen = runtime.choose(settings, home, (21_001, 21_002))
    image = f"apache/kafka:{pin('APACHE_KAFKA_VERSION')}"
    assert f"pull --quiet {image}" in (tmp_path / "docker").read_text()
    line = " ".join(chosen.command("kafka.Kafka", "server.properties"))
    for part in (
        f"--name {chosen.container} ", "--publish 127.0.0.1:21001:21001", "--publish 127.0.0.1:21002:21002",
        f"--volume {home}:{home}", f"--user {os.getuid()}:", f"--entrypoint java {image} ",
    ):  # fmt: skip
        assert part in line
    assert line.endswith("kafka.Kafka server.properties")
    # The container's broker listens on all addresses of the container, and is published on loopback alone.
    known = identity.Identity(21_001, 21_002, 21_003, "secret", home / "tls")
    listeners = config.properties(known, home / "data", chosen.host)
    assert "listeners=PLAINTEXT://0.0.0.0:21001,SASL_SSL://0.0.0.0:21002,CONTROLLER://127.0.0.1:21003" in listeners
    assert "advertised.listeners=PLAINTEXT://127.0.0.1:21001,SASL_SSL://127.0.0.1:21002" in listeners


def test_without_docker_and_java_it_says_what_to_install(tools: Path) -> None:
    with pytest.raises(StepFailed, match="there is neither") as failure:
        runtime.find_java()
    assert f"Install Java {pin('MIN_JAVA_VERSION')} or newer" in failure.value.advice
    # What macOS has where Java was never installed.
    tool(tools, "java", "#!/bin/sh\necho 'Unable to locate a Java Runtime.' >&2\nexit 1\n")
    with pytest.raises(StepFailed, match="there is neither"):
        runtime.find_java()


@pytest.mark.parametrize("version", ["1.8.0_372", "11.0.22", "16"])
def test_java_that_is_too_old_is_named_with_its_version(tools: Path, version: str) -> None:
    tool(tools, "java", f"#!/bin/sh\necho 'openjdk version \"{version}\"' >&2\n")
    with pytest.raises(StepFailed, match=f"Java {re.escape(version)} is too old") as failure:
        runtime.find_java()
    assert "JAVA_HOME" in failure.value.advice


def test_java_home_comes_first(tools: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tool(tools, "java", "#!/bin/sh\necho 'openjdk version \"11.0.22\"' >&2\n")
    (tmp_path / "jdk" / "bin").mkdir(parents=True)
    tool(tmp_path / "jdk" / "bin", "java", JAVA_17)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "jdk"))
    assert runtime.find_java() == str(tmp_path / "jdk" / "bin" / "java")


def test_without_maven_it_says_what_to_install(tools: Path, tmp_path: Path) -> None:
    with pytest.raises(StepFailed, match="Maven is missing") as failure:
        runtime.fetch_jars(settings_for(tmp_path))
    assert "apt-get install maven" in failure.value.advice


def test_jars_are_fetched_once_for_every_clone_and_are_there_whole_or_not_at_all(tools: Path, tmp_path: Path) -> None:
    tool(tools, "mvn", MAVEN)
    settings, other = settings_for(tmp_path / "one"), settings_for(tmp_path / "two")
    for each in (settings, other):
        each.state.mkdir()
    (tmp_path / "fail").touch()
    with pytest.raises(StepFailed, match="cannot be fetched"):
        runtime.fetch_jars(settings)
    cache = tmp_path / "flightpulse" / "kafka"
    assert [path.name for path in cache.iterdir() if not path.name.endswith((".new", ".lock"))] == []
    (tmp_path / "fail").unlink()
    (cache / "of-a-killed-start.new").mkdir()
    jars = runtime.fetch_jars(settings)
    assert sorted(path.name for path in jars.iterdir()) == ["kafka-clients.jar", "kafka_2.13.jar"]
    assert not list(cache.glob("*.new"))
    assert jars.name.startswith(f"{pin('APACHE_KAFKA_VERSION')}-")
    assert runtime.fetch_jars(other) == jars
    asked = (tmp_path / "asked").read_text().splitlines()
    assert len(asked) == 2
    assert f"-Dkafka.version={pin('APACHE_KAFKA_VERSION')}" in asked[1]


def test_fetching_starts_nothing_and_says_what_is_missing(
    tools: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FLIGHTPULSE_STATE_DIR", str(tmp_path / "state"))
    assert command_line.main(["fetch"]) == 1
    assert "there is neither. Install Java" in capsys.readouterr().out
    tool(tools, "java", JAVA_17)
    tool(tools, "mvn", MAVEN)
    assert command_line.main(["fetch"]) == 0
    assert (tmp_path / "asked").exists()
    assert command_line.main(["status"]) == 1
    assert "never started here" in capsys.readouterr().out


def test_the_version_is_in_the_pins_alone() -> None:
    assert "<version>${kafka.version}</version>" in (PACKAGE_ROOT / "kafka" / "pom.xml").read_text()


def test_a_container_is_killed_and_cleared_away_by_its_name(tools: Path, tmp_path: Path) -> None:
    asked = tmp_path / "docker"
    tool(tools, "docker", f'#!/bin/sh\necho "$@" >>{asked}\n')
    settings = settings_for(tmp_path / "state")
    settings.state.mkdir()
    home = identity.folder(settings)
    name = runtime.container_name(home)
    (home / "container").write_text(name)
    Processes(settings.state).start(broker.NAME, ["/bin/sleep", "600"], {}, settings.logs / "log")
    assert broker.kill(settings) == 1
    assert broker.end(settings) == 0
    assert asked.read_text().splitlines() == [f"kill {name}", f"rm --force {name}"]
    assert not (home / "container").exists()
