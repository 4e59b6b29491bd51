"""What becomes of a batch of stream records: the rules of a DynamoDB event source mapping, as AWS documents them.

No clock, no I/O, nothing of MiniStack: the overlay `dynamodb_stream_mapping` gives what happened and does what is said.
https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

Record = dict[str, Any]

# Seconds before the first retry, doubled with each, and at most. AWS backs off too and does not say how.
FIRST_PAUSE = 0.1
LONGEST_PAUSE = 1.0
# Bytes of one invocation's payload.
PAYLOAD_BYTES = 6 * 1024 * 1024

# Why records are given up. The documentation names the first; the other is what AWS writes.
RETRIES = "RetryAttemptsExhausted"
AGE = "RecordAgeExceeded"


@dataclass(frozen=True)
class Settings:
    """What a mapping was made with; AWS's defaults. None is without end."""

    batch_size: int = 100
    window: float = 0.0
    partial_answers: bool = False
    bisect: bool = False
    retries: int | None = None
    record_age: float | None = None

    @classmethod
    def of(cls, mapping: dict[str, Any]) -> Settings:
        """The settings of a mapping as Lambda's API names them."""

        def limit(name: str) -> int | None:
            value = int(mapping.get(name, -1))
            return None if value < 0 else value

        return cls(
            batch_size=int(mapping.get("BatchSize") or 100),
            window=float(mapping.get("MaximumBatchingWindowInSeconds") or 0),
            partial_answers="ReportBatchItemFailures" in (mapping.get("FunctionResponseTypes") or []),
            bisect=str(mapping.get("BisectBatchOnFunctionError", False)).lower() == "true",
            retries=limit("MaximumRetryAttempts"),
            record_age=limit("MaximumRecordAgeInSeconds"),
        )


@dataclass(frozen=True)
class Batch:
    """Records to be delivered in one invocation, in order."""

    records: tuple[Record, ...]
    # Invocations with these records that failed and count as attempts, and all that there were.
    failures: int = 0
    invocations: int = 0
    # Not delivered before this time, Unix seconds.
    not_before: float = 0.0


@dataclass(frozen=True)
class Invocation:
    """What became of an invocation: its answer, or that it failed or was throttled."""

    answer: Any = None
    failed: bool = False
    throttled: bool = False


@dataclass(frozen=True)
class GivenUp:
    """Records for the on-failure destination."""

    records: tuple[Record, ...]
    condition: str
    invocations: int
    function_failed: bool = False


@dataclass(frozen=True)
class Next:
    """What to do now: batches to deliver, the first one first, and records to give up."""

    batches: tuple[Batch, ...] = ()
    given_up: GivenUp | None = None


def expire(batch: Batch, settings: Settings, now: float) -> Next | None:
    """What to do with a batch that has records older than the mapping sends, which stand first; None if it has none."""
    age = settings.record_age
    if age is None or now - created(batch.records[0]) <= age:
        return None
    fresh = next((at for at, record in enumerate(batch.records) if now - created(record) <= age), len(batch.records))
    old, rest = batch.records[:fresh], batch.records[fresh:]
    return Next((replace(batch, records=rest),) if rest else (), GivenUp(old, AGE, batch.invocations))


def settle(batch: Batch, settings: Settings, invocation: Invocation, now: float) -> Next:
    """What follows an invocation with this batch."""
    if invocation.throttled:
        # The function was not invoked, so this is no attempt: only the records' age ends it.
        return Next((_later(batch, now, 1),))
    batch = replace(batch, invocations=batch.invocations + 1)
    if invocation.failed:
        if settings.bisect and len(batch.records) > 1:
            # "Splitting batches doesn't consume the retry quota."
            middle = len(batch.records) // 2
            halves = (batch.records[:middle], batch.records[middle:])
            return Next(tuple(replace(batch, records=half) for half in halves))
        return _again(batch, settings, now, function_failed=True)
    first = _first_failed(batch.records, invocation.answer) if settings.partial_answers else None
    if first is None:
        return Next()
    if first > 0:
        # What stands before it is done with; the batch is cut there, and the rest has all its attempts.
        return Next((replace(batch, records=batch.records[first:], failures=0),))
    return _again(batch, settings, now, function_failed=False)


def _again(batch: Batch, settings: Settings, now: float, function_failed: bool) -> Next:
    failures = batch.failures + 1
    if settings.retries is not None and failures > settings.retries:
        return Next(given_up=GivenUp(batch.records, RETRIES, batch.invocations, function_failed))
    return Next((_later(replace(batch, failures=failures), now, failures),))


def _later(batch: Batch, now: float, failures: int) -> Batch:
    pause = min(FIRST_PAUSE * 2 ** min(failures - 1, 10), LONGEST_PAUSE)
    return replace(batch, not_before=now + pause)


def _first_failed(records: tuple[Record, ...], answer: Any) -> int | None:
    """Where the lowest sequence number of an answer stands; None when all is done.

    Nothing, an empty answer and an empty list say that all is done. An identifier that is empty or misnamed says that
    all has failed. So does here, where AWS does not say, one that is not of the batch and an answer of another shape.
    """
    if answer is None or answer == {}:
        return None
    if not isinstance(answer, dict):
        return 0
    failures = answer.get("batchItemFailures")
    if failures is None or failures == []:
        return None
    if not isinstance(failures, list):
        return 0
    places = {number(record): at for at, record in enumerate(records)}
    found = [places.get(one.get("itemIdentifier")) if isinstance(one, dict) else None for one in failures]
    known = [at for at in found if at is not None]
    if len(known) < len(found):
        return 0
    return min(known, key=lambda at: int(number(records[at])))


def take(records: list[Record], settings: Settings) -> list[Record]:
    """As many of the records as go into one invocation: no more than the batch size, nor than its payload holds."""
    size, taken = 0, []
    for record in records[: settings.batch_size]:
        size += len(json.dumps(record, default=str))
        if taken and size > PAYLOAD_BYTES:
            break
        taken.append(record)
    return taken


def number(record: Record) -> str:
    """A record's sequence number, as text."""
    return str(record["dynamodb"]["SequenceNumber"])


def created(record: Record) -> float:
    """When the write was made, Unix seconds."""
    return float(record["dynamodb"]["ApproximateCreationDateTime"])
