"""Upgrades an isolated stack while a load, a consumer group and change data capture use it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext

from support.errors import StackError
from support.experiment.cdc_changes import CdcChanges
from support.experiment.experiment import Experiment
from support.experiment.faulted_load import CALM_RATE_PER_S, await_steady, records
from support.experiment.load import Load
from support.experiment.parts_seen import newest_metadata, parts_seen, warnings_of
from support.faults.broker_upgrade import REFUSED, BrokerUpgrade, FinalisedUpgrade
from support.faults.fault import AnyFault, SystemUnderTest
from support.faults.patient import lengthened
from support.promises.delivery_faults import CONSUMER_RECOVERY_TIME, FAULT_EFFECT, RECOVERY_TIME
from support.promises.upgrade import STALL_DURING_THE_STEP, VERSION_AFTER
from support.record.faults import FAULTS
from support.record.schedule import Segment
from support.record.upgrade import UPGRADE, PartsSeen, UpgradeRecord
from support.results.upgrade import METADATA
from support.stack.isolated import IsolatedShape, Version
from support.stack.lifecycle import Component
from support.waiting import wait_until

CALM_SHARE = 4
"""A quarter of the records is sent before the step."""
MEANWHILE_S = 40
"""Seconds over which the others are sent: the changes before the step, the step, and after it."""
PATIENCE_S = 60


class Upgrade:
    """One step of an upgrade. What came before it has happened before the load starts."""

    def __init__(self, experiment: Experiment) -> None:
        """Starts an isolated stack. Raises Unavailable where this target has none."""
        self._experiment = experiment
        shape = IsolatedShape(connect=True, upgrades=True)
        self._stack = experiment.use_isolated_stack(shape)
        self.load = Load(experiment)
        self.cdc = CdcChanges(experiment)

    def serve(self, earlier: tuple[AnyFault, ...]) -> None:
        """Starts clients; the connector starts before the `earlier` steps, the others after them.

        Raises StackError if the stack does not serve after one of them.
        """
        pipeline = self.cdc.capture.pipeline
        self.cdc.capture.start()
        with self.load.broker_watch.excused(), pipeline.broker.excused():
            for step in earlier:
                self._take(step)
        self.load.observe()
        self.cdc.capture.start_writer()

    def run_through(self, count: int, step: AnyFault) -> None:
        """Sends `count` (scaled) records and changes rows, and takes the step meanwhile.

        Raises PromiseBroken if clients are not served again after it.
        """
        load, before = self.load, parts_seen(self._experiment, self._stack)
        logs = {name: path.stat().st_size for name, path in self._stack.logs().items()}
        total = records(load, count)
        calm, rest = total // CALM_SHARE, total - total // CALM_SHARE
        load.start((Segment(CALM_RATE_PER_S, calm), Segment(max(1, rest // MEANWHILE_S), rest)))
        await_steady(load, calm)
        of_broker = step.breaks is Component.BROKER
        with load.broker_watch.excused() if of_broker else nullcontext():
            self.cdc.run_through(step)
        self._record(step, before, logs)
        load.follow("after the step", load.running.finished, MEANWHILE_S + 240)
        self._settle()
        self._judge(of_broker=of_broker)

    def _take(self, step: AnyFault) -> None:
        experiment = self._experiment
        system = SystemUnderTest(experiment.stack, capture=self.cdc.capture.pipeline)
        patient = lengthened(step, experiment.settings.patience)
        with (
            experiment.progress.phase(f"before the load: {step.name}"),
            patient.injected(step.target(system)) as timeline,
        ):
            pass
        if timeline.heal_trouble:
            raise StackError(f"Not done: {step.name}.", seen=timeline.heal_trouble)
        reader = self.cdc.capture.pipeline.reader_pid
        wait_until(reader, bool, experiment.patience(PATIENCE_S), "the connector to stream")

    def _record(self, step: AnyFault, before: PartsSeen, sizes: Mapping[str, int]) -> None:
        experiment, proofs = self._experiment, self._experiment.record[FAULTS].first.proofs
        refused = next((proof for proof in proofs if proof.startswith(REFUSED)), "")
        back = isinstance(step, BrokerUpgrade) and step.to is Version.BEFORE
        seen = UpgradeRecord(
            step.name,
            before,
            parts_seen(experiment, self._stack),
            self._wanted(step, refused=bool(refused)),
            starts=step.breaks is not None,
            refused=refused if back else None,
            warnings=warnings_of(experiment, self._stack, sizes),
        )
        experiment.record.write(UPGRADE, seen)

    def _wanted(self, step: AnyFault, *, refused: bool) -> dict[str, str]:
        """Returns part -> the version that it has to have after the step."""
        names = self._stack.upgrade().names
        if isinstance(step, BrokerUpgrade):
            return {"kafka": names(Version.AFTER if refused else step.to)["kafka"]}
        if isinstance(step, FinalisedUpgrade):
            return {METADATA: newest_metadata(self._experiment)}
        after = names(Version.AFTER)
        return {part: after[part] for part in ("connect", "debezium")}

    def _settle(self) -> None:
        """Ends the changes and the load, and records both."""
        try:
            self.cdc.settle()
        finally:
            faults = self._experiment.record[FAULTS].faults
            broken = tuple((each.injected_ns, each.heal_began_ns) for each in faults)
            self.load.settle(disturbances=broken)

    def _judge(self, *, of_broker: bool) -> None:
        of_load = (FAULT_EFFECT, RECOVERY_TIME, CONSUMER_RECOVERY_TIME) if of_broker else ()
        self._experiment.verdicts.judge(VERSION_AFTER, STALL_DURING_THE_STEP, *of_load)
