"""Who may do what on the brokers: the access control lists, as docs/attach.md has them.

`SUITE` is what docs/attach.md asks for, and no more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from confluent_kafka.admin import (
    AclBinding,
    AclBindingFilter,
    AclOperation,
    AclPermissionType,
    AdminClient,
    ResourcePatternType,
    ResourceType,
)

LITERAL, PREFIXED = ResourcePatternType.LITERAL, ResourcePatternType.PREFIXED
TOPIC, GROUP, CLUSTER = ResourceType.TOPIC, ResourceType.GROUP, ResourceType.BROKER
CREATE, DELETE, DESCRIBE = AclOperation.CREATE, AclOperation.DELETE, AclOperation.DESCRIBE
READ, WRITE = AclOperation.READ, AclOperation.WRITE
DESCRIBE_CONFIGS, ALTER_CONFIGS = AclOperation.DESCRIBE_CONFIGS, AclOperation.ALTER_CONFIGS
CLUSTER_NAME = "kafka-cluster"
"""The only name of a cluster resource."""
PATIENCE_S = 20


@dataclass(frozen=True)
class Rule:
    """Operations that are allowed on a resource, or on every resource with a prefix."""

    resource: ResourceType
    name: str
    pattern: ResourcePatternType
    operations: tuple[AclOperation, ...]

    def bindings(
        self, principal: str, permission: AclPermissionType = AclPermissionType.ALLOW
    ) -> Iterator[AclBinding]:
        who = f"User:{principal}"
        for each in self.operations:
            yield AclBinding(self.resource, self.name, self.pattern, who, "*", each, permission)


OWN_TOPIC = (CREATE, DELETE, DESCRIBE, DESCRIBE_CONFIGS, ALTER_CONFIGS, READ, WRITE)
HEARTBEAT = "__debezium-heartbeat."

SUITE = (
    Rule(CLUSTER, CLUSTER_NAME, LITERAL, (DESCRIBE, DESCRIBE_CONFIGS)),
    Rule(TOPIC, "kafka-validation-", PREFIXED, OWN_TOPIC),
    Rule(TOPIC, f"{HEARTBEAT}kafka-validation-", PREFIXED, (CREATE, DELETE, DESCRIBE)),
    Rule(GROUP, "kafka-validation-", PREFIXED, (READ, DESCRIBE, DELETE)),
    Rule(TOPIC, "prod.", PREFIXED, (DESCRIBE, DESCRIBE_CONFIGS, READ)),
    Rule(TOPIC, "__consumer_offsets", LITERAL, (DESCRIBE,)),
    Rule(TOPIC, "__transaction_state", LITERAL, (DESCRIBE,)),
)
"""The suite's principal."""

CONNECT_FOR_SUITE = (
    Rule(TOPIC, "kafka-validation-", PREFIXED, (DESCRIBE, WRITE)),
    Rule(TOPIC, f"{HEARTBEAT}kafka-validation-", PREFIXED, (DESCRIBE, WRITE)),
)
"""Kafka Connect's principal: the suite's own connector writes to the suite's topics."""

CONNECT = (
    Rule(GROUP, "prod-connect", LITERAL, (READ,)),
    Rule(TOPIC, "prod-connect-", PREFIXED, (CREATE, DESCRIBE, DESCRIBE_CONFIGS, READ, WRITE)),
    Rule(TOPIC, "prod.", PREFIXED, (CREATE, DESCRIBE, WRITE)),
    Rule(TOPIC, f"{HEARTBEAT}prod", PREFIXED, (CREATE, DESCRIBE, WRITE)),
    *CONNECT_FOR_SUITE,
)
"""Kafka Connect's principal, with what the team's connector needs."""

BILLING = (
    Rule(GROUP, "billing", LITERAL, (READ,)),
    Rule(TOPIC, "prod.", PREFIXED, (READ,)),
)
"""A consumer of the team."""


def allow(admin: AdminClient, principal: str, rules: Iterable[Rule]) -> None:
    """Creates the access control lists of a principal."""
    bindings = [binding for rule in rules for binding in rule.bindings(principal)]
    for created in admin.create_acls(bindings, request_timeout=PATIENCE_S).values():
        created.result(PATIENCE_S)


@contextmanager
def denied(admin: AdminClient, principal: str, rule: Rule) -> Iterator[None]:
    """Denies what a rule allows, and removes the denial on leaving the `with`."""
    bindings = list(rule.bindings(principal, AclPermissionType.DENY))
    for created in admin.create_acls(bindings, request_timeout=PATIENCE_S).values():
        created.result(PATIENCE_S)
    try:
        yield
    finally:
        filters = [_only(each) for each in bindings]
        for removed in admin.delete_acls(filters, request_timeout=PATIENCE_S).values():
            removed.result(PATIENCE_S)


def _only(each: AclBinding) -> AclBindingFilter:
    return AclBindingFilter(
        each.restype,
        each.name,
        each.resource_pattern_type,
        each.principal,
        each.host,
        each.operation,
        each.permission_type,
    )
