#!/usr/bin/env bash
# A real PostgreSQL on this machine, in the place of Adobe's Query Service, for tests.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source local-cloud/python.sh

usage() {
  cat <<USAGE
Usage: scripts/postgres.sh start|stop|status|fetch

Runs PostgreSQL $POSTGRES_VERSION on 127.0.0.1, from outside with TLS and a password (SCRAM-SHA-256) alone. Its programs come from
Maven (some 15 MB, fetched once into ~/.cache/flightpulse/postgres).

  start     starts a new, empty one on a free port; one that runs is ended first
  stop      ends it
  status    exit status 1 unless it runs
  fetch     only gets what it runs on

<state>/postgres.env has its port, database, user, password and certificate, and the folder of its owner's socket.

Environment: FLIGHTPULSE_STATE_DIR (default .local).
USAGE
}

for argument in "$@"; do
  case "$argument" in
    -h | --help) usage; exit 0 ;;
    start | stop | status | fetch) ;;
    *) refuse scripts/postgres.sh "$argument" ;;
  esac
done
[[ $# -eq 1 ]] || { echo "scripts/postgres.sh: say one of start, stop, status, fetch; try scripts/postgres.sh --help" >&2; exit 2; }
python=$(find_python) || exit 1
PYTHONPATH=local-cloud exec "$python" -m flightpulse_cloud.postgres "$1"
