#!/usr/bin/env bash
# Many histories of the whole pipeline in one process, under faults at every call.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

usage() {
  cat <<'TXT'
Usage: scripts/chaos.sh [histories] [events]

Plays histories (10,000 unless told) of so many events (60 unless told): the real handlers over ports in memory, every call
of which may fail before or after its effect or end the function there; then holds what came of it against the reference
model. A history that fails names its seed:  SEED=<seed> EVENTS=<events> TRACE=1 scripts/chaos.sh  plays it again, aloud. 10,000 take some ten minutes.
TXT
}

for argument in "$@"; do
  case "$argument" in
    -h | --help) usage; exit 0 ;;
    *[!0-9]* | "") echo "chaos.sh: unknown argument '$argument'; see --help" >&2; exit 2 ;;
  esac
done
if [ $# -gt 2 ]; then
  echo "chaos.sh: unknown argument '$3'; see --help" >&2
  exit 2
fi
export HISTORIES="${1:-10000}" EVENTS="${2:-${EVENTS:-60}}"
time cargo test --locked --workspace --test histories every_history -- --nocapture
