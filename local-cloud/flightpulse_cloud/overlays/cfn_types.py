"""CloudFormation resource types that MiniStack does not know: recorded, not created.

Upstream today (1.5.33): a template with one of them is refused up front ("Unrecognized resource types"). A recorded
resource has a physical id and the attributes that templates read from it, and does nothing: what depends on its
behaviour is proved by template assertions, not here.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

Attributes = dict[str, str]
AttributesOf = Callable[[str, dict[str, Any], str], Attributes]


def _nothing(_physical_id: str, _props: dict[str, Any], _prefix: str) -> Attributes:
    return {}


def _msk_cluster(physical_id: str, props: dict[str, Any], prefix: str) -> Attributes:
    # prefix is arn:aws:<service>:<region>:<account>; the service part differs per type.
    # A name-based UUID: an update of the stack must not change the ARN that other resources hold.
    name = props.get("ClusterName") or props.get("Name") or physical_id
    return {"Arn": f"{prefix.format(service='kafka')}:cluster/{name}/{uuid.uuid5(uuid.NAMESPACE_URL, name)}-s1"}


def _archive(physical_id: str, props: dict[str, Any], prefix: str) -> Attributes:
    name = props.get("ArchiveName") or physical_id
    return {"Arn": f"{prefix.format(service='events')}:archive/{name}", "ArchiveName": name}


def _alarm(physical_id: str, props: dict[str, Any], prefix: str) -> Attributes:
    return {"Arn": f"{prefix.format(service='cloudwatch')}:alarm:{props.get('AlarmName') or physical_id}"}


def _group_id(physical_id: str, _props: dict[str, Any], _prefix: str) -> Attributes:
    return {"Id": physical_id}


# A type leaves this table when stock MiniStack registers it (tests/test_cfn_types.py says which).
RECORDED_TYPES: dict[str, AttributesOf] = {
    "AWS::MSK::ServerlessCluster": _msk_cluster,
    "AWS::MSK::Cluster": _msk_cluster,
    "AWS::MSK::Configuration": _msk_cluster,
    "AWS::EC2::SecurityGroupIngress": _group_id,
    "AWS::EC2::SecurityGroupEgress": _group_id,
    "AWS::EC2::FlowLog": _group_id,
    "AWS::Events::Archive": _archive,
    "AWS::Events::EventBusPolicy": _nothing,
    "AWS::Logs::QueryDefinition": _nothing,
    "AWS::CloudWatch::CompositeAlarm": _alarm,
    "AWS::WAFv2::WebACLAssociation": _nothing,
    "AWS::XRay::Group": _nothing,
    "AWS::XRay::SamplingRule": _nothing,
}


def apply() -> None:
    """Registers the types; one that upstream has learned meanwhile keeps upstream's handler."""
    from ministack.services.cloudformation import provisioners

    for resource_type, attributes_of in RECORDED_TYPES.items():
        provisioners._RESOURCE_HANDLERS.setdefault(resource_type, _handler(attributes_of))


def _handler(attributes_of: AttributesOf) -> dict[str, Callable[..., Any]]:
    from ministack.core.responses import get_account_id, get_region

    def attributes(physical_id: str, props: dict[str, Any]) -> Attributes:
        prefix = f"arn:aws:{{service}}:{get_region()}:{get_account_id()}"
        return attributes_of(physical_id, props, prefix)

    def create(logical_id: str, props: dict[str, Any], stack: str) -> tuple[str, Attributes]:
        physical_id = f"{stack}-{logical_id}-{uuid.uuid4().hex[:8]}"
        return physical_id, attributes(physical_id, props)

    def update(physical_id: str, _old: dict[str, Any], new: dict[str, Any], *_rest: Any) -> tuple[str, Attributes]:
        return physical_id, attributes(physical_id, new)

    def delete(_physical_id: str, _props: dict[str, Any]) -> None:
        return None

    return {"create": create, "update": update, "delete": delete}
