"""Whether the broker is still the process that it was."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from support.checks.broker_up import broker_stayed_up
from support.experiment.experiment import Trial
from support.stack.capabilities import BrokerLife


class BrokerWatch:
    """From its creation to the trial's end, whether anything is followed or not; a broker that was
    started again meanwhile did not stay up either. Only a fault of the trial excuses one."""

    def __init__(self, trial: Trial) -> None:
        self._trial, self._stack = trial, trial.stack
        self._first = self._incarnation()

    def look(self, how_far: str) -> None:
        """Raises PromiseBroken, after judging it, when the broker ended. Says nothing where nobody
        can tell."""
        now = self._incarnation()
        if self._first is None:
            self._first = now
        if now is None or (now and now == self._first):
            return
        words = self._stack.broker_last_words() if isinstance(self._stack, BrokerLife) else ""
        self._trial.judge(broker_stayed_up(how_far, words, back=bool(now)))
        self._trial.promise("broker stayed up")

    @contextmanager
    def excused(self) -> Iterator[None]:
        """The trial breaks the broker inside the `with`, and has healed it on leaving it."""
        self.look("the beginning of the fault")
        yield
        self._first = self._incarnation()

    def _incarnation(self) -> str | None:
        return self._stack.broker_incarnation() if isinstance(self._stack, BrokerLife) else None
