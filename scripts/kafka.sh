#!/usr/bin/env bash
# A real Apache Kafka on this machine, for data that must outlive a process, for load and for faults.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source local-cloud/python.sh

usage() {
  cat <<USAGE
Usage: scripts/kafka.sh start|stop|restart|status|kill

Runs Apache Kafka $APACHE_KAFKA_VERSION as one KRaft node on 127.0.0.1 with the topic $KAFKA_TOPIC: in Docker where an engine runs, else
on Java $MIN_JAVA_VERSION or newer with the jars from Maven (some 45 MB, fetched once into ~/.cache/flightpulse/kafka).

  start     starts it and waits until it takes records; harmless when it runs
  stop      ends it in good order; its data stay for the next start
  restart   stop and start
  status    says where it is; exit status 1 unless it takes records
  kill      SIGKILL, to see what a fault does

It listens twice: without encryption for KAFKA_BROKERS, and with TLS and a password (SASL_SSL; PLAIN, SCRAM-SHA-256,
SCRAM-SHA-512). <state>/kafka.env has both addresses, user, password and certificate. To use it:
  export KAFKA_BROKERS=127.0.0.1:<port>; scripts/start-local.sh
scripts/stop-local.sh leaves it alone.

Environment: FLIGHTPULSE_STATE_DIR (default .local), FLIGHTPULSE_KAFKA_PORT (default: a free port, kept), JAVA_HOME.
USAGE
}

for argument in "$@"; do
  case "$argument" in
    -h | --help) usage; exit 0 ;;
    start | stop | restart | status | kill) ;;
    *) refuse scripts/kafka.sh "$argument" ;;
  esac
done
[[ $# -eq 1 ]] || { echo "scripts/kafka.sh: say one of start, stop, restart, status, kill; try scripts/kafka.sh --help" >&2; exit 2; }
python=$(find_python) || exit 1
PYTHONPATH=local-cloud exec "$python" -m flightpulse_cloud.apache_kafka "$1"
