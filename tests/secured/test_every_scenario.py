"""Every scenario on the secured stack keeps its promises, or is skipped with a reason."""

from __future__ import annotations

from datetime import timedelta

from tests.contract.running import SMALL, latest_run
from tests.secured.picture import changes, picture
from tests.secured.runs import run
from tests.secured.stack import SecuredStack

LONGEST = timedelta(minutes=20)
ALLOWED = ("PASS", "SKIPPED", "DEVIATION")
"""A DEVIATION from the specification has a documented cause, which the evidence proves."""


def test_every_scenario_keeps_its_promises_or_is_skipped(secured_stack: SecuredStack) -> None:
    before, denied = picture(secured_stack), secured_stack.brokers.denied()
    done = run(secured_stack, *SMALL, within=LONGEST)
    assert done.code == 0, done.output
    found = [(s["name"], s["verdict"], s["reason"]) for s in latest_run()["scenarios"]]
    assert [each for each in found if each[1] not in ALLOWED] == []
    assert [name for name, verdict, reason in found if verdict == "SKIPPED" and not reason] == []
    passed = [name for name, verdict, _ in found if verdict == "PASS"]
    assert len(passed) > len(found) / 4, found
    assert changes(before, picture(secured_stack)) == ""
    assert secured_stack.brokers.denied() - denied == {}, "docs/attach.md lacks a permission"
