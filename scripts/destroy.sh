#!/usr/bin/env bash
# Takes FlightPulseStack off AWS. Data stay unless the stack was deployed to give them up.
set -euo pipefail
cd "$(dirname "$0")/.."

usage() {
  cat <<'TXT'
Usage: scripts/destroy.sh [--force] [-- CDK OPTIONS]

Deletes FlightPulseStack with the AWS credentials and the region of your environment, after asking.
Needs no Rust build. For the local cloud there is scripts/stop-local.sh.

  --force   does not ask

By default the table, the queues, the two buckets and the log groups outlive the stack, and a new
deployment cannot take their names. To give them up, deploy once more before you destroy:
  scripts/deploy.sh -- -c removalPolicy=destroy
A bucket with dead letters or exports in it is not deleted then either: empty it first.
TXT
}

force=()
while [ $# -gt 0 ]; do
  case "$1" in
    --force) force=(--force) ;;
    --) shift; break ;;
    -h | --help) usage; exit 0 ;;
    *) echo "destroy.sh: unknown option '$1'; see --help" >&2; exit 2 ;;
  esac
  shift
done

scripts/setup.sh
# cdk makes the app's template before it deletes the stack by its name. What is in the functions does not matter
# for that, so stand-ins save the build.
assets=$(mktemp -d)
trap 'rm -rf "$assets"' EXIT
for manifest in lambdas/*/Cargo.toml; do
  name=$(sed -n 's/^name = "\(.*\)"$/\1/p' "$manifest" | head -n 1)
  mkdir "$assets/$name"
  printf '#!/bin/sh\nexit 1\n' >"$assets/$name/bootstrap"
done
cd infra
npx cdk destroy FlightPulseStack -c lambdaAssets="$assets" "${force[@]+"${force[@]}"}" "$@"
