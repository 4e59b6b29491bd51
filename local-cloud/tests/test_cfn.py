"""CloudFormation: what MiniStack lacks of it, and what the queues and mappings of our stack need of it."""

from __future__ import annotations

import json
import re
import uuid
from typing import Any

import pytest
from conftest import Cloud, eventually
from flightpulse_cloud.overlays.cfn_types import RECORDED_TYPES


def template(resources: dict[str, Any], **sections: Any) -> str:
    return json.dumps({"AWSTemplateFormatVersion": "2010-09-09", "Resources": resources, **sections})


def deploy(cloud: Cloud, body: str) -> str:
    name = f"t{uuid.uuid4().hex[:12]}"
    cloud.client("cloudformation").create_stack(StackName=name, TemplateBody=body)
    settle(cloud, name, "CREATE_COMPLETE")
    return name


def settle(cloud: Cloud, name: str, wanted: str) -> None:
    cloudformation = cloud.client("cloudformation")

    def status() -> str | None:
        (stack,) = cloudformation.describe_stacks(StackName=name)["Stacks"]
        return None if stack["StackStatus"].endswith("IN_PROGRESS") else stack["StackStatus"]

    assert eventually(status, f"stack {name} settles") == wanted


def every_recorded_type() -> dict[str, Any]:
    return {f"R{index}": {"Type": name} for index, name in enumerate(sorted(RECORDED_TYPES))}


def test_stock_ministack_still_lacks_every_recorded_type(stock: Cloud) -> None:
    with pytest.raises(Exception, match="Unrecognized resource types") as error:
        deploy(stock, template(every_recorded_type()))
    listed = re.search(r"types: \[([^]]*)]", str(error.value))
    assert listed is not None
    # A type that is not listed has been learned upstream: take it out of RECORDED_TYPES.
    assert set(listed[1].split(", ")) == set(RECORDED_TYPES)


def test_recorded_types_deploy_update_and_go(ours: Cloud) -> None:
    cloudformation = ours.client("cloudformation")
    resources = every_recorded_type()
    cluster = {"Type": "AWS::MSK::ServerlessCluster", "Properties": {"ClusterName": "ops"}}
    outputs = {"Arn": {"Value": {"Fn::GetAtt": ["Cluster", "Arn"]}}}
    name = deploy(ours, template({**resources, "Cluster": cluster}, Outputs=outputs))

    def arn() -> str:
        (stack,) = cloudformation.describe_stacks(StackName=name)["Stacks"]
        return str(stack["Outputs"][0]["OutputValue"])

    before = arn()
    assert re.fullmatch(r"arn:aws:kafka:us-east-1:000000000000:cluster/ops/[0-9a-f-]{36}-s1", before)
    tagged = {**cluster, "Properties": {"ClusterName": "ops", "Tags": {"a": "b"}}}
    cloudformation.update_stack(
        StackName=name, TemplateBody=template({**resources, "Cluster": tagged}, Outputs=outputs)
    )
    settle(ours, name, "UPDATE_COMPLETE")
    assert arn() == before
    cloudformation.delete_stack(StackName=name)

    def gone() -> bool:
        stacks = cloudformation.list_stacks(StackStatusFilter=["DELETE_COMPLETE"])["StackSummaries"]
        return any(stack["StackName"] == name for stack in stacks)

    eventually(gone, "the stack is deleted")


def test_queue_urls_are_of_the_endpoint(ours: Cloud) -> None:
    outputs = {"Url": {"Value": {"Ref": "Queue"}}}
    name = deploy(ours, template({"Queue": {"Type": "AWS::SQS::Queue"}}, Outputs=outputs))
    (stack,) = ours.client("cloudformation").describe_stacks(StackName=name)["Stacks"]
    assert stack["Outputs"][0]["OutputValue"].startswith(f"{ours.settings.endpoint}/")


PSEUDO = {"AWS::Region": "us-east-1", "AWS::AccountId": "000000000000", "AWS::Partition": "aws"}


def resources_of_conditions(cloud: Cloud) -> set[str]:
    conditions = {f"C{i}": {"Fn::Equals": [{"Ref": name}, value]} for i, (name, value) in enumerate(PSEUDO.items())}
    handle = "AWS::CloudFormation::WaitConditionHandle"
    resources = {f"R{i}": {"Type": handle, "Condition": f"C{i}"} for i in range(len(PSEUDO))}
    name = deploy(cloud, template({**resources, "Always": {"Type": handle}}, Conditions=conditions))
    listed = cloud.client("cloudformation").list_stack_resources(StackName=name)["StackResourceSummaries"]
    return {resource["LogicalResourceId"] for resource in listed}


def test_stock_ministack_still_leaves_resources_out(stock: Cloud) -> None:
    assert resources_of_conditions(stock) == {"Always"}


def test_conditions_see_pseudo_parameters(ours: Cloud) -> None:
    assert resources_of_conditions(ours) == {"Always", "R0", "R1", "R2"}


def on_math() -> dict[str, Any]:
    part = {"Metric": {"Namespace": "FlightPulse", "MetricName": "failed"}, "Period": 300, "Stat": "Sum"}
    return {
        "Metrics": [
            {"Id": "percent", "Expression": "100 * failed", "ReturnData": True},
            {"Id": "failed", "MetricStat": part, "ReturnData": False},
        ],
        "ComparisonOperator": "GreaterThanThreshold",
        "EvaluationPeriods": 1,
        "Threshold": 5,
    }


def alarm(properties: dict[str, Any]) -> str:
    outputs = {"Arn": {"Value": {"Fn::GetAtt": ["Alarm", "Arn"]}}}
    return template({"Alarm": {"Type": "AWS::CloudWatch::Alarm", "Properties": properties}}, Outputs=outputs)


def test_stock_ministack_still_refuses_an_alarm_on_metric_math(stock: Cloud) -> None:
    name = f"t{uuid.uuid4().hex[:12]}"
    stock.client("cloudformation").create_stack(StackName=name, TemplateBody=alarm(on_math()))
    settle(stock, name, "ROLLBACK_COMPLETE")


def test_an_alarm_on_metric_math_is_recorded_and_may_change(ours: Cloud) -> None:
    cloudformation = ours.client("cloudformation")
    name = deploy(ours, alarm(on_math()))
    (stack,) = cloudformation.describe_stacks(StackName=name)["Stacks"]
    assert stack["Outputs"][0]["OutputValue"].startswith("arn:aws:cloudwatch:us-east-1:000000000000:alarm:")
    cloudformation.update_stack(StackName=name, TemplateBody=alarm({**on_math(), "Threshold": 6}))
    settle(ours, name, "UPDATE_COMPLETE")


def generated(cloud: Cloud, **choices: Any) -> str:
    secret = {"Type": "AWS::SecretsManager::Secret", "Properties": {"GenerateSecretString": choices}}
    name = deploy(cloud, template({"Secret": secret}, Outputs={"Id": {"Value": {"Ref": "Secret"}}}))
    (stack,) = cloud.client("cloudformation").describe_stacks(StackName=name)["Stacks"]
    value = cloud.client("secretsmanager").get_secret_value(SecretId=stack["Outputs"][0]["OutputValue"])
    return str(value["SecretString"])


# 500 of 94 characters, of which 32 are punctuation.
LONG = {"PasswordLength": 500, "ExcludePunctuation": True}


def test_stock_ministack_still_makes_secrets_of_punctuation(stock: Cloud) -> None:
    assert not generated(stock, **LONG).isalnum()


def test_a_secret_is_made_of_what_the_template_says(ours: Cloud) -> None:
    assert re.fullmatch(r"[A-Za-z0-9]{500}", generated(ours, **LONG))
    assert set(generated(ours, PasswordLength=500)) & set("!#/")
    within = json.loads(generated(ours, **LONG, SecretStringTemplate='{"a": "b"}', GenerateStringKey="key"))
    assert within["a"] == "b"
    assert re.fullmatch(r"[A-Za-z0-9]{500}", within["key"])


def test_a_queue_has_its_dead_letter_queue_and_its_mapping(ours: Cloud) -> None:
    of_letters = {"Fn::GetAtt": ["Letters", "Arn"]}
    queue = {
        "VisibilityTimeout": 360,
        "RedrivePolicy": {"deadLetterTargetArn": of_letters, "maxReceiveCount": 10},
    }
    mapping = {
        "EventSourceArn": {"Fn::GetAtt": ["Queue", "Arn"]},
        "FunctionName": "nobody",
        "BatchSize": 10,
        "FunctionResponseTypes": ["ReportBatchItemFailures"],
        "ScalingConfig": {"MaximumConcurrency": 20},
    }
    resources = {
        "Letters": {"Type": "AWS::SQS::Queue"},
        "Queue": {"Type": "AWS::SQS::Queue", "Properties": queue},
        "Mapping": {"Type": "AWS::Lambda::EventSourceMapping", "Properties": mapping},
    }
    outputs = {
        "Url": {"Value": {"Ref": "Queue"}},
        "Letters": {"Value": of_letters},
        "Id": {"Value": {"Ref": "Mapping"}},
    }
    name = deploy(ours, template(resources, Outputs=outputs))
    (stack,) = ours.client("cloudformation").describe_stacks(StackName=name)["Stacks"]
    found = {one["OutputKey"]: one["OutputValue"] for one in stack["Outputs"]}
    attributes = ours.client("sqs").get_queue_attributes(QueueUrl=found["Url"], AttributeNames=["All"])["Attributes"]
    assert attributes["VisibilityTimeout"] == "360"
    assert json.loads(attributes["RedrivePolicy"]) == {"deadLetterTargetArn": found["Letters"], "maxReceiveCount": 10}
    made = ours.client("lambda").get_event_source_mapping(UUID=found["Id"])
    assert made["ScalingConfig"] == {"MaximumConcurrency": 20}
    assert made["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
