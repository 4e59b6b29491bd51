"""What the consumer does itself for a batch, without the calls to AWS: `own_work.py FILE TIMES`.

It handles the invocation of a file so many times, over clients that answer at once, and prints the processor
time that it took as JSON.
"""

import json
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import kafka_consumer

FLIGHT = {
    "origin": {"S": "DEN"}, "destination": {"S": "PHX"},
    "scheduled_departure": {"S": "2035-11-22T21:10:00Z"}, "scheduled_arrival": {"S": "2035-11-22T23:05:00Z"},
}  # fmt: skip


def batch_get_item(RequestItems: dict[str, Any]) -> dict[str, Any]:
    [(table, wanted)] = RequestItems.items()
    ids = (key["PK"]["S"].removeprefix("FLIGHT#") for key in wanted["Keys"])
    return {"Responses": {table: [FLIGHT | {"flight_id": {"S": one}} for one in ids]}}


def put_events(Entries: list[dict[str, str]]) -> dict[str, Any]:
    return {"Entries": [{"EventId": "1"} for _ in Entries]}


def main() -> None:
    invocation, times = Path(sys.argv[1]).read_bytes(), int(sys.argv[2])
    kafka_consumer.dynamodb = SimpleNamespace(batch_get_item=batch_get_item)
    kafka_consumer.events = SimpleNamespace(put_events=put_events)
    # As the runtime reads it.
    kafka_consumer.handler(json.loads(invocation), None)
    start = time.process_time()
    for _ in range(times):
        kafka_consumer.handler(json.loads(invocation), None)
    took = time.process_time() - start
    sys.stdout.write(json.dumps({"times": times, "processor_seconds": took}) + "\n")


if __name__ == "__main__":
    main()
