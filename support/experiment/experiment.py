"""One scenario while it runs: its names, what it created, its checks and its verdict."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from support import clock
from support.checks.judged import strictly
from support.checks.recovery import worked_again
from support.clients.broker import BrokerClient
from support.clients.disk_guard import guarded
from support.errors import Inconclusive, NotInTime, PromiseBroken, Unavailable
from support.faults.timeline import FaultTimeline
from support.generate.order import LoadOrder, WarmUp
from support.generate.payload import LARGEST, SMALLEST, Payloads, payloads
from support.generate.schedule import Segment
from support.interruption import uninterrupted
from support.metrics.log_lines import log_marks, logged
from support.progress import Progress
from support.record.history import History
from support.results.schema import GREEN, QUIET, Check, ScenarioResult, Verdict, worst
from support.results.store import file_name
from support.settings import Settings
from support.stack.capabilities import LogSource, ProcessControl, needed
from support.stack.isolated import IsolatedShape
from support.stack.isolated_stack import IsolatedStack, IsolatedStacks
from support.stack.leftovers import OWNED
from support.stack.lifecycle import Stack
from support.waiting import wait_until


@dataclass(frozen=True)
class Identity:
    """Which scenario this is."""

    feature: str
    name: str
    tags: tuple[str, ...]
    location: str = ""
    """Feature file and line."""


class Unmeasured(Inconclusive):
    """A promised check that is INCONCLUSIVE; the check itself holds the reason."""


class Trial:
    """What the steps of one scenario share. Checks are judged once and promised by name."""

    def __init__(
        self,
        identity: Identity,
        settings: Settings,
        stack: Stack,
        progress: Progress,
        folder: Path,
        number: int,
    ) -> None:
        self.identity, self.settings, self.stack = identity, settings, stack
        self.progress = progress
        self.folder = folder / "ledger" / file_name(identity.feature, identity.name)
        self.run, self.number = folder.name, number
        self.name = f"{OWNED}-{folder.name}-{number}"
        """Of topics and groups; of this run alone, since others may test the same broker."""
        self.cleanup = ExitStack()
        self.facts: dict[str, Any] = {}
        """Parts of ScenarioResult by field name."""
        self.trouble = ""
        """An error outside the promises: the scenario is INCONCLUSIVE, or worse."""
        self.skipped = ""
        """Why this scenario can't be run here: it is left out then."""
        self.history: History | None = None
        """What a load did, once it has settled."""
        self._checks: dict[str, Check] = {}
        self._promised: list[Check] = []
        self._began_ns = clock.now_ns()
        self._topics: list[str] = []
        self._groups: list[str] = []
        self._log_marks = log_marks(stack.logs()) if isinstance(stack, LogSource) else {}

    def patience(self, seconds: float) -> timedelta:
        """A waiting time, stretched by the setting `patience`."""
        return timedelta(seconds=seconds * self.settings.patience)

    def patience_at_least(self, seconds: float) -> timedelta:
        """As patience, but never shorter: what does not happen in it is a verdict."""
        return timedelta(seconds=seconds * max(1.0, self.settings.patience))

    def scaled(self, count: float, least: int) -> int:
        """A count or a number of seconds, scaled by the setting `scale`, not below `least`."""
        return max(min(least, round(count)), round(count * self.settings.scale))

    @cached_property
    def broker(self) -> BrokerClient:
        """One for the whole trial: a client takes a second to find its broker."""
        return BrokerClient(self.stack.endpoints.bootstrap)

    def use_isolated_stack(self, shape: IsolatedShape) -> IsolatedStack:
        """From now on this trial is about an isolated stack, which ends with the trial.

        Raises Unavailable where this target or this machine has none of that shape.
        """
        stack = self.stack
        with self.progress.phase("starting an isolated stack"):
            aside = needed(stack, IsolatedStacks).isolated_stack(shape)
        self.cleanup.callback(self._leave, aside, stack)
        self._come_to(aside)
        return aside

    def _leave(self, aside: IsolatedStack, back: Stack) -> None:
        """Its logs are kept; its topics and groups go with it."""
        try:
            self.facts["log_lines"] = logged(aside.logs(), {})
            self.folder.mkdir(parents=True, exist_ok=True)
            for name, path in aside.logs().items():
                if path.is_file():
                    shutil.copy(path, self.folder / f"{name}.log")
        finally:
            aside.close()
            self._topics, self._groups = [], []
            self._come_to(back)

    def _come_to(self, stack: Stack) -> None:
        self.stack = stack
        self.__dict__.pop("broker", None)

    @property
    def payloads(self) -> Payloads:
        """What every load of this trial sends."""
        return payloads(self.settings.seed)

    def create_topic(self, purpose: str) -> str:
        """A topic of this trial with the baseline's topic settings; deleted with the trial."""
        name = f"{self.name}-{purpose}"
        self.add_topic(name, self.stack.baseline.topic)
        return name

    def add_topic(self, name: str, config: Mapping[str, str]) -> None:
        """An empty topic under a name that is this trial's own; deleted with the trial. Whatever
        goes wrong in a load, it can't fill the disk."""
        self.broker.delete_topics([name])
        self.broker.create_topic(name, guarded(config))
        self._topics.append(name)

    def own_topics(self, *names: str) -> None:
        """Topics that somebody else creates for this trial; deleted with it."""
        self._topics += names

    def group(self, purpose: str) -> str:
        """The name of a consumer group of this trial; deleted with the trial."""
        name = f"{self.name}-{purpose}"
        if name not in self._groups:
            self._groups.append(name)
        return name

    def load_order(
        self,
        bootstrap: str,
        topic: str,
        segments: tuple[Segment, ...],
        warm_up: WarmUp | None,
        folder: str = "load",
        first: int = 0,
    ) -> LoadOrder:
        """A load with the baseline's producer, its columns in this trial's folder."""
        return LoadOrder(
            bootstrap=bootstrap,
            topic=topic,
            producer=self.stack.baseline.producer,
            segments=segments,
            seed=self.settings.seed,
            sizes=(SMALLEST, LARGEST),
            folder=str(self.folder / folder),
            warm_up=warm_up,
            disk_folder=str(self.settings.home),
            stop_free_disk=int(self.settings.stop_free_disk),
            first=first,
        )

    def skip(self, reason: Unavailable) -> bool:
        """Leave the scenario out; False when something that it promised is broken already."""
        broken = any(check.verdict not in GREEN for check in self._promised)
        if not broken and not self.facts.get("faults"):
            self.skipped = str(reason)
        return bool(self.skipped)

    def judge(self, *checks: Check) -> None:
        """Store verdicts, to be promised by the scenario's Then steps."""
        strict = self.settings.strict
        self._checks.update({c.name: strictly(c) if strict else c for c in checks})

    def judged(self, name: str) -> tuple[str, ...]:
        """The check's name, where this target has what it takes to judge it; else none."""
        check = self._checks.get(name)
        return (name,) if check is not None and check.verdict is not Verdict.SKIPPED else ()

    def promise(self, name: str) -> None:
        """The scenario promises this check.

        Raises PromiseBroken when it failed, Unmeasured when it was not measured.
        """
        check = self._checks.get(name)
        if check is None:
            raise Inconclusive(
                f"The check '{name}' was never made.", seen=", ".join(self._checks) or "no check"
            )
        self._promised.append(check)
        if check.verdict is Verdict.FAIL:
            raise PromiseBroken(_tell(check))
        if check.verdict not in GREEN:
            raise Unmeasured(_tell(check))

    def promise_all(self, *names: str) -> None:
        """Promise several checks; every one is counted before the first broken one is raised."""
        broken: list[Exception] = []
        for name in names:
            try:
                self.promise(name)
            except (PromiseBroken, Unmeasured) as error:
                broken.append(error)
        if broken:
            raise min(broken, key=lambda each: isinstance(each, Unmeasured))

    def promise_worked_again(self, fault: FaultTimeline) -> None:
        """That what was broken serves clients again. Raises PromiseBroken otherwise."""
        waited = (fault.healed_ns - fault.heal_began_ns) / clock.NS_PER_S
        self.judge(worked_again(fault.heal_trouble, waited))
        self.promise("worked again")

    def result(self, trouble: str = "") -> ScenarioResult:
        """The scenario's outcome; `trouble` is an error outside the promises."""
        if self.facts.get("faults") or trouble:
            self._read_logs()
        verdicts = [check.verdict for check in self._promised]
        verdict = worst([*verdicts, Verdict.INCONCLUSIVE] if trouble else verdicts)
        if verdict is Verdict.MEASURED:
            # Figures alone keep no promise.
            verdict = Verdict.INCONCLUSIVE
        if self.skipped and not trouble:
            verdict = Verdict.SKIPPED
        broken = [_tell(c) for c in self._promised if c.verdict not in QUIET]
        return ScenarioResult(
            feature=self.identity.feature,
            name=self.identity.name,
            tags=self.identity.tags,
            verdict=verdict,
            reason="\n".join(each for each in (*broken, trouble, self.skipped) if each),
            duration_s=round((clock.now_ns() - self._began_ns) / clock.NS_PER_S, 3),
            location=self.identity.location,
            checks=tuple(self._checks.values()),
            promises=tuple(dict.fromkeys(check.name for check in self._promised)),
            **self.facts,
        )

    def _read_logs(self) -> None:
        """Of the stack under test, unless this trial was about another one."""
        if isinstance(self.stack, LogSource) and "log_lines" not in self.facts:
            self.facts["log_lines"] = logged(self.stack.logs(), self._log_marks)

    def close(self, *, interrupted: bool = False) -> None:
        """Heal and end what is still open, then drop the topics and groups of this trial.

        A broker that ended by itself is not asked: its data goes with the stack. Neither is one
        that ends with an interrupted run: it may be recovering, and its groups may have members
        that could not leave.
        """
        with uninterrupted():
            try:
                if interrupted and self.stack.outlives_run and broker_lives(self.stack):
                    # A consumer that can't leave keeps its group for a whole session.
                    self._await_broker()
                self.cleanup.close()
            finally:
                if self.stack.outlives_run or not interrupted:
                    self._drop()

    def _drop(self) -> None:
        if broker_lives(self.stack):
            self._await_broker()
            try:
                self.broker.delete_groups(self._groups)
            finally:
                self.broker.delete_topics(self._topics)

    def _await_broker(self) -> None:
        """It may have been healed a moment ago, and with an interrupted run not waited for."""
        with suppress(NotInTime):
            wait_until(self.broker.answers, bool, self.patience(60), "the broker to answer")


def broker_lives(stack: Stack) -> bool:
    """False only where the suite can see that the broker's process has ended."""
    return not isinstance(stack, ProcessControl) or stack.broker().alive()


def _tell(check: Check) -> str:
    lines = [f"{check.name}: {check.verdict.value}"]
    lines += [f"  {check.deviation}"] if check.deviation else []
    measured = "nothing" if check.measured is None else f"{check.measured} {check.unit}"
    lines += [f"  measured: {measured}", f"  wanted:   {check.objective}"]
    lines += [f"  evidence: {line}" for line in check.evidence]
    return "\n".join(lines)
