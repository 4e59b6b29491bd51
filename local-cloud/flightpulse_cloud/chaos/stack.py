"""The deployed stack as chaos sees it: functions that call through a proxy, and processes to be killed."""

from __future__ import annotations

import dataclasses
import json
import os
import signal
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import botocore.session

from .. import kafka
from ..apache_kafka import broker
from ..console import Console
from ..endpoint import health, port_answers
from ..pins import pin
from ..processes import PROC, Processes
from ..servers import free_port
from ..settings import Settings
from . import PROXY
from .proxy import CONTROL

# Seconds until the proxy answers.
START_DEADLINE = 30.0
# Seconds until a function that is to be killed has a process.
WORK_DEADLINE = 10.0
# On the way of a disruption, and behind it.
FUNCTIONS = (
    "KafkaConsumer", "FlightUpdater", "RecipientFinder", "BookingUpdater", "LLMMessenger", "NotificationDispatcher",
    "StreamHandler",
)  # fmt: skip
# The variables by which an SDK finds a service elsewhere than all others; a function's own AWS_ENDPOINT_URL is the
# local cloud's to set. https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
SERVICES = ("DYNAMODB", "EVENTBRIDGE", "SQS", "S3", "BEDROCK_RUNTIME", "SECRETS_MANAGER")


def wait_for(what: str, found: Callable[[], Any], deadline: float) -> Any:
    """The first answer that is not empty; an error that names what did not happen."""
    end = time.monotonic() + deadline
    while not (answer := found()):
        if time.monotonic() > end:
            raise TimeoutError(f"{what}: not within {deadline:g} s")
        time.sleep(0.1)
    return answer


class Stack:
    """A deployed local stack, with Apache Kafka."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        session = botocore.session.get_session()
        session.set_credentials("test", "test")
        self.lambdas, self.workflows = (
            session.create_client(name, region_name=pin("LOCAL_REGION"), endpoint_url=settings.endpoint)
            for name in ("lambda", "stepfunctions")
        )

    def machines(self) -> list[str]:
        """The workflows of disruptions."""
        outputs = json.loads(self.settings.outputs_file.read_text(encoding="utf-8"))[pin("LOCAL_STACK")]
        return [outputs[f"{name}StateMachineArn"] for name in ("Delay", "Cancellation", "GateChange")]

    def simulator(self, *arguments: str) -> list[str]:
        """A command line of the simulator."""
        return [str(self.settings.target / "debug" / "flightpulse-simulator"), *arguments]

    def asked(self, *arguments: str, deadline: float = 900.0) -> subprocess.CompletedProcess[str]:
        """What the simulator answers."""
        return subprocess.run(
            self.simulator(*arguments), cwd=self.settings.repo, env=self.environment(), capture_output=True,
            text=True, timeout=deadline, check=False,
        )  # fmt: skip

    def environment(self) -> dict[str, str]:
        """For the simulator: this cloud, and its brokers."""
        return {**self.settings.client_environment(), "KAFKA_BROKERS": self.settings.kafka_brokers}

    # The proxy.

    @contextmanager
    def through_proxy(self) -> Iterator[ProxyControl]:
        """Functions and mapping call AWS through a proxy, which does nothing yet; afterwards they do not."""
        port = free_port("the proxy of faults")
        processes = Processes(self.settings.state)
        processes.stop(PROXY)
        command = [
            str(self.settings.python), "-m", "flightpulse_cloud.chaos.proxy", "--upstream", self.settings.endpoint,
            "--port", str(port),
        ]  # fmt: skip
        env = {**self.settings.client_environment(), "PYTHONPATH": str(self.settings.repo / "local-cloud")}
        processes.start(PROXY, command, env, self.settings.logs / f"{PROXY}.log")
        url = f"http://127.0.0.1:{port}"
        before: dict[str, dict[str, str]] = {}
        try:
            wait_for("the proxy of faults", lambda: port_answers(port), START_DEADLINE)
            for name in FUNCTIONS:
                before[name] = self._variables(name)
                self._call(name, {**before[name], **{f"AWS_ENDPOINT_URL_{service}": url for service in SERVICES}})
            self.start_mapping(url)
            yield ProxyControl(url)
        finally:
            # Each is put back, whatever becomes of another: this stack is used by others.
            with ExitStack() as last:
                last.callback(processes.stop, PROXY)
                last.callback(self.start_mapping)
                for name, variables in before.items():
                    last.callback(self._call, name, variables)

    def _variables(self, name: str) -> dict[str, str]:
        answer = self.lambdas.get_function_configuration(FunctionName=f"FlightPulse-{name}")
        return answer.get("Environment", {}).get("Variables", {})

    def _call(self, name: str, variables: dict[str, str]) -> None:
        """Gives a function other variables; processes of the old ones end."""
        self.lambdas.update_function_configuration(
            FunctionName=f"FlightPulse-{name}", Environment={"Variables": variables}
        )
        self.kill_function(name)

    # Processes.

    def function_processes(self) -> dict[int, str]:
        """The processes of this cloud's functions, with the function's name."""
        found = {}
        for process in PROC.iterdir():
            if not process.name.isdigit():
                continue
            with suppress(OSError):
                variables = dict(
                    pair.split("=", 1)
                    for pair in (process / "environ").read_text(errors="replace").split("\0")
                    if "=" in pair
                )
                name = variables.get("AWS_LAMBDA_FUNCTION_NAME", "")
                if name and variables.get("AWS_ENDPOINT_URL") == self.settings.endpoint:
                    found[int(process.name)] = name.removeprefix("FlightPulse-")
        return found

    def kill_function(self, name: str) -> int:
        """SIGKILL to every process that a function has just now; answers how many there were."""
        killed = 0
        for pid, function in self.function_processes().items():
            if function == name:
                # It may have ended by itself since it was seen.
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
                    killed += 1
        return killed

    def kill_at_work(self, name: str) -> int:
        """The same once it has one; 0 where it has none for long."""
        with suppress(TimeoutError):
            return wait_for(f"a process of {name}", lambda: self.kill_function(name), WORK_DEADLINE)
        return 0

    def mapping_pid(self) -> int:
        """The Kafka mapping's process."""
        return json.loads((self.settings.state / "kafka.status.json").read_text(encoding="utf-8"))["pid"]

    def kill_mapping(self, proxy: str = "") -> None:
        """SIGKILL, and a new one."""
        Processes(self.settings.state).kill(kafka.NAME)
        self.start_mapping(proxy)

    def start_mapping(self, proxy: str = "") -> None:
        """A mapping that calls the consumer through this proxy, or not."""
        found = health(self.settings)
        if found is None:
            raise TimeoutError(f"the local cloud at {self.settings.endpoint} does not answer")
        kafka.start(dataclasses.replace(self.settings, lambda_endpoint=proxy), found["run_id"])

    def kill_broker(self) -> None:
        """SIGKILL to Apache Kafka, and a new start on its data."""
        broker.kill(self.settings)
        broker.start(self.settings, Console(open(os.devnull, "w")))  # noqa: PTH123, SIM115


class ProxyControl:
    """What the proxy can be asked."""

    def __init__(self, url: str) -> None:
        self.url = url

    def set(self, **wanted: Any) -> None:
        """Faults from now on."""
        self._ask("PUT", wanted)

    def end(self) -> dict[str, Any]:
        """None from now on; answers what was counted."""
        return self._ask("DELETE")

    def report(self) -> dict[str, Any]:
        """What is set, and what was counted."""
        return self._ask("GET")

    def _ask(self, method: str, body: Any = None) -> dict[str, Any]:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}{CONTROL}", data=data, method=method)
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.load(answer)


def rss(pid: int) -> int:
    """Memory of a process, in bytes; 0 when it is gone."""
    try:
        text = Path(PROC, str(pid), "statm").read_text(encoding="ascii")
    except OSError:
        return 0
    return int(text.split()[1]) * os.sysconf("SC_PAGE_SIZE")
