"""What a fault of a CDC scenario breaks, and a worker with other settings than the stack's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from support.checks.cdc_help import back_without_help
from support.checks.disk_full import resumes_without_restart
from support.errors import Inconclusive, Unavailable
from support.experiment.experiment import Trial
from support.experiment.pipeline import Pipeline
from support.faults.broker_restart import BrokerRestart
from support.faults.capture_restart import CaptureRestart
from support.faults.disk_full import HALTED, RESUMED, DiskFull
from support.faults.patient import lengthened
from support.faults.timeline import FaultTimeline
from support.interruption import uninterrupted
from support.results.schema import Check
from support.stack.capabilities import ProcessControl
from support.stack.isolated import IsolatedWorker, IsolatedWorkers
from support.stack.isolated_stack import IsolatedStack

DEFAULT_HEARTBEAT = {"heartbeat.interval.ms": "3000", "session.timeout.ms": "10000"}
"""How often a Kafka Connect worker reports to its group, and how long it may keep silent."""

CdcFault = BrokerRestart | CaptureRestart | DiskFull


@contextmanager
def broken_by(
    fault: CdcFault, pipeline: Pipeline, trial: Trial, aside: IsolatedStack | None
) -> Iterator[FaultTimeline]:
    """Inside the `with` it is broken. Raises Unavailable where nothing can be."""
    patient, stack = lengthened(fault, trial.settings.patience), trial.stack
    if isinstance(patient, CaptureRestart):
        with patient.injected(pipeline) as timeline:
            yield timeline
        return
    if isinstance(patient, DiskFull):
        if aside is None:
            raise Inconclusive("The broker has no disk of its own.")
        injected = patient.injected(aside)
    elif isinstance(stack, ProcessControl):
        injected = patient.injected(stack.broker())
    else:
        raise Unavailable("This target's broker can't be stopped by the suite.")
    with pipeline.broker.excused(), injected as timeline:
        yield timeline


def help_given(fault: CdcFault, timeline: FaultTimeline, rescue: str = "") -> tuple[Check, ...]:
    """What the suite had to do beyond ending the fault, judged; `rescue`: that it restarted the
    worker, and why."""
    checks = (back_without_help(timeline.restarted, timeline.died, rescue),)
    if not isinstance(fault, DiskFull):
        return checks
    full, proofs = bool(timeline.outages), timeline.proofs
    freed = resumes_without_restart(full, HALTED in proofs, RESUMED in proofs)
    return (*checks, freed)


def restart_worker(trial: Trial, pipeline: Pipeline) -> None:
    """As an operator would who does not want to wait."""
    with trial.progress.phase("restarting the worker"), uninterrupted():
        worker = pipeline.worker()
        worker.stop()
        worker.start()


def worker_with_default_heartbeat(trial: Trial) -> IsolatedWorker:
    """A worker apart from the stack's, ended with the trial. Raises Unavailable without one."""
    stack = trial.stack
    if not isinstance(stack, IsolatedWorkers):
        raise Unavailable("This target has no worker beside its own.")
    topics = {part: f"{trial.name}-connect-{part}" for part in ("config", "offset", "status")}
    names = {f"{part}.storage.topic": topic for part, topic in topics.items()}
    group = trial.group("connect")
    with trial.progress.phase("starting a worker with the default heartbeat"):
        spare = stack.isolated_worker(
            {**stack.baseline.worker, **DEFAULT_HEARTBEAT, **names, "group.id": group}
        )
    trial.own_topics(*topics.values())
    trial.cleanup.callback(spare.close)
    return spare
