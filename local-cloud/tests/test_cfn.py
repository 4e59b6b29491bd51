"""CloudFormation: the types that MiniStack lacks, and pseudo parameters in conditions."""

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
