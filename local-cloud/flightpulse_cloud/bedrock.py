"""The local Bedrock model: answers Converse as AWS documents it, in one of several modes, and keeps the accounts.

Counts come from here, outside the code under test: a scenario asserts how many calls and tokens a delay cost.
"""

from __future__ import annotations

import asyncio
import json
import threading
import time
import uuid
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from . import model
from .phrases import LANGUAGES

Response = tuple[int, dict[str, str], bytes]

MODES = (
    "ok", "slow", "throttled", "wrong_fact", "obeys_injection", "injects", "refuses", "rubbish", "slow_cohort",
    "failing_cohort",
)  # fmt: skip
# The modes that strike one cohort's requests and answer all others as `ok` does.
COHORT_MODES = ("slow_cohort", "failing_cohort")
TIERS = ("MEMBER", "A-LIST", "A-LIST PREFERRED")
# Milliseconds: longer than any timeout that a caller with a passenger waiting should have.
DEFAULT_SLOW_MS = 30_000
MAX_SLOW_MS = 600_000
# Request summaries that are kept, newest last.
KEPT_REQUESTS = 200
# Seconds between looks at whether the mode has changed, while a slow answer waits.
SLOW_TICK = 0.05

WRITERS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "wrong_fact": model.wrong_fact,
    "obeys_injection": model.obeys_injection,
    "injects": model.injects,
    "rubbish": model.rubbish,
}
# Status, error and message, as Bedrock's API reference has them for Converse.
ERRORS = {
    "throttled": (429, "ThrottlingException", "Too many requests, please wait before trying again."),
    "failing_cohort": (500, "InternalServerException", "An internal server error occurred. Retry your request."),
}
REFUSAL = "I'm sorry, but I can't help with that request."


@dataclass
class ModelState:
    """Mode and counts. The lock is for threads of MiniStack that may read while the event loop writes."""

    mode: str = "ok"
    slow_ms: int = DEFAULT_SLOW_MS
    # The tier and language that a cohort's mode strikes; none in every other mode.
    cohort: dict[str, str] | None = None
    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    requests: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=KEPT_REQUESTS))
    # Goes up with every change of mode: a slow answer that waits ends at once.
    generation: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def report(self) -> dict[str, Any]:
        """What `GET /_flightpulse/bedrock` answers."""
        with self.lock:
            return {
                "mode": self.mode,
                "slow_ms": self.slow_ms,
                "cohort": self.cohort,
                "calls": self.calls,
                "input_tokens": self.input_tokens,
                "output_tokens": self.output_tokens,
                "requests": list(self.requests),
            }

    def set_mode(self, mode: Any, slow_ms: Any = None, cohort: Any = None) -> None:
        """Changes the mode; a ValueError says what is wrong with the values."""
        if mode not in MODES:
            raise ValueError(f"mode must be one of {', '.join(MODES)}")
        if slow_ms is not None and (type(slow_ms) is not int or not 0 <= slow_ms <= MAX_SLOW_MS):
            raise ValueError(f"slow_ms must be a whole number of milliseconds from 0 to {MAX_SLOW_MS}")
        if mode in COHORT_MODES:
            cohort = _checked_cohort(cohort)
        elif cohort is not None:
            raise ValueError(f"cohort is for the modes {' and '.join(COHORT_MODES)}")
        with self.lock:
            self.mode = mode
            self.slow_ms = DEFAULT_SLOW_MS if slow_ms is None else slow_ms
            self.cohort = cohort
            self.generation += 1

    def mode_for(self, asked: dict[str, Any]) -> str:
        """How this request is answered: in a cohort's mode another cohort's is `ok`."""
        with self.lock:
            if self.cohort is None or all(asked.get(name) == value for name, value in self.cohort.items()):
                return self.mode
            return "ok"

    def reset(self) -> None:
        """Counts to zero and mode to ok."""
        self.set_mode("ok")
        with self.lock:
            self.calls = self.input_tokens = self.output_tokens = 0
            self.requests.clear()

    def record(self, summary: dict[str, Any]) -> None:
        """Enters one call into the accounts."""
        with self.lock:
            self.calls += 1
            self.input_tokens += summary["input_tokens"]
            self.output_tokens += summary["output_tokens"]
            self.requests.append(summary)


STATE = ModelState()


def _checked_cohort(cohort: Any) -> dict[str, str]:
    """A misspelt cohort would strike nobody, and its test would pass for the wrong reason."""
    if not isinstance(cohort, dict) or cohort.keys() != {"tier", "language"}:
        raise ValueError("cohort must be an object with tier and language")
    for name, known in (("tier", TIERS), ("language", tuple(LANGUAGES))):
        if cohort[name] not in known:
            raise ValueError(f"cohort's {name} must be one of {', '.join(known)}")
    return dict(cohort)


def estimate_tokens(text: str) -> int:
    """Four characters a token, at least one: a rule of thumb for European languages, the same one as upstream's.

    Real counts differ by tens of percent; ratios between two ways of asking the same model hold.
    """
    return max(1, len(text) // 4) if text else 0


async def converse(model_id: str, request: dict[str, Any], asked: dict[str, Any]) -> Response:
    """Answers one Converse request that asks for `asked`, in the mode that is set now."""
    started = time.monotonic()
    mode, slow_ms, generation = STATE.mode_for(asked), STATE.slow_ms, STATE.generation
    summary = {
        "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "model_id": model_id,
        "mode": mode,
        "asked": asked,
        # The prompt as it came, so that a test can assert what is not in it.
        "prompt": _prompt_text(request),
        "input_tokens": 0,
        "output_tokens": 0,
        "status": 200,
    }
    if mode in ERRORS:
        status, kind, message = ERRORS[mode]
        STATE.record({**summary, "status": status})
        return status, {**_headers(), "x-amzn-errortype": kind}, json.dumps({"message": message}).encode()
    if mode in ("slow", "slow_cohort"):
        await _wait(slow_ms / 1000, generation)
    tool = None if mode == "refuses" else _tool_name(request)
    content, written = _content(tool, mode, asked)
    input_tokens, output_tokens = estimate_tokens(_billed_text(request)), estimate_tokens(written)
    STATE.record({**summary, "input_tokens": input_tokens, "output_tokens": output_tokens})
    body = {
        "output": {"message": {"role": "assistant", "content": [content]}},
        "stopReason": "tool_use" if tool else "end_turn",
        "usage": {
            "inputTokens": input_tokens,
            "outputTokens": output_tokens,
            "totalTokens": input_tokens + output_tokens,
        },
        "metrics": {"latencyMs": max(1, round((time.monotonic() - started) * 1000))},
    }
    return 200, _headers(), json.dumps(body).encode()


def question(request: Any) -> dict[str, Any] | None:
    """The JSON object in the newest user message; None when there is none, so that upstream answers."""
    messages = request.get("messages") if isinstance(request, dict) else None
    for message in reversed(messages if isinstance(messages, list) else []):
        if not isinstance(message, dict) or message.get("role") != "user":
            continue
        text = _texts(message.get("content"))
        decoder = json.JSONDecoder()
        start = text.find("{")
        while start != -1:
            try:
                value, _ = decoder.raw_decode(text, start)
            except ValueError:
                value = None
            if isinstance(value, dict) and value.keys() >= {"task", "placeholders"}:
                return value
            start = text.find("{", start + 1)
        return None
    return None


async def _wait(seconds: float, generation: int) -> None:
    """Waits without holding a thread; a change of mode ends the wait."""
    deadline = time.monotonic() + seconds
    while STATE.generation == generation and (left := deadline - time.monotonic()) > 0:
        await asyncio.sleep(min(SLOW_TICK, left))


def _headers() -> dict[str, str]:
    return {"Content-Type": "application/json", "x-amzn-requestid": str(uuid.uuid4())}


def _content(tool: str | None, mode: str, asked: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """The answer's block, and what the model wrote for it."""
    if mode == "refuses":
        return {"text": REFUSAL}, REFUSAL
    texts = WRITERS.get(mode, model.write_messages)(asked)
    written = json.dumps(texts, ensure_ascii=False)
    if tool is None:
        return {"text": written}, written
    return {"toolUse": {"toolUseId": f"tooluse_{uuid.uuid4().hex[:22]}", "name": tool, "input": texts}}, written


def _tool_name(request: dict[str, Any]) -> str | None:
    """The tool that the caller forces, else the first one offered, else none."""
    config = request.get("toolConfig") or {}
    forced = ((config.get("toolChoice") or {}).get("tool") or {}).get("name")
    offered = [(tool.get("toolSpec") or {}).get("name") for tool in config.get("tools") or []]
    return forced or next((name for name in offered if name), None)


def _texts(content: Any) -> str:
    return "\n".join(str(part["text"]) for part in content or [] if isinstance(part, dict) and "text" in part)


def _prompt_text(request: dict[str, Any]) -> str:
    messages = [m for m in request.get("messages") or [] if isinstance(m, dict)]
    return "\n".join([_texts(request.get("system")), *(_texts(m.get("content")) for m in messages)]).strip()


def _billed_text(request: dict[str, Any]) -> str:
    """What counts as input: system, messages and, as on AWS, the tools' definitions."""
    tools = request.get("toolConfig")
    return _prompt_text(request) + (json.dumps(tools) if tools else "")
