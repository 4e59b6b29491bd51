#!/usr/bin/env bash
# Passes every test: quick checks first, then the unit tests, then the deployed local cloud.
set -euo pipefail
cd "$(dirname "$0")/.."
source local-cloud/python.sh

usage() {
  cat <<'TXT'
Usage: scripts/test.sh [--quick]

Runs every test of the repository: format and lints, the CDK app's tests, the local cloud's
tests, the Rust tests, and the end-to-end tests on a local cloud and an Apache Kafka of its own
(own ports, own state folder; what you have running is left alone), with a PostgreSQL in the place of
Adobe's Query Service.

  --quick    stops before the end-to-end tests

Apache Kafka needs Docker with a running engine, or Java and Maven (scripts/kafka.sh --help). PostgreSQL needs Maven.
TXT
}

quick=0
case "${1:-}" in
  "") ;;
  --quick) quick=1 ;;
  -h | --help) usage; exit 0 ;;
  *) echo "test.sh: unknown option '$1'; see --help" >&2; exit 2 ;;
esac

# Brokers of the developer's own are not for tests.
unset "${!KAFKA_@}" FLIGHTPULSE_KAFKA_PORT
# shellcheck source=local-cloud/pins.env
source local-cloud/pins.env
export FLIGHTPULSE_STATE_DIR="$PWD/.local/test"
export FLIGHTPULSE_VENV="${FLIGHTPULSE_VENV:-$PWD/.local/venv}"
export CARGO_TERM_COLOR="${CARGO_TERM_COLOR:-never}"
mkdir -p "$FLIGHTPULSE_STATE_DIR"
log="$FLIGHTPULSE_STATE_DIR/test.log"
: >"$log"
started=$SECONDS

# Each stage prints one line; its output is shown when it fails.
stage() {
  local name="$1"
  shift
  printf '%-58s' "$name"
  record stage "$@"
  outcome "$name" stage
}

# Runs a command; what it says goes into one file, how long it took and its exit status into another.
record() {
  local file="$log.$1" from=$SECONDS status=0
  shift
  rm -f "$file.end"
  "$@" >"$file" 2>&1 || status=$?
  echo "$((SECONDS - from)) $status" >"$file.end"
}

# The rest of the line of what was recorded.
outcome() {
  local name="$1" file="$log.$2" seconds status
  read -r seconds status <"$file.end"
  cat "$file" >>"$log"
  if [ "$status" = 0 ]; then
    printf '%5d s\n' "$seconds"
  else
    printf ' FAILED after %d s\n\n' "$seconds"
    cat "$file"
    printf '\n%s: FAILED. The whole log is in %s\n' "$name" "$log"
    exit 1
  fi
}

# Waits for what was recorded in the background, and prints its line.
join() {
  printf '%-58s' "$1, meanwhile"
  while [ ! -e "$log.$2.end" ] && kill -0 "$beside" 2>/dev/null; do sleep 0.5; done
  [ -e "$log.$2.end" ] || echo "$SECONDS 1" >"$log.$2.end" # It was killed.
  outcome "$1" "$2"
}

samples() { (cd sample-data/aws-events && sha256sum -c --quiet SHA256SUMS); }
shells() { local f; for f in scripts/*.sh bench/*.sh .ci/run local-cloud/*.sh; do bash -n "$f" || return 1; done; }
python() { "$FLIGHTPULSE_VENV/bin/python" "$@"; }
lint_python() { (cd local-cloud && python -m ruff check .) && python -m ruff check --config local-cloud/pyproject.toml tests bench; }
infra() { (cd infra && npm run --silent "$@"); }
local_cloud() { python -m pytest -q local-cloud/tests; }
ledger() { PYTHONPATH=bench python -m pytest -q bench/ledger/tests; }
clippy() {
  # What measures is built only to be linted here: times are no tests.
  cargo clippy --quiet --locked --workspace --all-targets -- -D warnings &&
  cargo clippy --quiet --locked --manifest-path bench/harness/Cargo.toml --target-dir "${CARGO_TARGET_DIR:-target}/bench" -- -D warnings
}
format_rust() { cargo fmt --all --check && cargo fmt --manifest-path bench/harness/Cargo.toml --check; }
# Built once and kept beside what cargo builds: no package registry has its binary.
deny() {
  local tools="${CARGO_TARGET_DIR:-$PWD/target}/tools/cargo-deny-$CARGO_DENY_VERSION"
  [ -x "$tools/bin/cargo-deny" ] ||
    cargo install --locked --debug --root "$tools" --target-dir "$tools/build" "cargo-deny@$CARGO_DENY_VERSION"
  rm -rf "$tools/build"
  local manifest
  # The fuzzer's and the bench's are workspaces of their own, with their own lock files.
  for manifest in Cargo.toml fuzz/Cargo.toml bench/harness/Cargo.toml; do
    "$tools/bin/cargo-deny" --manifest-path "$manifest" --config "$PWD/deny.toml" --locked check bans licenses sources || return 1
  done
}
# What needs the processor while the deployed stack mostly waits. In a process group of its own, which can be ended whole.
beside=''
lints() {
  renice -n 10 "$BASHPID" >/dev/null
  record clippy clippy
  record deny deny
}
leave() {
  [ -z "$beside" ] || kill -- "-$beside" 2>/dev/null || true
  { scripts/stop-local.sh; scripts/kafka.sh stop; scripts/postgres.sh stop; } >/dev/null 2>&1 || true
}
rust() { INSTA_UPDATE=no cargo test --locked --workspace; }

# What is missing is said before minutes of building.
tools() {
  { scripts/kafka.sh fetch && scripts/postgres.sh fetch; } &
  local fetching=$!
  scripts/setup.sh --dev && wait "$fetching"
}

stage "tools and packages" tools
stage "format: Rust" format_rust
stage "format: Python" lint_python
stage "syntax: scripts" shells
stage "checksums of AWS's sample events" samples
stage "format: CDK app" infra format:check
stage "CDK app: types" infra typecheck
stage "CDK app: tests" infra test
stage "CDK app: cfn-lint" infra lint:template
stage "Rust: build and tests" rust
stage "local cloud: tests" local_cloud
stage "ledger of costs: tests" ledger

if [ "$quick" = 1 ]; then
  stage "Rust: clippy" clippy
  stage "Rust: licences, bans, sources of dependencies" deny
else
  FLIGHTPULSE_CLOUD_PORT=$(free_port python)
  export FLIGHTPULSE_CLOUD_PORT
  trap leave EXIT
  # Empty: records that an earlier run left would be read by this one.
  apache_kafka() {
    scripts/kafka.sh stop
    rm -rf "$FLIGHTPULSE_STATE_DIR/apache-kafka/data"
    scripts/kafka.sh start
  }
  conformance() {
    AWS_ENDPOINT_URL="http://127.0.0.1:$FLIGHTPULSE_CLOUD_PORT" AWS_REGION=us-east-1 \
      AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test \
      cargo test --locked --workspace --features flightpulse-store/local-cloud --test dynamodb
  }
  # In a shell of its own: of kafka.env the rest of this run needs the brokers alone.
  mapping() (
    set -a
    source "$FLIGHTPULSE_STATE_DIR/kafka.env"
    cargo test --locked --workspace --features flightpulse-kafka-mapping/apache-kafka --test apache -- --nocapture
  )
  # In the same way.
  query_service() (
    set -a
    source "$FLIGHTPULSE_STATE_DIR/postgres.env"
    cargo test --locked --workspace --features flightpulse-booking-history/postgres,flightpulse-booking-history/conformance \
      --test postgres
  )
  end_to_end() { python -m pytest -q tests/e2e; }
  left() { python -m pytest -q tests/after; }
  stage "Apache Kafka: start" apache_kafka
  KAFKA_BROKERS=$(source "$FLIGHTPULSE_STATE_DIR/kafka.env" && echo "$KAFKA_BROKERS")
  export KAFKA_BROKERS
  stage "local cloud: build, start, deploy" scripts/start-local.sh
  stage "DynamoDB adapter: conformance" conformance
  stage "Kafka mapping: conformance, 100,000 records" mapping
  stage "PostgreSQL: start" scripts/postgres.sh start
  stage "Query Service adapter: conformance" query_service
  rm -f "$log.clippy.end" "$log.deny.end"
  set -m
  lints &
  beside=$!
  set +m
  stage "end to end" end_to_end
  join "Rust: clippy" clippy
  join "Rust: licences, bans, sources of dependencies" deny
  stage "local cloud: stop" scripts/stop-local.sh
  stage "Apache Kafka: stop" scripts/kafka.sh stop
  stage "PostgreSQL: stop" scripts/postgres.sh stop
  stage "nothing is left running" left
fi

# What the runners counted, in one line.
passed=$(grep -hoE '([0-9]+) passed' "$log" | awk '{n += $1} END {print n + 0}')
node=$(grep -hoE '^(# |ℹ )pass [0-9]+' "$log" | awk '{n += $NF} END {print n + 0}')
skipped=$(grep -hoE '([0-9]+) (skipped|ignored)' "$log" | awk '{n += $1} END {print n + 0}')
if [ "$skipped" != 0 ]; then
  echo "$skipped tests were skipped: a skipped test proves nothing"
  exit 1
fi
echo "all of it took $((SECONDS - started)) s"
echo "$((passed + node)) passed, 0 failed"
