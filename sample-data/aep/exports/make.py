"""Makes the Parquet files of this folder from events.ndjson, with pyarrow: another writer than the reader that is tested.

    pip install pyarrow==22.0.0 && python3 make.py
"""

import json
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

HERE = Path(__file__).parent
TEXT, NUMBER = pa.string(), pa.float64()
FLIGHT = pa.struct(
    [("flightNumber", TEXT), ("origin", TEXT), ("destination", TEXT), ("departureDate", TEXT), ("cabinClass", TEXT)]
)
ITEM = pa.struct([("SKU", TEXT), ("quantity", pa.int32()), ("priceTotal", NUMBER), ("_tlpairways", FLIGHT)])
PAYMENT = pa.struct([("paymentType", TEXT), ("paymentAmount", NUMBER)])
ORDER = pa.struct(
    [("purchaseID", TEXT), ("priceTotal", NUMBER), ("currencyCode", TEXT), ("payments", pa.list_(PAYMENT))]
)
BOOKING = pa.struct([("pnr", TEXT), ("passengerCount", pa.int32()), ("contactEmail", TEXT)])


def schema(unit: str, zone: str | None) -> pa.Schema:
    """Columns as the data lake has them, and some that say nothing of bookings."""
    return pa.schema(
        [
            ("_id", TEXT),
            ("timestamp", pa.timestamp(unit, zone)),
            ("eventType", TEXT),
            ("identityMap", pa.map_(TEXT, pa.list_(pa.struct([("id", TEXT), ("primary", pa.bool_())])))),
            ("commerce", pa.struct([("order", ORDER)])),
            ("productListItems", pa.list_(ITEM)),
            ("_tlpairways", pa.struct([("booking", BOOKING)])),
            ("web", pa.struct([("webPageDetails", pa.struct([("URL", TEXT)]))])),
        ]
    )


def rows() -> list[dict]:
    lines = (HERE / "events.ndjson").read_text().splitlines()
    return [
        event | {"timestamp": datetime.fromisoformat(event["timestamp"].replace("Z", "+00:00"))}
        for event in map(json.loads, lines)
    ]


def unsaid(kind: pa.DataType) -> pa.DataType:
    """The same type with bytes in the place of text: Hive and Impala do not say which bytes are text."""
    if pa.types.is_string(kind):
        return pa.binary()
    if pa.types.is_struct(kind):
        return pa.struct([(field.name, unsaid(field.type)) for field in kind])
    if pa.types.is_map(kind):
        return pa.map_(unsaid(kind.key_type), unsaid(kind.item_type))
    return pa.list_(unsaid(kind.value_type)) if pa.types.is_list(kind) else kind


def write(name: str, unit: str = "ms", zone: str | None = "UTC", text: bool = True, **options) -> None:
    events = [row | {"timestamp": row["timestamp"].replace(tzinfo=None)} for row in rows()] if zone is None else rows()
    columns = schema(unit, zone)
    if not text:
        columns = pa.schema([(field.name, unsaid(field.type)) for field in columns])
    pq.write_table(pa.Table.from_pylist(events, columns), HERE / name, row_group_size=2, **options)


if __name__ == "__main__":
    for codec in ["none", "snappy", "gzip", "zstd", "lz4", "brotli"]:
        write(f"{codec}.parquet", compression=codec)
    # As Spark wrote before its version 3: times of 96 bits without a zone, lists by another name, no dictionaries.
    write(
        "spark-2.parquet",
        "ns",
        None,
        compression="gzip",
        use_deprecated_int96_timestamps=True,
        use_compliant_nested_type=False,
        use_dictionary=False,
        store_schema=False,
        version="1.0",
        flavor="spark",
    )
    write("hive.parquet", text=False, compression="snappy", store_schema=False)
    write("pages-2.parquet", "us", compression="zstd", data_page_version="2.0", version="2.6")
