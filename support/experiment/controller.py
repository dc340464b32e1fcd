"""Sends a load while the KRaft controller is not available, on an isolated stack."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from support import clock
from support.clients.administration import Administration
from support.experiment import faulted_load
from support.experiment.experiment import Experiment
from support.experiment.load import Load
from support.faults.controller_loss import ControllerLoss
from support.faults.timeline import FaultTimeline
from support.promises.edge import CONTROLLER_EFFECT, CONTROLLER_RECOVERY_TIME, DECIDES_AGAIN
from support.record.controller import CONTROLLER, Asked, ControllerRecord
from support.record.notes import NOTES
from support.stack.isolated import IsolatedShape
from support.stack.isolated_stack import IsolatedStack

ASK_FOR = timedelta(seconds=3)
REMEDY = (
    "Remedy: alert on kafka.controller ActiveControllerCount other than 1; do not restart a broker "
    "without a controller, because it serves until it is restarted; create topics beforehand.",
)
REQUESTS: dict[str, Callable[[Administration, str, int], str]] = {
    "create a topic": lambda client, topic, n: client.create_topic(f"{topic}-{n}", ASK_FOR),
    "add partitions": lambda client, topic, n: client.set_partitions(topic, 6 + 3 * n, ASK_FOR),
    "change a topic's setting": lambda client, topic, n: client.set_config(
        topic, "file.delete.delay.ms", str(60_000 + n), ASK_FOR
    ),
}
"""Requests that only the controller can carry out. The number makes each repetition different.

Each has a client that is used once: a request without an answer may still be carried out later."""


class ControllerOutage:
    """Sends a load while the controller is not available, and asks for its decisions."""

    def __init__(self, experiment: Experiment, *, split: bool) -> None:
        """Starts an isolated stack, with `split` with a separate process for the controller.

        Raises Unavailable where this target can't provide it.
        """
        self._isolated: IsolatedStack = experiment.use_isolated_stack(IsolatedShape(split=split))
        self.load = Load(experiment)
        self._experiment, self._split = experiment, split
        self._probed = experiment.create_topic("probed")
        self._administrations = iter(
            [Administration(self.load.kafka) for _ in range(2 * len(REQUESTS))]
        )
        self._asked: tuple[Asked, ...] = ()
        self._committed = 0

    def run_through(self, count: int, fault: ControllerLoss, at_record: int) -> None:
        """Sends `count` (scaled) records; the controller fails when `at_record` are sent."""
        load, served = self.load, self._split and not fault.and_broker
        calm, rest = faulted_load.segments_around(load, count, fault, at_record)

        def meanwhile(timeline: FaultTimeline) -> None:
            if fault.and_broker:
                self._crash_broker(timeline)
            if self._split:
                self._ask_during_outage(served)

        timeline = faulted_load.send_through(load, (calm, rest), calm.count, fault, meanwhile)
        # A broker that serves clients during the outage has no recovery to judge.
        faulted_load.settle(load, timeline, judges_recovery=not served)
        asked = ControllerRecord(self._asked, self._ask(2), self._committed)
        self._experiment.record.write(CONTROLLER, asked)
        self._experiment.record.write(NOTES, REMEDY)
        effect = (CONTROLLER_EFFECT,) if self._asked else ()
        self._experiment.verdicts.judge(DECIDES_AGAIN, *effect, CONTROLLER_RECOVERY_TIME)

    def _crash_broker(self, timeline: FaultTimeline) -> None:
        broker = self._isolated.broker()
        broker.kill()
        timeline.proven_broken()
        timeline.proofs.append(f"the broker: {broker.seen()} after SIGKILL")
        broker.start()
        timeline.proofs.append(f"the broker, started again: {broker.seen()}")

    def _ask_during_outage(self, served: bool) -> None:
        before = self._committed_by_the_group() if served else 0
        self._asked = self._ask(1)
        if served:
            self._committed = self._committed_by_the_group() - before

    def _ask(self, time: int) -> tuple[Asked, ...]:
        asked = []
        for what, ask in REQUESTS.items():
            began = clock.now_ns()
            error = ask(next(self._administrations), self._probed, time)
            asked.append(Asked(what, error, (clock.now_ns() - began) / clock.NS_PER_S))
        return tuple(asked)

    def _committed_by_the_group(self) -> int:
        """Returns the sum of the group's committed offsets."""
        group = self._experiment.group("reader")
        committed = self._experiment.broker.committed(group, self.load.topic)
        return sum(max(0, offset) for offset in committed.values())
