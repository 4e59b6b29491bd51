#!/usr/bin/env bash
# Checks the tools that FlightPulse needs and installs its Python and npm packages. Starts nothing.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source local-cloud/python.sh

usage() {
  cat <<USAGE
Usage: scripts/setup.sh [--dev]

Checks Rust >= $MIN_RUST_VERSION, Node.js >= $MIN_NODE_VERSION with npm, Python >= $MIN_PYTHON_VERSION, a C compiler, make
and perl; installs MiniStack into a virtual environment and the npm packages of infra/.
Safe to run again: what is there already is kept.

  --dev   also what the tests of local-cloud/ need (pytest, ruff)

Environment: FLIGHTPULSE_STATE_DIR (default .local), FLIGHTPULSE_VENV (default <state>/venv).
USAGE
}

arguments=()
for argument in "$@"; do
  case "$argument" in
    -h | --help) usage; exit 0 ;;
    --dev) arguments+=("$argument") ;;
    *) refuse scripts/setup.sh "$argument" ;;
  esac
done
orchestrate setup "${arguments[@]+"${arguments[@]}"}"
