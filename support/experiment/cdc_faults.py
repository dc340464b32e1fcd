"""Breaks a part of change data capture, and records the fault."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from support.experiment.experiment import Experiment
from support.experiment.pipeline import Pipeline
from support.faults.disk_full import HALTED, RESUMED
from support.faults.fault import AnyFault, SystemUnderTest
from support.faults.patient import lengthened
from support.faults.timeline import FaultTimeline
from support.interruption import uninterrupted
from support.promises.cdc_recovery import BACK_WITHOUT_HELP
from support.promises.delivery_faults import WORKED_AGAIN
from support.promises.edge import RESUMES_AFTER_SPACE_IS_FREED
from support.record.disk import DISK, DiskRecord
from support.record.faults import FAULTS, FaultsRecord, RecordedFault
from support.stack.capabilities import needed
from support.stack.isolated import IsolatedWorker, IsolatedWorkers
from support.stack.lifecycle import Component

DEFAULT_HEARTBEAT = {"heartbeat.interval.ms": "3000", "session.timeout.ms": "10000"}
"""Kafka Connect's defaults for the heartbeat of a worker and for its session timeout, in ms."""


@contextmanager
def broken_by(
    fault: AnyFault, pipeline: Pipeline, experiment: Experiment
) -> Iterator[FaultTimeline]:
    """Injects the fault for the body of the `with`, and heals it afterwards.

    Raises Unavailable on a target where it can't be injected, Inconclusive where the scenario did
    not prepare what the fault breaks.
    """
    target = fault.target(SystemUnderTest(experiment.stack, capture=pipeline))
    patient = lengthened(fault, experiment.settings.patience)
    of_broker = fault.breaks is Component.BROKER
    with (
        pipeline.broker.excused() if of_broker else nullcontext(),
        patient.injected(target) as timeline,
    ):
        yield timeline


def record_fault(experiment: Experiment, timeline: FaultTimeline) -> RecordedFault:
    """Records a fault and judges what it took to come back.

    Raises PromiseBroken when clients are not served again after the heal.
    """
    fault = timeline.recorded()
    brokers = 1 if fault.heal_trouble else len(experiment.broker.brokers())
    experiment.record.write(FAULTS, FaultsRecord((fault,), brokers))
    helped = experiment.verdicts.recorded(BACK_WITHOUT_HELP, RESUMES_AFTER_SPACE_IS_FREED)
    experiment.verdicts.judge(*helped)
    experiment.require(WORKED_AGAIN)
    return fault


def record_disk(experiment: Experiment, free_bytes: int, timeline: FaultTimeline) -> None:
    """Records a disk that was full. `free_bytes`: its free space during the fault."""
    halted, resumed = (proof in timeline.proofs for proof in (HALTED, RESUMED))
    seen = DiskRecord(free_bytes, None, 0.0, halted=halted, resumed=resumed)
    experiment.record.write(DISK, seen)


def restart_worker(experiment: Experiment, pipeline: Pipeline) -> None:
    """Restarts the Connect worker, as an operator would who does not want to wait."""
    with experiment.progress.phase("restarting the worker"), uninterrupted():
        worker = pipeline.worker()
        worker.stop()
        worker.start()


def worker_with_default_heartbeat(experiment: Experiment) -> IsolatedWorker:
    """Starts a separate Connect worker, which ends with the scenario.

    Raises Unavailable on a target without one.
    """
    stack = needed(experiment.stack, IsolatedWorkers)
    topics = {part: f"{experiment.name}-connect-{part}" for part in ("config", "offset", "status")}
    names = {f"{part}.storage.topic": topic for part, topic in topics.items()}
    settings = {**experiment.stack.baseline.worker, **DEFAULT_HEARTBEAT, **names}
    settings["group.id"] = experiment.group("connect")
    # Before the start: a worker whose start is interrupted may have created them.
    experiment.own_topics(*topics.values())
    with experiment.progress.phase("starting a worker with the default heartbeat"):
        worker = stack.isolated_worker(settings)
    experiment.cleanup.callback(worker.close)
    return worker
