"""The network between clients and broker is slow: everything arrives later, in both directions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from support.clients.readiness import prove_ready
from support.clients.round_trip import shortest_round_trip_s
from support.errors import Inconclusive
from support.faults.fault import SystemUnderTest
from support.faults.injection import injection
from support.faults.network_cut import link_of
from support.faults.timeline import FaultTimeline
from support.stack.network import Latency, NetworkControl, NetworkLink
from support.waiting import wait_until

PROBE = timedelta(seconds=10)


@dataclass(frozen=True)
class NetworkLatency:
    """Every connection over the link has this latency for `hold`; connections survive.

    The proof is the round trip of a small request, which must take at least twice the lowest
    latency. `patience`: the time after the heal in which a round trip must be shorter again, and
    clients must be served.
    """

    latency: Latency
    hold: timedelta
    patience: timedelta
    needs: ClassVar = NetworkControl
    breaks: ClassVar = None

    def __post_init__(self) -> None:
        if self.latency.least <= timedelta():
            raise ValueError("the jitter must be smaller than the latency, to prove the fault")

    @property
    def lasts(self) -> timedelta:
        return self.hold

    @property
    def name(self) -> str:
        mean, jitter = _ms(self.latency.mean), _ms(self.latency.jitter)
        seconds = self.hold.total_seconds()
        return f"network latency of {mean} +/- {jitter} in each direction for {seconds:g} s"

    def target(self, system: SystemUnderTest) -> NetworkLink:
        return link_of(system)

    @contextmanager
    def injected(self, link: NetworkLink) -> Iterator[FaultTimeline]:
        before = self._round_trip(link)
        if before >= self._least:
            raise Inconclusive(
                "The network was as slow before it was slowed.",
                seen=f"a round trip of {_ms(before)}",
                wanted=f"less than {_ms(self._least)}",
            )
        with injection(
            self.name,
            heal=lambda _: link.delay(None),
            works_again=lambda _: self._await_quick(link),
            proof=f"a round trip takes less than {_ms(self._least)} again, and clients are served",
        ) as timeline:
            link.delay(self.latency)
            self._prove_slow(link, timeline, f"a round trip took {_ms(before)} before")
            timeline.proven_broken()
            yield timeline
            timeline.hold(self.hold)
            self._prove_slow(link, timeline, "at the end")

    @property
    def _least(self) -> timedelta:
        """The shortest possible round trip with this latency."""
        return 2 * self.latency.least

    def _prove_slow(self, link: NetworkLink, timeline: FaultTimeline, when: str) -> None:
        meanwhile = self._round_trip(link)
        if meanwhile < self._least:
            raise Inconclusive(
                "The network was slowed, and a round trip is too short for that.",
                seen=_ms(meanwhile),
                wanted=f"at least {_ms(self._least)}",
            )
        timeline.proofs.append(f"{when}, {_ms(meanwhile)} with the latency")

    def _await_quick(self, link: NetworkLink) -> None:
        """Waits until round trips are short again. Raises NotInTime, and as prove_ready()."""
        wait_until(
            lambda: self._round_trip(link),
            lambda seen: seen < self._least,
            self.patience,
            f"a round trip of less than {_ms(self._least)}",
            tolerate=(Inconclusive,),
        )
        prove_ready(link.kafka, self.patience)

    def _round_trip(self, link: NetworkLink) -> timedelta:
        return timedelta(seconds=shortest_round_trip_s(link.kafka, PROBE))


def _ms(duration: timedelta) -> str:
    return f"{duration.total_seconds() * 1000:.3g} ms"
