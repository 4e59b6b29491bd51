"""The rows of an export in Parquet, read by ranges."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

FOOTER, BLOCK = 64 << 10, 8 << 20
BATCH, BUFFER = 1_024, 64 << 10
# Without these columns nothing is known of bookings; all others are left alone.
READ = {
    "_id", "eventType", "timestamp", "commerce", "productListItems", "person", "personalEmail", "mobilePhone",
    "preferredLanguage",
}  # fmt: skip
MICROSECONDS = pa.timestamp("us", "UTC")


class Export:
    """A file of a bucket, as it was when it was planned. What is read of it is on disk, at its place in a file that is
    as long as the whole, so that memory is for pages and some rows."""

    def __init__(self, s3: Any, file: dict[str, Any]) -> None:
        self.s3, self.size = s3, file["size"]
        self.asked = {"Bucket": file["bucket"], "Key": file["key"], "IfMatch": file["etag"]}
        self.copy: BinaryIO = tempfile.TemporaryFile()  # noqa: SIM115
        self.copy.truncate(self.size)
        tail = self.fetch(max(self.size - FOOTER, 0), self.size)
        footer = int.from_bytes(tail[-8:-4], "little") + 8
        if footer > len(tail):
            self.fetch(self.size - footer, self.size - len(tail))
        self.parquet = pq.ParquetFile(self.copy, buffer_size=BUFFER)
        names = self.parquet.schema_arrow.names
        tenants = [name for name in names if name.startswith("_") and name not in ("_id", "_experience")]
        self.tenant = tenants[0] if tenants else None
        self.columns = [name for name in names if name in READ or name in tenants]

    def __enter__(self) -> Export:
        return self

    def __exit__(self, *_: object) -> None:
        self.parquet.close()
        self.copy.close()

    def fetch(self, start: int, end: int) -> bytes:
        content = self.s3.get_object(**self.asked, Range=f"bytes={start}-{end - 1}")["Body"].read()
        os.pwrite(self.copy.fileno(), content, start)
        return content

    def rows(self, first: int, last: int) -> Iterator[dict[str, Any]]:
        """The rows of these row groups. Each has its time as text, to the microsecond."""
        for start, end in self.places(first, last):
            for block in range(start, end, BLOCK):
                self.fetch(block, min(block + BLOCK, end))
        groups = list(range(first, last))
        for batch in self.parquet.iter_batches(BATCH, row_groups=groups, columns=self.columns, use_threads=False):
            at = batch.schema.get_field_index("timestamp")
            times = pc.strftime(batch.column(at).cast(MICROSECONDS), format="%Y-%m-%dT%H:%M:%SZ")
            yield from batch.set_column(at, "timestamp", times).to_pylist()

    def places(self, first: int, last: int) -> list[tuple[int, int]]:
        """Where the columns of these row groups are, in as few ranges as there can be."""
        metadata, places = self.parquet.metadata, []
        for group in (metadata.row_group(nth) for nth in range(first, last)):
            for column in map(group.column, range(group.num_columns)):
                if column.path_in_schema.split(".", 1)[0] in self.columns:
                    start = column.dictionary_page_offset or column.data_page_offset
                    places.append((start, start + column.total_compressed_size))
        joined: list[tuple[int, int]] = []
        for start, end in sorted(places):
            if joined and start <= joined[-1][1]:
                joined[-1] = (joined[-1][0], max(joined[-1][1], end))
            else:
                joined.append((start, end))
        return joined
