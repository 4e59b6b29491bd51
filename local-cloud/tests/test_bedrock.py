"""The local model behind Converse, asked by a real AWS SDK."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest
from asking import ask
from conftest import Cloud, eventually

MODEL = "us.anthropic.claude-haiku-4-5-20251001-v1:0"
TOOL = {"toolSpec": {"name": "write_messages", "description": "d", "inputSchema": {"json": {"type": "object"}}}}
FORCED = {"tools": [TOOL], "toolChoice": {"tool": {"name": "write_messages"}}}


def converse(cloud: Cloud, text: str | None = None, tools: bool = True) -> dict[str, Any]:
    asked = json.dumps(ask()) if text is None else text
    extra = {"toolConfig": FORCED} if tools else {}
    return cloud.client("bedrock-runtime").converse(
        modelId=MODEL,
        system=[{"text": "You write messages."}],
        messages=[{"role": "user", "content": [{"text": asked}]}],
        inferenceConfig={"maxTokens": 900, "temperature": 0.0},
        **extra,
    )


def tool_input(answer: dict[str, Any]) -> dict[str, str]:
    (block,) = answer["output"]["message"]["content"]
    return block["toolUse"]["input"]


def test_stock_ministack_still_ignores_the_tool(stock: Cloud) -> None:
    answer = converse(stock)
    assert answer["stopReason"] == "end_turn"
    assert "toolUse" not in answer["output"]["message"]["content"][0]


def test_an_answer_has_the_documented_shape(ours: Cloud) -> None:
    answer = converse(ours)
    message = answer["output"]["message"]
    assert message["role"] == "assistant"
    (block,) = message["content"]
    assert block["toolUse"]["name"] == "write_messages"
    assert block["toolUse"]["toolUseId"].startswith("tooluse_")
    assert set(block["toolUse"]["input"]) == {"email_subject", "email_body", "sms"}
    assert answer["stopReason"] == "tool_use"
    usage = answer["usage"]
    assert usage["totalTokens"] == usage["inputTokens"] + usage["outputTokens"]
    assert answer["metrics"]["latencyMs"] >= 1


def test_a_request_may_have_words_around_the_facts(ours: Cloud) -> None:
    answer = converse(ours, f"Write {{texts}} for these facts:\n{json.dumps(ask(language='de'))}\nThank you.")
    assert "verspätet" in tool_input(answer)["sms"]


def test_without_a_tool_the_texts_come_as_json_text(ours: Cloud) -> None:
    answer = converse(ours, tools=False)
    assert "{{departure}}" in json.loads(answer["output"]["message"]["content"][0]["text"])["sms"]
    assert answer["stopReason"] == "end_turn"


@pytest.mark.parametrize(
    "text", ["What is the capital of Peru?", '{"flight": "SW5678", "task": "delay"}', '{"placeholders": []}']
)
def test_other_requests_get_upstreams_answer(ours: Cloud, text: str) -> None:
    answer = converse(ours, text)
    assert "ministack" in answer["output"]["message"]["content"][0]["text"]
    assert ours.control("bedrock")[1]["calls"] == 0


def test_calls_and_tokens_are_counted_and_reset(ours: Cloud) -> None:
    answers = [converse(ours), converse(ours)]
    report = ours.control("bedrock")[1]
    assert report["calls"] == 2
    assert report["input_tokens"] == sum(answer["usage"]["inputTokens"] for answer in answers)
    assert report["output_tokens"] == sum(answer["usage"]["outputTokens"] for answer in answers)
    summary = report["requests"][-1]
    assert summary["asked"]["tier"] == "MEMBER"
    assert summary["model_id"] == MODEL
    assert "You write messages." in summary["prompt"]
    assert ours.control("bedrock", "DELETE")[1]["calls"] == 0


def test_throttled_is_bedrocks_error(ours: Cloud) -> None:
    ours.control("bedrock", "PUT", {"mode": "throttled"})
    with pytest.raises(Exception, match="Too many requests") as error:
        converse(ours)
    assert type(error.value).__name__ == "ThrottlingException"
    response = error.value.response  # type: ignore[attr-defined]
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 429
    report = ours.control("bedrock")[1]
    assert (report["calls"], report["input_tokens"], report["requests"][0]["status"]) == (1, 0, 429)


@pytest.mark.parametrize(
    ("mode", "part", "text"),
    [
        ("wrong_fact", "sms", "4:40 PM"),
        ("obeys_injection", "email_body", "http://"),
        ("injects", "email_body", "hotel room"),
        ("rubbish", "messages", "email"),
    ],
)
def test_a_mode_that_writes_what_it_must_not(ours: Cloud, mode: str, part: str, text: str) -> None:
    ours.control("bedrock", "PUT", {"mode": mode})
    answer = converse(ours)
    assert answer["stopReason"] == "tool_use"
    assert text in str(tool_input(answer)[part])


def test_a_refusal_is_plain_text(ours: Cloud) -> None:
    ours.control("bedrock", "PUT", {"mode": "refuses"})
    answer = converse(ours)
    (block,) = answer["output"]["message"]["content"]
    assert answer["stopReason"] == "end_turn"
    assert list(block) == ["text"]
    assert answer["usage"]["outputTokens"] > 0


COHORT = {"tier": "A-LIST", "language": "es"}
OTHERS = [{"tier": "MEMBER", "language": "es"}, {"tier": "A-LIST", "language": "en"}]


def test_one_cohort_fails_and_the_others_do_not(ours: Cloud) -> None:
    assert ours.control("bedrock", "PUT", {"mode": "failing_cohort", "cohort": COHORT})[1]["cohort"] == COHORT
    with pytest.raises(Exception, match="internal server error") as error:
        converse(ours, json.dumps(ask(**COHORT)))
    assert type(error.value).__name__ == "InternalServerException"
    for other in OTHERS:
        assert converse(ours, json.dumps(ask(**other)))["stopReason"] == "tool_use"
    statuses = [(request["mode"], request["status"]) for request in ours.control("bedrock")[1]["requests"]]
    assert statuses == [("failing_cohort", 500), ("ok", 200), ("ok", 200)]
    assert ours.control("bedrock", "DELETE")[1]["cohort"] is None
    assert converse(ours, json.dumps(ask(**COHORT)))["stopReason"] == "tool_use"


def test_one_cohort_is_slow_and_the_others_are_not(ours: Cloud) -> None:
    ours.control("bedrock", "PUT", {"mode": "slow_cohort", "cohort": COHORT, "slow_ms": 600_000})
    answers: list[dict[str, Any]] = []
    slow = threading.Thread(target=lambda: answers.append(converse(ours, json.dumps(ask(**COHORT)))), daemon=True)
    slow.start()
    for other in OTHERS:
        assert converse(ours, json.dumps(ask(**other)))["metrics"]["latencyMs"] < 600_000
    assert answers == []
    ours.control("bedrock", "PUT", {"mode": "ok"})
    eventually(lambda: answers, "the slow answer came once the mode changed")


def test_a_slow_answer_blocks_nobody_and_ends_with_the_mode(ours: Cloud) -> None:
    ours.control("bedrock", "PUT", {"mode": "slow", "slow_ms": 600_000})
    answers: list[dict[str, Any]] = []
    # More at once than MiniStack has worker threads: waiting must not use them up.
    threads = [threading.Thread(target=lambda: answers.append(converse(ours)), daemon=True) for _ in range(70)]
    for thread in threads:
        thread.start()
    eventually(
        lambda: ours.control("requests")[1]["services"].get("bedrock-runtime", {}).get("Converse") == 70, "asked"
    )
    ours.client("dynamodb").list_tables()
    assert answers == []
    ours.control("bedrock", "PUT", {"mode": "ok"})
    eventually(lambda: len(answers) == 70, "every slow answer came once the mode changed")
    assert "{{departure}}" in tool_input(answers[0])["sms"]


def test_a_slow_answer_comes_by_itself(ours: Cloud) -> None:
    ours.control("bedrock", "PUT", {"mode": "slow", "slow_ms": 50})
    answer = converse(ours)
    assert "{{departure}}" in tool_input(answer)["sms"]
    assert answer["metrics"]["latencyMs"] >= 50


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"mode": "loud"},
        {"mode": "slow", "slow_ms": -1},
        {"mode": "slow", "slow_ms": "9"},
        {"mood": "ok"},
        [],
        {"mode": "slow_cohort"},
        {"mode": "failing_cohort", "cohort": "MEMBER"},
        {"mode": "ok", "cohort": COHORT},
        {"mode": "failing_cohort", "cohort": {"tier": "MEMBER"}},
        {"mode": "failing_cohort", "cohort": {**COHORT, "tier": "GOLD"}},
        {"mode": "failing_cohort", "cohort": {**COHORT, "language": ["en"]}},
    ],
)
def test_a_mode_that_is_none_is_refused(ours: Cloud, body: Any) -> None:
    status, answer = ours.control("bedrock", "PUT", body)
    assert status == 400
    assert answer["error"]
    assert ours.control("bedrock")[1]["mode"] == "ok"
