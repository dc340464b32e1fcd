"""Restarts consumers, slows them down, or lets them share a group."""

from __future__ import annotations

from collections.abc import Mapping

from support.errors import NotInTime
from support.experiment.faulted_load import records, require_worked_again, run_calmly
from support.experiment.load import Load
from support.experiment.targets import part_of, target_of
from support.faults.consumer_restart import ConsumerRestart
from support.faults.fault import AnyFault
from support.faults.patient import lengthened
from support.faults.timeline import FaultTimeline
from support.read.consumer import GroupConsumer
from support.read.member_order import MemberOrder
from support.record.consumers import CONSUMERS, ConsumersRecord
from support.record.faults import FAULTS, FaultsRecord
from support.waiting import wait_until

PROCESSING_MS = 5.0
"""Time for each record, long enough that a restart falls in the middle of the reading."""
SLOWER = 4
STATIC = {"group.instance.id": "member-1", "session.timeout.ms": "10000"}
"""A static member does not leave its group when it ends, so the session is short."""
SESSION_DEFAULT_MS = 45_000
"""Default of session.timeout.ms in librdkafka."""


def restart_consumer(load: Load, restart: ConsumerRestart, at_record: int, count: int) -> None:
    """Restarts a consumer when it has processed `at_record` (scaled) of `count` records."""
    settings = STATIC if restart.static else {}
    if load.session:
        session_ms = round(load.session.total_seconds() * 1000)
        settings = {**settings, "session.timeout.ms": str(session_ms)}
    _record_setup(load, static=restart.static)
    reader = _read_up_to(load, at_record, count, settings)
    if reader is None:
        load.settle(shows_series=False)
        return
    with load.experiment.progress.phase(restart.name), restart.injected(reader) as timeline:
        pass
    _settle(load, timeline)


def reconnect_after(load: Load, fault: AnyFault, at_record: int, count: int) -> None:
    """Closes a consumer, breaks and heals the broker, and starts the consumer again.

    The consumer is closed when it has processed `at_record` (scaled) of `count` records.
    """
    broker, restart = target_of(fault, load), ConsumerRestart(crash=False)
    part, experiment = part_of(load, broker), load.experiment
    brokers = len(experiment.broker.brokers())
    _record_setup(load, static=False)
    reader = _read_up_to(load, at_record, count)
    if reader is None:
        load.settle(shows_series=False)
        return
    with (
        experiment.progress.phase(f"{restart.name}, {fault.name} meanwhile"),
        restart.injected(reader) as timeline,
    ):
        patient = lengthened(fault, experiment.settings.patience)
        with load.broker_watch.excused(), patient.injected(broker) as outage:
            outage.proofs += part
        # Before the consumer is started: it can't start without a broker.
        require_worked_again(load, brokers, timeline, outage)
    _settle(load, timeline, outage)


def restart_one_of_two_groups(load: Load, at_record: int, count: int) -> None:
    """Restarts one of two groups at `at_record` (scaled) of `count`, with slower processing."""
    for name in ("first", "second"):
        load.readers.add(name, name, load.kafka, None, PROCESSING_MS).start()
    if _await_processed(load, "second", records(load, count) * at_record // count):
        load.readers.slower("second", PROCESSING_MS * SLOWER)
    load.settle()


def share_a_group(load: Load, count: int) -> None:
    """Lets two consumers of one group read while `count` (scaled) records are sent."""
    for name in ("first", "second"):
        reader = load.readers.add(name, "shared", load.kafka)
        reader.start()
        reader.await_ready(load.experiment.patience(60))
    run_calmly(load, count)


def _record_setup(load: Load, *, static: bool) -> None:
    configured = load.experiment.stack.baseline.consumer.get("session.timeout.ms")
    session_s = int(configured or SESSION_DEFAULT_MS) / 1000
    if load.session:
        session_s = load.session.total_seconds()
    setup = ConsumersRecord(MemberOrder.commit_every_ms, PROCESSING_MS, static, session_s)
    load.experiment.record.write(CONSUMERS, setup)


def _settle(load: Load, *timelines: FaultTimeline) -> None:
    """Records the consumer's restart as the fault that is judged, then ends the load."""
    restart = timelines[0]
    faults = tuple(timeline.recorded() for timeline in timelines)
    load.experiment.record.write(FAULTS, FaultsRecord(faults, of_consumer=True))
    disturbed = ((restart.injected_ns, restart.heal_began_ns),)
    load.settle(disturbances=disturbed, shows_series=False)


def _read_up_to(
    load: Load, at_record: int, count: int, settings: Mapping[str, str] | None = None
) -> GroupConsumer | None:
    """Returns a consumer that has processed `at_record` (scaled) of `count`, or None."""
    reader = load.readers.add("reader", "reader", load.kafka, settings, PROCESSING_MS)
    reader.start()
    moment = records(load, count) * at_record // count
    return reader if _await_processed(load, "reader", moment) else None


def _await_processed(load: Load, name: str, count: int) -> bool:
    """Waits until a consumer has processed `count` records; returns False if it does not.

    What it received is judged in both cases.
    """
    reader = load.readers[name]
    try:
        with load.experiment.progress.phase(f"consuming up to message {count}"):
            wait_until(
                reader.processed,
                lambda seen: seen >= count,
                load.experiment.patience(30),
                f"consumer {name} to process {count} records",
            )
    except NotInTime:
        return False
    return True
