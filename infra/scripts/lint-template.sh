#!/usr/bin/env bash
# Runs cfn-lint over the template of every kind of deployment; stand-ins take the place of the Rust binaries.
# cfn-lint comes from the Python environment in FLIGHTPULSE_VENV, or from PATH without one.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

cfn_lint="${FLIGHTPULSE_VENV:+$FLIGHTPULSE_VENV/bin/}cfn-lint"
if ! command -v "$cfn_lint" >/dev/null; then
  echo "lint-template: $cfn_lint not found; install it with pip install cfn-lint, or set FLIGHTPULSE_VENV" >&2
  exit 1
fi

templates="$(mktemp -d)"
trap 'rm -rf "$templates"' EXIT
node --import tsx scripts/write-templates.ts "$templates"

# W3005: CDK writes DependsOn for a role and for its policy, although the reference to the role says the first already.
"$cfn_lint" --regions us-east-1 eu-west-1 --ignore-checks W3005 -- "$templates"/*.template.json
echo "lint-template: $(ls "$templates" | wc -l) templates are clean"
