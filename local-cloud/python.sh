# Sourced by scripts/: runs a command of the local cloud with a Python that is new enough.
# The repository's root must be the current directory.
# shellcheck shell=bash

# shellcheck source=local-cloud/pins.env
source local-cloud/pins.env

# Prints the first Python that is MIN_PYTHON_VERSION or newer, or says how to get one.
find_python() {
  local candidate
  for candidate in python3 python3.14 python3.13 python3.12 python3.11; do
    if command -v "$candidate" >/dev/null 2>&1 &&
      "$candidate" -c "import sys; sys.exit(sys.version_info[:2] < tuple(map(int, '$MIN_PYTHON_VERSION'.split('.'))))" 2>/dev/null; then
      echo "$candidate"
      return
    fi
  done
  echo "Python $MIN_PYTHON_VERSION or newer is missing: install it from https://www.python.org (Debian/Ubuntu: apt-get install python3 python3-venv) and put it in PATH as python3." >&2
  return 1
}

# free_port <python>: prints a port of 127.0.0.1 where nothing listens.
free_port() {
  "$1" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# orchestrate <command> [argument…]: replaces this shell.
orchestrate() {
  local python
  python=$(find_python) || exit 1
  PYTHONPATH=local-cloud exec "$python" -m flightpulse_cloud.orchestrate "$@"
}

# refuse <script> <argument>: what every script answers to an argument that it does not know.
refuse() {
  echo "$1: unknown argument '$2'; try $1 --help" >&2
  exit 2
}
