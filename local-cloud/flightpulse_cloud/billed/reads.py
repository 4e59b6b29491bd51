"""DynamoDB's read units.

A read takes 4 KB steps of each item, a query of all that it went through together; half of it unless it is consistent.
What MiniStack answers as `ConsumedCapacity` is half a unit or one for every read, however much was read, and nothing
for a batch; so they are counted here, from the items themselves.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
"""

from __future__ import annotations

import contextvars
from collections.abc import Callable
from typing import Any

from .book import BOOK, steps
from .items import known, operation_of, size_of

STEP = 4096

# Bytes that a query went through; None outside of one.
_passed: contextvars.ContextVar[list[int] | None] = contextvars.ContextVar("passed", default=None)


def apply() -> None:
    """Stands around each operation, and where a query's items come past before they are filtered."""
    from ministack.services import dynamodb

    dynamodb._get_item = _got(dynamodb._get_item)
    dynamodb._batch_get_item = _got_many(dynamodb._batch_get_item)
    for name in ("query", "scan"):
        setattr(dynamodb, f"_{name}", _went_through(name, getattr(dynamodb, f"_{name}")))
    dynamodb._paginate_evaluated_items = _page(dynamodb._paginate_evaluated_items)


def _read(operation: str, size: int, consistent: Any) -> None:
    BOOK.add("dynamodb.read_units", operation, steps(size, STEP) * (1.0 if consistent else 0.5))


def _got(upstream: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def call(data: Any) -> Any:
        answer = upstream(data)
        BOOK.add("dynamodb.requests", "GetItem")
        _read("GetItem", size_of(known(data.get("TableName", ""), data.get("Key") or {})), data.get("ConsistentRead"))
        return answer

    return call


def _got_many(upstream: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def call(data: Any) -> Any:
        answer = upstream(data)
        BOOK.add("dynamodb.requests", "BatchGetItem")
        for table_name, asked in (data.get("RequestItems") or {}).items():
            for key in asked.get("Keys") or []:
                _read("BatchGetItem", size_of(known(table_name, key)), asked.get("ConsistentRead"))
        return answer

    return call


def _went_through(name: str, upstream: Callable[[Any], Any]) -> Callable[[Any], Any]:
    operation = operation_of(name)

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
            passed.extend(map(size_of, found))
        return found, more

    return page
