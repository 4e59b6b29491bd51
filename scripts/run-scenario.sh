#!/usr/bin/env bash
# Runs a scenario through the whole system and says whether it did what it must.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source local-cloud/python.sh

usage() {
  cat <<USAGE
Usage: scripts/run-scenario.sh <number>|all [--json] [--timeout-seconds <n>] [--no-seed]

Sets up what is missing (scripts/start-local.sh), seeds the sample airline, sends the scenario's events to Kafka and shows
what happens: route, workflow, what becomes of the bookings, every notification, the API before and after, and a verdict.

  1     flight SW1234 leaves 25 minutes late: a minor delay
  2     flight SW5678 leaves 90 minutes late: a major delay
  3     flight SW9012 is cancelled: everyone on it needs another flight
  4     flight SW3456 leaves from gate D15 in another terminal, in place of A5
  5     thirteen records about those four flights at once, contradicting and concurrent: a delay that changes, one that two
        sources say, a gate change beside it, a cancellation that its reinstatement overtakes, two gates of one moment, a
        duplicate
  6     bookings of a new flight come from Adobe Experience Platform by the webhook, one late, one twice, one cancelled;
        then the flight leaves 90 minutes late
  7     a feed of 200 bookings loses one event in twenty; an export brings them to the bucket, its files are reconciled, the
        table is held against what happened, and the same export once more changes nothing
  all   one after the other, with a summary

  --json                  one JSON document on standard output in place of the timeline
  --timeout-seconds <n>   how long to wait for what is expected (default 60; scenarios 5 and 7: 180)
  --no-seed               leave the table as it is

Exit status: 0 passed, 1 failed (of all: one or more), 2 wrong usage, 3 it could not run.
The local cloud goes on running afterwards; stop it with scripts/stop-local.sh.
Environment: as for scripts/start-local.sh.
USAGE
}

number='' json=''
arguments=()
while (($#)); do
  case "$1" in
    -h | --help) usage; exit 0 ;;
    --json) json=yes; arguments+=("$1") ;;
    --no-seed) arguments+=("$1") ;;
    --timeout-seconds)
      [[ ${2-} =~ ^[1-9][0-9]*$ ]] || { echo "scripts/run-scenario.sh: --timeout-seconds needs a number of seconds; try --help" >&2; exit 2; }
      arguments+=("$1" "$2"); shift ;;
    *)
      [[ -z $number && $1 =~ ^([0-9]+|all)$ ]] || refuse scripts/run-scenario.sh "$1"
      number=$1 ;;
  esac
  shift
done
there='there are: 1 (a minor delay), 2 (a major delay), 3 (a cancellation), 4 (a gate change), 5 (a rapid sequence), 6 (bookings of a feed, then a delay), 7 (a feed that loses some, then an export), all'
case "$number" in
  [1-7] | all) ;;
  '') echo "scripts/run-scenario.sh: which scenario? $there; try scripts/run-scenario.sh --help" >&2; exit 2 ;;
  *) echo "scripts/run-scenario.sh: there is no scenario $number; $there" >&2; exit 2 ;;
esac

if [[ $json ]]; then
  scripts/start-local.sh >&2 || exit 3
else
  scripts/start-local.sh || exit 3
fi

status=0
"${CARGO_TARGET_DIR:-target}/debug/flightpulse-simulator" scenario "$number" "${arguments[@]+"${arguments[@]}"}" || status=$?
echo "The local cloud goes on running; scripts/stop-local.sh stops it." >&2
exit "$status"
