"""The loads: what is made ready beforehand, what is played, and how much of what it has."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from . import events, flights
from .cloud import TABLE, Cloud

# Records of a batch, as the mapping is deployed with.
BATCH = 100
SIZES = (10, 50, 180, 500)
# The report is about flights of 180, so a quick run has one too.
QUICK_SIZES = (10, 180)
OVER = (10, 100, 1_000, 5_000)

Seeds = list[flights.Item]
Play = Callable[[Cloud], Any]


@dataclass(frozen=True)
class Load:
    """One load. `has` says how many of what it is of; its name is that of its counts."""

    name: str
    has: dict[str, int]
    play: Play
    seeds: Seeds
    # Whether its processor time is worth reading: flights by their size.
    timed: bool = False


def batches(values: list[events.Event], size: int = BATCH) -> Play:
    """Events, by full batches as far as they go."""

    def play(cloud: Cloud) -> None:
        for start in range(0, len(values), size):
            cloud.consume(values[start : start + size])

    return play


def decided(run: str, count: int) -> Iterator[Load]:
    """Events of which nothing comes, and those that change a flight without anybody aboard."""
    names = [f"{run}-{at:03}" for at in range(count)]
    there = [flights.flight(name) for name in names]
    yield Load(
        "events about unknown flights", {"events": count}, batches([events.delay(f"U{name}") for name in names]), []
    )
    yield Load(
        "events about unknown flights, one at a time", {"events": count},
        batches([events.delay(f"U{name}") for name in names], 1), [],
    )  # fmt: skip
    yield Load(
        "events that change nothing", {"events": count}, batches([events.delay(name, 0) for name in names]), there
    )
    yield Load(
        "delays of empty flights", {"events": count}, batches([events.delay(f"E{name}") for name in names]),
        [flights.flight(f"E{name}") for name in names],
    )  # fmt: skip
    yield Load(
        "statuses changed by another system", {"changes": count}, departed([f"D{name}" for name in names]),
        [flights.flight(f"D{name}") for name in names],
    )  # fmt: skip


def departed(names: list[str]) -> Play:
    """Flights that leave: writes of somebody else, which the stream tells of. The writes are among the counts."""

    def play(cloud: Cloud) -> None:
        for name in names:
            cloud.client("dynamodb").update_item(
                TableName=TABLE, Key={"PK": {"S": f"FLIGHT#{name}"}, "SK": {"S": "METADATA"}},
                UpdateExpression="SET #s = :s, GSI1PK = :s", ExpressionAttributeNames={"#s": "status"},
                ExpressionAttributeValues={":s": {"S": "DEPARTED"}},
            )  # fmt: skip

    return play


DISRUPTIONS = {"delay": events.delay, "cancellation": events.cancellation, "gate change": events.gate_change}


def disruptions(run: str, sizes: tuple[int, ...]) -> Iterator[Load]:
    """One event that all aboard are told of."""
    for kind, make in DISRUPTIONS.items():
        for size in sizes if kind != "gate change" else [180]:
            name = f"{kind[0].upper()}{run}-{size}"
            reached, messages, cohorts = flights.told(size)
            has = {
                "events": 1, "bookings": size, "passengers": reached, "notifications": messages, "cohorts": cohorts,
            }  # fmt: skip
            value = make(name)
            yield Load(
                f"{kind} of {size}", has, lambda cloud, value=value: cloud.consume([value]),
                flights.booked(name, size), timed=True,
            )  # fmt: skip


def spread(run: str, counts: tuple[int, ...], each: int) -> Iterator[Load]:
    """So many events over more and more flights: growth with the number of flights."""
    for count in counts:
        names = [f"S{run}-{count}-{at:04}" for at in range(count)]
        yield Load(
            f"events over {count} flights", {"events": max(each, count), "flights": count},
            batches([events.delay(names[at % count], 0) for at in range(max(each, count))]),
            [flights.flight(name) for name in names], timed=True,
        )  # fmt: skip


def bookings(cloud: Cloud, seed: int, count: int, by: int) -> tuple[Load, list[Any]]:
    """Bookings as Experience Platform sends them, so many events a request; and the events."""
    said = cloud.simulator(
        "aep", "send", "--bookings", str(count), "--flights", str(max(1, count // 100)), "--seed", str(seed),
        "--batch", str(by), "--dry-run", "--json",
    )  # fmt: skip
    requests = [told for told in map(json.loads, said.splitlines()) if "body" in told]
    found = [one for request in requests for one in of_body(request["body"])]

    def play(cloud: Cloud) -> None:
        for request in requests:
            headers = {"content-type": "application/json", **request["headers"]}
            status, _ = cloud.ask("/webhooks/aep-booking", "POST", request["body"].encode(), headers)
            if status != 200:
                raise RuntimeError(f"the webhook answers {status}")

    has = {"bookings": count, "events": len(found), "requests": len(requests)}
    return Load(f"bookings, {by} a request", has, play, []), found


def of_body(body: str) -> list[Any]:
    """The events of a request."""
    value = json.loads(body)
    if isinstance(value, dict):
        return value.get("events", [value])
    return value


def locator(row: Any) -> str:
    """Whose reservation an event is about."""
    return row["_tlpairways"]["booking"]["pnr"]


def export(name: str, key: str, rows: list[Any]) -> Load:
    """A file of rows that the table has already."""
    body = "".join(json.dumps(row) + "\n" for row in rows).encode()

    def play(cloud: Cloud) -> None:
        cloud.client("s3").put_object(Bucket=cloud.outputs["ExportBucketName"], Key=key, Body=body)

    return Load(name, {"rows": len(rows), "bytes": len(body)}, play, [])


def reads(flight: str, times: int) -> Iterator[Load]:
    """Each route that reads, so many times; `flight` has fifty bookings or more, of which a page is fifty."""
    routes = {
        "flights/{id}": f"/flights/{flight}",
        "flights?status": "/flights?status=SCHEDULED&limit=20",
        "flights/{id}/bookings": f"/flights/{flight}/bookings?limit=50",
        "flights/{id}/notifications": f"/flights/{flight}/notifications?limit=50",
        "bookings/{id}": f"/bookings/{flight}-B001",
        "passengers/{id}": f"/passengers/{flight}-P001",
        "passengers/{id}/bookings": f"/passengers/{flight}-P001/bookings",
    }
    for name, path in routes.items():
        yield Load(f"GET {name}", {"requests": times}, asked(path, times), [])


def asked(path: str, times: int) -> Play:
    """A request so many times."""

    def play(cloud: Cloud) -> None:
        for _ in range(times):
            status, _ = cloud.ask(path)
            if status != 200:
                raise RuntimeError(f"{path} answers {status}")

    return play
