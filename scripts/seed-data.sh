#!/usr/bin/env bash
# Writes the sample airline into the local cloud's table.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source local-cloud/python.sh

usage() {
  cat <<USAGE
Usage: scripts/seed-data.sh [--date YYYY-MM-DD]

Sets up what is missing (scripts/start-local.sh) and writes 5 flights, 28 passengers and 33 bookings into the table.
Safe to run again: every record is replaced, so the flights are as scheduled afterwards.

  --date YYYY-MM-DD   the day that flights are dated from; they leave on the day after (default: today, UTC)

Exit status: 0 written, 2 wrong usage, 3 it could not run.
The local cloud goes on running afterwards; stop it with scripts/stop-local.sh.
Environment: as for scripts/start-local.sh.
USAGE
}

arguments=()
while (($#)); do
  case "$1" in
    -h | --help) usage; exit 0 ;;
    --date)
      [[ ${2-} =~ ^[0-9]{4}-[0-9]{2}-[0-9]{2}$ ]] || { echo "scripts/seed-data.sh: --date needs a day as YYYY-MM-DD; try --help" >&2; exit 2; }
      arguments+=("$1" "$2"); shift ;;
    *) refuse scripts/seed-data.sh "$1" ;;
  esac
  shift
done

scripts/start-local.sh || exit 3
status=0
"${CARGO_TARGET_DIR:-target}/debug/flightpulse-simulator" seed "${arguments[@]+"${arguments[@]}"}" || status=$?
echo "The local cloud goes on running; scripts/stop-local.sh stops it." >&2
exit "$status"
