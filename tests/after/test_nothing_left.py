"""Runs after stop-local: nothing that this test run started may be alive."""

import os
import socket
from pathlib import Path

PROGRAMS = ("flightpulse_cloud", "flightpulse-kafka-mapping", "kafka.Kafka", "bin/postgres", "bootstrap")


def test_no_process_has_our_state_directory() -> None:
    state = os.environ["FLIGHTPULSE_STATE_DIR"]
    own = {os.getpid(), os.getppid()}
    left = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            environment = (process / "environ").read_bytes().decode(errors="replace")
        except OSError:
            continue
        ours = any(name in command for name in PROGRAMS)
        if ours and state in environment and int(process.name) not in own:
            left.append((process.name, command))
    assert left == []


def test_the_port_is_free() -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", int(os.environ["FLIGHTPULSE_CLOUD_PORT"])))
