"""One scenario while it runs: its stack, its record, its checks and its clean-up."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

from support import clock
from support.clients.broker import BrokerClient
from support.errors import Unavailable
from support.experiment.broker_objects import BrokerObjects, broker_lives
from support.experiment.identity import Identity
from support.experiment.isolated_use import isolated_stack
from support.experiment.outcome import scenario_result
from support.generate.payload import Payloads, payloads
from support.interruption import uninterrupted
from support.metrics.log_lines import log_marks, logged
from support.progress import Progress
from support.promises.definition import CheckDefinition
from support.promises.verdicts import Verdicts
from support.record.faults import FAULTS
from support.record.notes import LOG_LINES
from support.record.record import Record
from support.record.sampled_payloads import SampledPayloads
from support.results.schema import ScenarioResult
from support.results.store import file_name
from support.settings import Settings
from support.stack.capabilities import LogSource
from support.stack.isolated import IsolatedShape
from support.stack.isolated_stack import IsolatedStack
from support.stack.leftovers import OWNED
from support.stack.lifecycle import Stack

LAST_ANSWER_S = 60
"""How long the clean-up waits for a broker that does not answer, before `patience`."""


class Experiment:
    """Gives the activities of one scenario a stack, a record and a clean-up.

    `stack` is the stack under test: an isolated one after use_isolated_stack(). `trouble` is an
    error outside the checks, `skipped` why the scenario can't be run here; both are empty at first.
    """

    def __init__(
        self,
        identity: Identity,
        settings: Settings,
        stack: Stack,
        progress: Progress,
        folder: Path,
        number: int,
        sampled: SampledPayloads | None = None,
    ) -> None:
        """`folder` is the run's folder, `number` counts the run's scenarios from 1.

        `sampled`: what the payloads imitate; None for envelopes.
        """
        self.identity, self.settings, self.stack = identity, settings, stack
        self.progress = progress
        self.folder = folder / "ledger" / file_name(identity.feature, identity.name)
        self.run, self.number = folder.name, number
        self.name = f"{OWNED}-{folder.name}-{number}"
        """Prefix of the scenario's topics, groups and other objects."""
        self.cleanup = ExitStack()
        self.sampled = sampled
        self.trouble = ""
        self.skipped = ""
        self.record = Record(self.folder)
        self.verdicts = Verdicts(self.record, strict=settings.strict)
        self.objects = BrokerObjects(stack, self.name)
        self._began_ns = clock.now_ns()
        self._log_marks = log_marks(stack.logs()) if isinstance(stack, LogSource) else {}

    def patience(self, seconds: float) -> timedelta:
        """Returns a waiting time, multiplied by the setting `patience`."""
        return timedelta(seconds=seconds * self.settings.patience)

    def patience_at_least(self, seconds: float) -> timedelta:
        """Returns a waiting time that a small `patience` does not shorten.

        For waits whose end is a verdict: what has not happened by then counts as not happening.
        """
        return timedelta(seconds=seconds * max(1.0, self.settings.patience))

    def scaled(self, count: float, least: int) -> int:
        """Returns a count or seconds, multiplied by the setting `scale`.

        The result is not below `least`, unless `count` itself is.
        """
        return max(min(least, round(count)), round(count * self.settings.scale))

    @property
    def payloads(self) -> Payloads:
        """The payloads that every load of this scenario sends."""
        return payloads(self.settings.seed, sampled=self.sampled)

    @property
    def broker(self) -> BrokerClient:
        """A client of the stack under test."""
        return self.objects.client

    def create_topic(self, purpose: str) -> str:
        """Creates a topic with the baseline's topic settings, and returns its name."""
        return self.objects.create_topic(purpose)

    def add_topic(self, name: str, config: Mapping[str, str]) -> None:
        """Creates an empty topic in place of any of that name; the clean-up deletes it."""
        self.objects.add_topic(name, config)

    def own_topics(self, *names: str) -> None:
        """Makes the clean-up delete topics that Kafka Connect creates for this scenario."""
        self.objects.own_topics(*names)

    def group(self, purpose: str) -> str:
        """Returns the name of a consumer group, which the clean-up deletes."""
        return self.objects.group(purpose)

    def use_isolated_stack(self, shape: IsolatedShape) -> IsolatedStack:
        """Starts an isolated stack, which is under test until the scenario ends.

        Raises Unavailable where this target or this machine can't provide that shape.
        """
        using = isolated_stack(self.stack, shape, self.record)
        with self.progress.phase("starting an isolated stack"):
            isolated = self.cleanup.enter_context(using)
        self.cleanup.callback(self._use, self.stack, self.objects)
        # Its topics and groups end with it.
        self._use(isolated, BrokerObjects(isolated, self.name))
        return isolated

    def _use(self, stack: Stack, objects: BrokerObjects) -> None:
        self.stack, self.objects = stack, objects

    def skip(self, reason: Unavailable) -> bool:
        """Skips the scenario, unless it has a verdict already. Returns whether it is skipped.

        It has one if a required check is not green, or if a fault has been injected.
        """
        if not self.verdicts.broken and not self.record.has(FAULTS):
            self.skipped = str(reason)
        return bool(self.skipped)

    def require(self, *definitions: CheckDefinition) -> None:
        """Requires checks to be green. Raises PromiseBroken or Unmeasured when one is not."""
        self.verdicts.require(*definitions)

    def require_recorded(self, *definitions: CheckDefinition) -> None:
        """Requires those checks whose sections this target could record."""
        self.require(*self.verdicts.recorded(*definitions))

    def result(self, trouble: str = "") -> ScenarioResult:
        """Returns the scenario's result; `trouble` is an error outside the checks."""
        if self.record.has(FAULTS) or trouble:
            self._record_log_lines()
        return scenario_result(
            self.identity,
            self.verdicts,
            self.record,
            trouble=trouble,
            skipped=self.skipped,
            duration_s=(clock.now_ns() - self._began_ns) / clock.NS_PER_S,
        )

    def _record_log_lines(self) -> None:
        """Records the stack's log lines, unless those of an isolated stack were recorded."""
        if isinstance(self.stack, LogSource) and not self.record.has(LOG_LINES):
            self.record.write(LOG_LINES, logged(self.stack.logs(), self._log_marks))

    def close(self, *, interrupted: bool = False) -> None:
        """Heals and ends what is still open, then deletes the scenario's topics and groups.

        Nothing is deleted on a broker that ended, and nothing after an interruption if the stack
        ends with the run: the broker may be recovering, and members that can't leave would keep
        their groups.
        """
        patience = self.patience(LAST_ANSWER_S)
        with uninterrupted():
            try:
                if interrupted and self.stack.outlives_run and broker_lives(self.stack):
                    # A consumer that can't leave keeps its group for a whole session.
                    self.objects.await_broker(patience)
                self.cleanup.close()
            finally:
                if self.stack.outlives_run or not interrupted:
                    self.objects.delete(patience)
