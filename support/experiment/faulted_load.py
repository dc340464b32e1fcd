"""Sends a load, breaks something meanwhile, heals it, and records how clients recovered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from support import clock
from support.errors import Inconclusive
from support.experiment.load import Load
from support.experiment.targets import part_of, target_of
from support.faults.fault import AnyFault
from support.faults.patient import lengthened
from support.faults.timeline import FaultTimeline
from support.promises.delivery_faults import (
    CONSUMER_RECOVERY_TIME,
    FAULT_EFFECT,
    RECOVERY_TIME,
    WORKED_AGAIN,
)
from support.record.attempts import Outcome
from support.record.faults import FAULTS, FaultsRecord
from support.record.schedule import UNPACED, Segment

LEAST_RECORDS = 200
"""A scaled load still has records before, during and after a fault."""

CALM_RATE_PER_S = 100
AFTERWARDS = timedelta(seconds=3)
"""A load is sent for this long after its fault has usually ended."""

Meanwhile = Callable[[FaultTimeline], object]
"""Called while something is broken."""


def run_calmly(load: Load, count: int) -> None:
    """Sends `count` (scaled) records, and breaks nothing."""
    total = records(load, count)
    load.start((Segment(CALM_RATE_PER_S, total),))
    load.follow("sending", load.running.finished, total / CALM_RATE_PER_S + 120)
    load.settle()


def fill(load: Load, count: int) -> None:
    """Sends `count` (scaled) records as fast as possible.

    Raises Inconclusive when one of them is not acknowledged.
    """
    total = records(load, count)
    load.start((Segment(UNPACED, total),))
    load.follow("filling the topic", load.running.finished, 120)
    acked = load.running.acked()
    if acked < total:
        raise Inconclusive("The topic could not be filled.", seen=f"{acked} of {total} stored")


def run_through(load: Load, count: int, fault: AnyFault, at_record: int) -> None:
    """Sends `count` (scaled) records; the fault is injected when `at_record` of them are sent."""
    calm, rest = segments_around(load, count, fault, at_record)
    timeline = send_through(load, (calm, rest), calm.count, fault)
    # A fault after which every part still serves clients has no recovery to judge.
    settle(load, timeline, judges_recovery=fault.breaks is not None)


def segments_around(
    load: Load, count: int, fault: AnyFault, at_record: int
) -> tuple[Segment, Segment]:
    """Returns `count` (scaled) records as two segments: those before the fault, and the rest.

    The rest is sent at a rate that makes the load outlast the fault.
    """
    total = records(load, count)
    moment = total * at_record // count
    rest = total - moment
    rate = max(1, int(rest / (fault.lasts + AFTERWARDS).total_seconds()))
    return Segment(CALM_RATE_PER_S, moment), Segment(rate, rest)


def send_through(
    load: Load,
    segments: tuple[Segment, ...],
    moment: int,
    fault: AnyFault,
    meanwhile: Meanwhile | None = None,
) -> FaultTimeline:
    """Sends a load, and injects the fault when `moment` records are sent.

    Raises PromiseBroken if clients are not served again after the heal.
    """
    experiment, total = load.experiment, sum(each.count for each in segments)
    broken = target_of(fault, load)
    brokers, proofs = len(experiment.broker.brokers()), part_of(load, broken)
    load.start(segments)
    await_steady(load, moment)
    sent, patient = load.running.sent(), lengthened(fault, experiment.settings.patience)
    with (
        experiment.progress.phase(fault.name),
        load.broker_watch.excused(),
        patient.injected(broken) as timeline,
    ):
        timeline.proofs.append(f"began after {sent} of {total} records were sent")
        timeline.proofs += proofs
        if meanwhile:
            meanwhile(timeline)
    require_worked_again(load, brokers, timeline)
    rest_s = sum(each.length_ns for each in segments) / clock.NS_PER_S
    load.follow("recovery", load.running.finished, rest_s + 240)
    return timeline


def require_worked_again(load: Load, brokers: int, *timelines: FaultTimeline) -> None:
    """Records the faults. Raises PromiseBroken if clients are not served again."""
    faults = tuple(timeline.recorded() for timeline in timelines)
    load.experiment.record.write(FAULTS, FaultsRecord(faults, brokers))
    load.experiment.require(WORKED_AGAIN)


def settle(load: Load, timeline: FaultTimeline, *, judges_recovery: bool = True) -> None:
    """Ends a load with a fault in it, and judges how clients recovered."""
    history = load.settle(disturbances=((timeline.injected_ns, timeline.heal_began_ns),))
    if judges_recovery:
        consumer = (CONSUMER_RECOVERY_TIME,) if history.groups else ()
        load.experiment.verdicts.judge(FAULT_EFFECT, RECOVERY_TIME, *consumer)


def await_steady(load: Load, moment: int) -> None:
    """Waits until `moment` records are sent, at least half of them acknowledged.

    A fault injected then has an effect on clients.
    """
    load.follow(
        "steady",
        lambda: load.running.sent() >= moment and load.running.acked() >= moment // 2,
        moment / CALM_RATE_PER_S + 60,
    )


def crash_producer(load: Load, count: int, at_record: int) -> None:
    """Kills the producer when `at_record` of `count` (scaled) records are sent, and starts another.

    The second producer starts at the first record that was not acknowledged. Raises Inconclusive if
    the first one had sent everything.
    """
    total = records(load, count)
    load.start((Segment(CALM_RATE_PER_S, total),))
    await_steady(load, total * at_record // count)
    began_ns = load.running.news.start_ns
    load.running.kill()
    # The fault begins when the process is gone: what it sent before does not count as new.
    timeline = FaultTimeline("producer crash (SIGKILL) and restart", clock.now_ns())
    died = load.running.attempts()
    first = int((died.outcome != Outcome.ACKED).argmax())
    timeline.proofs += [
        f"process gone after SIGKILL, {died.attempted} of {total} records sent",
        f"another producer starts at record {first}, the first without an acknowledgement",
    ]
    if died.attempted >= total or died.count(Outcome.ACKED) == total:
        raise Inconclusive("The producer had sent everything before it was killed.")
    _send_rest(load, timeline, total, first)
    attempts = died.followed_by(load.running.attempts(), first)
    disturbed = ((timeline.injected_ns, timeline.heal_began_ns),)
    load.settle(attempts, disturbed, began_ns=began_ns, states_speed=False)


def _send_rest(load: Load, timeline: FaultTimeline, total: int, first: int) -> None:
    """Starts a second producer at record `first`, and records the fault."""
    timeline.outages.append((timeline.injected_ns, clock.now_ns()))
    load.start((Segment(CALM_RATE_PER_S, total - first),), None, "load-restarted", first)
    timeline.healed_ns = clock.now_ns()
    load.follow("after the crash", load.running.finished, total / CALM_RATE_PER_S + 120)
    load.experiment.record.write(FAULTS, FaultsRecord((timeline.recorded(),)))


def records(load: Load, count: int) -> int:
    """Returns a count of records, scaled."""
    return load.experiment.scaled(count, LEAST_RECORDS)
