"""Finds what a fault breaks, in the stack or in the network that the clients use."""

from __future__ import annotations

from support.errors import Inconclusive
from support.experiment.load import Load
from support.faults.fault import Fault, SystemUnderTest, Target
from support.stack.capabilities import ClusterMember, needed
from support.stack.network import NetworkControl


def use_link(load: Load) -> None:
    """Makes the load's clients use a network that can be cut. Raises Unavailable without one."""
    load.link = needed(load.experiment.stack, NetworkControl).link()
    load.experiment.cleanup.callback(load.link.close)
    load.kafka = load.link.kafka


def target_of(fault: Fault[Target], load: Load) -> Target:
    """Returns what the fault breaks. Raises Unavailable where this target does not offer it."""
    return fault.target(SystemUnderTest(load.experiment.stack, load.link))


def part_of(load: Load, target: object) -> list[str]:
    """Returns how many partitions of the load's topic the target leads, as a line of evidence.

    The list is empty in a cluster of one broker. Raises Inconclusive if the target leads none.
    """
    client = load.experiment.broker
    brokers = len(client.brokers())
    if brokers == 1:
        return []
    leaders = client.leaders(load.topic)
    if not isinstance(target, ClusterMember) or target.node_id not in leaders.values():
        raise Inconclusive(
            "The broker that would be broken leads no partition of the load.",
            seen=f"partition -> leader: {leaders}",
            then=f"as many partitions as brokers: -D topic.partitions={brokers}",
        )
    led = sum(leader == target.node_id for leader in leaders.values())
    return [f"broker {target.node_id} led {led} of {len(leaders)} partitions of the load"]
