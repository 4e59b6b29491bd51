"""`python -m ledger play` counts on the local cloud that the environment names; `python -m ledger bill` multiplies."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from . import COUNTS, sections
from .bills import Ledger
from .counts import Counts
from .page import PAGE, page
from .prices import Prices
from .report import report


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="ledger", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    of_play = commands.add_parser("play", help="plays the loads and writes the counts")
    of_play.add_argument("--quick", action="store_true", help="few and small loads, to see that it works")
    of_play.add_argument("--out", type=Path, required=True)
    of_play.add_argument("--stack", type=Path, required=True, help="what each kind of deployment has")
    of_play.add_argument("--called", required=True, help="the command that the counts say they came from")
    of_bill = commands.add_parser("bill", help="the counts times the prices")
    of_bill.add_argument("--counts", type=Path, default=COUNTS)
    of_bill.add_argument("--json", type=Path, help="a file for the report")
    of_bill.add_argument("--page", action="store_true", help=f"writes {PAGE.name}")
    options = parser.parse_args()
    if options.command == "play":
        from .play.run import play

        play(options.out, options.called, options.quick, options.stack)
        return 0
    ledger = Ledger(Counts.read(options.counts), Prices.read())
    if options.json:
        options.json.write_text(json.dumps(report(ledger), indent=1) + "\n", encoding="utf-8")
    if options.page:
        PAGE.write_text(page(ledger), encoding="utf-8")
    print(sections.short(ledger), end="\n\n")
    print(sections.positions(ledger))
    return 0


if __name__ == "__main__":
    sys.exit(main())
