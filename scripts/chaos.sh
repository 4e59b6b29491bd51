#!/usr/bin/env bash
# Histories under faults, in one process or on the deployed local stack; and more load than that can take.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source local-cloud/python.sh

usage() {
  cat <<'TXT'
Usage: scripts/chaos.sh [histories] [events]
       scripts/chaos.sh --deployed [histories] [events] [--json FILE]
       scripts/chaos.sh --backpressure [--json FILE]

Without an option: plays histories (10,000 unless told) of so many events (2,000 unless told) in one process: the real handlers
over ports in memory, every call of which may fail before or after its effect or end the function there; then holds what came
of it against the reference model. A history that fails names its seed:  SEED=<seed> EVENTS=<events> TRACE=1 scripts/chaos.sh
plays it again, aloud. They are built optimised and with all checks, the first time for some six minutes; 10,000 then take 25
minutes of processor, on all cores.

  --deployed      the same histories (5 of 500 events unless told; SEED=<seed> for the first) on a local cloud and an Apache
                  Kafka of its own: calls of the functions and of the mapping fail on their way to AWS, functions, mapping and
                  broker are killed; then claims, flights, bookings, messages and dead letters are held against the model.
                  Some three minutes each
  --backpressure  finds the rate that the local stack sustains, writes ten times as much for a while, and shows lag, memory
                  and failures until all is dealt with. Some fifteen minutes
  --json FILE     writes the report there, too

Both bring their own local cloud in .local/chaos (own ports; what you have running is left alone) and end it. Exit status: 0
all came as it must, 1 something did not.
TXT
}

mode='' json='' numbers=()
while [ $# -gt 0 ]; do
  case "$1" in
    -h | --help) usage; exit 0 ;;
    --deployed | --backpressure) [ -z "$mode" ] || refuse chaos.sh "$1"; mode="${1#--}" ;;
    --json) [ $# -gt 1 ] || refuse chaos.sh "$1"; json="$2"; shift ;;
    *[!0-9]* | "") refuse chaos.sh "$1" ;;
    *) numbers+=("$1") ;;
  esac
  shift
done
[ ${#numbers[@]} -le 2 ] || refuse chaos.sh "${numbers[2]}"
[ -z "$json" ] || [ -n "$mode" ] || refuse chaos.sh --json
[ "$mode" != backpressure ] || [ ${#numbers[@]} -eq 0 ] || refuse chaos.sh "${numbers[0]}"

if [ -z "$mode" ]; then
  export HISTORIES="${numbers[0]:-10000}" EVENTS="${numbers[1]:-${EVENTS:-2000}}"
  time cargo test --locked --profile checked -p flightpulse-simulation --test histories every_history -- --nocapture
  exit
fi

[ -d /proc/self ] || {
  echo "chaos.sh: --$mode finds the functions' processes in /proc, which this system does not have" >&2
  exit 2
}
# Brokers of the developer's own are not for faults.
unset "${!KAFKA_@}" FLIGHTPULSE_KAFKA_PORT
export FLIGHTPULSE_STATE_DIR="$PWD/.local/chaos" FLIGHTPULSE_VENV="${FLIGHTPULSE_VENV:-$PWD/.local/venv}"
mkdir -p "$FLIGHTPULSE_STATE_DIR"
scripts/setup.sh --dev
python() { PYTHONPATH=local-cloud "$FLIGHTPULSE_VENV/bin/python" "$@"; }
FLIGHTPULSE_CLOUD_PORT=$(free_port "$FLIGHTPULSE_VENV/bin/python")
export FLIGHTPULSE_CLOUD_PORT
leave() { { scripts/stop-local.sh; scripts/kafka.sh stop; } >/dev/null 2>&1 || true; }
trap leave EXIT
leave
# Empty: records that an earlier run left would be read by this one.
rm -rf "$FLIGHTPULSE_STATE_DIR/apache-kafka/data"
scripts/kafka.sh start
KAFKA_BROKERS=$(source "$FLIGHTPULSE_STATE_DIR/kafka.env" && echo "$KAFKA_BROKERS")
export KAFKA_BROKERS
scripts/start-local.sh
report=()
[ -z "$json" ] || report=(--json "$json")
if [ "$mode" = deployed ]; then
  python -m flightpulse_cloud.chaos "${report[@]+"${report[@]}"}" histories --histories "${numbers[0]:-5}" \
    --events "${numbers[1]:-500}" --seed "${SEED:-1}"
else
  python -m flightpulse_cloud.chaos "${report[@]+"${report[@]}"}" backpressure
fi
