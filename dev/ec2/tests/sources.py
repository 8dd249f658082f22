"""`@source("...")` on a contract test says who says so; test_contract_sources.py insists on it."""

from __future__ import annotations

import pytest

source = pytest.mark.source

ATTACH = "AWS API Reference, AttachNetworkInterface"
CREATE = "AWS API Reference, CreateNetworkInterface"
DELETE = "AWS API Reference, DeleteNetworkInterface"
DESCRIBE = "AWS API Reference, DescribeNetworkInterfaces"
DETACH = "AWS API Reference, DetachNetworkInterface"
ERRORS = "AWS API Reference, Error codes"
EVENTUAL = "EC2 Developer Guide, Eventual consistency"
IDEMPOTENCY = "EC2 Developer Guide, Ensuring idempotency in EC2 API requests"
INTERFACES = "EC2 User Guide, Elastic network interfaces"
LIFECYCLE = "EC2 User Guide, Instance state changes"
MODIFY = "AWS API Reference, ModifyNetworkInterfaceAttribute"
PAGINATION = "AWS API Reference, Pagination"
QUOTAS = "VPC User Guide, Amazon VPC quotas"
REPORTED = "Observed by users; message text as quoted in public issues"
SUBNETS = "VPC User Guide, Subnet CIDR blocks"
TAGS = "EC2 User Guide, Tag restrictions"
TERMINATE = "EC2 User Guide, Terminate EC2 instances"
THROTTLING = "EC2 Developer Guide, Request throttling for the EC2 API"
