"""What EC2 does and bare moto does not. Importing this package installs every rule (see ../patching.py)."""

from . import (  # noqa: F401
    addresses,
    attach,
    create,
    delete,
    dependencies,
    describe,
    describe_instances,
    detach,
    launch,
    lifecycle,
    lists,
    model,
    modify,
    speed,
    tags,
)
