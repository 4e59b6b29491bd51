"""The broker's settings: one node that is broker and controller, modest in memory and threads, on 127.0.0.1 only."""

from __future__ import annotations

from pathlib import Path

from .identity import USER, Identity

# Where a container's broker must listen, for its published ports to reach it. They are published on 127.0.0.1 only.
ANYWHERE = "0.0.0.0"
LOOPBACK = "127.0.0.1"
ITERATIONS = 4096
MECHANISMS = ("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512")


def properties(known: Identity, data: Path, host: str = LOOPBACK) -> str:
    """server.properties. It has the password in it."""
    plain = "org.apache.kafka.common.security.plain.PlainLoginModule required"
    scram = "org.apache.kafka.common.security.scram.ScramLoginModule required;"
    lines = {
        "process.roles": "broker,controller",
        "node.id": 1,
        "controller.quorum.voters": f"1@{LOOPBACK}:{known.controller_port}",
        "controller.listener.names": "CONTROLLER",
        "listeners": f"PLAINTEXT://{host}:{known.plain_port},SASL_SSL://{host}:{known.tls_port},"
        f"CONTROLLER://{LOOPBACK}:{known.controller_port}",
        "advertised.listeners": f"PLAINTEXT://{LOOPBACK}:{known.plain_port},SASL_SSL://{LOOPBACK}:{known.tls_port}",
        "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,SASL_SSL:SASL_SSL,CONTROLLER:PLAINTEXT",
        "inter.broker.listener.name": "PLAINTEXT",
        "sasl.enabled.mechanisms": ",".join(MECHANISMS),
        "listener.name.sasl_ssl.plain.sasl.jaas.config": f'{plain} user_{USER}="{known.password}";',
        "listener.name.sasl_ssl.scram-sha-256.sasl.jaas.config": scram,
        "listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config": scram,
        "ssl.keystore.type": "PEM",
        "ssl.keystore.location": known.tls / "broker.pem",
        "log.dirs": data,
        # A topic is made on purpose, with its number of partitions.
        "auto.create.topics.enable": "false",
        "offsets.topic.replication.factor": 1,
        "offsets.topic.num.partitions": 4,
        "transaction.state.log.replication.factor": 1,
        "transaction.state.log.min.isr": 1,
        "transaction.state.log.num.partitions": 4,
        "share.coordinator.state.topic.replication.factor": 1,
        "share.coordinator.state.topic.min.isr": 1,
        "share.coordinator.state.topic.num.partitions": 4,
        # The first member of a group need not wait for others.
        "group.initial.rebalance.delay.ms": 0,
        # A broker that was killed may come back before the controller has missed it: it need not wait long for itself.
        "broker.heartbeat.interval.ms": 1000,
        "broker.session.timeout.ms": 4000,
        # Milliseconds. What a power cut may take; nothing is lost by SIGKILL.
        "log.flush.interval.ms": 1000,
        "log.flush.scheduler.interval.ms": 1000,
        # Without this an idle node writes to its own log twice a second.
        "metadata.max.idle.interval.ms": 5000,
        "num.network.threads": 2,
        "num.io.threads": 4,
        "background.threads": 2,
        "num.recovery.threads.per.data.dir": 1,
        "log.cleaner.threads": 1,
        # Bytes: the default takes 128 MB off the heap at once.
        "log.cleaner.dedupe.buffer.size": 4 << 20,
    }
    return "".join(f"{name}={value}\n" for name, value in lines.items())
