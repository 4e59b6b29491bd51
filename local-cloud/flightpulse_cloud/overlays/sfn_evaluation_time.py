"""How long a JSONata expression may take.

Upstream today (1.5.33): a second by the clock on the wall. AWS gives a second, too, to one that has a processor;
here a hundred executions share one interpreter, and one that waits for its turn for a second fails: in `Start`, where
nothing catches it, the event is in the execution alone.
"""

from __future__ import annotations

from typing import Any

# Milliseconds: an expression without an end still ends.
PATIENCE = 60_000


def apply() -> None:
    """Gives every expression more time."""
    from ministack.services import stepfunctions

    engine = stepfunctions.jsonata.Jsonata
    upstream = engine.jsonata

    def compiled(expression: Any, *rest: Any, timeout: int | None = None, **more: Any) -> Any:
        return upstream(expression, *rest, timeout=None if timeout is None else max(timeout, PATIENCE), **more)

    engine.jsonata = staticmethod(compiled)
