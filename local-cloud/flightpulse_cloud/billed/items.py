"""Items of a table, and what they take."""

from __future__ import annotations

from typing import Any

# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
ENTRY_BYTES = 100


def operation_of(name: str) -> str:
    """An operation's name at AWS, by that of MiniStack's function."""
    return "".join(part.capitalize() for part in name.split("_"))


def size_of(item: Any) -> int:
    """Bytes of an item, 0 of none."""
    from ministack.services import dynamodb

    return dynamodb._item_size_bytes(item) if item else 0


def stored(table: dict[str, Any], item: Any) -> tuple[int, int]:
    """What an item takes in the table, and what its copies take in indexes: bytes, and some for each entry."""
    from ministack.services import dynamodb

    if not item:
        return 0, 0
    views = [dynamodb._index_write_view(table, index, item) for index in table.get("GlobalSecondaryIndexes") or []]
    return size_of(item) + ENTRY_BYTES, sum(size_of(view[1]) + ENTRY_BYTES for view in views if view)


def known(table_name: str, key: dict[str, Any]) -> Any:
    """The item of a key as it is now."""
    from ministack.services import dynamodb

    table = dynamodb._tables.get(dynamodb._normalize_table_name(table_name))
    return dynamodb._get_item_by_key(table, key) if table else None
