#!/usr/bin/env bash
# Takes the CDK app to AWS: builds the functions for it, bootstraps once, deploys.
set -euo pipefail
cd "$(dirname "$0")/.."

usage() {
  cat <<'TXT'
Usage: scripts/deploy.sh [--arch arm64|x86_64] [--dry-run] [-- CDK OPTIONS]

Builds the Lambda binaries in the release profile and deploys FlightPulseStack with the AWS
credentials and the region of your environment.

  --arch ARCH   the functions' architecture; the default is FLIGHTPULSE_ARCHITECTURE, else arm64
  --dry-run     builds and synthesises, asks AWS for nothing, deploys nothing

What the stack is made of is chosen by context, after --:
  -c kafkaSource=none|self-managed|msk|msk-serverless    none is the default
  -c kafkaBrokers=HOST:PORT,…  -c kafkaSecretArn=ARN     for self-managed
  -c mskClusterArn=ARN                                   for msk
  -c modelId=ID                                          the Bedrock model or inference profile
TXT
}

arch="${FLIGHTPULSE_ARCHITECTURE:-arm64}" dry=0
while [ $# -gt 0 ]; do
  case "$1" in
    --arch) arch="${2:-}"; shift ;;
    --dry-run) dry=1 ;;
    --) shift; break ;;
    -h | --help) usage; exit 0 ;;
    *) echo "deploy.sh: unknown option '$1'; see --help" >&2; exit 2 ;;
  esac
  shift
done

case "$arch" in
  arm64) target=aarch64-unknown-linux-gnu ;;
  x86_64) target=x86_64-unknown-linux-gnu ;;
  *) echo "deploy.sh: --arch must be arm64 or x86_64, not '$arch'" >&2; exit 2 ;;
esac

scripts/setup.sh
state="${FLIGHTPULSE_STATE_DIR:-.local}"
mkdir -p "$state"
state=$(cd "$state" && pwd)
venv="${FLIGHTPULSE_VENV:-$state/venv}"
# zig links against the glibc of Amazon Linux 2023, whatever this machine has.
[ -x "$venv/bin/cargo-zigbuild" ] ||
  "$venv/bin/pip" install --quiet --require-hashes -r local-cloud/requirements-release.txt
PATH="$(cd "$venv/bin" && pwd):$PATH"
export PATH
if ! rustc --print target-libdir --target "$target" 2>/dev/null | xargs -r test -d; then
  echo "The Rust standard library for $target is missing: rustup target add $target" >&2
  exit 1
fi
echo "building the Lambda functions for $arch (some minutes when cold)"
scripts/build-lambdas.sh --release --target-arch "$arch"

cd infra
if [ "$dry" = 1 ]; then
  npx cdk synth FlightPulseStack --quiet -c architecture="$arch" "$@"
  echo "synthesised into infra/cdk.out; nothing was deployed"
  exit 0
fi
npx cdk bootstrap -c architecture="$arch" "$@"
exec npx cdk deploy FlightPulseStack -c architecture="$arch" --outputs-file "$state/aws-outputs.json" "$@"
