"""A load through a fault: nothing that was acknowledged may be missing afterwards."""

from __future__ import annotations

from support.checks.configuration import at_least_once_configuration
from support.checks.received import received
from support.checks.recovery import broker_came_back
from support.clock import NS_PER_S
from support.errors import Inconclusive
from support.faults.broker_restart import BrokerRestart, FaultTimeline
from support.load.profile import Segment
from support.stack.ports import ProcessControl
from support.trials.load_trial import LoadTrial
from support.trials.measured import judge_recovery, recovery_facts
from support.trials.trial import Trial

LEAST_RECORDS = 100
"""A scaled load still has enough records to lie before, in and after a fault."""


class DeliveryTrial(LoadTrial):
    """Sends records, breaks something meanwhile, and judges what arrived."""

    def __init__(self, trial: Trial) -> None:
        super().__init__(trial)
        self._fault: FaultTimeline | None = None

    def judge_configuration(self) -> None:
        """Whether the clients' settings can keep the promise at all."""
        baseline = self._trial.stack.baseline
        self._trial.judge(at_least_once_configuration(baseline.producer, baseline.consumer))

    def run_through(
        self, rate_per_s: int, count: int, fault: BrokerRestart, at_record: int
    ) -> None:
        """Send `count` records and let the fault happen when `at_record` of them are sent."""
        stack = self._trial.stack
        if not isinstance(stack, ProcessControl):
            raise Inconclusive("This target's broker can't be restarted by the suite.")
        total = self._trial.scaled(count, LEAST_RECORDS)
        moment = total * at_record // count
        self._start((Segment(rate_per_s, total),), None)
        load = self._running()
        self._await("steady", lambda: load.sent() >= moment, moment / rate_per_s + 60)
        sent = load.sent()
        with self._trial.progress.phase(fault.name), fault.injected(stack.broker()) as timeline:
            timeline.proofs.append(f"told to end after {sent} of {total} records were sent")
        self._fault = timeline
        waited = (timeline.healed_ns - timeline.heal_began_ns) / NS_PER_S
        self._trial.judge(broker_came_back(timeline.heal_trouble, waited))
        self._trial.promise("broker came back")
        self._await("recovery", load.finished, total / rate_per_s + 240)

    def settle(self) -> None:
        """As every load; and how it recovered from the fault."""
        super().settle()
        if self._fault is not None:
            history, start_ns = self._settled(), self._running().news.start_ns
            self._trial.judge(*judge_recovery(history, self._fault))
            self._trial.facts |= recovery_facts(history, self._fault, start_ns)

    def judge_received(self, count: int) -> None:
        """Whether every group was given `count` (scaled) different records."""
        self._trial.judge(received(self._settled(), self._trial.scaled(count, LEAST_RECORDS)))
