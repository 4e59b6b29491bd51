"""DynamoDB's read and write units.

MiniStack has the sizes of items and what a write costs an index, as measured at AWS; what it answers as
`ConsumedCapacity` is half a unit or one for every read, however much was read, and nothing for a batch. So the units
are counted here, from the items themselves:

- a write: 1 KB steps of the item before or after, whichever is larger; of each index whose entry changes; twice for the
  table in a transaction, conditions of others among it. A condition that does not hold takes its item's.
- a read: 4 KB steps of each item, of all that a query went through together; half of it unless it is consistent.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
"""

from __future__ import annotations

import contextvars
from collections.abc import Callable
from typing import Any

from .book import BOOK, steps

WRITE_STEP, READ_STEP = 1024, 4096
WRITES = ("put_item", "update_item", "delete_item")

# The operation that writes, what its writes count for the table, and how many it has made.
_writing: contextvars.ContextVar[list[Any] | None] = contextvars.ContextVar("writing", default=None)
# Bytes that a query went through; None outside of one.
_passed: contextvars.ContextVar[list[int] | None] = contextvars.ContextVar("passed", default=None)


def apply() -> None:
    """Stands around each operation, and where all writes come past with the item before and after."""
    from ministack.services import dynamodb

    for name in WRITES:
        setattr(dynamodb, f"_{name}", _single(name, getattr(dynamodb, f"_{name}")))
    dynamodb._batch_write_item = _batch(dynamodb._batch_write_item)
    dynamodb._transact_write_items = _transaction(dynamodb._transact_write_items)
    dynamodb._emit_stream_event = _written(dynamodb._emit_stream_event)
    dynamodb._get_item = _got(dynamodb._get_item)
    dynamodb._batch_get_item = _got_many(dynamodb._batch_get_item)
    for name in ("query", "scan"):
        setattr(dynamodb, f"_{name}", _went_through(name, getattr(dynamodb, f"_{name}")))
    dynamodb._paginate_evaluated_items = _page(dynamodb._paginate_evaluated_items)


def _operation(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))


def _size(item: Any) -> int:
    from ministack.services import dynamodb

    return dynamodb._item_size_bytes(item) if item else 0


def _known(table_name: str, key: dict[str, Any]) -> Any:
    """The item of a key as it is now."""
    from ministack.services import dynamodb

    table = dynamodb._tables.get(dynamodb._normalize_table_name(table_name))
    return dynamodb._get_item_by_key(table, key) if table else None


# Writes.


def _written(upstream: Callable[..., Any]) -> Callable[..., Any]:
    def emit(table_name: str, event_name: str, old: Any, new: Any, replicate: bool = True) -> Any:
        from ministack.services import dynamodb

        writing = _writing.get()
        if writing is not None:
            operation, factor, _ = writing
            writing[2] += 1
            BOOK.add("dynamodb.write_units", operation, factor * steps(max(_size(old), _size(new)), WRITE_STEP))
            table = dynamodb._tables.get(table_name) or {}
            for index in table.get("GlobalSecondaryIndexes") or []:
                if units := dynamodb._index_write_units(table, index, old, new):
                    BOOK.add("dynamodb.write_units", index["IndexName"], units)
            if old != new:
                BOOK.add("dynamodb.changes", event_name)
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
    operation = _operation(name)

    def call(data: Any) -> Any:
        answer, written = _writes(operation, 1, upstream, data)
        BOOK.add("dynamodb.requests", operation)
        if not written:
            # A condition that did not hold, or nothing there to delete.
            found = _known(data.get("TableName", ""), data.get("Key") or data.get("Item") or {})
            BOOK.add("dynamodb.write_units", f"{operation}, in vain", steps(_size(found), WRITE_STEP))
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
            found = _known(member.get("TableName", ""), member.get("Key") or member.get("Item") or {})
            of = "conditions" if kind == "ConditionCheck" else "in vain"
            BOOK.add("dynamodb.write_units", f"{operation}, {of}", 2 * steps(_size(found), WRITE_STEP))
        return answer

    return call


# Reads.


def _read(operation: str, size: int, consistent: Any) -> None:
    BOOK.add("dynamodb.read_units", operation, steps(size, READ_STEP) * (1.0 if consistent else 0.5))


def _got(upstream: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def call(data: Any) -> Any:
        answer = upstream(data)
        BOOK.add("dynamodb.requests", "GetItem")
        _read("GetItem", _size(_known(data.get("TableName", ""), data.get("Key") or {})), data.get("ConsistentRead"))
        return answer

    return call


def _got_many(upstream: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def call(data: Any) -> Any:
        answer = upstream(data)
        BOOK.add("dynamodb.requests", "BatchGetItem")
        for table_name, asked in (data.get("RequestItems") or {}).items():
            for key in asked.get("Keys") or []:
                _read("BatchGetItem", _size(_known(table_name, key)), asked.get("ConsistentRead"))
        return answer

    return call


def _went_through(name: str, upstream: Callable[[Any], Any]) -> Callable[[Any], Any]:
    operation = _operation(name)

    def call(data: Any) -> Any:
        passed: list[int] = []
        token = _passed.set(passed)
        try:
            answer = upstream(data)
        finally:
            _passed.reset(token)
        BOOK.add("dynamodb.requests", operation)
        _read(operation, sum(passed), data.get("ConsistentRead"))
        return answer

    return call


def _page(upstream: Callable[..., Any]) -> Callable[..., Any]:
    def page(items: Any, limit: Any, table: Any, index_name: Any = None) -> Any:
        found, more = upstream(items, limit, table, index_name)
        passed = _passed.get()
        if passed is not None:
            passed.extend(map(_size, found))
        return found, more

    return page
