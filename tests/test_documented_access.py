"""The table of permissions in docs/attach.md is what the secured stack of tests/secured allows."""

from __future__ import annotations

from collections.abc import Iterable

from support.settings import ROOT
from tests.secured.access import CLUSTER, CONNECT_FOR_SUITE, PREFIXED, SUITE, TOPIC, Rule

DOCUMENT = (ROOT / "docs" / "attach.md").read_text()
TEAMS = "prod."
"""The prefix of the topics of the secured stack's team."""
NAMES = {"READ": "Read", "DESCRIBE_CONFIGS": "DescribeConfigs", "ALTER_CONFIGS": "AlterConfigs"}


def row(who: str, rule: Rule) -> str:
    """A row of the table."""
    kind = "topic" if rule.resource is TOPIC else "group"
    what = f"{kind}s with the prefix `{rule.name}`"
    if rule.resource is CLUSTER:
        what = "the cluster"
    elif rule.name == TEAMS:
        what = "the topics of your connectors"
    elif rule.pattern is not PREFIXED:
        what = f"the {kind} `{rule.name}`"
    names = (NAMES.get(each.name, each.name.capitalize()) for each in rule.operations)
    return f"| {who} | {what} | {', '.join(names)} |"


def rows(who: str, rules: Iterable[Rule]) -> list[str]:
    return [row(who, rule) for rule in rules]


def test_the_permissions_of_both_principals_are_documented() -> None:
    wanted = rows("`client_config`", SUITE) + rows("Kafka Connect", CONNECT_FOR_SUITE)
    begin = DOCUMENT.index("| principal of | on | operations |")
    table = DOCUMENT[begin:].split("\n\n", 1)[0].splitlines()[2:]
    assert table == wanted
