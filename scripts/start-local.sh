#!/usr/bin/env bash
# Starts the local cloud and deploys FlightPulse into it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source local-cloud/python.sh

usage() {
  cat <<USAGE
Usage: scripts/start-local.sh [--cloud-only]

Builds the functions and tools, starts the AWS endpoint and Kafka, and deploys FlightPulseStack with the cdk CLI.
Safe to run again: what runs already is kept, what changed is deployed. Stop it with scripts/stop-local.sh.

  --cloud-only   only the AWS endpoint, with nothing in it (for the adapters' tests)

Environment: FLIGHTPULSE_CLOUD_PORT (default $DEFAULT_CLOUD_PORT), FLIGHTPULSE_STATE_DIR (default .local),
FLIGHTPULSE_VENV (default <state>/venv), CARGO_TARGET_DIR (default target), FLIGHTPULSE_LAMBDA_ASSETS (default dist/lambda),
KAFKA_BROKERS (host:port,...: poll these brokers in place of the embedded one; scripts/kafka.sh starts one), and how the
mapping signs in to them: KAFKA_SECURITY_PROTOCOL, KAFKA_SASL_MECHANISM, KAFKA_USERNAME, KAFKA_PASSWORD or
KAFKA_PASSWORD_FILE, KAFKA_CA_FILE (the functions do not get these).
Afterwards: the stack's outputs are in <state>/outputs.json, the brokers in <state>/kafka.bootstrap, logs in <state>/logs.
USAGE
}

arguments=()
for argument in "$@"; do
  case "$argument" in
    -h | --help) usage; exit 0 ;;
    --cloud-only) arguments+=("$argument") ;;
    *) refuse scripts/start-local.sh "$argument" ;;
  esac
done
orchestrate up "${arguments[@]+"${arguments[@]}"}"
