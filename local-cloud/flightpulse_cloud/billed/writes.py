"""DynamoDB's write units.

A write takes 1 KB steps of the item before or after, whichever is larger, and as much of each index whose entry
changes; for the table twice in a transaction, conditions on others among it. A condition that does not hold takes what
the write would have taken, as far as that is known: of a put its item or the one that is there, of others the one that
is there. A request that is wrong takes nothing. MiniStack has the sizes of items, and what a write costs an index, as
measured at AWS; but tells only who asks, and not of what fails.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
"""

from __future__ import annotations

import contextvars
from collections.abc import Callable
from typing import Any

from .book import BOOK, steps
from .items import known, operation_of, size_of, stored

STEP = 1024
SINGLE = ("put_item", "update_item", "delete_item")

# The operation that writes, what its writes count for the table, and how many it has made.
_writing: contextvars.ContextVar[list[Any] | None] = contextvars.ContextVar("writing", default=None)


def apply() -> None:
    """Stands around each operation, and where all writes come past with the item before and after."""
    from ministack.services import dynamodb

    for name in SINGLE:
        setattr(dynamodb, f"_{name}", _single(name, getattr(dynamodb, f"_{name}")))
    dynamodb._batch_write_item = _batch(dynamodb._batch_write_item)
    dynamodb._transact_write_items = _transaction(dynamodb._transact_write_items)
    dynamodb._emit_stream_event = _written(dynamodb._emit_stream_event)


def _written(upstream: Callable[..., Any]) -> Callable[..., Any]:
    def emit(table_name: str, event_name: str, old: Any, new: Any, replicate: bool = True) -> Any:
        from ministack.services import dynamodb

        writing = _writing.get()
        if writing is not None:
            operation, factor, _ = writing
            writing[2] += 1
            BOOK.add("dynamodb.write_units", operation, factor * steps(max(size_of(old), size_of(new)), STEP))
            table = dynamodb._tables.get(table_name) or {}
            for index in table.get("GlobalSecondaryIndexes") or []:
                if units := dynamodb._index_write_units(table, index, old, new):
                    BOOK.add("dynamodb.write_units", index["IndexName"], units)
            if old != new:
                BOOK.add("dynamodb.changes", event_name)
            # Apart, since point-in-time recovery is billed without the indexes.
            for of, after, before in zip(("table", "indexes"), stored(table, new), stored(table, old), strict=True):
                if after != before:
                    BOOK.add("dynamodb.stored_bytes", of, after - before)
        return upstream(table_name, event_name, old, new, replicate)

    return emit


def _writes(operation: str, factor: int, upstream: Callable[[Any], Any], data: Any) -> tuple[Any, int]:
    """The answer, and how many writes it took."""
    writing = [operation, factor, 0]
    token = _writing.set(writing)
    try:
        return upstream(data), writing[2]
    finally:
        _writing.reset(token)


def _error(answer: Any) -> str | None:
    """The error that an operation answers, None if it was done."""
    status, headers, _ = answer
    if status < 400:
        return None
    return str(headers.get("x-amzn-errortype", "")).rpartition("#")[2].partition(":")[0]


def _in_vain(member: dict[str, Any]) -> int:
    """Units of a write that its condition did not let through, or that had nothing to do."""
    new = member.get("Item")
    found = known(member.get("TableName", ""), member.get("Key") or new or {})
    return steps(max(size_of(found), size_of(new)), STEP)


def _single(name: str, upstream: Callable[[Any], Any]) -> Callable[[Any], Any]:
    operation = operation_of(name)

    def call(data: Any) -> Any:
        answer, written = _writes(operation, 1, upstream, data)
        BOOK.add("dynamodb.requests", operation)
        # A condition that did not hold, or nothing there to delete.
        if not written and _error(answer) in (None, "ConditionalCheckFailedException"):
            BOOK.add("dynamodb.write_units", f"{operation}, in vain", _in_vain(data))
        return answer

    return call


def _batch(upstream: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def call(data: Any) -> Any:
        answer, _ = _writes("BatchWriteItem", 1, upstream, data)
        BOOK.add("dynamodb.requests", "BatchWriteItem")
        return answer

    return call


def _transaction(upstream: Callable[[Any], Any]) -> Callable[[Any], Any]:
    operation = "TransactWriteItems"

    def call(data: Any) -> Any:
        answer, _ = _writes(operation, 2, upstream, data)
        BOOK.add("dynamodb.requests", operation)
        error = _error(answer)
        if error not in (None, "TransactionCanceledException"):
            return answer
        # Only now is it known that the members are what they should be. What is cancelled takes as much as if it had
        # been done; what was done is counted already, but for its conditions.
        for one in data["TransactItems"]:
            for kind, member in one.items():
                if kind == "ConditionCheck":
                    BOOK.add("dynamodb.write_units", f"{operation}, conditions", 2 * _in_vain(member))
                elif error:
                    BOOK.add("dynamodb.write_units", f"{operation}, in vain", 2 * _in_vain(member))
        return answer

    return call
