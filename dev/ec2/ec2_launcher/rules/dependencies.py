"""Subnets and security groups cannot go while an ENI refers to them.

Source: Amazon EC2 API Reference, "Error codes", DependencyViolation; DeleteSubnet; DeleteSecurityGroup.
"""

from __future__ import annotations

from typing import Any

from moto.ec2.models.security_groups import SecurityGroupBackend
from moto.ec2.models.subnets import SubnetBackend

from ..errors import refuse
from ..patching import extends


@extends(SubnetBackend, "delete_subnet")
def delete_subnet(original: Any, self: Any, subnet_id: str) -> Any:
    if any(eni.subnet.id == subnet_id for eni in self.enis.values()):
        raise refuse("DependencyViolation", f"The subnet '{subnet_id}' has dependencies and cannot be deleted.")
    return original(self, subnet_id)


@extends(SecurityGroupBackend, "delete_security_group")
def delete_security_group(original: Any, self: Any, name: str | None = None, group_id: str | None = None) -> Any:
    if any(group.id == group_id for eni in self.enis.values() for group in eni._group_set):
        raise refuse("DependencyViolation", f"resource {group_id} has a dependent object")
    return original(self, name=name, group_id=group_id)
