"""The local model behind Converse, asked by a real AWS SDK."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest
from conftest import Cloud, eventually
from test_model import request

MODEL = "us.anthropic.claude-haiku-4-5-20251001-v1:0"
TOOL = {"toolSpec": {"name": "write_messages", "description": "d", "inputSchema": {"json": {"type": "object"}}}}
FORCED = {"tools": [TOOL], "toolChoice": {"tool": {"name": "write_messages"}}}


def converse(cloud: Cloud, text: str | None = None, tools: bool = True) -> dict[str, Any]:
    asked = json.dumps(request()) if text is None else text
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
    answer = converse(ours, f"Write {{texts}} for these facts:\n{json.dumps(request('de'))}\nThank you.")
    assert "90 Minuten" in tool_input(answer)["sms"]


def test_without_a_tool_the_texts_come_as_json_text(ours: Cloud) -> None:
    answer = converse(ours, tools=False)
    assert "3:40 PM" in json.loads(answer["output"]["message"]["content"][0]["text"])["sms"]
    assert answer["stopReason"] == "end_turn"


def test_other_requests_get_upstreams_answer(ours: Cloud) -> None:
    answer = converse(ours, "What is the capital of Peru?")
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


def test_wrong_fact_and_injection(ours: Cloud) -> None:
    ours.control("bedrock", "PUT", {"mode": "wrong_fact"})
    assert "4:40 PM" in tool_input(converse(ours))["sms"]
    ours.control("bedrock", "PUT", {"mode": "obeys_injection"})
    assert "http://" in tool_input(converse(ours))["email_body"]


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
    assert "3:40 PM" in tool_input(answers[0])["sms"]


def test_a_slow_answer_comes_by_itself(ours: Cloud) -> None:
    ours.control("bedrock", "PUT", {"mode": "slow", "slow_ms": 50})
    answer = converse(ours)
    assert "3:40 PM" in tool_input(answer)["sms"]
    assert answer["metrics"]["latencyMs"] >= 50


@pytest.mark.parametrize(
    "body",
    [{}, {"mode": "loud"}, {"mode": "slow", "slow_ms": -1}, {"mode": "slow", "slow_ms": "9"}, {"mood": "ok"}, []],
)
def test_a_mode_that_is_none_is_refused(ours: Cloud, body: Any) -> None:
    status, answer = ours.control("bedrock", "PUT", body)
    assert status == 400
    assert answer["error"]
    assert ours.control("bedrock")[1]["mode"] == "ok"
