"""Whether the broker is still the process that it was."""

from __future__ import annotations

from support.checks.broker_up import broker_stayed_up
from support.stack.ports import BrokerLife
from support.trials.trial import Trial


class BrokerWatch:
    """From its creation on; a broker that was started again meanwhile did not stay up either."""

    def __init__(self, trial: Trial) -> None:
        self._trial, self._stack = trial, trial.stack
        self._first = self._incarnation()

    def look(self, how_far: str) -> None:
        """Raises PromiseBroken, after judging it, when the broker ended. Says nothing where nobody
        can tell."""
        now = self._incarnation()
        if now is None or (now and now == self._first):
            return
        words = self._stack.broker_last_words() if isinstance(self._stack, BrokerLife) else ""
        self._trial.judge(broker_stayed_up(how_far, words, back=bool(now)))
        self._trial.promise("broker stayed up")

    def _incarnation(self) -> str | None:
        return self._stack.broker_incarnation() if isinstance(self._stack, BrokerLife) else None
