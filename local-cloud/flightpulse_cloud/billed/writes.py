"""DynamoDB's write units.

A write takes 1 KB steps of the item before or after, whichever is larger, and as much of each index whose entry
changes; for the table twice in a transaction, conditions on others among it. A condition that does not hold takes its
item's. MiniStack has the sizes of items, and what a write costs an index, as measured at AWS; but tells only who asks,
and not of what fails.

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
            BOOK.add("dynamodb.stored_bytes", "all", stored(table, new) - stored(table, old))
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


def _single(name: str, upstream: Callable[[Any], Any]) -> Callable[[Any], Any]:
    operation = operation_of(name)

    def call(data: Any) -> Any:
        answer, written = _writes(operation, 1, upstream, data)
        BOOK.add("dynamodb.requests", operation)
        if not written:
            # A condition that did not hold, or nothing there to delete.
            found = known(data.get("TableName", ""), data.get("Key") or data.get("Item") or {})
            BOOK.add("dynamodb.write_units", f"{operation}, in vain", steps(size_of(found), STEP))
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
        members = [next(iter(one.items())) for one in data.get("TransactItems") or [] if one]
        answer, written = _writes(operation, 2, upstream, data)
        BOOK.add("dynamodb.requests", operation)
        # What is cancelled takes as much as if it had been done.
        whole = [member for member in members if not written or member[0] == "ConditionCheck"]
        for kind, member in whole:
            found = known(member.get("TableName", ""), member.get("Key") or member.get("Item") or {})
            of = "conditions" if kind == "ConditionCheck" else "in vain"
            BOOK.add("dynamodb.write_units", f"{operation}, {of}", 2 * steps(size_of(found), STEP))
        return answer

    return call
