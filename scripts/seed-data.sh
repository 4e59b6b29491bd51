#!/usr/bin/env bash
# Writes the sample airline, or a generated network, into the local cloud's table.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source local-cloud/python.sh

usage() {
  cat <<USAGE
Usage: scripts/seed-data.sh [--date YYYY-MM-DD]
       scripts/seed-data.sh --flights <n> --passengers <m> [--seed <seed>] [--date YYYY-MM-DD] [--restart]

Sets up what is missing (scripts/start-local.sh) and writes 5 flights, 28 passengers and 33 bookings into the table.
Safe to run again: every record is replaced, so the flights are as scheduled afterwards.

With --flights and --passengers it writes a generated network of hubs and spokes in place of the sample: the same for
the same seed and size. It shows how far it is and can be stopped (Ctrl-C); the same command goes on from there.

  --date YYYY-MM-DD   the day that flights are dated from; they leave on the day after (default: today, UTC)
  --flights <n>       generate so many flights, 1 to 9000
  --passengers <m>    generate so many passengers
  --seed <seed>       decides the network (default 1)
  --restart           begin with the first record, whatever was written before

Exit status: 0 written, 2 wrong usage, 3 it could not run, 130 interrupted.
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
    --flights | --passengers | --seed)
      [[ ${2-} =~ ^[0-9]+$ ]] || { echo "scripts/seed-data.sh: $1 needs a number; try --help" >&2; exit 2; }
      arguments+=("$1" "$2"); shift ;;
    --restart) arguments+=("$1") ;;
    *) refuse scripts/seed-data.sh "$1" ;;
  esac
  shift
done

scripts/start-local.sh || exit 3
status=0
"${CARGO_TARGET_DIR:-target}/debug/flightpulse-simulator" seed "${arguments[@]+"${arguments[@]}"}" || status=$?
echo "The local cloud goes on running; scripts/stop-local.sh stops it." >&2
exit "$status"
