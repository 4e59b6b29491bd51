#!/usr/bin/env bash
# Fuzzes every parser of outside bytes, with libFuzzer.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

all=(export_rows booking_events operations_events signatures requests messages export_files stored)

usage() {
  cat <<TXT
Usage: scripts/fuzz.sh [--minutes N] [target...]
       scripts/fuzz.sh --keep [target...]
       scripts/fuzz.sh --replay

Fuzzes the targets (all unless told), one after the other, N minutes each (60 unless told), and prints what came of each:
executions, coverage, the inputs found, crashes. New inputs and logs are in the state folder; what is committed is
read and not changed. Needs a nightly toolchain and cargo-fuzz; says how to get them. Ends with 1 when something crashed.

  --minutes N   how long each target is fuzzed
  --keep        takes of what is committed and what was found the fewest inputs that reach all there is to reach,
                and makes them the committed corpus
  --replay      replays the committed inputs instead; stable Rust will do

Targets: ${all[*]}
Environment: FUZZ_TOOLCHAIN (nightly), FUZZ_SANITIZER (address; none where it cannot be built), FUZZ_TARGET_DIR (fuzz/target),
FLIGHTPULSE_STATE_DIR (.local).
TXT
}

wrong() {
  echo "fuzz.sh: $1; see --help" >&2
  exit 2
}

minutes=60 does=fuzz targets=()
while [ $# -gt 0 ]; do
  case "$1" in
    -h | --help) usage; exit 0 ;;
    --replay) does=replay ;;
    --keep) does=keep ;;
    --minutes)
      shift
      minutes="${1:-}"
      [[ $minutes =~ ^[1-9][0-9]{0,4}$ ]] || wrong "--minutes wants a number of minutes"
      ;;
    -*) wrong "unknown option '$1'" ;;
    *)
      [[ " ${all[*]} " == *" $1 "* ]] || wrong "unknown target '$1'"
      targets+=("$1")
      ;;
  esac
  shift
done
[ ${#targets[@]} -gt 0 ] || targets=("${all[@]}")

if [ $does = replay ]; then
  exec cargo test --locked --workspace --test corpora
fi

toolchain="${FUZZ_TOOLCHAIN:-nightly}"
cargo "+$toolchain" --version >/dev/null 2>&1 || {
  echo "fuzz.sh: there is no toolchain $toolchain: rustup toolchain install nightly --profile minimal" >&2
  exit 3
}
cargo "+$toolchain" fuzz --version >/dev/null 2>&1 || {
  echo "fuzz.sh: there is no cargo-fuzz: cargo install --locked cargo-fuzz" >&2
  exit 3
}

state="$(realpath -m "${FLIGHTPULSE_STATE_DIR:-.local}")/fuzz"
options=(--fuzz-dir fuzz --target-dir "$(realpath -m "${FUZZ_TARGET_DIR:-fuzz/target}")" --sanitizer "${FUZZ_SANITIZER:-address}")
mkdir -p "$state"

# Rows come in files, all else in messages of some kilobytes. Memory and time have bounds, as in the functions themselves.
bounds() {
  local longest=16384
  [ "$1" = export_rows ] && longest=65536
  echo "-max_len=$longest -rss_limit_mb=3072 -malloc_limit_mb=2560 -timeout=30"
}

fuzz() {
  local target="$1" log="$state/$1.log" found="$state/corpus/$1" crashes="$state/crashes/$1" status=0 TIMEFORMAT=%U
  mkdir -p "$found" "$crashes" "fuzz/corpus/$target"
  # Built first, so that what it takes is the fuzzing's own.
  cargo "+$toolchain" fuzz build "${options[@]}" "$target" >"$log" 2>&1 || {
    echo "$target is not built: see $log"
    return 1
  }
  # shellcheck disable=SC2046 # several words
  { time cargo "+$toolchain" fuzz run "${options[@]}" "$target" "$found" "fuzz/corpus/$target" -- $(bounds "$target") \
    "-max_total_time=$((minutes * 60))" -print_final_stats=1 "-artifact_prefix=$crashes/" >"$log" 2>&1 || status=$?; } \
    2>"$state/$target.seconds"
  figures "$target" "$log" "$found" "$(cat "$state/$target.seconds")"
  [ $status = 0 ] && return
  sed -n 's/^Test unit written to \(.*\)/  crashed: \1/p' "$log"
  echo "  its log: $log"
  echo "  again:   cargo +$toolchain fuzz run ${options[*]} $target <the input>"
  return 1
}

# One line of what libFuzzer says of itself; of a run that was cut short too.
figures() {
  local last runs
  last="$(grep -aE '^#[0-9]+.* cov: ' "$2" | tail -1)"
  runs="$(sed -n 's/^stat::number_of_executed_units: *//p' "$2" | tail -1)"
  [ -n "$runs" ] || runs="$(sed -n 's/^#\([0-9]*\).*/\1/p' <<<"$last")"
  printf '%-18s %7s s of processor  %12s executions  %8s/s  cov %6s  ft %7s  %5s inputs found\n' "$1" "$4" "${runs:-none}" \
    "$(sed -n 's/^stat::average_exec_per_sec: *//p' "$2" | tail -1)" \
    "$(sed -n 's/.* cov: \([0-9]*\).*/\1/p' <<<"$last")" "$(sed -n 's/.* ft: \([0-9]*\).*/\1/p' <<<"$last")" \
    "$(find "$3" -type f | wc -l)"
}

# By the edges that inputs reach, and not by how often: a few hundred files at most.
keep() {
  local target="$1" kept="$state/kept/$1" found="$state/corpus/$1"
  rm -rf "$kept"
  mkdir -p "$kept" "$found"
  # shellcheck disable=SC2046 # several words
  cargo "+$toolchain" fuzz run "${options[@]}" "$target" "$kept" "fuzz/corpus/$target" "$found" -- $(bounds "$target") \
    -set_cover_merge=1 -use_counters=0 >"$state/$target.keep.log" 2>&1 &&
    [ -n "$(ls -A "$kept")" ] || {
    echo "fuzz.sh: $target: nothing was kept, see $state/$target.keep.log" >&2
    return 1
  }
  rm -rf "fuzz/corpus/$target"
  cp -r "$kept" "fuzz/corpus/$target"
  printf '%-18s %5s inputs, %s kB\n' "$target" "$(find "$kept" -type f | wc -l)" "$(($(cat "$kept"/* | wc -c) / 1024))"
}

failed=0
for target in "${targets[@]}"; do
  $does "$target" || failed=1
done
exit $failed
