"""The link between clients and broker is cut: in both directions, or in one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from support.clients.connection import topics_within
from support.clients.readiness import prove_ready
from support.errors import Inconclusive
from support.faults.fault import SystemUnderTest
from support.faults.injection import injection
from support.faults.timeline import FaultTimeline
from support.stack.lifecycle import Component
from support.stack.network import NetworkControl, NetworkLink

PROBE = timedelta(seconds=2)
OVER_THE_LINK = "serves clients over the link again"


def link_of(system: SystemUnderTest) -> NetworkLink:
    """The link that the scenario's clients use. Raises Inconclusive if they use none."""
    if system.link is None:
        raise Inconclusive(
            "The clients do not reach the broker over a link that can be cut.",
            then="begin the scenario with 'Given clients connect through a network that the test "
            "can cut'",
        )
    return system.link


@dataclass(frozen=True)
class NetworkCut:
    """Drops the requests of clients, the responses to them, or both, for `hold`.

    Connections do not survive: they are reset on healing, and data in transit is lost.
    """

    requests: bool
    responses: bool
    hold: timedelta
    patience: timedelta
    needs: ClassVar = NetworkControl
    breaks: ClassVar = Component.BROKER

    @property
    def lasts(self) -> timedelta:
        return self.hold

    @property
    def name(self) -> str:
        both = self.requests and self.responses
        which = "both directions" if both else "requests" if self.requests else "responses"
        return f"network cut ({which}) for {self.hold.total_seconds():g} s"

    def target(self, system: SystemUnderTest) -> NetworkLink:
        return link_of(system)

    @contextmanager
    def injected(self, link: NetworkLink) -> Iterator[FaultTimeline]:
        with injection(
            self.name,
            heal=lambda _: link.restore(),
            works_again=lambda _: prove_ready(link.kafka, self.patience),
            proof=OVER_THE_LINK,
        ) as timeline:
            link.cut(requests=self.requests, responses=self.responses)
            before = link.carried()
            timeline.proven_broken()
            yield timeline
            self._prove_cut(link, timeline)
            timeline.hold(self.hold)
            self._count(link, before, timeline)

    def _prove_cut(self, link: NetworkLink, timeline: FaultTimeline) -> None:
        """The same request gets no answer over the link, and one from the direct address."""
        if topics_within(link.kafka, PROBE) is not None:
            raise Inconclusive("The network was cut, and a client got an answer over it.")
        if topics_within(link.direct, PROBE) is None:
            raise Inconclusive("The broker does not answer at its direct address either.")
        timeline.proofs.append(
            f"no answer over the link in {PROBE.total_seconds():g} s, an answer at the direct "
            "address"
        )

    def _count(self, link: NetworkLink, before: tuple[int, int], timeline: FaultTimeline) -> None:
        requests, responses = (now - then for now, then in zip(link.carried(), before, strict=True))
        if (self.requests and requests) or (self.responses and responses):
            raise Inconclusive(
                "Data passed a link that was cut.",
                seen=f"{requests} bytes of requests, {responses} bytes of responses",
            )
        timeline.proofs.append(
            f"{requests} bytes of requests and {responses} bytes of responses passed the link"
        )
