"""A broker that ended is noticed, also when another one runs already."""

from __future__ import annotations

from typing import cast

import pytest

from support.errors import PromiseBroken
from support.results.schema import Check, Verdict
from support.trials.broker_watch import BrokerWatch
from support.trials.trial import Trial


class Watched:
    """A stack whose broker is whichever process is said."""

    def __init__(self, incarnation: str | None) -> None:
        self.incarnation = incarnation

    def broker_incarnation(self) -> str | None:
        return self.incarnation

    def broker_last_words(self) -> str:
        return "No space left\n"


class Judged:
    """The part of a trial that a watch needs."""

    def __init__(self, stack: object) -> None:
        self.stack = stack
        self.checks: list[Check] = []

    def judge(self, *checks: Check) -> None:
        self.checks += checks

    def promise(self, name: str) -> None:
        (check,) = self.checks
        assert (check.name, check.verdict) == (name, Verdict.FAIL)
        raise PromiseBroken(str(check.measured))


def watch(stack: object) -> tuple[BrokerWatch, Judged]:
    trial = Judged(stack)
    return BrokerWatch(cast(Trial, trial)), trial


@pytest.mark.parametrize(
    ("now", "told"),
    [("", "ended at 5 of 9"), ("started 2", "ended and was started again at 5 of 9")],
)
def test_a_broker_that_did_not_stay_is_a_broken_promise(now: str, told: str) -> None:
    stack = Watched("started 1")
    looking, trial = watch(stack)
    looking.look("4 of 9")
    stack.incarnation = now
    with pytest.raises(PromiseBroken, match=f"^{told}$"):
        looking.look("5 of 9")
    assert trial.checks[0].evidence == ("No space left",)


def test_a_broker_that_was_gone_from_the_start_is_one_too() -> None:
    looking, _ = watch(Watched(""))
    with pytest.raises(PromiseBroken):
        looking.look("0 of 9")


@pytest.mark.parametrize("stack", [Watched(None), object()])
def test_where_nobody_can_tell_nothing_is_said(stack: object) -> None:
    looking, trial = watch(stack)
    looking.look("4 of 9")
    assert trial.checks == []
