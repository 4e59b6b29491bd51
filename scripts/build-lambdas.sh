#!/usr/bin/env bash
# Builds every Lambda of the workspace in one cargo build and lays the binaries out as assets.
set -euo pipefail
cd "$(dirname "$0")/.."

usage() {
  cat <<'TXT'
Usage: scripts/build-lambdas.sh [--release] [--target-arch x86_64|arm64]

Builds the Lambda binaries and puts each at dist/lambda/<name>/bootstrap, where the CDK app
takes it from (FLIGHTPULSE_LAMBDA_ASSETS names another folder).

  --release              the profile for AWS: small and fast (minutes), linked against
                         glibc 2.34, the one of Amazon Linux 2023
  --target-arch ARCH     the architecture, with --release; the default is arm64
Without --release: the quick profile, for this machine and the local cloud.
TXT
}

release=0 arch=arm64
while [ $# -gt 0 ]; do
  case "$1" in
    --release) release=1 ;;
    --target-arch) arch="${2:-}"; shift ;;
    -h|--help) usage; exit 0 ;;
    *) echo "build-lambdas.sh: unknown option '$1'; see --help" >&2; exit 2 ;;
  esac
  shift
done
case "$arch" in
  x86_64) triple=x86_64-unknown-linux-gnu ;;
  arm64) triple=aarch64-unknown-linux-gnu ;;
  *) echo "build-lambdas.sh: --target-arch must be x86_64 or arm64, not '$arch'" >&2; exit 2 ;;
esac

assets="${FLIGHTPULSE_LAMBDA_ASSETS:-$PWD/dist/lambda}"
target="${CARGO_TARGET_DIR:-$PWD/target}"
bins=()
packages=()
for manifest in lambdas/*/Cargo.toml; do
  name=$(sed -n 's/^name = "\(.*\)"$/\1/p' "$manifest" | head -n 1)
  bins+=("$name")
  packages+=(-p "$name")
done

if [ "$release" = 1 ]; then
  # The newest glibc symbol that Amazon Linux 2023 has; zig links against it whatever this
  # machine has.
  glibc=2.34
  command -v cargo-zigbuild >/dev/null || {
    echo "build-lambdas.sh: cargo-zigbuild is missing: pip install cargo-zigbuild ziglang" >&2
    exit 1
  }
  cargo zigbuild --quiet --release --locked --bins --target "$triple.$glibc" "${packages[@]}"
  built="$target/$triple/release"
else
  # The whole workspace: a selection of packages would give the dependencies other features
  # than the tests' build, and compile them once more.
  cargo build --quiet --locked --workspace --bins
  built="$target/debug"
fi

for bin in "${bins[@]}"; do
  mkdir -p "$assets/$bin"
  # Only what changed is written, so that the assets' hashes and the deployment stay as they are.
  cmp -s "$built/$bin" "$assets/$bin/bootstrap" || install -m 755 "$built/$bin" "$assets/$bin/bootstrap"
done
[ "$release" = 0 ] || scripts/check-glibc.sh "$assets"
