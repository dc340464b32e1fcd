"""Which target has which capability, as a table: `python -m support.stack capabilities`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from support.stack.attached.stack import AttachedStack
from support.stack.attached.watched import BreakableStack
from support.stack.capabilities import (
    BrokerLife,
    ConnectControl,
    DatabaseControl,
    JmxAccess,
    KafkaTools,
    Lack,
    LogSource,
    ProcessControl,
    ResourceUsage,
    UserInterface,
    in_words,
)
from support.stack.compose.stack import ComposeStack
from support.stack.embedded.stack import EmbeddedStack
from support.stack.isolated import IsolatedBrokers, IsolatedWorkers
from support.stack.isolated_stack import IsolatedStacks
from support.stack.network import NetworkControl, NetworkMembership

CAPABILITIES: tuple[type[Any], ...] = (
    ProcessControl,
    NetworkControl,
    NetworkMembership,
    ConnectControl,
    DatabaseControl,
    IsolatedBrokers,
    IsolatedWorkers,
    IsolatedStacks,
    BrokerLife,
    ResourceUsage,
    LogSource,
    JmxAccess,
    KafkaTools,
    UserInterface,
)


@dataclass(frozen=True)
class Target:
    """A target: its stack with the fewest settings, and with all that add a capability."""

    name: str
    least: type[Any]
    most: type[Any]

    def lack(self, capability: type[Any]) -> Lack | None:
        """Why the target may lack a capability; None if it always has it."""
        if issubclass(self.least, capability):
            return None
        lacks: dict[type[Any], Lack] = self.least.lacks
        return lacks[capability]

    def cell(self, capability: type[Any]) -> str:
        """The text of a cell: `yes`, the settings that are required, or `no` with the reason."""
        lack = self.lack(capability)
        if lack is None:
            return "yes"
        if issubclass(self.most, capability):
            return f"with `{lack.then}`"
        return f"no: {lack.cause}"


TARGETS = (
    Target("embedded", EmbeddedStack, EmbeddedStack),
    Target("compose", ComposeStack, ComposeStack),
    Target("attach", AttachedStack, BreakableStack),
)


def capability_table() -> str:
    """The table in Markdown: a row for each capability, a column for each target."""
    names = [f"`{target.name}`" for target in TARGETS]
    lines = [_line(["", *names]), _line(["---"] * (1 + len(names)))]
    for capability in CAPABILITIES:
        words = in_words(capability)
        cells = [target.cell(capability) for target in TARGETS]
        lines.append(_line([words, *cells]))
    return "\n".join(lines) + "\n"


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
