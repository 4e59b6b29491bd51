#!/usr/bin/env bash
# What FlightPulse costs: counts defined loads on a local cloud of its own, and multiplies by a dated list of prices.
set -euo pipefail
caller=$PWD
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source local-cloud/python.sh

usage() {
  cat <<'TXT'
Usage: bench/ledger.sh [--quick | --bill] [--json FILE]

Starts a local cloud, plays the loads, counts at its endpoint what AWS would bill, and stops it: bench/ledger/counts.json. Then
multiplies the counts by bench/prices.json: docs/COST.md, and a table. Some twelve minutes beside the first build.

  --quick      few and small loads, to see that it works; writes .local/ledger/counts.json and no page
  --bill       only multiplies: the counts stay as they are committed. Needs no local cloud
  --json FILE  every bill by position, as JSON

The local cloud is in .local/ledger, on a port of its own; what you have running is left alone. Exit status: 0 it is counted,
1 something failed meanwhile, so that there is nothing to count, 2 wrong usage.
TXT
}

# A file as the caller names it, from here.
of_caller() { case "$1" in /*) echo "$1" ;; *) echo "$caller/$1" ;; esac; }

mode=all json=()
while [ $# -gt 0 ]; do
  case "$1" in
    -h | --help) usage; exit 0 ;;
    --quick | --bill) [ "$mode" = all ] || { echo "bench/ledger.sh: --quick or --bill" >&2; exit 2; }; mode="${1#--}" ;;
    --json) [ $# -ge 2 ] || { echo "bench/ledger.sh: --json needs a file" >&2; exit 2; }; json=(--json "$(of_caller "$2")"); shift ;;
    *) refuse bench/ledger.sh "$1" ;;
  esac
  shift
done

if [ "$mode" = bill ]; then
  python=$(find_python)
  PYTHONPATH=bench exec "$python" -m ledger bill --page ${json[@]+"${json[@]}"}
fi
[ -d /proc/self ] || {
  echo "bench/ledger.sh: processor time is read in /proc, which this system does not have" >&2
  exit 2
}

# Brokers of the developer's own are not for this.
unset "${!KAFKA_@}" FLIGHTPULSE_KAFKA_PORT
export FLIGHTPULSE_STATE_DIR="$PWD/.local/ledger" FLIGHTPULSE_VENV="${FLIGHTPULSE_VENV:-$PWD/.local/venv}"
mkdir -p "$FLIGHTPULSE_STATE_DIR"
scripts/setup.sh --dev
ledger() { PYTHONPATH=bench "$FLIGHTPULSE_VENV/bin/python" -m ledger "$@"; }
FLIGHTPULSE_CLOUD_PORT=$(free_port "$FLIGHTPULSE_VENV/bin/python")
export FLIGHTPULSE_CLOUD_PORT
stack="$FLIGHTPULSE_STATE_DIR/stack.json"
(cd infra && node --import tsx scripts/count-resources.ts) >"$stack"
leave() { scripts/stop-local.sh >/dev/null 2>&1 || true; }
trap leave EXIT
leave
scripts/start-local.sh
# For the simulator, which makes the bookings.
export AWS_ENDPOINT_URL="http://127.0.0.1:$FLIGHTPULSE_CLOUD_PORT" AWS_REGION=us-east-1 AWS_ACCESS_KEY_ID=test \
  AWS_SECRET_ACCESS_KEY=test
if [ "$mode" = quick ]; then
  counts="$FLIGHTPULSE_STATE_DIR/counts.json"
  ledger play --quick --called "bench/ledger.sh --quick" --stack "$stack" --out "$counts"
  ledger bill --counts "$counts" ${json[@]+"${json[@]}"}
else
  ledger play --called "bench/ledger.sh" --stack "$stack" --out bench/ledger/counts.json
  ledger bill --page ${json[@]+"${json[@]}"}
fi
