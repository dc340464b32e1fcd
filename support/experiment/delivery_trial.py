"""Consumers that are restarted, slowed or share a group while they read what is there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from support.checks.groups import divided
from support.checks.resumption import (
    consumer_restart,
    dynamic_restart,
    redelivery_bound,
    restart_s,
)
from support.errors import NotInTime
from support.experiment.experiment import Trial
from support.experiment.fault_trial import FaultTrial
from support.faults.catalogue import BrokerFault
from support.faults.consumer_restart import ConsumerRestart
from support.faults.patient import lengthened
from support.faults.timeline import FaultTimeline
from support.figures.load import describe_fault
from support.read.consumer import GroupConsumer
from support.read.member_order import MemberOrder
from support.results.measurements import Recovery
from support.waiting import wait_until

PROCESSING_MS = 5.0
"""So slow that a restart in the middle is in the middle."""
SLOWER = 4
STATIC = {"group.instance.id": "member-1", "session.timeout.ms": "10000"}
"""A static member does not leave when it ends: its group is empty only after its session."""
SESSION_DEFAULT_MS = 45_000
"""librdkafka's session.timeout.ms."""


class DeliveryTrial(FaultTrial):
    """Beside the faults of a load: consumers of what is there, to whom something happens."""

    session: timedelta | None = None
    """How long the broker waits for a consumer that says nothing; None: the baseline's."""

    def __init__(self, trial: Trial) -> None:
        super().__init__(trial)
        self._restart: ConsumerRestart | None = None
        self._timelines: tuple[FaultTimeline, ...] = ()
        """The consumer's restart first."""

    def restart_consumer(self, restart: ConsumerRestart, at_record: int, count: int) -> None:
        """A consumer reads; at `at_record` (scaled) of `count` it goes through the restart."""
        settings = STATIC if restart.static else {}
        if self.session:
            session_ms = round(self.session.total_seconds() * 1000)
            settings = {**settings, "session.timeout.ms": str(session_ms)}
        reader = self._read_up_to(at_record, count, settings)
        if reader is None:
            return
        with self._trial.progress.phase(restart.name), restart.injected(reader) as timeline:
            pass
        self._restart, self._timelines = restart, (timeline,)

    def reconnect_after(self, fault: BrokerFault, at_record: int, count: int) -> None:
        """A consumer reads; at `at_record` (scaled) of `count` it is closed, the broker goes
        through the fault, and the consumer is started again."""
        broker, restart = self._target(fault), ConsumerRestart(crash=False)
        part = self._part_of(broker)
        reader = self._read_up_to(at_record, count)
        if reader is None:
            return
        with (
            self._trial.progress.phase(f"{restart.name}, {fault.name} meanwhile"),
            restart.injected(reader) as timeline,
        ):
            patient = lengthened(fault, self._trial.settings.patience)
            with self._broker_watch.excused(), patient.injected(broker) as outage:
                outage.proofs += part
            # Before the consumer is started: without a broker it could not be.
            self._trial.promise_worked_again(outage)
        self._restart, self._timelines = restart, (timeline, outage)

    def restart_one_of_two_groups(self, at_record: int, count: int) -> None:
        """Two groups read; at `at_record` one of them is restarted and goes on more slowly."""
        for name in ("first", "second"):
            reader = self._readers.add(name, name, self._bootstrap, None, PROCESSING_MS)
            reader.start()
        if self._await_processed("second", self._total(count) * at_record // count):
            self._readers.slower("second", PROCESSING_MS * SLOWER)

    def share_a_group(self, count: int) -> None:
        """Two consumers with one group id read along while `count` (scaled) records are sent."""
        for name in ("first", "second"):
            reader = self._readers.add(name, "shared", self._bootstrap)
            reader.start()
            reader.await_ready(self._trial.patience(60))
        self.run_calmly(count)

    def judge_divided(self) -> None:
        """Whether the members of a group share the log."""
        self._trial.judge(divided(self._settled()))

    def judge_recovery_of_consumer(self, limit: timedelta) -> None:
        self._trial.judge(consumer_restart(self._settled(), limit.total_seconds()))

    def judge_recovery_of_dynamic_member(self, limit: timedelta) -> None:
        """Above the limit only for the session of the member that crashed."""
        configured = self._trial.stack.baseline.consumer.get("session.timeout.ms")
        session_ms = int(configured or SESSION_DEFAULT_MS)
        session_s = self.session.total_seconds() if self.session else session_ms / 1000
        self._trial.judge(dynamic_restart(self._settled(), limit.total_seconds(), session_s))

    def judge_redeliveries(self) -> None:
        """Whether a restart delivers again no more than one commit interval can hold."""
        every_ms = MemberOrder.commit_every_ms
        self._trial.judge(redelivery_bound(self._settled(), every_ms, PROCESSING_MS))

    def settle(self) -> None:
        """As every load; and how soon the restarted consumer went on."""
        super().settle()
        if self._restart is None:
            return
        history, start_ns = self._settled(), self._running().news.start_ns
        self._trial.facts |= {
            # The load only filled the topic before: its speed says nothing about the consumer.
            "series": (),
            "recovery": Recovery(None, None, None, consumer_restart_s=restart_s(history.groups[0])),
            "faults": tuple(describe_fault(each, start_ns) for each in self._timelines),
        }

    def _disturbances(self) -> tuple[tuple[int, int], ...]:
        if self._restart is None:
            return super()._disturbances()
        return ((self._timelines[0].injected_ns, self._timelines[0].heal_began_ns),)

    def _read_up_to(
        self, at_record: int, count: int, settings: Mapping[str, str] | None = None
    ) -> GroupConsumer | None:
        """A consumer that has processed `at_record` (scaled) of `count`; None when it did not."""
        reader = self._readers.add("reader", "reader", self._bootstrap, settings, PROCESSING_MS)
        reader.start()
        moment = self._total(count) * at_record // count
        return reader if self._await_processed("reader", moment) else None

    def _await_processed(self, name: str, count: int) -> bool:
        """False when it is not given so many records: what it was given is judged all the same."""
        reader = self._readers[name]
        try:
            with self._trial.progress.phase(f"consuming up to message {count}"):
                wait_until(
                    reader.processed,
                    lambda seen: seen >= count,
                    self._trial.patience(30),
                    f"consumer {name} to process {count} records",
                )
        except NotInTime:
            return False
        return True
