#!/usr/bin/env bash
# Fails when a Lambda binary needs a glibc symbol newer than Amazon Linux 2023 has (2.34).
set -euo pipefail
case "${1:-}" in
  -h | --help) echo "Usage: scripts/check-glibc.sh ASSETS_FOLDER"; exit 0 ;;
  -*) echo "check-glibc.sh: unknown option '$1'; see --help" >&2; exit 2 ;;
esac
assets="${1:?the folder with the assets, for example dist/lambda}"
limit=2.34 bad=0
for bin in "$assets"/*/bootstrap; do
  newest=$(objdump -T "$bin" | grep -o 'GLIBC_[0-9.]*' | sed 's/GLIBC_//' | sort -uV | tail -n 1)
  if [ "$(printf '%s\n%s\n' "$limit" "$newest" | sort -V | tail -n 1)" != "$limit" ]; then
    echo "$bin needs glibc $newest; Amazon Linux 2023 has $limit" >&2
    bad=1
  fi
done
exit $bad
