#!/usr/bin/env bash
# Measures our functions beside what people would write instead.
set -euo pipefail
from="$PWD"
cd "$(dirname "${BASH_SOURCE[0]}")/.."

usage() {
  cat <<'TXT'
Usage: bench/run.sh [--quick] [--out FILE] [option of the harness...]

Builds our functions as they go to AWS (the release profile, for this machine), installs what their peers in Python and Node
need under .local/bench, and measures them in turns against a stub of AWS. Needs cargo, Python 3.11 and Node 20 or later. After the
build --rounds 3 --records 10000 --bookings 20000 takes a quarter of an hour, without options it is several times that.

  --quick         one round of 2,000 records, and of an export of 5,000 bookings: to see that it works, not how fast
  --bookings N    bookings of the export that is reconciled, default 100,000: 138,536 rows
  --out FILE      the report as JSON too; default .local/bench/report.json

All others go to the harness: --rounds N, --records N, --latency MILLISECONDS,
--task FUNCTION, --growth EVENTS.
TXT
}

out="$PWD/.local/bench/report.json" bookings=100000 options=()
while [ $# -gt 0 ]; do
  case "$1" in
    -h | --help) usage; exit 0 ;;
    --quick) options+=(--rounds 1 --records 2000 --growth 10000); bookings=5000 ;;
    --bookings) [ $# -ge 2 ] || { echo "bench/run.sh: --bookings needs a number" >&2; exit 2; }; bookings="$2"; shift ;;
    --out) [ $# -ge 2 ] || { echo "bench/run.sh: --out needs a file" >&2; exit 2; }; out="$(cd "$from" && realpath -m "$2")"; shift ;;
    *) options+=("$1") ;;
  esac
  shift
done

need() { command -v "$1" >/dev/null || { echo "bench/run.sh: $1 is missing" >&2; exit 2; }; }
need cargo; need node; need npm
python=""
for candidate in python3.11 python3; do
  if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then python="$candidate"; break; fi
done
[ -n "$python" ] || { echo "bench/run.sh: Python 3.11 or later is missing" >&2; exit 2; }

target="${CARGO_TARGET_DIR:-$PWD/target}" state="$PWD/.local/bench"
mkdir -p "$state" "$(dirname "$out")"
cargo build --locked --release -p flightpulse-kafka-consumer -p flightpulse-stream-handler -p flightpulse-api \
  -p flightpulse-s3-reconciliation --bins --examples
cargo build --locked --release --manifest-path bench/harness/Cargo.toml --target-dir "$target/bench"
[ -x "$state/venv/bin/python" ] || "$python" -m venv "$state/venv"
"$state/venv/bin/pip" install --quiet --disable-pip-version-check -r bench/peers/python/requirements.txt -r bench/requirements.txt
(cd bench/peers/node && npm ci --silent --no-audit --no-fund)
"$state/venv/bin/python" bench/packages.py --binaries "$target/release" --out "$state/packages"
export="$state/export-$bookings"
if [ ! -d "$export" ]; then
  # The simulator has nothing to do with what is measured: the quick profile does.
  cargo build --locked -p flightpulse-simulator
  rm -rf "$export.part"
  "$target/debug/flightpulse-simulator" aep export --bookings "$bookings" --flights 1000 --seed 2026 --run BENCH \
    --date 2025-07-15 --as-of 2025-06-01T00:00:00Z --out "$export.part"
  mv "$export.part" "$export"
fi
"$target/bench/release/flightpulse-bench" --binaries "$target/release" --peers bench/peers \
  --packages "$state/packages" --python "$state/venv/bin/python" \
  --export "$(find "$export" -name 'part-*.parquet')" --out "$out" ${options[@]+"${options[@]}"}
if "$state/venv/bin/python" bench/plots.py "$out" "$(dirname "$out")/plots"; then
  echo "plots: $(dirname "$out")/plots"
else
  echo "bench/run.sh: the plots were not drawn; the report is whole: $out" >&2
fi
