"""Capabilities that a stack of others lacks, and the settings that change that."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from support.stack.capabilities import (
    BrokerLife,
    ConnectControl,
    DatabaseControl,
    JmxAccess,
    Lack,
    LogSource,
    ProcessControl,
    ResourceUsage,
)
from support.stack.isolated import IsolatedBrokers, IsolatedWorkers
from support.stack.isolated_stack import IsolatedStacks
from support.stack.network import NetworkControl, NetworkMembership

UNKNOWN, FORBIDDEN = "no container is named", "breaking containers is not permitted"
NAMED = "-D kafka_container=NAME"
PERMITTED = "-D allow_destructive=yes"
MEASURED = "-D kafka_container=NAME or -D kafka_metrics=URL"
NOT_MEASURED = "the broker's container is not named, and no endpoint of its metrics is given"
MEASURABLE = f"next: {MEASURED}"
STARTS_NOTHING = Lack("the suite starts nothing on a stack that others run")

LACKS: Mapping[type[Any], Lack] = {
    ProcessControl: Lack(FORBIDDEN, f"{NAMED} {PERMITTED}"),
    NetworkMembership: Lack(FORBIDDEN, f"{NAMED} {PERMITTED}"),
    ConnectControl: Lack(FORBIDDEN, f"-D connect_container=NAME {PERMITTED}"),
    DatabaseControl: Lack(FORBIDDEN, f"-D postgres_container=NAME {PERMITTED}"),
    BrokerLife: Lack(UNKNOWN, NAMED),
    ResourceUsage: Lack(NOT_MEASURED, MEASURED),
    LogSource: Lack(UNKNOWN, NAMED),
    NetworkControl: Lack("the broker would have to advertise the address of the link"),
    IsolatedBrokers: STARTS_NOTHING,
    IsolatedWorkers: STARTS_NOTHING,
    IsolatedStacks: STARTS_NOTHING,
    JmxAccess: Lack("the suite does not configure the broker's JVM", "-D kafka_metrics=URL"),
}
