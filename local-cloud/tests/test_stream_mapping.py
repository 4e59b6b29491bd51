"""The rules of a stream's event source mapping, as AWS documents them; without a server."""

from __future__ import annotations

from typing import Any

import pytest
from flightpulse_cloud.stream_mapping import (
    AGE,
    LONGEST_PAUSE,
    PAYLOAD_BYTES,
    RETRIES,
    Batch,
    GivenUp,
    Invocation,
    Next,
    Settings,
    expire,
    settle,
    take,
)

NOW = 1_800_000_000.0
PARTIAL = Settings(partial_answers=True, bisect=True, retries=2)


def record(sequence: int, age: float = 0.0, size: int = 0) -> dict[str, Any]:
    # Zeros in front, as here, or none, as on AWS: numbers are compared as numbers.
    text = f"{sequence:030d}" if sequence % 2 else str(sequence)
    return {"dynamodb": {"SequenceNumber": text, "ApproximateCreationDateTime": NOW - age, "pad": "x" * size}}


RECORDS = tuple(record(sequence) for sequence in (7, 8, 9, 10, 11))


def failures(*sequences: Any) -> dict[str, Any]:
    numbers = [record(one)["dynamodb"]["SequenceNumber"] if isinstance(one, int) else one for one in sequences]
    return {"batchItemFailures": [{"itemIdentifier": one} for one in numbers]}


def settled(answer: Any, settings: Settings = PARTIAL, batch: Batch | None = None) -> Next:
    return settle(batch or Batch(RECORDS), settings, Invocation(answer), NOW)


@pytest.mark.parametrize("answer", [None, {}, {"batchItemFailures": None}, {"batchItemFailures": []}, {"other": 1}])
def test_nothing_an_empty_answer_and_an_empty_list_are_success(answer: Any) -> None:
    assert settled(answer) == Next()


@pytest.mark.parametrize("lowest", [8, 9, 11])
def test_a_batch_is_cut_at_the_lowest_number_answered(lowest: int) -> None:
    (rest,) = settled(failures(*{11, lowest}), batch=Batch(RECORDS, failures=2, invocations=2)).batches
    assert rest.records == RECORDS[RECORDS.index(record(lowest)) :]
    # The cut is no attempt of the rest: it has all its retries, and goes at once.
    assert (rest.failures, rest.invocations, rest.not_before) == (0, 3, 0.0)


def test_the_lowest_number_is_that_of_a_number_and_not_of_a_text() -> None:
    (rest,) = settled(failures(10, 9)).batches
    assert rest.records[0] == record(9)


@pytest.mark.parametrize(
    "answer",
    [failures(7), failures(""), failures(None), {"batchItemFailures": [{"itemIdentifer": "7"}]}, failures(8, 4711)],
)
def test_without_progress_all_of_it_comes_again_after_a_pause(answer: Any) -> None:
    (again,) = settled(answer).batches
    assert (again.records, again.failures) == (RECORDS, 1)
    assert again.not_before > NOW


def test_a_partial_answer_is_read_only_where_it_was_asked_for() -> None:
    assert settled(failures(8), Settings(partial_answers=False)) == Next()


def test_a_failed_invocation_is_split_in_halves_and_that_is_no_attempt() -> None:
    first, second = settle(Batch(RECORDS, failures=1), PARTIAL, Invocation(failed=True), NOW).batches
    assert (first.records, second.records) == (RECORDS[:2], RECORDS[2:])
    assert {first.failures, second.failures} == {1}


def test_without_bisecting_all_of_it_comes_again() -> None:
    (again,) = settle(Batch(RECORDS), Settings(retries=2), Invocation(failed=True), NOW).batches
    assert (again.records, again.failures) == (RECORDS, 1)


@pytest.mark.parametrize("invocation", [Invocation(failed=True), Invocation(failures(7))])
def test_a_record_alone_is_given_up_after_its_retries(invocation: Invocation) -> None:
    batch, pauses = Batch(RECORDS[:1]), []
    for _ in range(PARTIAL.retries or 0):
        (batch,) = settle(batch, PARTIAL, invocation, NOW).batches
        pauses.append(batch.not_before - NOW)
    assert pauses == sorted(pauses)
    done = settle(batch, PARTIAL, invocation, NOW)
    assert done == Next((), GivenUp(RECORDS[:1], RETRIES, invocations=3, function_failed=invocation.failed))


def test_retries_without_end_end_never_and_pause_no_longer_than_they_must() -> None:
    batch = Batch(RECORDS[:1])
    for _ in range(1_000):
        (batch,) = settle(batch, Settings(), Invocation(failed=True), NOW).batches
    assert batch.not_before == NOW + LONGEST_PAUSE


def test_a_throttled_function_was_not_invoked_so_it_is_no_attempt() -> None:
    throttled = Invocation(failed=True, throttled=True)
    (again,) = settle(Batch(RECORDS), Settings(retries=0, bisect=True), throttled, NOW).batches
    assert (again.records, again.failures, again.invocations) == (RECORDS, 0, 0)


def test_records_that_are_too_old_are_given_up_and_the_younger_delivered() -> None:
    settings = Settings(record_age=60)
    old, young = (record(1, age=90), record(2, age=61)), (record(3, age=60), record(4))
    what = expire(Batch(old + young), settings, NOW)
    assert what == Next((Batch(young),), GivenUp(old, AGE, 0))
    assert expire(Batch(old), settings, NOW) == Next((), GivenUp(old, AGE, 0))
    assert expire(Batch(young), settings, NOW) is None
    assert expire(Batch(old), Settings(), NOW) is None


def test_an_invocation_takes_a_batch_and_no_more_than_six_megabytes() -> None:
    records = [record(sequence, size=PAYLOAD_BYTES // 4) for sequence in range(5)]
    assert len(take(records, Settings(batch_size=2))) == 2
    assert len(take(records, Settings())) == 3
    assert len(take([record(1, size=PAYLOAD_BYTES + 1), record(2)], Settings())) == 1


def test_settings_are_read_as_the_api_names_them() -> None:
    read = Settings.of({
        "BatchSize": 10, "MaximumBatchingWindowInSeconds": 2, "FunctionResponseTypes": ["ReportBatchItemFailures"],
        "BisectBatchOnFunctionError": True, "MaximumRetryAttempts": 0, "MaximumRecordAgeInSeconds": 60,
    })  # fmt: skip
    assert read == Settings(10, 2.0, True, True, 0, 60)
    assert Settings.of({"MaximumRetryAttempts": -1, "MaximumRecordAgeInSeconds": -1}) == Settings()
