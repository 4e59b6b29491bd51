"""What AWS would bill of what this endpoint was asked: counted here, outside the code under test, in AWS's own units.

`GET /_flightpulse/billed` answers it, a number for each unit and for what it was of. Not here: requests to API Gateway
(who sends them counts them), how long functions run (that of this machine would mislead), and what is billed by month.
"""

from __future__ import annotations

from .book import BOOK

__all__ = ["BOOK", "apply"]


def apply() -> None:
    """Counts from now on. After the overlays: some of them stand in the place of what is counted at."""
    from . import reads, requests, services, writes

    reads.apply()
    writes.apply()
    services.apply()
    requests.apply()
