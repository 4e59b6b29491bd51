"""What FlightPulse costs: counts of defined loads, times a dated list of prices.

`play` plays the loads on a deployed local cloud and writes `counts.json`; everything else works from that file, so that
the ledger can be worked out anew, with other prices, without a local cloud. `bench/ledger.sh` calls both.
"""

from __future__ import annotations

from pathlib import Path

BENCH = Path(__file__).resolve().parents[1]
REPO = BENCH.parent
COUNTS = Path(__file__).resolve().parent / "counts.json"
