"""A load through a fault: nothing that was acknowledged may be missing afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from support import clock
from support.checks.configuration import at_least_once_configuration
from support.checks.received import received
from support.checks.redelivery import nothing_twice
from support.checks.resumed import place_kept, resumed
from support.errors import Inconclusive
from support.experiment.experiment import Trial
from support.experiment.in_force import read_in_force
from support.experiment.load_trial import LoadTrial
from support.faults.fault import AnyFault, SystemUnderTest
from support.faults.patient import lengthened
from support.faults.timeline import FaultTimeline
from support.figures.load import judge_recovery, recovery_facts
from support.generate.schedule import UNPACED, Segment
from support.record.archive import write_history
from support.record.attempts import Attempts, Outcome
from support.record.history import History
from support.stack.capabilities import ClusterMember, needed
from support.stack.network import NetworkControl, NetworkLink

LEAST_RECORDS = 200
"""A scaled load still has enough records to lie before, in and after a fault."""

CALM_RATE_PER_S = 100
AFTERWARDS = timedelta(seconds=3)
"""So long a load goes on after its fault is usually over."""


@dataclass(frozen=True)
class ProducerCrash:
    """What the killed producer left: its attempts, and how many of them it knew to be stored."""

    died: Attempts
    confirmed: int
    start_ns: int
    timeline: FaultTimeline


class FaultTrial(LoadTrial):
    """Sends records, breaks something meanwhile, and judges what arrived."""

    def __init__(self, trial: Trial) -> None:
        super().__init__(trial)
        self._fault: FaultTimeline | None = None
        self._link: NetworkLink | None = None
        self._crash: ProducerCrash | None = None
        self._brokers = 1

    def judge_configuration(self) -> None:
        """Whether the settings in force can keep the promise at all."""
        self._trial.judge(at_least_once_configuration(read_in_force(self._trial, self._topic)))

    def use_link(self) -> None:
        """From now on clients of this trial reach the broker over a network that can be cut."""
        self._link = needed(self._trial.stack, NetworkControl).link()
        self._trial.cleanup.callback(self._link.close)
        self._bootstrap = self._link.bootstrap

    def run_calmly(self, count: int) -> None:
        """Send `count` (scaled) records, and break nothing."""
        total = self._total(count)
        self._start((Segment(CALM_RATE_PER_S, total),), None)
        self._await("sending", self._running().finished, total / CALM_RATE_PER_S + 60)

    def fill(self, count: int) -> None:
        """Have `count` (scaled) records in the topic. Raises Inconclusive when it does not work."""
        total = self._total(count)
        self._start((Segment(UNPACED, total),), None)
        self._await("writing what is to be read", self._running().finished, 60)
        acked = self._attempts().count(Outcome.ACKED)
        if acked < total:
            raise Inconclusive("The topic could not be filled.", seen=f"{acked} of {total} stored")

    def run_through(self, count: int, fault: AnyFault, at_record: int) -> None:
        """Send `count` (scaled) records; the fault happens when `at_record` of them are sent.

        Half-way it slows down, so that it lasts longer than the fault usually does.
        """
        total = self._total(count)
        moment = total * at_record // count
        rest = total - moment
        rate = max(1, int(rest / (fault.lasts + AFTERWARDS).total_seconds()))
        segments = (Segment(CALM_RATE_PER_S, moment), Segment(rate, rest))
        self._send_through(segments, moment, fault)

    def _send_through(self, segments: tuple[Segment, ...], moment: int, fault: AnyFault) -> None:
        """The fault happens when `moment` records are sent."""
        target, total = self._target(fault), sum(each.count for each in segments)
        part = self._part_of(target)
        self._start(segments, None)
        load = self._running()
        self._await_steady(moment)
        sent, patient = load.sent(), lengthened(fault, self._trial.settings.patience)
        with (
            self._trial.progress.phase(fault.name),
            self._broker_watch.excused(),
            patient.injected(target) as timeline,
        ):
            timeline.proofs.append(f"began after {sent} of {total} records were sent")
            timeline.proofs += part
            self._meanwhile(fault, timeline)
        self._fault = timeline
        self._trial.promise_worked_again(timeline)
        rest_s = sum(each.length_ns for each in segments) / clock.NS_PER_S
        self._await("recovery", load.finished, rest_s + 240)

    def _part_of(self, target: Any) -> list[str]:
        """What the broker that is broken does for the load, where there are several. Raises
        Inconclusive when it does nothing for it."""
        self._brokers = len(self._trial.broker.brokers())
        if self._brokers == 1:
            return []
        leaders = self._trial.broker.leaders(self._topic)
        if not isinstance(target, ClusterMember) or target.node_id not in leaders.values():
            raise Inconclusive(
                "The broker that would be broken leads no partition of the load.",
                seen=f"partition -> leader: {leaders}",
                then=f"as many partitions as brokers: -D topic.partitions={self._brokers}",
            )
        led = sum(leader == target.node_id for leader in leaders.values())
        return [f"broker {target.node_id} led {led} of {len(leaders)} partitions of the load"]

    def crash_producer(self, count: int, at_record: int) -> None:
        """SIGKILL the producer when `at_record` are sent; another goes on from the first record
        that was not confirmed."""
        total = self._total(count)
        moment = total * at_record // count
        rate = CALM_RATE_PER_S
        self._start((Segment(rate, total),), None)
        load = self._running()
        self._await_steady(moment)
        load.kill()
        # What the killed one sent is nothing new, so that the fault begins when it is gone.
        killed_ns, died = clock.now_ns(), load.attempts()
        timeline = FaultTimeline("producer crash (SIGKILL) and restart", killed_ns)
        confirmed = int((died.outcome != Outcome.ACKED).argmax())
        timeline.proofs += [
            f"process gone after SIGKILL, {died.attempted} of {total} records sent",
            f"another goes on from record {confirmed}, the first that was not confirmed",
        ]
        if died.attempted >= total or died.count(Outcome.ACKED) == total:
            raise Inconclusive("The producer had sent everything before it was killed.")
        timeline.outages.append((killed_ns, clock.now_ns()))
        self._start((Segment(rate, total - confirmed),), None, "load-restarted", confirmed)
        timeline.healed_ns = clock.now_ns()
        self._crash = ProducerCrash(died, confirmed, load.news.start_ns, timeline)
        self._await("after the crash", self._running().finished, total / rate + 120)

    def judge_received(self, count: int) -> None:
        """Whether every group was given `count` (scaled) different records."""
        self._trial.judge(received(self._settled(), self._total(count)))

    def judge_resumed(self) -> None:
        """Whether consumers that took a partition over went on where the commit was."""
        self._trial.judge(resumed(self._settled()))

    def judge_place_kept(self) -> None:
        """Whether consumers lost their place through the fault."""
        self._trial.judge(place_kept(self._settled()))

    def judge_nothing_twice(self) -> None:
        """Whether the load without a fault left neither a duplicate nor a redelivery."""
        self._trial.judge(nothing_twice(self._fact("delivery")))

    def settle(self) -> None:
        """As every load; how it recovered, and the history for a look without a broker."""
        super().settle()
        history, start_ns = self._settled(), self._running().news.start_ns
        ended_ns = start_ns + int(self._running().news.took_s * clock.NS_PER_S)
        if self._fault is not None:
            self._judge_recovery(history, self._fault, ended_ns)
            self._trial.facts |= recovery_facts(history, self._fault, start_ns, ended_ns)
        write_history(history, self._trial.folder / "history")

    def _judge_recovery(self, history: History, fault: FaultTimeline, ended_ns: int) -> None:
        self._trial.judge(*judge_recovery(history, fault, self._brokers, ended_ns))

    def _meanwhile(self, fault: AnyFault, timeline: FaultTimeline) -> None:
        """While it is broken; for trials that look at something then."""

    def _await_steady(self, moment: int) -> None:
        """`moment` records are sent, and acknowledgements come: a fault would be felt."""
        load = self._running()
        self._await(
            "steady",
            lambda: load.sent() >= moment and load.acked() >= moment // 2,
            moment / CALM_RATE_PER_S + 60,
        )

    def _total(self, count: int) -> int:
        return self._trial.scaled(count, LEAST_RECORDS)

    def _attempts(self) -> Attempts:
        latest = super()._attempts()
        crash = self._crash
        return crash.died.followed_by(latest, crash.confirmed) if crash else latest

    def _load_facts(self, history: History) -> dict[str, Any]:
        """Of a load that was cut in two no figures of speed are stated; how it recovered is."""
        if self._crash is None:
            return super()._load_facts(history)
        news = self._running().news
        ended_ns = news.start_ns + int(news.took_s * clock.NS_PER_S)
        return recovery_facts(history, self._crash.timeline, self._crash.start_ns, ended_ns)

    def _disturbances(self) -> tuple[tuple[int, int], ...]:
        fault = self._crash.timeline if self._crash else self._fault
        return ((fault.injected_ns, fault.heal_began_ns),) if fault else ()

    def _target(self, fault: AnyFault) -> Any:
        """What the fault breaks."""
        return fault.target(SystemUnderTest(self._trial.stack, self._link))
