"""Counts that are made up, and so small that every sum can be checked by hand."""

from __future__ import annotations

import pytest
from ledger.bills import Ledger
from ledger.counts import Counts, Load
from ledger.prices import Price, Prices

# A dollar for each unit, so that a bill is its counts; a few at prices of their own.
UNITS = (
    "lambda.requests", "lambda.gb_seconds", "lambda.poller_hours", "apigateway.requests", "transfer.bytes",
    "dynamodb.write_units", "dynamodb.read_units", "dynamodb.storage_gb_months", "dynamodb.recovery_gb_months",
    "states.transitions", "events.published", "sqs.requests", "s3.writes", "s3.reads", "s3.storage_gb_months",
    "secretsmanager.requests", "secretsmanager.secrets", "logs.bytes", "cloudwatch.metrics", "cloudwatch.alarm_metrics",
    "xray.traces", "bedrock.input_tokens", "bedrock.output_tokens", "msk.serverless_cluster_hours",
    "msk.serverless_partition_hours", "vpc.endpoint_hours",
)  # fmt: skip
MEMORY = {"FlightPulse-KafkaConsumer": 512, "FlightPulse-BookingWorker": 1024, "FlightPulse-S3Reconciliation": 512}


@pytest.fixture
def prices() -> Prices:
    by_name = {name: Price(1.0, 1.0, "unit", "page", "https://example.com") for name in UNITS}
    by_name["states.transitions"] = Price(25.0, 1_000_000, "transition", "page", "https://example.com")
    return Prices("us-east-1", "2026-11", by_name)


@pytest.fixture
def ledger(prices: Prices) -> Ledger:
    return Ledger(Counts("2026-12-01", "by hand", {}, {"memory": MEMORY, "contexts": {}}), prices)


def load(has: dict[str, float], **billed: dict[str, float]) -> Load:
    """A load with so much; units are named with `_` for the dot."""
    return Load("made up", has, {name.replace("_", ".", 1): by for name, by in billed.items()})
