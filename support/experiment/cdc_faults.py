"""What a fault of a CDC scenario breaks, and a worker with other settings than the stack's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from support.checks.cdc_help import back_without_help
from support.checks.disk_full import resumes_without_restart
from support.experiment.experiment import Trial
from support.experiment.pipeline import Pipeline
from support.faults.disk_full import HALTED, RESUMED, DiskFull
from support.faults.fault import AnyFault, SystemUnderTest
from support.faults.patient import lengthened
from support.faults.timeline import FaultTimeline
from support.interruption import uninterrupted
from support.results.schema import Check
from support.stack.capabilities import needed
from support.stack.isolated import IsolatedWorker, IsolatedWorkers
from support.stack.lifecycle import Component

DEFAULT_HEARTBEAT = {"heartbeat.interval.ms": "3000", "session.timeout.ms": "10000"}
"""How often a Kafka Connect worker reports to its group, and how long it may keep silent."""


@contextmanager
def broken_by(fault: AnyFault, pipeline: Pipeline, trial: Trial) -> Iterator[FaultTimeline]:
    """Inside the `with` it is broken. Raises Unavailable where nothing can be."""
    patient = lengthened(fault, trial.settings.patience)
    target = patient.target(SystemUnderTest(trial.stack, capture=pipeline))
    excused = pipeline.broker.excused() if patient.breaks is Component.BROKER else nullcontext()
    with excused, patient.injected(target) as timeline:
        yield timeline


def help_given(fault: AnyFault, timeline: FaultTimeline, rescue: str = "") -> tuple[Check, ...]:
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
    stack = needed(trial.stack, IsolatedWorkers)
    topics = {part: f"{trial.name}-connect-{part}" for part in ("config", "offset", "status")}
    names = {f"{part}.storage.topic": topic for part, topic in topics.items()}
    group = trial.group("connect")
    with trial.progress.phase("starting a worker with the default heartbeat"):
        spare = stack.isolated_worker(
            {**trial.stack.baseline.worker, **DEFAULT_HEARTBEAT, **names, "group.id": group}
        )
    trial.own_topics(*topics.values())
    trial.cleanup.callback(spare.close)
    return spare
