"""DynamoDB stream → Lambda, as AWS documents its event source mapping.

Upstream today (1.5.33): filters, batch size, starting position and, after a function error, the records' age are
played. A partial answer (`ReportBatchItemFailures`) is taken for success, so what failed is lost; a failed batch is
never split and comes again for ever, whatever `MaximumRetryAttempts`, so one poison record blocks its stream; a bucket
as the on-failure destination gets nothing; the batching window is not waited for. Here the rules of `stream_mapping`
hold.

Not played: a table's stream is one shard here, delivered one batch at a time whatever `ParallelizationFactor` (so the
order is kept); tumbling windows; SNS and Kafka as destinations; how long AWS pauses between retries, which it does not
document.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from .. import stream_failures
from ..stream_mapping import Batch, Invocation, Next, Record, Settings, expire, settle, take

log = logging.getLogger("flightpulse.stream-mapping")

# Records that are looked at in one pass: DynamoDB's limit of one GetRecords.
LOOKED_AT = 1000


class Lane:
    """What one mapping has read from the shard and not yet got rid of."""

    def __init__(self) -> None:
        self.waiting: deque[Batch] = deque()
        # Since when records wait for their window to end; None while there are none.
        self.gathering_since: float | None = None


_lanes: dict[str, Lane] = {}


def apply() -> None:
    """Polls in upstream's place, from upstream's thread."""
    from ministack.services import lambda_svc

    lambda_svc._poll_dynamodb_streams = poll


def poll() -> bool:
    """One pass over all mappings, at most one invocation each; whether another pass has something to do at once."""
    from ministack.services import lambda_svc

    mappings = {mapping["UUID"]: (account, region, mapping) for account, region, mapping in lambda_svc._iter_all_esms()}
    for gone in _lanes.keys() - mappings.keys():
        del _lanes[gone]
    busy = False
    for account, region, mapping in mappings.values():
        if mapping.get("Enabled", True) and ":dynamodb:" in mapping.get("EventSourceArn", ""):
            with _as_account(account, region):
                busy = _advance(mapping) or busy
    return busy


@contextmanager
def _as_account(account: str, region: str) -> Iterator[None]:
    from ministack.services import lambda_svc

    tokens = lambda_svc._request_account_id.set(account), lambda_svc._request_region.set(region)
    try:
        yield
    finally:
        lambda_svc._request_account_id.reset(tokens[0])
        lambda_svc._request_region.reset(tokens[1])


def _advance(mapping: dict[str, Any]) -> bool:
    """Reads on where no batch waits, and delivers the first that does once its time has come; whether it did either."""
    from ministack.services import lambda_svc

    function, _ = lambda_svc._get_func_record_for_qualifier(mapping["FunctionName"], mapping.get("Qualifier"))
    if function is None:
        return False
    settings, lane = Settings.of(mapping), _lanes.setdefault(mapping["UUID"], Lane())
    if not lane.waiting:
        return _read(mapping, settings, lane)
    now = time.time()
    if lane.waiting[0].not_before > now:
        _wake_in(lane.waiting[0].not_before - now)
        return False
    batch = lane.waiting.popleft()
    what = expire(batch, settings, now)
    if what is None:
        what = settle(batch, settings, _invoke(mapping, function, batch), time.time())
    _follow(mapping, lane, what)
    return True


def _follow(mapping: dict[str, Any], lane: Lane, what: Next) -> None:
    from ministack.services import dynamodb_streams

    if what.given_up is not None:
        stream_failures.deliver(mapping, dynamodb_streams._DEFAULT_SHARD_ID, what.given_up)
    lane.waiting.extendleft(reversed(what.batches))


def _invoke(mapping: dict[str, Any], function: dict[str, Any], batch: Batch) -> Invocation:
    from ministack.services import lambda_svc

    result = lambda_svc._execute_function(function, {"Records": list(batch.records)})
    count, failed, answer = len(batch.records), bool(result.get("error")), result.get("body")
    log.log(
        logging.WARNING if failed else logging.INFO,
        "%s: %d stream records, answered %s", mapping["FunctionName"], count, answer,
    )  # fmt: skip
    mapping["LastProcessingResult"] = "PROBLEM: Function call failed" if failed else "OK"
    return Invocation(answer=answer, failed=failed, throttled=bool(result.get("throttle")))


def _read(mapping: dict[str, Any], settings: Settings, lane: Lane) -> bool:
    """Reads the next batch of records that pass the filter; whether it has come any further."""
    from ministack.services import dynamodb, lambda_svc

    arn, positions = mapping["EventSourceArn"], lambda_svc._dynamodb_stream_positions
    table_name = arn.split(":table/", 1)[1].split("/")[0]
    table = dynamodb._tables.get(table_name)
    if not table or table.get("LatestStreamArn") != arn:
        return False
    with lambda_svc._dynamodb_stream_positions_lock:
        horizon = dynamodb.stream_start_position(table_name)
        # Set when the mapping was made, by its starting position; records may have expired since.
        position = max(positions.get(mapping["UUID"], horizon), horizon)
        raw = dynamodb.stream_records_since(table_name, position, LOOKED_AT)
        taken, passed = _gather(raw, mapping, settings)
        full = len(taken) == settings.batch_size or passed < len(raw)
        if taken and not full and not _window_is_over(lane, settings):
            return False
        positions[mapping["UUID"]] = position + passed
    lane.gathering_since = None
    if taken:
        lane.waiting.append(Batch(tuple(taken)))
    return passed > 0


def _gather(raw: list[Record], mapping: dict[str, Any], settings: Settings) -> tuple[list[Record], int]:
    """The records of the next batch, and how many were passed over to find them."""
    from ministack.services import lambda_svc

    # Record by record: a batch is filled with what passes the filter.
    fitting = [at for at, record in enumerate(raw) if lambda_svc._apply_filter_criteria([record], mapping)]
    taken = take([raw[at] for at in fitting], settings)
    if len(taken) < len(fitting):
        return taken, fitting[len(taken)]
    return taken, len(raw)


def _window_is_over(lane: Lane, settings: Settings) -> bool:
    now = time.time()
    if lane.gathering_since is None:
        lane.gathering_since = now
    left = lane.gathering_since + settings.window - now
    if left > 0:
        _wake_in(left)
    return left <= 0


def _wake_in(seconds: float) -> None:
    """Has upstream's thread look again then, and not a second later."""
    from ministack.core.concurrency import esm_wake

    timer = threading.Timer(seconds, esm_wake.set)
    timer.daemon = True
    timer.start()
