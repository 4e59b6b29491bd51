#!/usr/bin/env bash
# Ends every process of the local cloud. Its resources live in memory and go with it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source local-cloud/python.sh

usage() {
  cat <<USAGE
Usage: scripts/stop-local.sh

Stops the AWS endpoint with its functions, and Kafka; then checks that no process is left.
Harmless when nothing runs. Builds, packages and logs stay; so does an Apache Kafka of scripts/kafka.sh, which has its own stop.

Environment: FLIGHTPULSE_STATE_DIR (default .local) says which local cloud.
USAGE
}

for argument in "$@"; do
  case "$argument" in
    -h | --help) usage; exit 0 ;;
    *) refuse scripts/stop-local.sh "$argument" ;;
  esac
done
orchestrate down
