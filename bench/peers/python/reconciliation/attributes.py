"""Attribute values of DynamoDB, as boto3's client has them. What is read and compared stays in this form, for
boto3's own serialiser costs more than all else."""

from __future__ import annotations

from typing import Any

Item = dict[str, Any]


def typed(value: Any) -> dict[str, Any]:
    """A value as an attribute."""
    kind = type(value)
    if kind is str:
        return {"S": value}
    if kind is int:
        return {"N": str(value)}
    if kind is bool:
        return {"BOOL": value}
    if kind is dict:
        return {"M": {name: typed(one) for name, one in value.items()}}
    if kind is list:
        return {"L": [typed(one) for one in value]}
    raise TypeError(f"no attribute is a {kind}")


def item(pk: str, sk: str, values: dict[str, Any]) -> Item:
    """An item of these attributes under a key."""
    return {"PK": {"S": pk}, "SK": {"S": sk}} | {name: typed(value) for name, value in values.items()}


def plain(attribute: dict[str, Any]) -> Any:
    """An attribute as a value; numbers are whole."""
    ((kind, value),) = attribute.items()
    if kind == "M":
        return {name: plain(one) for name, one in value.items()}
    if kind == "L":
        return [plain(one) for one in value]
    return int(value) if kind == "N" else value
