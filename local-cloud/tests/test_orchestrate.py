"""Up, down and what lies between, with a real endpoint and stand-ins for cargo, cdk and the Kafka process."""

from __future__ import annotations

import io
import json
import os
import signal
import socket
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from conftest import PACKAGE_ROOT, eventually, free_port, settings_for
from flightpulse_cloud import cloud, endpoint, kafka, orchestrate
from flightpulse_cloud.console import Console, StepFailed
from flightpulse_cloud.processes import Processes
from flightpulse_cloud.settings import Settings, architecture

TEMPLATE = {"Resources": {"Handle": {"Type": "AWS::CloudFormation::WaitConditionHandle"}}}
# Writes its broker's address like the real one, and waits.
KAFKA = """
import sys, time
from pathlib import Path
at = sys.argv.index("--bootstrap-file") + 1
Path(sys.argv[at]).write_text("127.0.0.1:1\\n")
time.sleep(600)
"""


def executable(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)


@dataclass
class House:
    """A repository in miniature with its local cloud."""

    settings: Settings
    printed: io.StringIO = field(default_factory=io.StringIO)

    def up(self, settings: Settings | None = None) -> str:
        self.printed = io.StringIO()
        orchestrate.up(settings or self.settings, Console(self.printed))
        return self.printed.getvalue()

    def down(self) -> str:
        self.printed = io.StringIO()
        orchestrate.down(self.settings, Console(self.printed))
        return self.printed.getvalue()

    def template(self, value: object) -> None:
        (self.settings.infra / "stack.template.json").write_text(json.dumps(value))

    def cdk_calls(self) -> list[str]:
        return (self.settings.infra / "calls.log").read_text().split()

    def pids(self) -> dict[str, list[int]]:
        return {name: Processes(self.settings.state).members(name) for name in (cloud.NAME, kafka.NAME)}


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, quiet_environment: None) -> Iterator[House]:
    repo, tools = tmp_path / "repo", tmp_path / "tools"
    python = f"#!{sys.executable}\n"
    executable(tools / "cargo", "#!/bin/sh\n[ \"$1\" = --version ] && echo 'cargo 1.95.0'\nexit 0\n")
    executable(tools / "node", "#!/bin/sh\necho v20.0.0\n")
    executable(tools / "npm", "#!/bin/sh\necho 10.0.0\n")
    monkeypatch.setenv("PATH", str(tools), prepend=os.pathsep)
    fake_cdk = (PACKAGE_ROOT / "tests" / "fake_cdk.py").read_text()
    executable(repo / "infra" / "node_modules" / ".bin" / "cdk", python + fake_cdk)
    executable(repo / "scripts" / "build-lambdas.sh", "#!/bin/sh\nexit 0\n")
    executable(repo / "target" / "debug" / "flightpulse-kafka-mapping", python + KAFKA)
    for lock in ("package-lock.json", "node_modules/.package-lock.json"):
        (repo / "infra" / lock).write_text(json.dumps({"packages": {"node_modules/a": {"version": "1.0.0"}}}))
    settings = settings_for(tmp_path / "state", repo)
    # The tests' own virtual environment has what requirements.txt names already.
    monkeypatch.setattr(orchestrate.install, "install_venv", lambda settings, dev=False: "already there")
    home = House(settings)
    home.template(TEMPLATE)
    yield home
    home.down()
    assert home.pids() == {"cloud": [], "kafka": []}


def test_up_twice_keeps_what_runs_and_down_leaves_nothing(house: House) -> None:
    assert "FlightPulse is ready" in house.up()
    first = house.pids()
    outputs = json.loads(house.settings.outputs_file.read_text())["FlightPulseStack"]
    assert outputs["LocalApiUrl"] == f"{house.settings.endpoint}/_aws/execute-api/abc123/prod"
    assert house.settings.bootstrap_file.read_text() == "127.0.0.1:1\n"
    assert orchestrate.status(house.settings, Console(io.StringIO()))
    text = house.up()
    assert "already running" in text
    assert "unchanged" in text
    assert house.pids() == first
    assert house.cdk_calls() == ["bootstrap", "synth", "deploy", "synth"]
    assert "processes ended: 2" in house.down()
    assert not house.settings.outputs_file.exists()
    assert not house.settings.bootstrap_file.exists()
    assert not (house.settings.state / "tmp").exists()
    assert not endpoint.port_answers(house.settings.port)
    assert not orchestrate.status(house.settings, Console(io.StringIO()))
    assert "nothing was running" in house.down()


def test_a_killed_cloud_is_replaced_and_deployed_into_again(house: House) -> None:
    house.up()
    before = house.pids()
    os.kill(before["cloud"][0], signal.SIGKILL)
    eventually(lambda: not house.pids()["cloud"], "the cloud is dead")
    house.up()
    after = house.pids()
    # The new cloud's functions are new, so the mapping starts anew, too.
    assert after["cloud"] != before["cloud"]
    assert after["kafka"] != before["kafka"]
    assert house.cdk_calls() == ["bootstrap", "synth", "deploy"] * 2


def test_a_killed_broker_is_replaced_alone(house: House) -> None:
    house.up()
    before = house.pids()
    os.kill(before["kafka"][0], signal.SIGKILL)
    house.up()
    assert house.pids()["cloud"] == before["cloud"]
    assert house.pids()["kafka"] != before["kafka"]
    assert house.cdk_calls().count("deploy") == 1


def test_other_code_means_another_cloud(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.up()
    before = house.pids()
    monkeypatch.setattr(cloud, "code_version", lambda: "other")
    house.up()
    assert house.pids()["cloud"] != before["cloud"]


def test_missing_outputs_are_written_again(house: House) -> None:
    house.up()
    house.settings.outputs_file.unlink()
    assert ", deployed)" in house.up()
    assert house.settings.outputs_file.exists()


def test_a_changed_assembly_is_deployed(house: House) -> None:
    house.up()
    house.template({**TEMPLATE, "Description": "changed"})
    assert ", deployed)" in house.up()
    assert ", unchanged)" in house.up()


def test_the_app_is_synthesised_for_this_machine(house: House) -> None:
    house.up(replace(house.settings, lambda_assets="/elsewhere"))
    context = dict(pair.split("=") for pair in (house.settings.infra / "context.log").read_text().split())
    assert context == {
        "architecture": architecture(),
        "kafkaSource": "none",
        "removalPolicy": "destroy",
        "lambdaAssets": "/elsewhere",
    }


@pytest.fixture
def brokers() -> Iterator[str]:
    """Something that takes connections, as a broker does."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield f"127.0.0.1:{listening.getsockname()[1]}"


def test_other_brokers_mean_another_mapping(house: House, brokers: str) -> None:
    house.up()
    before = house.pids()
    house.up(replace(house.settings, kafka_brokers=brokers))
    assert house.pids()["kafka"] != before["kafka"]
    record = json.loads((house.settings.state / "run" / "kafka.json").read_text())
    assert record["command"][2:4] == ["--brokers", brokers]


def test_brokers_that_are_away_are_said_before_anything_is_built(house: House) -> None:
    away = f"127.0.0.1:{free_port()}"
    with pytest.raises(StepFailed, match=f"No broker of KAFKA_BROKERS can be reached \\({away}") as failure:
        house.up(replace(house.settings, kafka_brokers=away))
    assert "scripts/kafka.sh start" in failure.value.advice and "unset KAFKA_BROKERS" in failure.value.advice
    assert house.pids() == {"cloud": [], "kafka": []}
    with pytest.raises(StepFailed, match="KAFKA_BROKERS has 'broker' in it"):
        house.up(replace(house.settings, kafka_brokers="broker"))


def test_one_of_several_brokers_will_do(house: House, brokers: str) -> None:
    assert "FlightPulse is ready" in house.up(
        replace(house.settings, kafka_brokers=f"127.0.0.1:{free_port()}, {brokers}")
    )


def environment(pid: int) -> dict[str, str]:
    variables = Path(f"/proc/{pid}/environ").read_text().split("\0")
    return {name: value for name, _, value in (variable.partition("=") for variable in variables)}


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="reads another process's environment")
def test_the_mapping_alone_signs_in(
    house: House, brokers: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = tmp_path / "password"
    secret.write_text("in a file")
    wanted = {
        "KAFKA_SECURITY_PROTOCOL": "SASL_SSL", "KAFKA_SASL_MECHANISM": "PLAIN", "KAFKA_USERNAME": "flightpulse",
        "KAFKA_PASSWORD": "a secret", "KAFKA_PASSWORD_FILE": str(secret), "KAFKA_CA_FILE": str(secret),
    }  # fmt: skip
    for name, value in {**wanted, "KAFKA_BROKERS": brokers}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KAFKA_CA_FILE", secret.name)

    def settings() -> Settings:
        asked = Settings.from_environment(house.settings.repo)
        return replace(house.settings, kafka_brokers=asked.kafka_brokers, kafka_sign_in=asked.kafka_sign_in)

    house.up(settings())
    first = house.pids()
    seen = environment(first["kafka"][0])
    assert {name: seen[name] for name in wanted} == wanted
    # The endpoint hands its environment to every function.
    assert not [name for name in environment(first["cloud"][0]) if name.startswith("KAFKA_")]
    for path in [*(house.settings.state / "run").iterdir(), *house.settings.logs.iterdir()]:
        assert "a secret" not in path.read_text() and "in a file" not in path.read_text()
    assert "a secret" not in repr(settings())
    house.up(settings())
    assert house.pids() == first
    # What is in a file counts, not its name.
    secret.write_text("another")
    house.up(settings())
    assert house.pids()["kafka"] != first["kafka"] and house.pids()["cloud"] == first["cloud"]
    secret.unlink()
    with pytest.raises(StepFailed, match="KAFKA_PASSWORD_FILE cannot be read"):
        house.up(settings())
    # The embedded broker asks for nothing.
    monkeypatch.delenv("KAFKA_BROKERS")
    house.up(settings())
    assert not [name for name in environment(house.pids()["kafka"][0]) if name.startswith("KAFKA_")]


def test_the_mapping_hears_which_records_failed(house: House) -> None:
    house.up()
    record = json.loads((house.settings.state / "run" / "kafka.json").read_text())
    assert "--report-batch-item-failures" in record["command"]


def test_a_failed_step_shows_the_end_of_its_log_and_what_to_do(house: House) -> None:
    house.template({**TEMPLATE, "fail": True})
    with pytest.raises(StepFailed) as failure:
        house.up()
    Console(house.printed).failure(failure.value)
    text = house.printed.getvalue()
    assert "FAILED cdk bootstrap" in text
    assert "| line 30" in text
    assert "| line 10\n" not in text
    assert "cdk bootstrap failed: exit status 1" in text
    assert "Look at the failed resource" in text
    # What was started goes on; the next start resumes.
    house.template(TEMPLATE)
    assert "already running" in house.up()


def test_a_port_taken_by_another_program(house: House) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", house.settings.port))
        other.listen()
        with pytest.raises(StepFailed, match="taken by another program") as failure:
            house.up()
    assert f"FLIGHTPULSE_CLOUD_PORT={house.settings.port + 1} scripts/start-local.sh" in failure.value.advice
    assert house.pids()["cloud"] == []


def test_a_port_taken_by_another_local_cloud(house: House, tmp_path: Path) -> None:
    house.up()
    other = replace(house.settings, state=tmp_path / "other")
    with pytest.raises(StepFailed, match="local cloud with its state in") as failure:
        orchestrate.up(other, Console(io.StringIO()), cloud_only=True)
    assert str(house.settings.state) in failure.value.what
    assert house.pids()["cloud"]


def test_a_stale_record_does_not_stop_a_start(house: House) -> None:
    run = house.settings.state / "run"
    run.mkdir(parents=True)
    for name in (cloud.NAME, kafka.NAME):
        (run / f"{name}.json").write_text(json.dumps({"pid": os.getpid(), "identity": "an earlier process"}))
    house.settings.bootstrap_file.write_text("127.0.0.1:9\n")
    house.up()
    assert house.settings.bootstrap_file.read_text() == "127.0.0.1:1\n"


def test_a_mapping_that_ends_at_once_is_said(house: House) -> None:
    executable(house.settings.kafka_binary(), "#!/bin/sh\necho no such topic\nexit 3\n")
    with pytest.raises(StepFailed, match="ended while starting") as failure:
        house.up()
    assert failure.value.log is not None
    assert "no such topic" in failure.value.log.read_text()


def test_missing_tools_stop_it_before_anything_starts(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(orchestrate, "missing_tools", lambda: ["Rust is missing: install it."])
    with pytest.raises(StepFailed, match="Some tools are missing") as failure:
        house.up()
    assert "Rust is missing" in failure.value.advice
    assert not (house.settings.state / "run").exists()


def test_down_waits_for_a_start_and_says_so(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    console = Console(house.printed)
    with orchestrate.locked(house.settings, console):  # noqa: SIM117
        with pytest.raises(StepFailed, match="under way"), orchestrate.locked(house.settings, console, 0.1):
            pytest.fail("two hold the lock")
    assert "waiting for it" in house.printed.getvalue()


def test_the_command_line(house: House, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("FLIGHTPULSE_STATE_DIR", str(house.settings.state))
    monkeypatch.setenv("FLIGHTPULSE_CLOUD_PORT", str(house.settings.port))
    monkeypatch.setenv("FLIGHTPULSE_VENV", str(house.settings.venv))
    assert orchestrate.main(["up", "--cloud-only"]) == 0
    assert "An empty AWS endpoint is ready" in capsys.readouterr().out
    assert orchestrate.main(["status"]) == 1
    assert orchestrate.main(["down"]) == 0
    monkeypatch.setenv("FLIGHTPULSE_CLOUD_PORT", "4566x")
    assert orchestrate.main(["up"]) == 1
    assert "choose a TCP port" in capsys.readouterr().out
    with pytest.raises(SystemExit) as usage:
        orchestrate.main(["sideways"])
    assert usage.value.code == 2
