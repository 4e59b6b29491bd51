"""Calls of which a part can fail: which entries are held back, and the answer that says so."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

Body = dict[str, Any]
SAYS = "a deliberate fault"


class Parts:
    """A call with entries, of which the dice choose some."""

    def __init__(self, operation: str, body: bytes) -> None:
        self._split = CALLS[operation]
        self.request: Body = json.loads(body)

    def choose(self, dice: random.Random) -> tuple[Body | None, Callable[[Body | None], Body]]:
        """What is sent on, None when nothing is left of it; and the answer, made of the one to that."""
        return self._split(self.request, dice)


def has_parts(operation: str) -> bool:
    """Whether a part of such a call can fail."""
    return operation in CALLS


def _some(count: int, dice: random.Random) -> set[int]:
    """At least one of so many places."""
    return set(dice.sample(range(count), dice.randint(1, count))) if count else set()


def _events(request: Body, dice: random.Random) -> tuple[Body | None, Callable[[Body | None], Body]]:
    entries = request["Entries"]
    held = _some(len(entries), dice)
    rest = [entry for at, entry in enumerate(entries) if at not in held]
    code = dice.choice(["ThrottlingException", "InternalFailure"])

    def answer(given: Body | None) -> Body:
        found = list((given or {}).get("Entries", []))
        # After all of them were sent on there is an answer for each; else for the rest, in their order.
        whole = len(found) == len(entries)
        told = [
            {"ErrorCode": code, "ErrorMessage": SAYS} if at in held else found[at] if whole else found.pop(0)
            for at in range(len(entries))
        ]
        return {"FailedEntryCount": sum("ErrorCode" in one for one in told), "Entries": told}

    return ({**request, "Entries": rest} if rest else None), answer


def _messages(request: Body, dice: random.Random) -> tuple[Body | None, Callable[[Body | None], Body]]:
    entries = request["Entries"]
    held = {entries[at]["Id"] for at in _some(len(entries), dice)}
    rest = [entry for entry in entries if entry["Id"] not in held]

    def answer(given: Body | None) -> Body:
        told = given or {}
        failed = [{"Id": one, "SenderFault": False, "Code": "InternalError", "Message": SAYS} for one in sorted(held)]
        return {
            "Successful": [one for one in told.get("Successful", []) if one["Id"] not in held],
            "Failed": [one for one in told.get("Failed", []) if one["Id"] not in held] + failed,
        }

    return ({**request, "Entries": rest} if rest else None), answer


def _writes(request: Body, dice: random.Random) -> tuple[Body | None, Callable[[Body | None], Body]]:
    return _batch(request, dice, "UnprocessedItems", lambda table: table, lambda _, some: some)


def _reads(request: Body, dice: random.Random) -> tuple[Body | None, Callable[[Body | None], Body]]:
    return _batch(
        request, dice, "UnprocessedKeys", lambda table: table["Keys"], lambda table, some: {**table, "Keys": some}
    )


def _batch(
    request: Body, dice: random.Random, unprocessed: str, entries: Callable[[Any], list[Any]],
    with_entries: Callable[[Any, list[Any]], Any],
) -> tuple[Body | None, Callable[[Body | None], Body]]:  # fmt: skip
    """A batch of DynamoDB: what is held back is answered as it was asked."""
    rest, held = {}, {}
    for name, table in request["RequestItems"].items():
        all_of_it = entries(table)
        out = _some(len(all_of_it), dice)
        kept = [one for at, one in enumerate(all_of_it) if at not in out]
        if kept:
            rest[name] = with_entries(table, kept)
        if out:
            held[name] = with_entries(table, [one for at, one in enumerate(all_of_it) if at in out])

    def answer(given: Body | None) -> Body:
        told = dict(given or {"Responses": {}})
        told[unprocessed] = {**told.get(unprocessed, {}), **held}
        return told

    return ({**request, "RequestItems": rest} if rest else None), answer


CALLS = {
    "events.PutEvents": _events,
    "sqs.SendMessageBatch": _messages,
    "dynamodb.BatchWriteItem": _writes,
    "dynamodb.BatchGetItem": _reads,
}
