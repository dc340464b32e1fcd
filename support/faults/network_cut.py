"""The network between clients and broker is cut: in both directions, or in one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from confluent_kafka import KafkaException

from support import clock
from support.clients.connection import topics_within
from support.clients.readiness import prove_ready
from support.errors import Explained, Inconclusive
from support.faults.healing import healed
from support.faults.timeline import FaultTimeline
from support.stack.network import NetworkLink

PROBE = timedelta(seconds=2)


@dataclass(frozen=True)
class NetworkCut:
    """What clients send (`requests`) or what they are answered (`responses`) vanishes for `hold`.

    Connections do not survive it: on healing they are reset, so what was under way is lost.
    """

    requests: bool
    responses: bool
    hold: timedelta
    patience: timedelta

    @property
    def lasts(self) -> timedelta:
        return self.hold

    @property
    def name(self) -> str:
        both = self.requests and self.responses
        which = "both directions" if both else "requests" if self.requests else "responses"
        return f"network cut ({which}) for {self.hold.total_seconds():g} s"

    @contextmanager
    def injected(self, link: NetworkLink) -> Iterator[FaultTimeline]:
        """Cut inside the `with`, for `hold` at least; restored on leaving it, however left."""
        timeline = FaultTimeline(self.name, injected_ns=clock.now_ns())

        def heal() -> None:
            timeline.heal_begins()
            link.restore()

        def prove() -> None:
            timeline.prove_healed(
                lambda: prove_ready(link.bootstrap, self.patience),
                "serves clients over the link again",
                (Explained, KafkaException),
            )

        with healed(heal, prove):
            link.cut(requests=self.requests, responses=self.responses)
            before = link.carried()
            timeline.proven_broken()
            yield timeline
            self._prove_cut(link, timeline)
            timeline.hold(self.hold)
            self._count(link, before, timeline)

    def _prove_cut(self, link: NetworkLink, timeline: FaultTimeline) -> None:
        """The same request gets no answer over the link, and one beside it."""
        if topics_within(link.bootstrap, PROBE) is not None:
            raise Inconclusive("The network was cut, and a client got through.")
        if topics_within(link.direct, PROBE) is None:
            raise Inconclusive("The broker does not answer beside the link either.")
        timeline.proofs.append(
            f"no answer over the link in {PROBE.total_seconds():g} s, an answer beside it"
        )

    def _count(self, link: NetworkLink, before: tuple[int, int], timeline: FaultTimeline) -> None:
        requests, responses = (now - then for now, then in zip(link.carried(), before, strict=True))
        if (self.requests and requests) or (self.responses and responses):
            raise Inconclusive(f"{requests} and {responses} bytes went over a link that was cut.")
        timeline.proofs.append(f"{requests} bytes of requests, {responses} of responses went over")
