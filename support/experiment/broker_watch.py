"""Notices a broker that ended, or was replaced by another process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from support.experiment.experiment import Experiment
from support.promises.delivery_log import BROKER_STAYED_UP
from support.record.broker_end import BROKER_END, BrokerEnd
from support.stack.capabilities import BrokerLife


class BrokerWatch:
    """Compares the broker's process with the one that ran when the watch was created.

    A broker that was started again did not stay up either. Only a planned fault excuses that.
    """

    def __init__(self, experiment: Experiment) -> None:
        self._experiment, self._stack = experiment, experiment.stack
        self._first = self._incarnation()

    def look(self, how_far: str) -> None:
        """Raises PromiseBroken when the broker ended, and records what it last logged.

        `how_far` says what had been done by then. Does nothing where the target can't see it.
        """
        now = self._incarnation()
        if self._first is None:
            self._first = now
        if now is None or (now and now == self._first):
            return
        words = self._stack.broker_last_words() if isinstance(self._stack, BrokerLife) else ""
        self._experiment.record.write(BROKER_END, BrokerEnd(how_far, words, bool(now)))
        self._experiment.require(BROKER_STAYED_UP)

    @contextmanager
    def excused(self) -> Iterator[None]:
        """Excuses what happens to the broker inside the `with`; it runs again at its end."""
        self.look("the beginning of the fault")
        yield
        self._first = self._incarnation()

    def _incarnation(self) -> str | None:
        return self._stack.broker_incarnation() if isinstance(self._stack, BrokerLife) else None
