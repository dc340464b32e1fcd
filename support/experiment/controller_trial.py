"""A load while the KRaft controller is away, on a stack beside the one under test."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from support import clock
from support.checks.controller import (
    Asked,
    controller_effect,
    decides_again,
    decisions_again,
    served_meanwhile,
)
from support.clients.administration import Administration
from support.errors import Inconclusive
from support.experiment.delivery_trial import DeliveryTrial
from support.experiment.experiment import Trial
from support.faults.timeline import FaultTimeline
from support.record.history import History
from support.stack.isolated import IsolatedShape

ASK_FOR = timedelta(seconds=3)
NOTES = (
    "Remedy: alert on kafka.controller ActiveControllerCount other than 1; do not restart a broker "
    "while its controller is away, because it serves until then; create topics beforehand.",
)
REQUESTS: dict[str, Callable[[Administration, str, int], str]] = {
    "create a topic": lambda client, topic, n: client.create_topic(f"{topic}-{n}", ASK_FOR),
    "add partitions": lambda client, topic, n: client.set_partitions(topic, 6 + 3 * n, ASK_FOR),
    "change a topic's setting": lambda client, topic, n: client.set_config(
        topic, "file.delete.delay.ms", str(60_000 + n), ASK_FOR
    ),
}
"""What only the controller decides, each asked by a client of its own, for the n-th time: what was
not answered may be done later all the same."""


class ControllerTrial(DeliveryTrial):
    """Sends a load while the controller is away."""

    def __init__(self, trial: Trial, *, split: bool) -> None:
        """`split`: the controller is a process of its own; raises Unavailable without."""
        self._aside = trial.use_isolated_stack(IsolatedShape(split=split))
        super().__init__(trial)
        self._split, self._served = split, False
        self._probed = trial.create_topic("probed")
        self._administrations = iter(
            [Administration(self._bootstrap) for _ in range(2 * len(REQUESTS))]
        )
        self._asked: list[Asked] = []
        self._committed = 0

    def judge_served_meanwhile(self) -> None:
        """Whether clients of existing topics and groups noticed nothing."""
        outage = self._broken().outages[-1]
        self._trial.judge(served_meanwhile(self._settled(), outage, self._committed))

    def settle(self) -> None:
        super().settle()
        fault = self._broken()
        self._trial.judge(decides_again(self._ask(2)))
        self._trial.facts["notes"] = NOTES
        if self._asked:
            self._trial.judge(controller_effect(self._asked))
        self._trial.judge(decisions_again(fault.heal_began_ns, fault.healed_ns, fault.heal_trouble))

    # -- a load through a fault ----------------------------------------------------------

    def _meanwhile(self, fault: Any, timeline: FaultTimeline) -> None:
        """Ask for what only the controller can decide; before that the broker may crash too."""
        self._served = self._split and not fault.and_broker
        if fault.and_broker:
            broker = self._aside.broker()
            broker.kill()
            timeline.proven_broken()
            timeline.proofs.append(f"the broker: {broker.seen()} after SIGKILL")
            broker.start()
            timeline.proofs.append(f"the broker, started again: {broker.seen()}")
        elif not self._split:
            # There is nobody to ask.
            return
        before = self._committed_by_the_group() if self._served else 0
        self._asked = self._ask(1)
        if self._served:
            self._committed = self._committed_by_the_group() - before

    def _ask(self, time: int) -> list[Asked]:
        asked = []
        for what, ask in REQUESTS.items():
            began = clock.now_ns()
            error = ask(next(self._administrations), self._probed, time)
            asked.append(Asked(what, error, (clock.now_ns() - began) / clock.NS_PER_S))
        return asked

    def _committed_by_the_group(self) -> int:
        """Sum of its committed offsets, by the broker's word."""
        committed = self._trial.broker.committed(self._trial.group("reader"), self._topic)
        return sum(max(0, offset) for offset in committed.values())

    def _judge_recovery(self, history: History, fault: FaultTimeline, ended_ns: int) -> None:
        """Where the broker goes on to serve there is nothing to recover from."""
        if not self._served:
            super()._judge_recovery(history, fault, ended_ns)

    def _broken(self) -> FaultTimeline:
        if self._fault is None:
            raise Inconclusive("The controller was never away.")
        return self._fault
